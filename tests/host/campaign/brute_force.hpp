// SPDX-License-Identifier: Apache-2.0
// One upset at a time, every gate in every clock: what the sweep must equal.
#pragma once

#include <hilbert/tb/gate_simulator.hpp>
#include <vector>

#include "campaign/golden.hpp"
#include "campaign/outcome.hpp"
#include "campaign/state.hpp"

namespace hilbert::campaign {

class SimulatorState final : public LaneState {
 public:
  explicit SimulatorState(const tb::GateSimulator& simulator) : simulator_(simulator) {}
  [[nodiscard]] bool flip_flop(std::uint32_t index) const override {
    return simulator_.value(simulator_.netlist().flip_flops[index].q) != 0;
  }
  [[nodiscard]] bool word_differs(std::uint32_t, std::uint32_t) const override { return true; }
  [[nodiscard]] bool memory_bit(std::uint32_t memory, std::uint32_t word, std::uint32_t bit) const override {
    return simulator_.words(memory)[std::size_t{word} * simulator_.netlist().memories[memory].width + bit] != 0;
  }

 private:
  const tb::GateSimulator& simulator_;
};

class BruteForce {
 public:
  BruteForce(const tb::GateSimulator& start, const Recording& recording, const std::vector<Watch>& watches,
             const Judge& judge, std::uint32_t budget)
      : recording_(recording), watches_(watches), judge_(judge), bits_(start.netlist()) {
    tb::GateSimulator simulator = start;
    for (std::uint32_t t = 0; t < budget; ++t) {
      golden_.push_back(simulator);
      set_pins(simulator, recording, t);
      simulator.settle();
      settled_.push_back(simulator);
      if (end_ == none && done(simulator)) end_ = t;
      simulator.edge();
    }
  }

  static constexpr std::uint32_t none = ~std::uint32_t{0};
  [[nodiscard]] std::uint32_t end() const { return end_; }
  [[nodiscard]] const tb::GateSimulator& at_end() const { return settled_[end_]; }

  [[nodiscard]] Verdict upset(StateBit bit, std::uint32_t clock) const {
    tb::GateSimulator simulator = golden_[clock];
    if (bits_.is_flip_flop(bit)) {
      simulator.value(simulator.netlist().flip_flops[bit].q) ^= 1;
    } else {
      const MemoryBit b = bits_.memory_bit(bit);
      simulator.words(b.memory)[std::size_t{b.word} * simulator.netlist().memories[b.memory].width + b.bit] ^= 1;
    }
    for (std::uint32_t t = clock; t < golden_.size(); ++t) {
      set_pins(simulator, recording_, t);
      simulator.settle();
      for (const Watch& watch : watches_) {
        const bool differs = simulator.value(watch.net) != settled_[t].value(watch.net);
        if (watch.then == Watch::Then::sdc && differs) return {Outcome::sdc, t};
        if (watch.then == Watch::Then::detected && differs) return {Outcome::detected, t};
        if (watch.then == Watch::Then::left && differs) return {Outcome::left, t};
        if (watch.then == Watch::Then::done && simulator.value(watch.net) != 0) {
          const Outcome outcome = judge_.judge(SimulatorState(simulator), t).outcome;
          if (outcome != Outcome::masked) return {outcome, t};
          return {t == end_ && same_state(simulator, settled_[t]) ? Outcome::masked : Outcome::latent, t};
        }
      }
      simulator.edge();
    }
    return {Outcome::hang, static_cast<std::uint32_t>(golden_.size())};
  }

 private:
  [[nodiscard]] bool done(const tb::GateSimulator& simulator) const {
    for (const Watch& watch : watches_) {
      if (watch.then == Watch::Then::done && simulator.value(watch.net) != 0) return true;
    }
    return false;
  }
  static bool same_state(const tb::GateSimulator& a, const tb::GateSimulator& b) {
    for (const tb::FlipFlop& f : a.netlist().flip_flops) {
      if (a.value(f.q) != b.value(f.q)) return false;
    }
    for (std::size_t m = 0; m < a.netlist().memories.size(); ++m) {
      if (a.words(m) != b.words(m)) return false;
    }
    return true;
  }

  const Recording& recording_;
  const std::vector<Watch>& watches_;
  const Judge& judge_;
  StateBits bits_;
  std::vector<tb::GateSimulator> golden_, settled_;
  std::uint32_t end_ = none;
};

}  // namespace hilbert::campaign

// SPDX-License-Identifier: Apache-2.0
// One fault at a time, every gate in every clock, by a simulator of its own: what the engine must equal.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "campaign/fault.hpp"
#include "campaign/scenario.hpp"
#include "campaign/state.hpp"

namespace hilbert::campaign {

/// The simplest simulator there could be; forced nets are all that GateSimulator does not have.
class Reference {
 public:
  explicit Reference(const tb::GateSimulator& start) : netlist_(&start.netlist()), nets_(netlist_->nets) {
    for (Net net = 0; net < netlist_->nets; ++net) nets_[net] = start.value(net) != 0;
    for (const tb::FlipFlop& f : netlist_->flip_flops) q_.push_back(start.value(f.q) != 0);
    for (std::size_t m = 0; m < netlist_->memories.size(); ++m) {
      memories_.emplace_back(start.words(m).begin(), start.words(m).end());
    }
  }

  void flip(StateBit bit) {
    if (bit < q_.size()) {
      q_[bit] = !q_[bit];
      return;
    }
    bit -= static_cast<StateBit>(q_.size());
    for (auto& memory : memories_) {
      if (bit < memory.size()) {
        memory[bit] = !memory[bit];
        return;
      }
      bit -= static_cast<StateBit>(memory.size());
    }
  }
  /// Pins as the recording says, forces as given, then the logic.
  void settle(const Recording& recording, std::uint32_t clock, std::vector<Force> forces) {
    forces_ = std::move(forces);
    pins(recording, clock);
    settle();
  }
  void edge() {
    std::vector<bool> next;
    for (std::size_t i = 0; i < q_.size(); ++i) {
      const tb::FlipFlop& f = netlist_->flip_flops[i];
      const bool enabled = nets_[f.enable] == f.enable_at, reset = nets_[f.reset] == f.reset_at;
      next.push_back(reset && (f.reset_first || enabled) ? f.reset_to : enabled ? nets_[f.d] : q_[i]);
    }
    for (std::size_t m = 0; m < memories_.size(); ++m) {
      const tb::Memory& memory = netlist_->memories[m];
      for (const tb::WritePort& port : memory.writes) {
        const std::uint32_t word = memory.word_at(address(port.address));
        for (std::size_t i = 0; i < memory.width && word != tb::Memory::nowhere; ++i) {
          if (nets_[port.enable[i]]) memories_[m][word * memory.width + i] = nets_[port.data[i]];
        }
      }
    }
    q_ = next;
  }
  [[nodiscard]] bool value(Net net) const { return nets_[net]; }
  [[nodiscard]] bool flip_flop(std::uint32_t index) const { return q_[index]; }
  [[nodiscard]] bool memory_bit(std::uint32_t memory, std::uint32_t word, std::uint32_t bit) const {
    return memories_[memory][word * netlist_->memories[memory].width + bit];
  }
  /// State bits that differ.
  [[nodiscard]] std::uint32_t distance(const Reference& other) const {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < q_.size(); ++i) sum += q_[i] != other.q_[i];
    for (std::size_t m = 0; m < memories_.size(); ++m) {
      for (std::size_t i = 0; i < memories_[m].size(); ++i) sum += memories_[m][i] != other.memories_[m][i];
    }
    return sum;
  }

 private:
  void pins(const Recording& recording, std::uint32_t clock) {
    if (recording.levels.empty()) return;
    const auto& levels = recording.levels[std::min<std::size_t>(clock, recording.levels.size() - 1)];
    for (std::size_t i = 0; i < recording.pins.size(); ++i) put(recording.pins[i], levels[i] != 0);
  }
  void settle() {
    for (std::size_t i = 0; i < q_.size(); ++i) put(netlist_->flip_flops[i].q, q_[i]);
    for (const tb::EvaluationStep& step : netlist_->steps) {
      for (std::uint32_t g = step.first; g < step.last; ++g) put(netlist_->gates[g].y, gate(netlist_->gates[g]));
      if (step.first != step.last) continue;
      const tb::Memory& memory = netlist_->memories[step.memory];
      const tb::ReadPort& port = memory.reads[step.port];
      const std::uint32_t word = memory.word_at(address(port.address));
      for (std::size_t i = 0; i < memory.width; ++i) {
        put(port.data[i], word != tb::Memory::nowhere && memories_[step.memory][word * memory.width + i]);
      }
    }
  }
  void put(Net net, bool level) {
    for (const Force& force : forces_) {
      if (force.net != net) continue;
      level = force.level == Force::Level::invert ? !level : force.level == Force::Level::one;
    }
    nets_[net] = level;
  }
  [[nodiscard]] std::uint64_t address(const std::vector<Net>& nets) const {
    std::uint64_t at = 0;
    for (std::size_t i = 0; i < nets.size(); ++i) at |= std::uint64_t{nets_[nets[i]]} << i;
    return at;
  }
  [[nodiscard]] bool gate(const tb::Gate& g) const {
    const bool a = nets_[g.a], b = nets_[g.b], s = nets_[g.s];
    switch (g.kind) {
      case tb::GateKind::and_:
        return a && b;
      case tb::GateKind::nand:
        return !(a && b);
      case tb::GateKind::or_:
        return a || b;
      case tb::GateKind::nor:
        return !(a || b);
      case tb::GateKind::xor_:
        return a != b;
      case tb::GateKind::xnor:
        return a == b;
      case tb::GateKind::andnot:
        return a && !b;
      case tb::GateKind::ornot:
        return a || !b;
      case tb::GateKind::not_:
        return !a;
      case tb::GateKind::mux:
        return s ? b : a;
    }
    return false;
  }

  const tb::Netlist* netlist_;
  std::vector<bool> nets_, q_;
  std::vector<std::vector<bool>> memories_;
  std::vector<Force> forces_;
};

class ReferenceState final : public LaneState {
 public:
  explicit ReferenceState(const Reference& reference) : reference_(reference) {}
  [[nodiscard]] bool flip_flop(std::uint32_t index) const override { return reference_.flip_flop(index); }
  [[nodiscard]] bool memory_bit(std::uint32_t memory, std::uint32_t word, std::uint32_t bit) const override {
    return reference_.memory_bit(memory, word, bit);
  }

 private:
  const Reference& reference_;
};

class BruteForce {
 public:
  /// Of scenario.budget clocks; the judge may be set later.
  explicit BruteForce(const Scenario& scenario) : scenario_(scenario) {
    Reference reference(scenario.start);
    for (std::uint32_t t = 0; t < scenario.budget; ++t) {
      golden_.push_back(reference);
      reference.settle(scenario.recording, t, {});
      settled_.push_back(reference);
      if (end_ == none && done(reference)) end_ = t;
      reference.edge();
    }
  }

  static constexpr std::uint32_t none = ~std::uint32_t{0};
  [[nodiscard]] std::uint32_t end() const { return end_; }
  [[nodiscard]] const Reference& at_end() const { return settled_[end_]; }

  [[nodiscard]] Verdict run(const Fault& fault) const {
    Reference reference = golden_[fault.clock];
    for (const StateBit bit : fault.flips) reference.flip(bit);
    for (std::uint32_t t = fault.clock; t < golden_.size(); ++t) {
      std::vector<Force> forces;
      for (const Force& force : fault.forces) {
        if (force.clocks == 0 || t - fault.clock < force.clocks) forces.push_back(force);
      }
      if (t > fault.clock && t <= end_ && forces.empty() && reference.distance(golden_[t]) == 0)
        return {Outcome::masked, t, 0};
      reference.settle(scenario_.recording, t, forces);
      for (const Watch& watch : scenario_.watches) {
        const bool differs = reference.value(watch.net) != settled_[t].value(watch.net);
        if (watch.then == Watch::Then::sdc && differs) return {Outcome::sdc, t, 0};
        if (watch.then == Watch::Then::detected && differs) return {Outcome::detected, t, 0};
        if (watch.then == Watch::Then::left && differs) return {Outcome::left, t, 0};
        if (watch.then != Watch::Then::done || !reference.value(watch.net)) continue;
        const Judgement judgement = scenario_.judge->judge(ReferenceState(reference), t);
        if (judgement.outcome != Outcome::masked) return {judgement.outcome, t, judgement.detail};
        const std::uint32_t distance = reference.distance(settled_[t]);
        if (t == end_ && distance == 0) return {Outcome::masked, t, 0};
        return {Outcome::latent, t, distance};
      }
      reference.edge();
    }
    return {Outcome::hang, static_cast<std::uint32_t>(golden_.size()), 0};
  }

 private:
  [[nodiscard]] bool done(const Reference& reference) const {
    return std::ranges::any_of(scenario_.watches, [&](const Watch& watch) {
      return watch.then == Watch::Then::done && reference.value(watch.net);
    });
  }

  const Scenario& scenario_;
  std::vector<Reference> golden_, settled_;
  std::uint32_t end_ = none;
};

}  // namespace hilbert::campaign

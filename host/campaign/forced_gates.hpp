// SPDX-License-Identifier: Apache-2.0
// A netlist with forces on its nets, clock by clock, one run at a time: what the sweep does for many, done plainly.
#pragma once

#include <cstdint>
#include <hilbert/tb/gate_simulator.hpp>
#include <vector>

#include "campaign/fault.hpp"
#include "campaign/outcome.hpp"

namespace hilbert::campaign {

/// In each clock: settle(), then look, then edge().
class ForcedGates final : public LaneState {
 public:
  ForcedGates(tb::GateSimulator simulator, const Fault& fault) : simulator_(std::move(simulator)), fault_(fault) {}

  [[nodiscard]] tb::GateSimulator& simulator() { return simulator_; }
  /// Wires take their values with the forces of this clock. Error(bad_input) for a force on a net that is no output of
  /// a gate or flip-flop.
  void settle(std::uint32_t clock);
  /// A flip-flop that holds keeps what it held, not what is forced on its output.
  void edge();
  /// Flip-flops show what they hold, which is their state.
  void release();

  [[nodiscard]] bool flip_flop(std::uint32_t index) const override {
    return simulator_.value(simulator_.netlist().flip_flops[index].q) != 0;
  }
  [[nodiscard]] bool memory_bit(std::uint32_t memory, std::uint32_t word, std::uint32_t bit) const override {
    return simulator_.words(memory)[std::size_t{word} * simulator_.netlist().memories[memory].width + bit] != 0;
  }

 private:
  /// A flip-flop with another level on its output than it holds.
  struct Kept {
    const tb::FlipFlop* flip_flop = nullptr;
    std::uint8_t level = 0;
  };

  tb::GateSimulator simulator_;
  const Fault& fault_;
  std::vector<Kept> kept_;
};

}  // namespace hilbert::campaign

// SPDX-License-Identifier: Apache-2.0
// The undisturbed run, clock by clock: what every difference is a difference from.
#pragma once

#include <cstdint>
#include <hilbert/tb/gate_simulator.hpp>
#include <vector>

namespace hilbert::campaign {

using tb::Net;

/// The levels of input pins in every clock, as a bench recorded them. The last ones hold for ever.
struct Recording {
  std::vector<Net> pins;
  std::vector<std::vector<std::uint8_t>> levels;  ///< a clock: of each pin
};

/// What a write port of a memory does at the next edge.
struct GoldenWrite {
  std::uint32_t word = tb::Memory::nowhere;
  bool writes = false;  ///< any bit
  std::vector<std::uint8_t> enable, data;
};

class Golden {
 public:
  /// From `start`, in whose next clock the recording begins.
  Golden(tb::GateSimulator start, const Recording& recording);

  /// Clocks passed.
  [[nodiscard]] std::uint32_t clock() const { return clock_; }
  [[nodiscard]] std::uint8_t value(Net net) const { return simulator_.value(net); }
  /// What a flip-flop holds after the next edge.
  [[nodiscard]] std::uint8_t next(std::uint32_t flip_flop) const {
    return after_.value(netlist().flip_flops[flip_flop].q);
  }
  [[nodiscard]] const GoldenWrite& write(std::uint32_t memory, std::uint32_t port) const {
    return writes_[memory][port];
  }
  [[nodiscard]] bool writes(std::uint32_t memory) const { return any_write_[memory] != 0; }
  /// A bit before the edge.
  [[nodiscard]] std::uint8_t bit(std::uint32_t memory, std::uint32_t word, std::uint32_t bit) const {
    return simulator_.words(memory)[std::size_t{word} * netlist().memories[memory].width + bit];
  }
  /// The same when the write ports before `ports` have written.
  [[nodiscard]] std::uint8_t bit(std::uint32_t memory, std::uint32_t word, std::uint32_t bit,
                                 std::uint32_t ports) const;
  [[nodiscard]] const tb::Netlist& netlist() const { return simulator_.netlist(); }
  [[nodiscard]] const tb::GateSimulator& simulator() const { return simulator_; }

  /// The edge, and the next clock's values.
  void advance();

 private:
  void look();

  const Recording& recording_;
  tb::GateSimulator simulator_, after_;  ///< settled, and after the edge
  std::uint32_t clock_ = 0;
  std::vector<std::vector<GoldenWrite>> writes_;  ///< by memory and port
  std::vector<std::uint8_t> any_write_;           ///< by memory
};

/// Sets the pins of a clock of the recording.
void set_pins(tb::GateSimulator& simulator, const Recording& recording, std::uint32_t clock);

}  // namespace hilbert::campaign

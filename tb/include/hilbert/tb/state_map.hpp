// SPDX-License-Identifier: Apache-2.0
// Where each state bit of a netlist is in the verilated model of the same RTL: by name, every one, or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "hilbert/tb/faults.hpp"
#include "hilbert/tb/gate_simulator.hpp"
#include "hilbert/tb/netlist.hpp"

namespace hilbert::tb {

/// Views into one model, valid as long as it is. Bits of memories are numbered word by word, as GateSimulator::words().
class StateMap {
 public:
  /// Throws Error(bad_input) for a flip-flop, memory or input pin of the netlist that the model does not have by its
  /// name, and for a register bit of the model that the netlist neither has nor reports as lost: then the two are not
  /// of the same RTL. Registers of the model are those whose names end in `register_suffix`.
  StateMap(const Netlist& netlist, const ModelState& model, std::string_view register_suffix = "_q");

  [[nodiscard]] bool flip_flop(std::uint32_t index) const { return test(flip_flops_[first_[index]]); }
  [[nodiscard]] bool memory_bit(std::uint32_t memory, std::uint32_t word, std::uint32_t bit) const;

  /// Inverts a flip-flop: all registers of the RTL that it is. Wires follow when the model settles.
  void invert_flip_flop(std::uint32_t index) const;
  void invert_memory_bit(std::uint32_t memory, std::uint32_t word, std::uint32_t bit) const;

  /// Calls on_flip_flop(index) and on_memory(memory, word, bit) for what is not as in a snapshot of the model.
  template <class OnFlipFlop, class OnMemory>
  void each_difference(const Snapshot& golden, OnFlipFlop on_flip_flop, OnMemory on_memory) const;

  /// The same for what is not as in the netlist.
  template <class OnFlipFlop, class OnMemory>
  void each_unequal(const GateSimulator& gates, OnFlipFlop on_flip_flop, OnMemory on_memory) const;

  /// Levels of an input or output pin of the netlist, which must be one.
  [[nodiscard]] bool pin(Net net) const { return test(pins_[net]); }

  /// Register bits of the model that are constant in the netlist take the constant: a register without reset whose only
  /// load is a 1 powers up at 0 in a simulator, and is a wire in silicon. Returns those that were not so.
  std::vector<std::string> make_constant() const;
  /// The netlist takes the model's state and input pins.
  void copy_to(GateSimulator& gates) const;
  /// Names of flip-flops that do not hold the same, at most `most`; merged registers of the model that differ from each
  /// other too.
  [[nodiscard]] std::vector<std::string> unequal(const GateSimulator& gates, std::size_t most = 10) const;
  /// The same, of memories and output pins.
  [[nodiscard]] std::vector<std::string> unequal_memories(const GateSimulator& gates, std::size_t most = 10) const;
  [[nodiscard]] std::vector<std::string> unequal_outputs(const GateSimulator& gates, std::size_t most = 10) const;

 private:
  struct Place {
    std::byte* byte = nullptr;
    std::byte mask{};
    std::size_t at = 0;  ///< in a snapshot; of flip-flops alone
  };
  struct Words {
    std::byte* data = nullptr;
    std::uint32_t stride = 0;
    std::size_t at = 0;  ///< in a snapshot
  };
  static bool test(const Place& place) { return (*place.byte & place.mask) != std::byte{0}; }
  [[nodiscard]] Place memory_place(std::uint32_t memory, std::uint32_t word, std::uint32_t bit) const;

  const Netlist& netlist_;
  std::vector<std::uint32_t> first_;  ///< of a flip-flop's places; one more at the end
  std::vector<Place> flip_flops_;
  std::vector<Words> memories_;
  struct Constant {
    Place place;
    bool level = false;
    BitName name;
  };
  std::vector<Constant> constants_;
  std::vector<Place> pins_;  ///< by net; of others: none
};

template <class OnFlipFlop, class OnMemory>
void StateMap::each_difference(const Snapshot& golden, OnFlipFlop on_flip_flop, OnMemory on_memory) const {
  for (std::uint32_t i = 0; i + 1 < first_.size(); ++i) {
    const Place& place = flip_flops_[first_[i]];
    if (((*place.byte ^ golden[place.at]) & place.mask) != std::byte{0}) on_flip_flop(i);
  }
  for (std::uint32_t m = 0; m < memories_.size(); ++m) {
    const Memory& memory = netlist_.memories[m];
    const std::byte* now = memories_[m].data;
    const std::byte* before = golden.data() + memories_[m].at;
    const std::uint32_t stride = memories_[m].stride;
    if (std::memcmp(now, before, std::size_t{memory.words} * stride) == 0) continue;
    for (std::uint32_t word = 0; word < memory.words; ++word) {
      const std::size_t at = std::size_t{word} * stride;
      if (std::memcmp(now + at, before + at, stride) == 0) continue;
      for (std::uint32_t bit = 0; bit < memory.width; ++bit) {
        const auto mask = static_cast<std::byte>(1U << bit % 8);
        if (((now[at + bit / 8] ^ before[at + bit / 8]) & mask) != std::byte{0}) on_memory(m, word, bit);
      }
    }
  }
}

template <class OnFlipFlop, class OnMemory>
void StateMap::each_unequal(const GateSimulator& gates, OnFlipFlop on_flip_flop, OnMemory on_memory) const {
  for (std::uint32_t i = 0; i + 1 < first_.size(); ++i) {
    if (flip_flop(i) != (gates.value(netlist_.flip_flops[i].q) != 0)) on_flip_flop(i);
  }
  for (std::uint32_t m = 0; m < memories_.size(); ++m) {
    const std::vector<std::uint8_t>& bits = gates.words(m);
    const std::uint32_t width = netlist_.memories[m].width;
    for (std::uint32_t i = 0; i < bits.size(); ++i) {
      if (memory_bit(m, i / width, i % width) != (bits[i] != 0)) on_memory(m, i / width, i % width);
    }
  }
}

}  // namespace hilbert::tb

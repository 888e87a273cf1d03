// SPDX-License-Identifier: Apache-2.0
// Upsets in a verilated model: which bits of state it has, by the names of the RTL; flipped, kept, put back, compared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hilbert/tb/netlist.hpp"

namespace hilbert::tb {

/// A vector of the RTL in the model's memory, or an array of vectors: `words` words of `width` bits, `stride` bytes
/// apart, the lowest bit first.
struct ModelVariable {
  std::string name;  ///< below the top module, as netlists have it: "u_tile.u_seq.state_q", "gen_lane[0].buffer_q"
  std::uint32_t width = 0, words = 1, stride = 0;
  std::byte* data = nullptr;

  [[nodiscard]] std::uint64_t bits() const { return std::uint64_t{width} * words; }
  /// Where bit 0 to bits() - 1 is, and which bit of that byte.
  [[nodiscard]] std::byte* byte_of(std::uint64_t bit) const { return data + bit / width * stride + bit % width / 8; }
  [[nodiscard]] std::byte mask_of(std::uint64_t bit) const { return static_cast<std::byte>(1U << bit % width % 8); }
};

/// What hilbert_verilate(... STATE) makes of a class: state_of(model). Views into the model, valid as long as it is.
struct ModelState {
  std::vector<ModelVariable> variables;  ///< all that have a name in the RTL
  /// All of the model that is data, those and what Verilator added (wires, clocks of the step before), in one order for
  /// all models of the class. Nothing else in a model changes from step to step.
  std::vector<std::span<std::byte>> storage;
  /// Of a byte of the storage, its place in a Snapshot. Throws Error(machine) for any other.
  [[nodiscard]] std::size_t offset_of(const std::byte* data) const;
  std::function<void()> settle;  ///< computes all wires and outputs from the inputs and the registers as they are
};

/// The state of one model at one moment.
using Snapshot = std::vector<std::byte>;

/// Reads, flips and compares bits of state. The model is the same as without: nothing in it is public or instrumented,
/// and it runs as fast. Flip between clocks: after edge(), or after settle().
///
/// A BitName counts as in a netlist: bits of a vector from its lowest, whatever number that is declared with; bit b of
/// word w of an array is w * width + b. All throw Error(bad_input) for a name or a bit that there is not.
class Faults {
 public:
  /// Sites are the variables whose names end in `suffix`: what scripts/registers.py demands of every register and
  /// memory of our RTL, and of nothing else.
  explicit Faults(ModelState state, std::string_view suffix = "_q");

  /// Registers and memories, by name.
  [[nodiscard]] std::span<const ModelVariable> sites() const { return sites_; }
  [[nodiscard]] const ModelVariable& site(std::string_view name) const;
  [[nodiscard]] std::uint64_t bits() const;  ///< of all sites

  [[nodiscard]] bool value(const BitName& bit) const;
  /// Inverts these bits, all in the same moment; then wires and outputs follow. A bit that is named twice stays.
  void flip(std::span<const BitName> bits);
  void flip(const BitName& bit) { flip(std::span(&bit, 1)); }

  [[nodiscard]] Snapshot snapshot() const;
  /// Of this model or another one of its class. Inputs are part of it.
  void restore(const Snapshot& snapshot);
  /// The bits of the sites that are not as they were, by name.
  [[nodiscard]] std::vector<BitName> differences(const Snapshot& golden) const;

 private:
  void refuse_foreign(const Snapshot& snapshot) const;

  ModelState state_;
  std::vector<ModelVariable> sites_;
  std::size_t snapshot_bytes_ = 0;
};

}  // namespace hilbert::tb

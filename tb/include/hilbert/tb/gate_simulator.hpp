// SPDX-License-Identifier: Apache-2.0
// Evaluates a netlist gate by gate, two values a net: a second simulator, which knows nothing of Verilog.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hilbert/tb/netlist.hpp"

namespace hilbert::tb {

/// The values of one run of a netlist. A copy is a snapshot: the structure is shared.
class GateSimulator {
 public:
  /// What starts at no known level starts at 0, or at random from `seed` if that is not 0.
  explicit GateSimulator(std::shared_ptr<const Netlist> netlist, std::uint64_t seed = 0);

  [[nodiscard]] const Netlist& netlist() const { return *netlist_; }

  /// Any net; inputs are set before settle(), outputs read after it.
  [[nodiscard]] std::uint8_t& value(Net net) { return values_[net]; }
  [[nodiscard]] std::uint8_t value(Net net) const { return values_[net]; }
  /// Of a memory's words, bit 0 of word 0 first.
  [[nodiscard]] std::vector<std::uint8_t>& words(std::size_t memory) { return memories_[memory].bits; }
  [[nodiscard]] const std::vector<std::uint8_t>& words(std::size_t memory) const { return memories_[memory].bits; }
  /// The word that a port's address names now; Memory::nowhere if there is none.
  [[nodiscard]] std::uint32_t word_at(const Memory& memory, const std::vector<Net>& address) const;

  /// Combinational logic takes its values.
  void settle();
  /// The clock's rising edge: flip-flops and memories take theirs. Call settle() before and after.
  void edge();

  /// Inverts the output of a gate from now on: a defect. Twice is never.
  void invert(std::size_t gate) { inverted_[gate] ^= 1; }

 private:
  struct Words {
    std::vector<std::uint8_t> bits;
    std::vector<std::vector<std::uint8_t>> sampled;  ///< a read port: what its data takes at this edge; empty: it holds
  };

  void follow(std::uint32_t memory, std::uint32_t port);
  void clock_memory(const Memory& memory, Words& words) const;

  std::shared_ptr<const Netlist> netlist_;
  std::vector<std::uint8_t> values_;    ///< by net; 0 and 1 are the constants
  std::vector<std::uint8_t> inverted_;  ///< by gate
  std::vector<std::uint8_t> next_;      ///< of the flip-flops
  std::vector<Words> memories_;
};

/// Of the gates whose name contains `text`, in the order of their names, number `index`, counted round and round.
/// Throws Error(bad_input) if there is none.
std::size_t find_gate(const Netlist& netlist, std::string_view text, std::size_t index);

}  // namespace hilbert::tb

// SPDX-License-Identifier: Apache-2.0
// A flat netlist of gates and memories, read from Yosys' JSON and evaluated gate by gate: a second simulator, which
// knows nothing of Verilog.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace hilbert::test {

class Netlist {
 public:
  /// Reads module hb_chip. Flip-flops, memories and unknown bits start at random, from `seed`. Throws Error(bad_input)
  /// for a file that cannot be read or holds what is not supported.
  Netlist(const std::string& path, std::uint64_t seed);

  /// Nets of a port, bit 0 first. Throws Error(bad_input) if there is none.
  [[nodiscard]] std::vector<std::uint32_t> port(const std::string& name) const;
  [[nodiscard]] std::uint8_t& value(std::uint32_t net) { return values_[net]; }

  /// Combinational logic takes its values.
  void settle();
  /// The clock's rising edge: flip-flops and memories take theirs. Call settle() before and after.
  void edge();

  /// Inverts the output of a gate, for good: a defect. Of the gates whose name contains `text`, in the order of their
  /// names, it is number `index`, counted round and round. Returns its name; throws Error(bad_input) if there is none.
  std::string invert(const std::string& text, std::size_t index);

 private:
  enum class Kind : std::uint8_t { and_, nand, or_, nor, xor_, xnor, andnot, ornot, not_, mux };
  struct Gate {
    Kind kind;
    std::uint8_t inverted = 0;
    std::uint32_t a = 0, b = 0, s = 0, y = 0;  ///< nets
  };
  struct FlipFlop {
    std::uint32_t d = 0, q = 0, enable = 1, reset = 0;  ///< nets; net 0 is always 0, net 1 always 1
    std::uint8_t enable_at = 1, reset_at = 1, reset_to = 0;
    bool reset_first = true;  ///< it resets even if not enabled
  };
  /// One read and one write port, both clocked.
  struct Memory {
    std::uint32_t width = 0, words = 0;
    bool transparent = false;  ///< a word read while it is written is the new one
    bool reads = false;        ///< in this clock
    std::uint32_t read_enable = 0;
    std::vector<std::uint32_t> read_address, read_data, write_address, write_data, write_enable;
    std::vector<std::uint8_t> bits, shown;  ///< of all words; of the word that read_data takes next
  };
  struct Loader;

  [[nodiscard]] std::uint8_t* word_at(Memory& memory, const std::vector<std::uint32_t>& address) const;

  std::vector<std::uint8_t> values_;  ///< by net; 0 and 1 are the constants
  std::vector<Gate> gates_;           ///< in an order in which they can be evaluated
  std::vector<FlipFlop> flip_flops_;
  std::vector<std::uint8_t> next_;  ///< of the flip-flops
  std::vector<Memory> memories_;
  std::vector<std::pair<std::string, std::uint32_t>> gate_names_;  ///< sorted; and the index in gates_
  std::vector<std::pair<std::string, std::vector<std::uint32_t>>> ports_;
};

}  // namespace hilbert::test

// SPDX-License-Identifier: Apache-2.0
// A synthesised design as gates, flip-flops and memories: the structure, without any values.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hilbert::tb {

/// Numbers of nets are Yosys' own, from 2; the constants come before them.
using Net = std::uint32_t;
inline constexpr Net net_zero = 0, net_one = 1, net_none = ~Net{0};

/// Yosys' cells $_AND_ ... $_MUX_: `andnot` is a & ~b, `ornot` a | ~b, `mux` is s ? b : a.
enum class GateKind : std::uint8_t { and_, nand, or_, nor, xor_, xnor, andnot, ornot, not_, mux };

struct Gate {
  GateKind kind = GateKind::and_;
  Net a = net_zero, b = net_zero, s = net_zero;  ///< those a kind does not have are net_zero
  Net y = net_zero;
};

/// Takes `d` at the clock's rising edge if enabled; its reset is synchronous. Without them: enable is net_one, reset
/// net_zero.
struct FlipFlop {
  Net d = net_zero, q = net_zero, enable = net_one, reset = net_zero;
  bool enable_at = true, reset_at = true;  ///< the level that enables, that resets
  bool reset_to = false;
  bool reset_first = true;  ///< it resets even if not enabled
};

struct ReadPort {
  bool clocked = false;                   ///< it samples at the edge and holds; otherwise it follows the address
  Net enable = net_one;                   ///< of a clocked port
  std::vector<Net> address, data;         ///< bit 0 first
  std::vector<std::uint8_t> transparent;  ///< a write port: a word that it writes is read as the new one
};

struct WritePort {
  std::vector<Net> enable, address, data;  ///< an enable a bit
};

/// `words` words of `width` bits. Where two ports write one bit in one clock, the later one wins.
struct Memory {
  std::string name;                               ///< in the RTL, as "u_tile.u_mem.mem_q"
  std::uint32_t width = 0, words = 0, first = 0;  ///< the address of word 0
  std::vector<ReadPort> reads;
  std::vector<WritePort> writes;
  std::vector<std::int8_t> initial;  ///< of each bit, word by word: 0, 1, or -1 where the RTL says nothing; or empty

  static constexpr std::uint32_t nowhere = ~std::uint32_t{0};
  /// The word at an address; nowhere if there is none.
  [[nodiscard]] std::uint32_t word_at(std::uint64_t address) const {
    return address >= first && address - first < words ? static_cast<std::uint32_t>(address - first) : nowhere;
  }
};

/// A bit of a vector of the RTL: "u_tile.u_seq.state_q", 2. The bit counts from the vector's lowest, whatever the
/// number it is declared with: bit 0 of [31:2] is the one called 2.
struct BitName {
  std::string vector;
  std::uint32_t bit = 0;

  bool operator==(const BitName&) const = default;
};

/// A bit of a register of the RTL that synthesis found to need no flip-flop.
struct LostBit {
  enum class Why : std::uint8_t { always_0, always_1, unread, computed };
  BitName name;
  Why why = Why::unread;
};
std::string_view to_string(LostBit::Why why);  ///< "always 0", "nothing reads it", "computed from others"

struct Port {
  std::string name;
  bool output = false;
  std::vector<Net> nets;  ///< bit 0 first
};

/// What can be evaluated in one go: gates of one kind that do not depend on each other, or one read port that follows
/// its address.
struct EvaluationStep {
  std::uint32_t first = 0, last = 0;  ///< gates[first] to gates[last - 1]; none for a read port
  std::uint32_t memory = 0, port = 0;
};

/// A flat design with one clock.
struct Netlist {
  std::string top;
  Net clock = net_none;
  std::uint32_t nets = 2;  ///< the number of the highest net, plus 1
  std::vector<Port> ports;
  std::vector<Gate> gates;  ///< each after those it depends on
  std::vector<FlipFlop> flip_flops;
  std::vector<Memory> memories;
  std::vector<EvaluationStep> steps;  ///< in this order all gates and all read ports that follow their address
  std::uint32_t levels = 0;           ///< the longest way through gates, in gates

  std::vector<std::string> gate_names;                ///< of the cells, as Yosys calls them
  std::vector<std::vector<BitName>> flip_flop_names;  ///< all registers of the RTL that one is; the likeliest first
  std::vector<LostBit> lost_bits;                     ///< of registers, by their names' suffix
  std::vector<std::int8_t> flip_flop_initial;         ///< 0, 1, or -1 where the RTL says nothing

  /// Throws Error(bad_input) if there is none.
  [[nodiscard]] std::span<const Net> port(std::string_view name) const;
};

struct NetlistOptions {
  std::string top;                     ///< module; "": the only one of the file
  std::string clock = "clk_i";         ///< the port whose rising edge is the clock
  std::string register_suffix = "_q";  ///< of names of registers: preferred where a flip-flop has several
  /// Of unknown constants (x) at pins, as 0 and 1 at random; 0: all are 0.
  std::uint64_t seed = 0;
};

/// Reads what Yosys' write_json makes of a flat design in generic gates (scripts/synth.sh netlist). Throws
/// Error(bad_input) for a file that cannot be read, is no netlist, or holds what is not supported: with the cell's name
/// and the source line.
Netlist read_netlist(const std::string& path, const NetlistOptions& options = {});

}  // namespace hilbert::tb

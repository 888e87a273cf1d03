// SPDX-License-Identifier: Apache-2.0
// Parameters of a chip and its configurations. Made from chips.toml by scripts/regmap.py: do not edit.

#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hilbert::regs::chip {

struct Parameters {
  std::uint32_t rows = 8;  ///< rows of the array
  std::uint32_t cols = 8;  ///< columns of the array
  std::uint32_t depth = 4;  ///< pairs of operands that a cell takes a clock
  std::uint32_t banks = 4;  ///< banks of data memory
  std::uint32_t bank_bytes = 32768;  ///< bytes of a bank
  std::uint32_t queue_slots = 8;  ///< descriptors in flight
  std::uint32_t links = 0;  ///< links to neighbours; 0: neither links nor a network and nothing of what belongs to them
  std::uint32_t link_lanes = 4;  ///< lanes of a link (link/README.md), as all below
  std::uint32_t link_max_words = 129;  ///< longest flit, 64-bit words
  std::uint32_t link_buffer_words = 512;  ///< receive buffer of a virtual channel, words
  std::uint32_t link_replay_words = 512;  ///< replay buffer, words
  std::uint32_t link_window = 64;  ///< flits in flight
  std::uint32_t cpu_bytes = 0;  ///< bytes of controller memory; 0: no controller and nothing of what belongs to it
};

/// Bytes of a memory word and of a host-port beat: what the array takes a clock of its wider bf16 operand.
constexpr std::uint32_t word_bytes(std::uint32_t rows, std::uint32_t cols, std::uint32_t depth) {
  return ((((rows > cols) ? rows : cols) * depth) * 2);
}

struct Configuration {
  std::string_view name;
  Parameters parameters;
};
inline constexpr Configuration configurations[] = {
    {"full", {8, 8, 4, 4, 32768, 8, 0, 4, 129, 512, 512, 64, 65536}},
    {"small", {2, 2, 2, 4, 2048, 8, 0, 1, 9, 32, 32, 4, 32768}},
    {"4x8x2", {4, 8, 2, 4, 8192, 8, 4, 1, 9, 32, 32, 4, 32768}},
    {"8x4x4", {8, 4, 4, 4, 16384, 8, 0, 1, 9, 32, 32, 4, 32768}},
    {"node", {8, 8, 4, 4, 32768, 128, 4, 4, 129, 512, 512, 64, 65536}},
};

struct Problem {
  std::string what;  ///< is wrong
  std::string rule;  ///< that it breaks
};
/// The first rule that a chip breaks, of those that the reference model needs too; hb_chip_check has them all.
inline std::optional<Problem> problem(const Parameters& p) {
  const std::uint32_t word_bytes = chip::word_bytes(p.rows, p.cols, p.depth);
  if (!(std::has_single_bit(p.rows) && (p.rows <= 128) && std::has_single_bit(p.cols) && (p.cols <= 128))) {
    return Problem{"an array of " + std::to_string(p.rows) + " x " + std::to_string(p.cols) + " cells", std::string("Rows and Cols are powers of two up to 128")};
  }
  if (!(p.depth == 1 || p.depth == 2 || p.depth == 4)) {
    return Problem{"Depth " + std::to_string(p.depth), std::string("Depth is 1, 2 or 4")};
  }
  if (!((p.rows >= p.depth) && (p.cols >= p.depth))) {
    return Problem{std::to_string(p.rows) + "x" + std::to_string(p.cols) + "x" + std::to_string(p.depth), std::string("Rows and Cols must be at least Depth")};
  }
  if (!(8 <= word_bytes && word_bytes <= 64)) {
    return Problem{"a memory word of " + std::to_string(word_bytes) + " bytes", std::string("max(Rows, Cols) * Depth * 2 must be 8 to 64: one to eight 64-bit lanes, and a descriptor is whole words")};
  }
  if (!(std::has_single_bit(p.banks) && (p.banks <= 128))) {
    return Problem{"banks=" + std::to_string(p.banks), std::string("banks is a power of two up to 128")};
  }
  if (!(std::has_single_bit(p.bank_bytes) && (p.bank_bytes >= word_bytes) && (p.bank_bytes <= (1073741824 / p.banks)))) {
    return Problem{"bank_bytes=" + std::to_string(p.bank_bytes), "bank_bytes is a power of two, at least a word (" + std::to_string(word_bytes) + "), and all banks together at most 1 GiB"};
  }
  if (!(std::has_single_bit(p.queue_slots) && (2 <= p.queue_slots && p.queue_slots <= 128))) {
    return Problem{std::to_string(p.queue_slots) + " queue slots", std::string("QueueSlots is a power of two, 2 to 128")};
  }
  if (!(p.links == 0 || p.links == 4)) {
    return Problem{"links=" + std::to_string(p.links), std::string("a chip has 0 or 4 links")};
  }
  if (!((p.cpu_bytes == 0) || (std::has_single_bit(p.cpu_bytes) && ((2 * word_bytes) <= p.cpu_bytes && p.cpu_bytes <= 536870912)))) {
    return Problem{"controller_bytes=" + std::to_string(p.cpu_bytes), std::string("controller_bytes is 0 (no controller) or a power of two, at least two words and at most 512 MiB")};
  }
  return std::nullopt;
}

}  // namespace hilbert::regs::chip

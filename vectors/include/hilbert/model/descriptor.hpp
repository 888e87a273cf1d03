// SPDX-License-Identifier: Apache-2.0
// The 64-byte descriptor, its checks, and the completion (rtl/README.md).
#pragma once

#include <array>
#include <cstdint>
#include <hilbert/regs/chips.hpp>
#include <hilbert/regs/job.hpp>
#include <optional>
#include <string_view>

#include "hilbert/model/flags.hpp"
#include "hilbert/model/format.hpp"

namespace hilbert::model {

/// A descriptor or completion as little-endian words.
using Words = std::array<std::uint32_t, regs::job::descriptor_words>;

using regs::job::Opcode;
using regs::job::Status;

constexpr bool is_transfer(Opcode opcode) { return regs::job::needs_links(opcode); }

std::string_view to_string(Opcode opcode);  ///< "GEMM"; "?" for no opcode
std::string_view to_string(Status status);  ///< "OK", "BAD_OPCODE", ...; "?" for no status

/// The synthesis parameters that a descriptor's meaning depends on.
struct Geometry {
  std::uint32_t rows = 8, cols = 8, depth = 4;
  std::uint32_t banks = 4, bank_bytes = 32768;
  std::uint32_t queue_slots = 8;
  std::uint32_t links = 0;           ///< 0 or 4; 0: no network
  std::uint32_t link_max_words = 0;  ///< 64-bit words in the longest flit, its header included; 0 without links

  constexpr std::uint32_t word_bytes() const { return regs::chip::word_bytes(rows, cols, depth); }
  constexpr std::uint32_t data_bytes() const { return banks * bank_bytes; }
  constexpr std::uint32_t lanes() const { return word_bytes() / 4; }
  constexpr bool operator==(const Geometry&) const = default;
};

/// Where a matrix lies: byte address of its first panel, bytes from a panel to the next (COPY, FILL: from row to row).
struct Region {
  std::uint32_t base = 0, stride = 0;

  constexpr bool operator==(const Region&) const = default;
};

struct Descriptor {
  Opcode opcode = Opcode::sync;
  bool accumulate = false, relu = false, saturate = false, stochastic = false, literal = false, irq = false;
  std::uint32_t tag = 0;
  FormatSpec a, b, d;
  std::uint16_t m = 0, n = 0, k = 0;
  Region a_at, b_at, c_at, d_at;
  std::uint32_t seed = 0;  ///< FILL: the pattern; SEND, GET, SIGNAL: word 13, and in row0 and col0 word 14
  std::uint16_t row0 = 0, col0 = 0;
  std::uint8_t wait_semaphore = 0, wait_count = 0, signal_semaphore = 0, signal_count = 0;

  // What SEND, GET and SIGNAL make of them.
  constexpr unsigned x() const { return regs::job::field::place_x.in(seed); }
  constexpr unsigned y() const { return regs::job::field::place_y.in(seed); }
  constexpr unsigned there_semaphore() const { return regs::job::field::there_sem.in(row0); }
  constexpr unsigned there_count() const { return regs::job::field::there_count.in(row0); }
  void set_place(unsigned x, unsigned y) { seed = regs::job::field::place_x.as(x) | regs::job::field::place_y.as(y); }
  void set_there(unsigned semaphore, unsigned count) {
    row0 =
        static_cast<std::uint16_t>(regs::job::field::there_sem.as(semaphore) | regs::job::field::there_count.as(count));
  }

  /// What the opcode and its options use: regs::job::use_*_mask.
  std::uint32_t uses() const;

  Words pack() const;
  /// Reads the fields; reserved bits are dropped, so only check() tells whether the words are a legal descriptor.
  static Descriptor unpack(const Words& words);
  bool operator==(const Descriptor&) const = default;
};

struct Completion {
  std::uint32_t tag = 0;
  Status status = Status::ok;
  std::uint8_t field = 0;
  Flags flags;
  std::uint8_t opcode = 0;  ///< bits 7:0 of descriptor word 0, legal or not
  std::uint32_t sequence = 0;
  std::uint32_t poison_address = 0;
  std::uint32_t clocks = 0, busy = 0, wait_operands = 0, wait_result = 0, wait_c = 0, wait_semaphore = 0;
  std::uint32_t corrected = 0;

  Words pack() const;
  static Completion unpack(const Words& words);
  bool operator==(const Completion&) const = default;
};

/// The memory that a job touches through one matrix: `count` runs of `bytes`, the stride apart.
struct Extent {
  Region at;
  std::uint64_t count = 0, bytes = 0;

  constexpr std::uint64_t end() const { return at.base + (count - 1) * at.stride + bytes; }
  constexpr bool meets(const Extent& other) const { return at.base < other.end() && other.at.base < end(); }
};
/// Of A, B, C and D; nothing of those that the opcode does not use.
using Extents = std::array<std::optional<Extent>, 4>;
/// Of a job whose sizes are not zero.
Extents extents_of(const Descriptor& job, const Geometry& geometry);

struct CheckResult {
  Status status = Status::ok;
  std::uint8_t field = 0;  ///< number of the offending descriptor word; 0 with OK

  constexpr bool operator==(const CheckResult&) const = default;
};

/// The checks of rtl/README.md in the table's order; the first that fails.
CheckResult check(const Words& words, const Geometry& geometry);

}  // namespace hilbert::model

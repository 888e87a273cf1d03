// SPDX-License-Identifier: Apache-2.0
// Memory regions, descriptors, number formats and completions. Made from job.toml by scripts/regmap.py: do not edit.

#pragma once

#include <hilbert/regs/register_map.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace hilbert::regs::job {

inline constexpr std::uint32_t queue_base = 0x40000000;  // queue memory: descriptors and completions; below it data memory
inline constexpr std::uint32_t controller_base = 0x60000000;  // controller memory
inline constexpr std::uint32_t registers_base = 0x80000000;  // registers: the blocks of the register maps, 64 KiB
inline constexpr std::uint32_t descriptor_words = 0x10;  // 32-bit words of a descriptor and of a completion
inline constexpr std::uint32_t descriptor_bytes = 0x40;  // bytes of a descriptor and of a completion
inline constexpr std::uint32_t field_descriptor = 0xFF;  // field of a POISONED completion whose descriptor itself could not be read
inline constexpr std::uint32_t window = 0x1C;  // bits of the cell's alignment window: five of them sum into 31 bits and a sign (vectors/README.md, section 2)
inline constexpr std::uint32_t canonical_nan = 0x7FC00000;  // the one NaN that hardware makes
inline constexpr std::uint32_t most_bias = 0x3F;  // largest bias of a tensor
inline constexpr std::uint32_t flit_bytes = 0x400;  // bytes of a flit behind its header, at most (net/README.md)

/// Bits of descriptor word 0 above the opcode.
enum class Option : std::uint8_t {
  accumulate = 8,  ///< start from C
  relu = 9,  ///< negative results become zero
  saturate = 10,  ///< beyond the largest finite value: that value
  stochastic = 11,  ///< stochastic rounding
  literal = 12,  ///< subnormal_literal: CFloat8 subnormals as Tesla's paper prints them
  irq = 13,  ///< interrupt on completion
};
inline constexpr Value option_values[] = {
    {8, "ACCUMULATE", "start from C"},
    {9, "RELU", "negative results become zero"},
    {10, "SATURATE", "beyond the largest finite value: that value"},
    {11, "STOCHASTIC", "stochastic rounding"},
    {12, "LITERAL", "subnormal_literal: CFloat8 subnormals as Tesla's paper prints them"},
    {13, "IRQ", "interrupt on completion"},
};
inline constexpr std::uint32_t option_accumulate_mask = 0x00000100;
inline constexpr std::uint32_t option_relu_mask = 0x00000200;
inline constexpr std::uint32_t option_saturate_mask = 0x00000400;
inline constexpr std::uint32_t option_stochastic_mask = 0x00000800;
inline constexpr std::uint32_t option_literal_mask = 0x00001000;
inline constexpr std::uint32_t option_irq_mask = 0x00002000;

/// First byte of a packet at the host port.
enum class PortOp : std::uint8_t {
  read = 1,
  write = 2,
};
inline constexpr Value port_op_values[] = {
    {1, "READ", ""},
    {2, "WRITE", ""},
};

/// Status of a response of the host port.
enum class PortStatus : std::uint8_t {
  ok = 0,  ///< ok
  bad_op = 1,  ///< bad op
  bad_address = 2,  ///< bad address
  misaligned = 3,  ///< misaligned
  poisoned = 4,  ///< poisoned
  bad_count = 5,  ///< bad count or length
};
inline constexpr Value port_status_values[] = {
    {0, "ok", "ok"},
    {1, "bad_op", "bad op"},
    {2, "bad_address", "bad address"},
    {3, "misaligned", "misaligned"},
    {4, "poisoned", "poisoned"},
    {5, "bad_count", "bad count or length"},
};

/// Kinds of flits of the network: header, bits 3:0 (net/README.md).
enum class Flit : std::uint8_t {
  write = 1,
  read = 2,
  data = 3,
  signal = 4,
};
inline constexpr Value flit_values[] = {
    {1, "WRITE", ""},
    {2, "READ", ""},
    {3, "DATA", ""},
    {4, "SIGNAL", ""},
};

/// What of a descriptor an opcode and its options use.
enum class Use : std::uint8_t {
  a = 0,  ///< A, or a source
  b = 1,
  c = 2,
  d = 3,
  format_a = 4,  ///< A is numbers; without it words of memory
  format_b = 5,
  format_d = 6,
  size = 7,  ///< M and N
  k = 8,
  seed = 9,
  origin = 10,  ///< row and column of the first element
  place = 11,  ///< another chip: A and D lie in two memories
  there = 12,  ///< a semaphore there
};
inline constexpr Value use_values[] = {
    {0, "A", "A, or a source"},
    {1, "B", ""},
    {2, "C", ""},
    {3, "D", ""},
    {4, "FORMAT_A", "A is numbers; without it words of memory"},
    {5, "FORMAT_B", ""},
    {6, "FORMAT_D", ""},
    {7, "SIZE", "M and N"},
    {8, "K", ""},
    {9, "SEED", ""},
    {10, "ORIGIN", "row and column of the first element"},
    {11, "PLACE", "another chip: A and D lie in two memories"},
    {12, "THERE", "a semaphore there"},
};
inline constexpr std::uint32_t use_a_mask = 0x00000001;
inline constexpr std::uint32_t use_b_mask = 0x00000002;
inline constexpr std::uint32_t use_c_mask = 0x00000004;
inline constexpr std::uint32_t use_d_mask = 0x00000008;
inline constexpr std::uint32_t use_format_a_mask = 0x00000010;
inline constexpr std::uint32_t use_format_b_mask = 0x00000020;
inline constexpr std::uint32_t use_format_d_mask = 0x00000040;
inline constexpr std::uint32_t use_size_mask = 0x00000080;
inline constexpr std::uint32_t use_k_mask = 0x00000100;
inline constexpr std::uint32_t use_seed_mask = 0x00000200;
inline constexpr std::uint32_t use_origin_mask = 0x00000400;
inline constexpr std::uint32_t use_place_mask = 0x00000800;
inline constexpr std::uint32_t use_there_mask = 0x00001000;

/// How a job ended; 1 to 9 in the order of the checks (rtl/README.md).
enum class Status : std::uint8_t {
  ok = 0,  ///< it ended well
  bad_opcode = 1,  ///< no such opcode
  bad_option = 2,  ///< an option that the opcode does not have, or a reserved bit
  bad_format = 3,  ///< a format that the opcode does not take
  bad_size = 4,  ///< M, N or K
  misaligned = 5,  ///< a base or stride that is no multiple of a memory word
  unused = 6,  ///< a word that the opcode does not use is not zero
  bad_semaphore = 7,  ///< reserved bits of word 15
  out_of_range = 8,  ///< a matrix leaves data memory
  overlap = 9,  ///< the result meets itself or an operand
  poisoned = 10,  ///< it read an uncorrectable word: the result must not be used
  aborted = 11,  ///< ended by CTRL.ABORT
};
inline constexpr Value status_values[] = {
    {0, "OK", "it ended well"},
    {1, "BAD_OPCODE", "no such opcode"},
    {2, "BAD_OPTION", "an option that the opcode does not have, or a reserved bit"},
    {3, "BAD_FORMAT", "a format that the opcode does not take"},
    {4, "BAD_SIZE", "M, N or K"},
    {5, "MISALIGNED", "a base or stride that is no multiple of a memory word"},
    {6, "UNUSED", "a word that the opcode does not use is not zero"},
    {7, "BAD_SEMAPHORE", "reserved bits of word 15"},
    {8, "OUT_OF_RANGE", "a matrix leaves data memory"},
    {9, "OVERLAP", "the result meets itself or an operand"},
    {10, "POISONED", "it read an uncorrectable word: the result must not be used"},
    {11, "ABORTED", "ended by CTRL.ABORT"},
};

/// Sticky flags of a completion (vectors/README.md, section 5).
enum class Flag : std::uint8_t {
  invalid = 0,
  denormal = 1,
  overflow = 2,
  underflow = 3,
  inexact = 4,
  int_range = 5,
};
inline constexpr Value flag_values[] = {
    {0, "invalid", ""},
    {1, "denormal", ""},
    {2, "overflow", ""},
    {3, "underflow", ""},
    {4, "inexact", ""},
    {5, "int_range", ""},
};
inline constexpr std::uint32_t flag_invalid_mask = 0x00000001;
inline constexpr std::uint32_t flag_denormal_mask = 0x00000002;
inline constexpr std::uint32_t flag_overflow_mask = 0x00000004;
inline constexpr std::uint32_t flag_underflow_mask = 0x00000008;
inline constexpr std::uint32_t flag_inexact_mask = 0x00000010;
inline constexpr std::uint32_t flag_int_range_mask = 0x00000020;

/// Opcodes: descriptor word 0, bits 7:0.
enum class Opcode : std::uint8_t {
  gemm = 1,  ///< D = A B, or A B + C
  convert = 2,  ///< D = A in another format
  copy = 3,  ///< words from A to D
  fill = 4,  ///< a 32-bit pattern to D
  sync = 5,  ///< semaphores alone
  send = 6,  ///< words to another chip
  get = 7,  ///< words from another chip
  signal = 8,  ///< a semaphore of another chip
};
inline constexpr Value opcode_values[] = {
    {1, "GEMM", "D = A B, or A B + C"},
    {2, "CONVERT", "D = A in another format"},
    {3, "COPY", "words from A to D"},
    {4, "FILL", "a 32-bit pattern to D"},
    {5, "SYNC", "semaphores alone"},
    {6, "SEND", "words to another chip"},
    {7, "GET", "words from another chip"},
    {8, "SIGNAL", "a semaphore of another chip"},
};

/// Codes of the number formats.
enum class Format : std::uint8_t {
  fp32 = 0,  ///< IEEE 754 binary32
  bf16 = 1,  ///< bfloat16
  cf8_143 = 2,  ///< CFloat8 with 4 bits of exponent
  cf8_152 = 3,  ///< CFloat8 with 5 bits of exponent
  e4m3 = 4,  ///< OCP E4M3
  e5m2 = 5,  ///< OCP E5M2
  int8 = 6,  ///< two's complement
};
inline constexpr Value format_values[] = {
    {0, "fp32", "IEEE 754 binary32"},
    {1, "bf16", "bfloat16"},
    {2, "cf8_143", "CFloat8 with 4 bits of exponent"},
    {3, "cf8_152", "CFloat8 with 5 bits of exponent"},
    {4, "e4m3", "OCP E4M3"},
    {5, "e5m2", "OCP E5M2"},
    {6, "int8", "two's complement"},
};

/// Bits of word 0 that an opcode may have, itself left out; 0: no opcode.
constexpr std::uint32_t options_of(Opcode opcode) {
  switch (opcode) {
    case Opcode::gemm: return 0x00003F00;
    case Opcode::convert: return 0x00003E00;
    case Opcode::copy: return 0x00002000;
    case Opcode::fill: return 0x00002000;
    case Opcode::sync: return 0x00002000;
    case Opcode::send: return 0x00002000;
    case Opcode::get: return 0x00002000;
    case Opcode::signal: return 0x00002000;
  }
  return 0;
}
/// Whether an opcode is one of chips with links.
constexpr bool needs_links(Opcode op) { return op >= Opcode::send && op <= Opcode::signal; }

/// The words of a descriptor, in words.
inline constexpr std::string_view word_names[] = {
    "opcode and options",
    "tag",
    "formats and biases",
    "M, N",
    "K",
    "base of A",
    "base of B",
    "base of C",
    "base of D",
    "stride of A",
    "stride of B",
    "stride of C",
    "stride of D",
    "seed",
    "row and col",
    "semaphores",
};

/// Fields of a descriptor.
namespace field {
inline constexpr Field opcode{0, 0, 8, 0};  ///< opcode; above it the options
inline constexpr Field tag{1, 0, 32, 0};  ///< returned in the completion
inline constexpr Field format_a{2, 0, 4, use_format_a_mask};  ///< format of A, or of the source
inline constexpr Field bias_a{2, 4, 6, use_format_a_mask};  ///< its bias
inline constexpr Field format_b{2, 10, 4, use_format_b_mask};  ///< format of B
inline constexpr Field bias_b{2, 14, 6, use_format_b_mask};  ///< its bias
inline constexpr Field format_d{2, 20, 4, use_format_d_mask};  ///< format of D
inline constexpr Field bias_d{2, 24, 6, use_format_d_mask};  ///< its bias
inline constexpr Field m{3, 0, 16, use_size_mask};  ///< rows
inline constexpr Field n{3, 16, 16, use_size_mask};  ///< columns in elements; without formats: memory words in a row
inline constexpr Field k{4, 0, 16, use_k_mask};  ///< columns of A, rows of B
inline constexpr Field base_a{5, 0, 32, use_a_mask};  ///< byte address of A, or of the source
inline constexpr Field base_b{6, 0, 32, use_b_mask};  ///< byte address of B
inline constexpr Field base_c{7, 0, 32, use_c_mask};  ///< byte address of C, always fp32
inline constexpr Field base_d{8, 0, 32, use_d_mask};  ///< byte address of D
inline constexpr Field stride_a{9, 0, 32, use_a_mask};  ///< bytes from a panel, or a row, of A to the next
inline constexpr Field stride_b{10, 0, 32, use_b_mask};  ///< of B
inline constexpr Field stride_c{11, 0, 32, use_c_mask};  ///< of C
inline constexpr Field stride_d{12, 0, 32, use_d_mask};  ///< of D
inline constexpr Field seed{13, 0, 32, use_seed_mask};  ///< of stochastic rounding; FILL: the pattern
inline constexpr Field place_x{13, 0, 4, use_place_mask};  ///< column of the other chip
inline constexpr Field place_y{13, 4, 4, use_place_mask};  ///< its row
inline constexpr Field row0{14, 0, 16, use_origin_mask};  ///< row of the first element, for stochastic rounding
inline constexpr Field col0{14, 16, 16, use_origin_mask};  ///< its column
inline constexpr Field there_sem{14, 0, 3, use_there_mask};  ///< semaphore of the other chip to signal
inline constexpr Field there_count{14, 8, 8, use_there_mask};  ///< count to add there; 0: none
inline constexpr Field wait_sem{15, 0, 3, 0};  ///< semaphore to wait for
inline constexpr Field wait_count{15, 8, 8, 0};  ///< wait until it is at least that, and subtract it; 0: do not wait
inline constexpr Field signal_sem{15, 16, 3, 0};  ///< semaphore to signal when the job ends well
inline constexpr Field signal_count{15, 24, 8, 0};  ///< count to add; 0: none
inline constexpr Field all[] = {opcode, tag, format_a, bias_a, format_b, bias_b, format_d, bias_d, m, n, k, base_a, base_b, base_c, base_d, stride_a, stride_b, stride_c, stride_d, seed, place_x, place_y, row0, col0, there_sem, there_count, wait_sem, wait_count, signal_sem, signal_count};
}  // namespace field

/// What an opcode and the options of word 0 use; 0: no opcode.
constexpr std::uint32_t uses_of(Opcode opcode, std::uint32_t word0) {
  std::uint32_t uses = 0;
  if ((word0 & option_accumulate_mask) != 0) uses |= use_c_mask;
  if ((word0 & option_stochastic_mask) != 0) uses |= use_seed_mask | use_origin_mask;
  switch (opcode) {
    case Opcode::gemm: return uses | use_a_mask | use_b_mask | use_d_mask | use_format_a_mask | use_format_b_mask | use_format_d_mask | use_size_mask | use_k_mask;
    case Opcode::convert: return uses | use_a_mask | use_d_mask | use_format_a_mask | use_format_d_mask | use_size_mask;
    case Opcode::copy: return uses | use_a_mask | use_d_mask | use_size_mask;
    case Opcode::fill: return uses | use_d_mask | use_size_mask | use_seed_mask;
    case Opcode::sync: return uses;
    case Opcode::send: return uses | use_a_mask | use_d_mask | use_size_mask | use_place_mask | use_there_mask;
    case Opcode::get: return uses | use_a_mask | use_d_mask | use_size_mask | use_place_mask;
    case Opcode::signal: return uses | use_place_mask | use_there_mask;
  }
  return 0;
}

inline constexpr std::array<FormatInfo<Format>, 7> formats{{
    {Format::fp32, "fp32", 4, 8, 23, 127, Specials::ieee, 0x7F7FFFFF, true},
    {Format::bf16, "bf16", 2, 8, 7, 127, Specials::ieee, 0x7F7F, false},
    {Format::cf8_143, "cf8_143", 1, 4, 3, bias_per_tensor, Specials::none, 0x7F, false},
    {Format::cf8_152, "cf8_152", 1, 5, 2, bias_per_tensor, Specials::none, 0x7F, false},
    {Format::e4m3, "e4m3", 1, 4, 3, 7, Specials::nan_only, 0x7E, false},
    {Format::e5m2, "e5m2", 1, 5, 2, 15, Specials::ieee, 0x7B, false},
    {Format::int8, "int8", 1, 0, 7, 0, Specials::none, 0x7F, false},
}};

}  // namespace hilbert::regs::job

// SPDX-License-Identifier: Apache-2.0
// Memory regions, descriptors, number formats and completions. Made from job.toml by scripts/regmap.py: do not edit.

#pragma once

#include <hilbert/regs/register_map.hpp>

#include <array>
#include <cstdint>

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

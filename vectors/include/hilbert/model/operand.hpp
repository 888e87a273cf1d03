// SPDX-License-Identifier: Apache-2.0
// The one internal form of every operand code (vectors/README.md section 1).
#pragma once

#include <cstdint>
#include <hilbert/regs/job.hpp>

#include "hilbert/model/flags.hpp"
#include "hilbert/model/format.hpp"

namespace hilbert::model {

inline constexpr std::uint32_t canonical_nan =
    regs::job::canonical_nan;  ///< the only NaN that leaves the tile, as FP32

enum class Class : std::uint8_t { finite, inf, nan };

/// value = (-1)^sign * sig * 2^(x - 134) if cls is finite; sig and x mean nothing otherwise, x nothing where sig is 0.
struct Operand {
  bool sign = false;
  std::uint8_t x = 0;
  std::uint8_t sig = 0;
  Class cls = Class::finite;

  constexpr bool operator==(const Operand&) const = default;
};

/// Decodes the low 8 or 16 bits of `code`; raises *denormal* for a subnormal. `literal`: the subnormal rule of CFloat8.
/// Precondition: the format is not fp32.
Operand decode(FormatSpec spec, std::uint32_t code, bool literal, Flags& flags);

/// The exact value of any code, fp32 included; infinities and NaN as such.
double to_double(FormatSpec spec, std::uint32_t code, bool literal);

/// The code's value as FP32 bits, raising *denormal* for a subnormal code. Exact for every format: a decoded operand
/// has 8 significant bits and lies within 2^-133 (bf16) .. 2^128. Every NaN becomes 0x7FC00000, from fp32 too.
std::uint32_t to_fp32(FormatSpec spec, std::uint32_t code, bool literal, Flags& flags);

}  // namespace hilbert::model

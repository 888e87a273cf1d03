// SPDX-License-Identifier: Apache-2.0
// FP32 to any result format, in integers alone.
#include "hilbert/model/encode.hpp"

#include <algorithm>
#include <bit>

#include "hilbert/model/cell.hpp"

namespace hilbert::model {
namespace {

constexpr std::uint32_t fp32_infinity = 0x7F80'0000u;

/// |v| = significand * 2^exponent.
struct Magnitude {
  std::uint64_t significand;
  int exponent;

  int top() const { return exponent + static_cast<int>(std::bit_width(significand)) - 1; }  ///< floor(log2 |v|)
};

Magnitude magnitude_of(std::uint32_t fp32) {
  const std::uint32_t e = fp32 >> 23 & 0xFFu;
  return {(fp32 & 0x007F'FFFFu) | (e == 0 ? 0u : 0x0080'0000u), static_cast<int>(std::max(e, 1u)) - 150};
}

/// |v| / 2^unit in fixed point with 16 fraction bits, cut, and whether anything was cut off.
struct Fixed {
  std::uint64_t value;
  bool sticky;
};

/// Precondition: |v| < 2^(unit + 24).
Fixed to_fixed(Magnitude v, int unit) {
  const int shift = unit - 16 - v.exponent;
  if (shift <= 0) return {v.significand << -shift, false};
  if (shift >= 64) return {0, v.significand != 0};
  const std::uint64_t value = v.significand >> shift;
  return {value, value << shift != v.significand};
}

/// |v| between two neighbours of the target: lo, and hi = lo + interval units.
struct Between {
  std::uint64_t lo;
  std::uint64_t interval;
  std::uint64_t above;  ///< |v| - lo in 2^-16 units, cut
  bool sticky;

  Between(Fixed v, std::uint64_t below, std::uint64_t step)
      : lo(below), interval(step), above(v.value - (below << 16)), sticky(v.sticky) {}

  bool exact() const { return above == 0 && !sticky; }
  bool goes_up(Rounding rounding, std::uint16_t r) const {
    if (rounding == Rounding::stochastic) return above >= interval * (0x1'0000u - r);
    const std::uint64_t twice = 2 * above, whole = interval << 16;
    return twice > whole || (twice == whole && (sticky || lo % 2 != 0));
  }
};

std::uint32_t encode_int8(bool negative, Magnitude v, Rounding rounding, std::uint16_t r, Flags& flags) {
  const std::uint64_t limit = negative ? 128 : 127;
  std::uint64_t magnitude = limit + 1;
  bool inexact = true;
  if (v.significand == 0 || v.top() < 8) {
    const Fixed fixed = to_fixed(v, 0);
    const Between b(fixed, fixed.value >> 16, 1);
    magnitude = b.lo + (b.goes_up(rounding, r) ? 1 : 0);
    inexact = !b.exact();
  }
  flags.raise_if(Flag::overflow, magnitude > limit);
  flags.raise_if(Flag::inexact, inexact || magnitude > limit);
  magnitude = std::min(magnitude, limit);
  return static_cast<std::uint32_t>(negative ? 0x100 - magnitude : magnitude) & 0xFFu;
}

/// A positive finite number to a format with an exponent: the code without its sign, which may lie beyond the largest.
std::uint64_t encode_magnitude(Magnitude v, FormatSpec spec, Rounding rounding, bool literal, std::uint16_t r,
                               Flags& flags) {
  const int m_bits = info(spec.format).mantissa_bits;
  const int bias = effective_bias(spec);
  const std::uint64_t hidden = std::uint64_t{1} << m_bits;
  const bool literal_here = literal && has_tensor_bias(spec.format);

  const bool subnormal = v.top() < 1 - bias;
  const int unit = (subnormal ? (literal_here ? -bias : 1 - bias) : v.top()) - m_bits;
  const Fixed fixed = to_fixed(v, unit);
  const bool gap = subnormal && literal_here && fixed.value >> 16 >= hidden - 1;
  const Between b = gap ? Between(fixed, hidden - 1, hidden + 1) : Between(fixed, fixed.value >> 16, 1);
  // Codes count on from the subnormals through every binade, so that hi is always the code after lo.
  const std::uint64_t below = subnormal ? 0 : static_cast<std::uint64_t>(v.top() + bias - 1) << m_bits;
  const std::uint64_t code = below + b.lo + (b.goes_up(rounding, r) ? 1 : 0);
  flags.raise_if(Flag::inexact, !b.exact());
  flags.raise_if(Flag::underflow, code < hidden);
  return code;
}

}  // namespace

std::uint32_t encode(std::uint32_t fp32, FormatSpec spec, Rounding rounding, bool saturate, bool literal,
                     std::uint16_t r, Flags& flags) {
  const FormatInfo& f = info(spec.format);
  const std::uint32_t fp32_magnitude = fp32 & 0x7FFF'FFFFu;
  const bool negative = fp32 >> 31 != 0;
  const bool nan = fp32_magnitude > fp32_infinity, infinite = fp32_magnitude == fp32_infinity;
  if (spec.format == Format::fp32) return nan ? canonical_nan : fp32;

  const std::uint32_t quiet = f.specials == Specials::nan_only ? 0x7Fu
                              : f.specials == Specials::none
                                  ? f.largest
                                  : info(spec.format).largest + 1 + (1u << (f.mantissa_bits - 1));
  if (nan) {
    flags.raise_if(Flag::invalid, f.specials == Specials::none);
    return quiet;
  }
  if (spec.format == Format::int8) {
    if (!infinite) return encode_int8(negative, magnitude_of(fp32), rounding, r, flags);
    flags.raise(Flag::overflow);
    flags.raise(Flag::inexact);
    return negative ? 0x80u : 0x7Fu;
  }

  const std::uint32_t sign = negative ? 1u << (f.mantissa_bits + f.exponent_bits) : 0u;
  if (fp32_magnitude == 0) return sign;
  const bool clamp = saturate || f.specials == Specials::none;
  if (!infinite) {
    const std::uint64_t code = encode_magnitude(magnitude_of(fp32), spec, rounding, literal, r, flags);
    if (code <= f.largest) return sign | static_cast<std::uint32_t>(code);
  }
  // Out of range. An infinity is no overflow where it may pass as a special.
  flags.raise_if(Flag::overflow, !infinite || clamp);
  flags.raise_if(Flag::inexact, !infinite || clamp || f.specials == Specials::nan_only);
  if (clamp) return sign | f.largest;
  return sign | (f.largest + 1);  // e4m3: its NaN; e5m2, bf16: infinity
}

}  // namespace hilbert::model

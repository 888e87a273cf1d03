// SPDX-License-Identifier: Apache-2.0
// Decoding of operand codes.
#include "hilbert/model/operand.hpp"

#include <bit>
#include <cmath>
#include <limits>

namespace hilbert::model {
namespace {

Operand decode_int8(std::uint32_t code) {
  const int value = static_cast<std::int8_t>(code);
  return {value < 0, 134, static_cast<std::uint8_t>(value < 0 ? -value : value), Class::finite};
}

Class class_of(const FormatInfo& f, std::uint32_t exponent, std::uint32_t mantissa) {
  if (exponent != (1u << f.exponent_bits) - 1) return Class::finite;
  switch (f.specials) {
    case Specials::ieee:
      return mantissa == 0 ? Class::inf : Class::nan;
    case Specials::nan_only:
      return mantissa == (1u << f.mantissa_bits) - 1 ? Class::nan : Class::finite;
    case Specials::none:
      break;
  }
  return Class::finite;
}

}  // namespace

Operand decode(FormatSpec spec, std::uint32_t code, bool literal, Flags& flags) {
  if (spec.format == Format::int8) return decode_int8(code);
  const FormatInfo& f = info(spec.format);
  const std::uint32_t mantissa = code & ((1u << f.mantissa_bits) - 1);
  const std::uint32_t exponent = code >> f.mantissa_bits & ((1u << f.exponent_bits) - 1);
  const bool subnormal = exponent == 0;
  const bool literal_here = literal && has_tensor_bias(spec.format);
  flags.raise_if(Flag::denormal, subnormal && mantissa != 0);

  const std::uint32_t hidden = subnormal ? 0 : 1u << f.mantissa_bits;
  const int nominal = subnormal && !literal_here ? 1 : static_cast<int>(exponent);
  return {(code >> (f.mantissa_bits + f.exponent_bits) & 1u) != 0,
          static_cast<std::uint8_t>(nominal - effective_bias(spec) + 127),
          static_cast<std::uint8_t>((hidden + mantissa) << (7 - f.mantissa_bits)), class_of(f, exponent, mantissa)};
}

double to_double(FormatSpec spec, std::uint32_t code, bool literal) {
  if (spec.format == Format::fp32) return std::bit_cast<float>(code);
  Flags ignored;
  const Operand v = decode(spec, code, literal, ignored);
  if (v.cls == Class::nan) return std::numeric_limits<double>::quiet_NaN();
  const double magnitude =
      v.cls == Class::inf ? std::numeric_limits<double>::infinity() : std::ldexp(static_cast<double>(v.sig), v.x - 134);
  return v.sign ? -magnitude : magnitude;
}

std::uint32_t to_fp32(FormatSpec spec, std::uint32_t code, bool literal, Flags& flags) {
  constexpr std::uint32_t fp32_infinity = 0x7F80'0000u;
  if (spec.format == Format::fp32) {
    const std::uint32_t magnitude = code & 0x7FFF'FFFFu;
    flags.raise_if(Flag::denormal, magnitude != 0 && magnitude < 0x0080'0000u);
    return magnitude > fp32_infinity ? canonical_nan : code;
  }
  const Operand v = decode(spec, code, literal, flags);
  const std::uint32_t sign = v.sign ? 0x8000'0000u : 0u;
  if (v.cls == Class::nan) return canonical_nan;
  if (v.cls == Class::inf) return sign | fp32_infinity;
  if (v.sig == 0) return sign;
  // Normalise to 1.m x 2^(exponent - 127). Only bf16 reaches below 2^-126, where its subnormals are FP32's, 16 bits
  // shorter.
  const int shift = std::countl_zero(v.sig);
  const int exponent = v.x - shift;
  const std::uint32_t m = std::uint32_t{v.sig} << (16 + shift);
  if (exponent >= 1) return sign | static_cast<std::uint32_t>(exponent) << 23 | (m & 0x007F'FFFFu);
  return sign | m >> (1 - exponent);
}

}  // namespace hilbert::model

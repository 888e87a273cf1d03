// SPDX-License-Identifier: Apache-2.0
// Exact values for the oracles: integers in units of 2^-scale, read from codes by the definition of each format.
#pragma once

#include <bit>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include "hilbert/model/format.hpp"
#include "support/random.hpp"

namespace hilbert::model::test {

using Integer = boost::multiprecision::cpp_int;

/// The smallest product of two operands is 2^-266 (bf16).
inline constexpr int scale = 320;

struct Exact {
  enum Kind { number, infinity, nan } kind = number;
  bool negative = false;
  bool subnormal = false;
  Integer magnitude;  ///< |value| * 2^scale

  Integer value() const { return negative ? Integer(-magnitude) : magnitude; }
  bool operator==(const Exact&) const = default;
};

inline Integer scaled(std::uint64_t integer, int exponent) { return Integer(integer) << (exponent + scale); }

/// A finite double, exactly.
inline Integer scaled(double v) {
  int exponent = 0;
  const auto m = static_cast<std::int64_t>(std::ldexp(std::frexp(v, &exponent), 53));
  const Integer shifted = Integer(m < 0 ? -m : m) << (exponent - 53 + scale + 200);
  const Integer magnitude = shifted >> 200;
  return m < 0 ? Integer(-magnitude) : magnitude;
}

/// s-e-m with the given widths: the textbook definition, with exact integers.
inline Exact textbook_float(std::uint32_t code, int e_bits, int m_bits, int bias, bool literal) {
  const std::uint32_t e = code >> m_bits & ((1u << e_bits) - 1), m = code & ((1u << m_bits) - 1);
  Exact v;
  v.negative = (code >> (e_bits + m_bits) & 1) != 0;
  v.subnormal = e == 0 && m != 0;
  if (e == 0)
    v.magnitude = scaled(m, (literal ? 0 : 1) - bias - m_bits);
  else
    v.magnitude = scaled((1u << m_bits) + m, static_cast<int>(e) - bias - m_bits);
  return v;
}

inline Exact exact_of(FormatSpec spec, std::uint32_t code, bool literal) {
  Exact v;
  switch (spec.format) {
    case Format::fp32:
      v = textbook_float(code, 8, 23, 127, false);
      if ((code & 0x7F800000) == 0x7F800000) v.kind = (code & 0x7FFFFF) != 0 ? Exact::nan : Exact::infinity;
      break;
    case Format::bf16:
      v = textbook_float(code, 8, 7, 127, false);
      if ((code & 0x7F80) == 0x7F80) v.kind = (code & 0x7F) != 0 ? Exact::nan : Exact::infinity;
      break;
    case Format::cf8_143:
      v = textbook_float(code, 4, 3, spec.bias, literal);
      break;
    case Format::cf8_152:
      v = textbook_float(code, 5, 2, spec.bias, literal);
      break;
    case Format::e4m3:
      v = textbook_float(code, 4, 3, 7, false);
      if ((code & 0x7F) == 0x7F) v.kind = Exact::nan;
      break;
    case Format::e5m2:
      v = textbook_float(code, 5, 2, 15, false);
      if ((code & 0x7C) == 0x7C) v.kind = (code & 3) != 0 ? Exact::nan : Exact::infinity;
      break;
    case Format::int8: {
      const int i = code < 128 ? static_cast<int>(code) : static_cast<int>(code) - 256;
      v.negative = i < 0;
      v.magnitude = scaled(static_cast<std::uint64_t>(std::abs(i)), 0);
      break;
    }
  }
  return v;
}

inline float as_float(std::uint32_t bits) { return std::bit_cast<float>(bits); }
inline std::uint32_t bits_of(float v) { return std::bit_cast<std::uint32_t>(v); }

/// Every 8-bit format, with each bias where the bias is the tensor's.
inline std::vector<FormatSpec> narrow_formats() {
  std::vector<FormatSpec> all{{Format::e4m3, 0}, {Format::e5m2, 0}, {Format::int8, 0}};
  for (unsigned b = 0; b <= max_bias; ++b) {
    all.push_back({Format::cf8_143, static_cast<std::uint8_t>(b)});
    all.push_back({Format::cf8_152, static_cast<std::uint8_t>(b)});
  }
  return all;
}

inline std::vector<FormatSpec> operand_formats() {
  std::vector<FormatSpec> all = narrow_formats();
  all.push_back({Format::bf16, 0});
  return all;
}

}  // namespace hilbert::model::test

// SPDX-License-Identifier: Apache-2.0
// The types of the tables in the generated headers.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace hilbert::regs {

enum class Access : std::uint8_t { constant, ro, rw, w1c, w1s, wo };

struct Register {
  std::string_view name;
  std::uint32_t offset;  ///< in its block
  std::uint32_t count;   ///< registers of an array, 4 bytes apart
  Access access;
  std::uint32_t writable;  ///< rw, w1c, w1s: bits that keep what is written, or that it clears or sets
  std::uint32_t reset;     ///< rw: value after reset
};

/// One value of an enumeration.
struct Value {
  std::uint32_t value;  ///< or position of a bit
  std::string_view name;
  std::string_view text;  ///< in words; may be empty
};

/// The entry of a value; one whose texts are "?" if there is none.
constexpr Value entry(std::span<const Value> values, std::uint32_t value) {
  for (const Value& v : values) {
    if (v.value == value) return v;
  }
  return {value, "?", "?"};
}

/// A field of a descriptor. Words are as many as a descriptor has.
struct Field {
  unsigned word, lsb, bits;
  std::uint32_t use;  ///< it is zero unless the opcode uses that (uses_of()); 0: always used

  /// Its bits, in their place.
  constexpr std::uint32_t mask() const { return (bits < 32 ? (1u << bits) - 1 : ~0u) << lsb; }
  /// Its value in the text of its word, and a value in its place; bits beyond the field are dropped.
  constexpr std::uint32_t in(std::uint32_t text) const { return (text & mask()) >> lsb; }
  constexpr std::uint32_t as(std::uint32_t value) const { return value << lsb & mask(); }
  constexpr std::uint32_t get(std::span<const std::uint32_t> words) const { return in(words[word]); }
  constexpr void set(std::span<std::uint32_t> words, std::uint32_t value) const {
    words[word] = (words[word] & ~mask()) | as(value);
  }
};

/// What the largest exponent of a number format means.
enum class Specials : std::uint8_t {
  none,      ///< ordinary numbers only (CFloat8, int8)
  nan_only,  ///< S.1..1.1..1 is NaN, no infinity (OCP E4M3)
  ieee       ///< infinities and NaNs as in IEEE 754
};

inline constexpr std::int16_t bias_per_tensor = -1;

template <class Format>
struct FormatInfo {
  Format format;
  std::string_view name;
  std::uint8_t bytes;          ///< bytes of a code
  std::uint8_t exponent_bits;  ///< 0: two's complement integer
  std::uint8_t mantissa_bits;  ///< stored bits, without the hidden one
  std::int16_t bias;           ///< bias_per_tensor: the descriptor says it
  Specials specials;
  std::uint32_t largest;  ///< code of the largest finite magnitude
  bool result_only;       ///< no operand of a GEMM
};

}  // namespace hilbert::regs

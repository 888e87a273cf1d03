// SPDX-License-Identifier: Apache-2.0
// The counter-based random numbers of stochastic rounding (vectors/README.md section 4).
#pragma once

#include <cstdint>

namespace hilbert::model {

/// The two halves of a SPECK32 block (Beaulieu et al., 2013).
struct Speck32 {
  std::uint16_t x;
  std::uint16_t y;
};

/// The round function of SPECK32.
constexpr Speck32 speck_round(Speck32 s, std::uint16_t key) {
  const auto rotated = static_cast<std::uint16_t>(s.x >> 7 | s.x << 9);
  const auto x = static_cast<std::uint16_t>((rotated + s.y) ^ key);
  const auto y = static_cast<std::uint16_t>((s.y << 2 | s.y >> 14) ^ x);
  return {x, y};
}

/// The 16-bit random number of the element at logical (row, col). Values from a second implementation in Python, whose
/// round function was checked against the cipher's published SPECK32/64 test vector:
///     seed          row    col   r
///     0x00000000      0      0   0x06B9
///     0x00000000      0      1   0xADD6
///     0x00000000      0      2   0x7C0A
///     0x00000000      1      0   0xC07F
///     0x00000001      0      0   0x9EFB
///     0x00010000      0      0   0x3FFD
///     0x12345678      3      5   0x44EE
///     0xDEADBEEF  65535  65535   0xE96C
///     0xDEADBEEF  65535  65534   0x73C3
///     0xFFFFFFFF    128    257   0x505D
constexpr std::uint16_t random16(std::uint32_t seed, std::uint16_t row, std::uint16_t col) {
  Speck32 s{row, static_cast<std::uint16_t>(col >> 1)};
  for (unsigned i = 0; i < 8; ++i) {
    const std::uint32_t half = i % 2 == 0 ? seed & 0xFFFFu : seed >> 16;
    s = speck_round(s, static_cast<std::uint16_t>(half ^ (i * 0x9E37u & 0xFFFFu)));
  }
  return col % 2 != 0 ? s.x : s.y;
}

}  // namespace hilbert::model

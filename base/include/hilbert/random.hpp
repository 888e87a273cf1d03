// SPDX-License-Identifier: Apache-2.0
// Random numbers from a seed: SplitMix64, the same on every machine.
#pragma once

#include <cstdint>
#include <string_view>

namespace hilbert {

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014): output i is a mix of
/// seed + (i + 1) * 0x9E3779B97F4A7C15, so it is a counter and needs no state but its position.
class Rng {
 public:
  explicit constexpr Rng(std::uint64_t seed) : state_(seed) {}
  /// The numbers of one case: they depend on nothing but the seed, the family's name and the case's index in it.
  constexpr Rng(std::uint64_t seed, std::string_view family, std::uint64_t index) : state_(0xCBF2'9CE4'8422'2325u) {
    for (const char c : family) state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100'0000'01B3u;  // FNV-1a
    state_ = mix(state_ ^ mix(seed)) + mix(index + 1);
  }

  constexpr std::uint64_t next() { return mix(state_ += 0x9E37'79B9'7F4A'7C15u); }
  constexpr std::uint32_t bits32() { return static_cast<std::uint32_t>(next() >> 32); }
  /// Uniform in 0 .. n - 1 (n > 0; the bias of the multiplication, below n / 2^32, does not matter here).
  constexpr std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>(std::uint64_t{bits32()} * n >> 32);
  }
  /// Uniform in low .. high, both included.
  constexpr std::uint32_t between(std::uint32_t low, std::uint32_t high) { return low + below(high - low + 1); }
  /// True once in n times on average.
  constexpr bool once_in(std::uint32_t n) { return below(n) == 0; }

  static constexpr std::uint64_t mix(std::uint64_t z) {
    z = (z ^ z >> 30) * 0xBF58'476D'1CE4'E5B9u;
    z = (z ^ z >> 27) * 0x94D0'49BB'1331'11EBu;
    return z ^ z >> 31;
  }

 private:
  std::uint64_t state_;
};

}  // namespace hilbert

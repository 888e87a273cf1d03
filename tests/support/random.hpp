// SPDX-License-Identifier: Apache-2.0
// Everything random in a test comes from here: one generator, and one seed for all of a run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <type_traits>
#include <vector>

namespace hilbert {

/// 64 random bits at a time, the same on every machine; also what <algorithm> and <random> call a generator.
class Random {
 public:
  using result_type = std::uint64_t;
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t operator()() { return engine_(); }
  std::uint32_t bits32() { return static_cast<std::uint32_t>(engine_()); }
  /// 0 .. n - 1, of the type of n.
  template <class Integer>
  Integer below(Integer n) {
    static_assert(std::is_integral_v<Integer>);
    return static_cast<Integer>(engine_() % static_cast<std::uint64_t>(n));
  }
  /// low .. high, both included.
  template <class Integer>
  Integer between(Integer low, std::type_identity_t<Integer> high) {
    return static_cast<Integer>(low + below(high - low + 1));
  }
  /// True with this probability.
  bool chance(double probability) { return static_cast<double>(engine_() >> 11) * 0x1p-53 < probability; }
  std::vector<std::byte> bytes(std::size_t n) {
    std::vector<std::byte> made(n);
    for (std::byte& b : made) b = static_cast<std::byte>(engine_());
    return made;
  }

  std::mt19937_64& engine() { return engine_; }  ///< for what of the product asks for it

 private:
  std::mt19937_64 engine_;  // whose numbers the standard fixes
};

/// HILBERT_SEED, or 1: everything random in this run follows from it. Throws Error(bad_input) for what is no number.
std::uint64_t run_seed();

/// The seed of one stream of random numbers among several; those of HILBERT_SEED=1 are the streams' numbers themselves.
std::uint64_t seed_of(std::uint64_t stream);

}  // namespace hilbert

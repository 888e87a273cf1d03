// SPDX-License-Identifier: Apache-2.0
// How many damaged flits a check of n bits lets through: 2^-n of them, if it is as good as it can be.
#pragma once

#include <cstdint>

#include "hilbert/tb/link_pair.hpp"

namespace hilbert::test {

struct CheckRate {
  std::uint64_t noticed = 0;  ///< checks that failed
  std::uint64_t missed = 0;   ///< flits that clients got damaged
  std::uint64_t flits = 0;    ///< that clients got at all
  unsigned check_bits = 0;

  [[nodiscard]] double rate() const { return static_cast<double>(missed) / static_cast<double>(missed + noticed); }
  [[nodiscard]] double expected() const;  ///< 2^-check_bits
};

/// Long flits both ways, and short bursts that hit all lanes at once: each leaves a random pattern in one flit, seldom
/// in two. Runs for at least `clocks` clocks.
CheckRate measure_check(const tb::LinkMaker& make, std::uint64_t seed, std::uint64_t clocks);

}  // namespace hilbert::test

// SPDX-License-Identifier: Apache-2.0
// Torture of a link: two ends, everything that can go wrong between them, and the demand that nothing is lost in
// silence.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <string>

#include "hilbert/tb/link_pair.hpp"

namespace hilbert::test {

/// What happened, summed over runs and both directions.
struct Toll {
  std::uint64_t runs = 0, clocks = 0, flits = 0, words = 0;
  std::uint64_t skipped = 0;  ///< flits given up with sessions that ended
  std::uint64_t damaged = 0;  ///< flits given to a client with wrong content
  std::uint64_t resets = 0, flipped_bits = 0, bursts = 0, lane_faults = 0, meddled = 0;
  std::uint64_t odd_bounds = 0;                   ///< bounds set to 0, to 1 or to all ones
  std::uint64_t odd_works = 0, odd_downs = 0;     ///< on good wires with such bounds the link worked, or went down
  std::map<std::string, std::uint64_t> counters;  ///< of both ends, by name
  std::map<unsigned, std::uint64_t> downs;        ///< by REASON
  std::array<std::uint64_t, 5> widths{};          ///< times a direction was found at that width
  void add(const Toll& other);
};

/// Which torments a run may draw.
struct Torments {
  double error_rate_max = 1e-3;
  bool bursts = true, lanes = true, resets = true, slow_phy = true, software = true, odd_bounds = true;
  bool tolerate = false;  ///< count damage instead of failing: for a check that is too short
};

/// One run: everything follows from the seed. Throws tb::LinkViolation.
Toll torture(const tb::LinkMaker& make, std::uint64_t seed, const Torments& torments);

}  // namespace hilbert::test

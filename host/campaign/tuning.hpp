// SPDX-License-Identifier: Apache-2.0
// How a sweep goes about its work, and what that cost.
#pragma once

#include <cstdint>

namespace hilbert::campaign {

/// How to go about it: what it costs depends on these, never what comes out.
struct Tuning {
  unsigned merge_every = 4;   ///< clocks from one search for equal runs to the next
  unsigned prove_every = 64;  ///< clocks from one search for runs that hang to the next, before the end; 0: never
  std::uint64_t hash_bits = ~std::uint64_t{0};  ///< that tell runs apart, before they are compared: fewer for tests
  unsigned few_lanes = 24;                      ///< fewer runs in a word are cheaper as events than with every gate
};

struct SweepStatistics {
  std::uint64_t begun = 0;        ///< first clocks simulated
  std::uint64_t simulated = 0;    ///< runs that lived longer
  std::uint64_t merged = 0;       ///< of them, ended as another's equal
  std::uint64_t proven = 0;       ///< of them, ended as proven to hang
  std::uint64_t lane_clocks = 0;  ///< what they lived, in clocks
  std::uint64_t evaluations = 0;  ///< of gates, 512 lanes at once, as events
  std::uint64_t passes = 0;       ///< over all gates, 512 lanes at once
};

}  // namespace hilbert::campaign

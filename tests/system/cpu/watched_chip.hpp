// SPDX-License-Identifier: Apache-2.0
// The bench's registry of chips, replaced: its only chip is "watched", hb_watched_chip, and shows its core to a watch.
#pragma once

#include <cstdint>
#include <functional>
#include <hilbert/model/descriptor.hpp>

#include "support/lockstep/follower.hpp"

namespace hilbert::test {

/// As in hb_watched_chip.sv.
inline constexpr model::Geometry watched_geometry{.rows = 2, .cols = 2, .depth = 2, .banks = 4, .bank_bytes = 8192};
inline constexpr std::uint32_t watched_cpu_bytes = 65536;

/// The core in one clock.
struct WatchedClock {
  bool run = false, lockup = false;
  std::uint32_t start = 0;
  std::uint32_t lines = 0;  ///< interrupts, at their places in mip
  Retirement ret;
};
using Watch = std::function<void(const WatchedClock&)>;

/// Called in every clock of every watched chip, until replaced; empty: nobody watches.
void set_watch(Watch watch);

}  // namespace hilbert::test

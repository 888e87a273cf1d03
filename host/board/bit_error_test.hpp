// SPDX-License-Identifier: Apache-2.0
// The bit-error-rate test of all links of a board: PRBS-31 on every lane, both ways.
#pragma once

#include <cstdint>
#include <functional>
#include <hilbert/board.hpp>
#include <vector>

#include "board/error_rate.hpp"

namespace hilbert::board {

/// What a lane of a link received.
struct LaneErrors {
  BoardEnd end;  ///< the receiving one
  unsigned lane = 0;
  bool in_step = false;           ///< its checker ran with the sequence before the count began: else nothing is counted
  bool in_step_after = false;     ///< and still did at the end
  std::uint64_t bits = 0;         ///< compared
  std::uint64_t errors = 0;       ///< of them
  std::uint64_t missed_bits = 0;  ///< that came while the checker had lost the sequence

  /// For a verdict: what was missed counts as wrong.
  [[nodiscard]] ErrorCount count() const { return {errors + missed_bits, bits + missed_bits}; }
};

/// The most that a count can be asked for: weeks of simulation, and 64 bits hold the bits of it.
inline constexpr std::uint64_t most_test_clocks = 1'000'000'000'000;

/// Switches every link of the file to the test, where they stay; waits until the checkers of all lanes are in step,
/// for as long as the longest wire is and they may take to find it; only then clears the counters of all ends and
/// counts for `clocks` and more. For boards that have clocks. `progress` is told the clocks counted.
[[nodiscard]] std::vector<LaneErrors> test_bit_errors(Board& board, std::uint64_t clocks,
                                                      const std::function<void(std::uint64_t)>& progress = {});

}  // namespace hilbert::board

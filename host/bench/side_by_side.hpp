// SPDX-License-Identifier: Apache-2.0
// Measuring several things against each other on a machine that is not quiet.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace hilbert::bench {

/// A figure from several rounds: median and quartiles. An exact one has all three equal.
struct Spread {
  double low = 0, median = 0, high = 0;

  /// Half the distance of the quartiles over the median.
  [[nodiscard]] double relative() const { return median == 0 ? 0 : (high - low) / 2 / median; }
};

[[nodiscard]] Spread exact(double value);
/// Error (exit code 3) for no values.
[[nodiscard]] Spread spread_of(std::vector<double> values);

/// One of the things to be compared.
struct Side {
  std::string name;
  std::function<double()> run;         ///< does some work and says how much, in any unit; timed
  std::function<void()> prepare = {};  ///< before each run; not timed
};

struct Measured {
  std::string name;
  Spread rate;   ///< units a second of processor time
  Spread ratio;  ///< this rate over the first side's of the same round
};

/// Runs every side once a round, in turn, forwards and backwards, after a first round that is not counted. Time is that
/// of the process on the processor, so that a side is not charged for the machine's other users; what they do to caches
/// and clock frequency hits neighbours alike and leaves the ratios of a round.
[[nodiscard]] std::vector<Measured> side_by_side(const std::vector<Side>& sides, unsigned rounds);

}  // namespace hilbert::bench

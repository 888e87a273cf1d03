// SPDX-License-Identifier: Apache-2.0
// Confidence bounds of a Poisson count.
#include "error_rate.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>

namespace hilbert::board {
namespace {

/// Largest mean of which as few as `errors` come with probability 1 - confidence. For a count that is no whole number,
/// as expected ones are, the same function in between.
double largest_mean(double errors, double confidence) {
  return quantile(boost::math::chi_squared(2 * (errors + 1)), confidence) / 2;
}
/// Smallest mean of which as many come with that probability.
double smallest_mean(double errors, double confidence) {
  return errors == 0 ? 0 : quantile(complement(boost::math::chi_squared(2 * errors), confidence)) / 2;
}

}  // namespace

double ErrorCount::rate() const { return bits == 0 ? 1 : static_cast<double>(errors) / static_cast<double>(bits); }

double ErrorCount::upper(double confidence) const {
  if (bits == 0) return 1;
  return std::min(1.0, largest_mean(static_cast<double>(errors), confidence) / static_cast<double>(bits));
}

double ErrorCount::lower(double confidence) const {
  if (bits == 0) return 0;
  return smallest_mean(static_cast<double>(errors), confidence) / static_cast<double>(bits);
}

RateVerdict judge(const ErrorCount& count, double limit, double confidence) {
  if (count.bits != 0 && count.upper(confidence) <= limit) return RateVerdict::within;
  return count.lower(confidence) > limit ? RateVerdict::beyond : RateVerdict::undecided;
}

std::optional<double> bits_needed(const ErrorCount& count, double limit, double confidence) {
  const double rate = count.bits == 0 ? 0 : count.rate();
  if (rate >= limit) return std::nullopt;
  const auto enough = [&](double bits) { return largest_mean(rate * bits, confidence) <= limit * bits; };
  double low = 0, high = 1 / limit;
  for (; !enough(high); low = high, high *= 2) {
    if (high > 1e18) return std::nullopt;  // the rate is as good as the limit
  }
  while (high - low > high * 1e-9) (enough((low + high) / 2) ? high : low) = (low + high) / 2;
  return high;
}

}  // namespace hilbert::board

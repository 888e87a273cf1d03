// SPDX-License-Identifier: Apache-2.0
// Rounds, medians, quartiles.
#include "bench/side_by_side.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <hilbert/error.hpp>

namespace hilbert::bench {
namespace {

double processor_seconds() {
  timespec t{};
  if (::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) != 0) {
    throw Error(ExitCode::machine, "the system does not tell the processor time of this process");
  }
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

double rate_of(const Side& side) {
  if (side.prepare) side.prepare();
  const double start = processor_seconds();
  const double units = side.run();
  const double seconds = processor_seconds() - start;
  if (!(seconds > 0)) throw Error(ExitCode::machine, "too short to be measured", side.name);
  return units / seconds;
}

/// Linear between neighbours.
double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], at - static_cast<double>(below));
}

}  // namespace

Spread exact(double value) { return {value, value, value}; }

Spread spread_of(std::vector<double> values) {
  if (values.empty()) throw Error(ExitCode::machine, "nothing was measured");
  std::ranges::sort(values);
  return {quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75)};
}

std::vector<Measured> side_by_side(const std::vector<Side>& sides, unsigned rounds) {
  std::vector<std::vector<double>> rates(sides.size()), ratios(sides.size());
  for (const Side& side : sides) (void)rate_of(side);
  std::vector<double> round(sides.size());
  for (unsigned r = 0; r < rounds; ++r) {
    for (std::size_t i = 0; i < sides.size(); ++i) {
      const std::size_t side = r % 2 == 0 ? i : sides.size() - 1 - i;
      round[side] = rate_of(sides[side]);
    }
    for (std::size_t i = 0; i < sides.size(); ++i) {
      rates[i].push_back(round[i]);
      ratios[i].push_back(round[i] / round[0]);
    }
  }
  std::vector<Measured> all;
  for (std::size_t i = 0; i < sides.size(); ++i) {
    all.push_back({sides[i].name, spread_of(std::move(rates[i])), spread_of(std::move(ratios[i]))});
  }
  return all;
}

}  // namespace hilbert::bench

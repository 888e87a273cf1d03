// SPDX-License-Identifier: Apache-2.0
// Bounds of error rates against published tables and against the Poisson distribution itself.
#include "board/error_rate.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hilbert::board {
namespace {

/// Published one-sided limits of a Poisson mean: Particle Data Group, Review of Particle Physics, Statistics, table
/// "Lower and upper (one-sided) limits for the mean of a Poisson variable given n observed events", 90 % and 95 %.
struct Row {
  std::uint64_t errors;
  double low90, up90, low95, up95;
};
constexpr Row table[] = {
    {0, 0, 2.30, 0, 3.00},         {1, 0.105, 3.89, 0.051, 4.74},  {2, 0.532, 5.32, 0.355, 6.30},
    {3, 1.10, 6.68, 0.818, 7.75},  {4, 1.74, 7.99, 1.37, 9.15},    {5, 2.43, 9.27, 1.97, 10.51},
    {6, 3.15, 10.53, 2.61, 11.84}, {7, 3.89, 11.77, 3.29, 13.15},  {8, 4.66, 12.99, 3.98, 14.43},
    {9, 5.43, 14.21, 4.70, 15.71}, {10, 6.22, 15.41, 5.43, 16.96},
};

TEST(ErrorRate, BoundsAreThePublishedOnes) {
  constexpr std::uint64_t bits = 1'000'000'000;
  for (const Row& row : table) {
    const ErrorCount count{row.errors, bits};
    const auto is = [&](double bound, double published) {
      // Printed with two digits behind the point, three below 1.
      EXPECT_NEAR(bound * static_cast<double>(bits), published, published < 1 ? 0.0006 : 0.0051) << row.errors;
    };
    is(count.lower(0.90), row.low90), is(count.upper(0.90), row.up90);
    is(count.lower(0.95), row.low95), is(count.upper(0.95), row.up95);
  }
  const auto mean = [](std::uint64_t errors) { return ErrorCount{errors, 1'000'000}.upper(0.95) * 1e6; };
  EXPECT_NEAR(mean(0), 2.9957, 5e-5);  // -ln 0.05
  EXPECT_NEAR(mean(1), 4.7439, 5e-5);
  EXPECT_NEAR(mean(10), 16.962, 5e-4);
}

/// As few errors as were seen come with probability 1 - confidence if the rate is the upper bound; as many, if it is
/// the lower. Summed term by term.
TEST(ErrorRate, BoundsSolveThePoissonDistribution) {
  for (const double confidence : {0.5, 0.9, 0.95, 0.999}) {
    for (const std::uint64_t errors : {0u, 1u, 7u, 40u, 300u}) {
      const ErrorCount count{errors, 1'000'000'000};
      const auto at_most = [](std::uint64_t most, double mean) {
        double sum = 0;
        for (std::uint64_t k = 0; k <= most; ++k) {
          const auto n = static_cast<double>(k);
          sum += std::exp(n * std::log(mean) - mean - std::lgamma(n + 1));
        }
        return sum;
      };
      EXPECT_NEAR(at_most(errors, count.upper(confidence) * 1e9), 1 - confidence, 1e-9) << errors;
      if (errors == 0) continue;
      EXPECT_NEAR(1 - at_most(errors - 1, count.lower(confidence) * 1e9), 1 - confidence, 1e-9) << errors;
    }
  }
}

TEST(ErrorRate, NothingCountedIsNoEvidence) {
  EXPECT_EQ((ErrorCount{0, 0}).upper(0.95), 1);
  EXPECT_EQ((ErrorCount{0, 0}).lower(0.95), 0);
  EXPECT_EQ(judge({0, 0}, 1, 0.95), RateVerdict::undecided);
  EXPECT_EQ((ErrorCount{5, 5}).upper(0.95), 1);
}

TEST(ErrorRate, AVerdictNeedsEvidence) {
  EXPECT_EQ(judge({0, 16'336}, 1e-12, 0.95), RateVerdict::undecided) << "which once passed";
  EXPECT_EQ(judge({0, 2'996}, 1e-3, 0.95), RateVerdict::within);
  EXPECT_EQ(judge({0, 2'995}, 1e-3, 0.95), RateVerdict::undecided);
  EXPECT_EQ(judge({0, 2'996}, 1e-3, 0.99), RateVerdict::undecided);
  EXPECT_EQ(judge({3, 1'000}, 1e-3, 0.95), RateVerdict::undecided) << "three may come by chance where one is due";
  EXPECT_EQ(judge({4, 1'000}, 1e-3, 0.95), RateVerdict::beyond) << "1.37 is the least mean";
}

TEST(ErrorRate, SaysHowManyBitsAreNeeded) {
  EXPECT_NEAR(*bits_needed({0, 16'336}, 1e-12, 0.95), 2.9957e12, 1e8);
  EXPECT_NEAR(*bits_needed({0, 0}, 1e-3, 0.95), 2'995.7, 0.1);
  EXPECT_FALSE(bits_needed({1, 1'000}, 1e-3, 0.95)) << "at the limit";
  EXPECT_FALSE(bits_needed({20, 1'000}, 1e-3, 0.95));
  // With so many bits and errors at the same rate, a test just passes.
  for (const ErrorCount seen : {ErrorCount{1, 10'000}, {5, 10'000}, {9, 10'000}}) {
    const double bits = *bits_needed(seen, 1e-3, 0.95);
    const double errors = bits * seen.rate();
    const ErrorCount more{static_cast<std::uint64_t>(std::ceil(errors)), static_cast<std::uint64_t>(bits)};
    const ErrorCount fewer{static_cast<std::uint64_t>(std::floor(errors)), static_cast<std::uint64_t>(bits) + 1};
    EXPECT_GE(more.upper(0.95), 1e-3);
    EXPECT_LE(fewer.upper(0.95), 1e-3);
  }
}

}  // namespace
}  // namespace hilbert::board

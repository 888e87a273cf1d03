// SPDX-License-Identifier: Apache-2.0
// The random numbers of stochastic rounding: published and independent values, and statistics with a stated false-alarm
// rate.
//
// Every statistic below is turned into a normal deviate z; the bound |z| < 6 raises a false alarm with probability 2e-9
// each. The draws are fixed by their seeds, so a pass today is a pass for ever.
#include "hilbert/model/stochastic.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include "exact.hpp"
#include "hilbert/model/encode.hpp"

namespace hilbert::model::test {
namespace {

constexpr double alarm_sigmas = 6.0;
constexpr std::uint16_t side = 1024;

using Generator = std::function<std::uint16_t(std::uint32_t seed, std::uint16_t row, std::uint16_t col)>;

/// z of the number of elements that go up, out of side^2, where the fraction is `f` / 2^16.
double z_of_bias(const Generator& g, std::uint32_t seed, std::uint32_t f) {
  double up = 0;
  for (std::uint16_t i = 0; i < side; ++i) {
    for (std::uint16_t j = 0; j < side; ++j) up += f + g(seed, i, j) >= 65536 ? 1 : 0;
  }
  const double n = double{side} * side, p = f / 65536.0;
  return (up - n * p) / std::sqrt(n * p * (1 - p));
}

/// z (Wilson and Hilferty's approximation) of chi-square over equally likely bins.
double z_of_bins(const std::vector<double>& bins) {
  double total = 0, chi2 = 0;
  for (const double b : bins) total += b;
  const double expected = total / static_cast<double>(bins.size());
  for (const double b : bins) chi2 += (b - expected) * (b - expected) / expected;
  const double df = static_cast<double>(bins.size()) - 1, v = 2 / (9 * df);
  return (std::cbrt(chi2 / df) - (1 - v)) / std::sqrt(v);
}

/// z of the joint distribution of the top (or bottom) 4 bits of each element and its neighbour: 256 bins.
double z_of_neighbours(const Generator& g, std::uint32_t seed, int rows, int cols, std::uint32_t seeds, int shift) {
  std::vector<double> bins(256);
  for (std::uint16_t i = 0; i < side; ++i) {
    for (std::uint16_t j = 0; j < side; ++j) {
      const unsigned here = g(seed, i, j) >> shift & 15u;
      const unsigned there =
          g(seed + seeds, static_cast<std::uint16_t>(i + rows), static_cast<std::uint16_t>(j + cols)) >> shift & 15u;
      ++bins[here * 16 + there];
    }
  }
  return z_of_bins(bins);
}

constexpr std::array<std::uint32_t, 4> some_seeds{0, 1, 0x12345678, 0xFFFFFFFF};
constexpr std::array<std::uint32_t, 7> fractions{1 << 6, 1 << 12, 1 << 14, 21845, 1 << 15, 50000, 65000};

double worst_bias(const Generator& g) {
  double worst = 0;
  for (const std::uint32_t seed : some_seeds) {
    for (const std::uint32_t f : fractions) worst = std::max(worst, std::fabs(z_of_bias(g, seed, f)));
  }
  return worst;
}

double worst_neighbour(const Generator& g) {
  struct Step {
    int rows, cols;
    std::uint32_t seeds;
  };
  double worst = 0;
  for (const std::uint32_t seed : some_seeds) {
    for (const Step s :
         {Step{0, 1, 0}, {1, 0, 0}, {1, 1, 0}, {0, 2, 0}, {8, 0, 0}, {0, 8, 0}, {0, 0, 1}, {0, 0, 0x10000}}) {
      for (const int shift : {0, 6, 12})
        worst = std::max(worst, std::fabs(z_of_neighbours(g, seed, s.rows, s.cols, s.seeds, shift)));
    }
  }
  return worst;
}

// The SPECK32/64 test vector of the designers' paper, through the cipher's own key schedule.
TEST(Stochastic, RoundFunctionIsSpeck32) {
  std::array<std::uint16_t, 22> key{0x0100};
  std::array<std::uint16_t, 24> l{0x0908, 0x1110, 0x1918};
  for (std::uint16_t i = 0; i < 21; ++i) {
    const Speck32 s = speck_round({l[i], key[i]}, i);
    l[i + 3u] = s.x;
    key[i + 1u] = s.y;
  }
  Speck32 s{0x6574, 0x694c};
  for (const std::uint16_t k : key) s = speck_round(s, k);
  EXPECT_EQ(s.x, 0xa868);
  EXPECT_EQ(s.y, 0x42f2);
}

// From a second implementation, in Python: the table in the header.
TEST(Stochastic, IndependentValues) {
  EXPECT_EQ(random16(0x00000000, 0, 0), 0x06B9);
  EXPECT_EQ(random16(0x00000000, 0, 1), 0xADD6);
  EXPECT_EQ(random16(0x00000000, 0, 2), 0x7C0A);
  EXPECT_EQ(random16(0x00000000, 1, 0), 0xC07F);
  EXPECT_EQ(random16(0x00000001, 0, 0), 0x9EFB);
  EXPECT_EQ(random16(0x00010000, 0, 0), 0x3FFD);
  EXPECT_EQ(random16(0x12345678, 3, 5), 0x44EE);
  EXPECT_EQ(random16(0xDEADBEEF, 65535, 65535), 0xE96C);
  EXPECT_EQ(random16(0xDEADBEEF, 65535, 65534), 0x73C3);
  EXPECT_EQ(random16(0xFFFFFFFF, 128, 257), 0x505D);
}

TEST(Stochastic, Unbiased) {
  EXPECT_LT(worst_bias(random16), alarm_sigmas);
  std::vector<double> high(256), low(256);
  for (std::uint16_t i = 0; i < side; ++i) {
    for (std::uint16_t j = 0; j < side; ++j) {
      const std::uint16_t r = random16(7, i, j);
      ++high[r >> 8];
      ++low[r & 255];
    }
  }
  EXPECT_LT(std::fabs(z_of_bins(high)), alarm_sigmas);
  EXPECT_LT(std::fabs(z_of_bins(low)), alarm_sigmas);
}

TEST(Stochastic, NeighboursAreIndependent) { EXPECT_LT(worst_neighbour(random16), alarm_sigmas); }

// The statistics can fail: a generator 1 % low, one that gives a pair of columns the same number, and too few rounds.
TEST(Stochastic, TheStatisticsCatchBadGenerators) {
  const Generator low = [](std::uint32_t s, std::uint16_t i, std::uint16_t j) {
    const std::uint16_t r = random16(s, i, j);
    return static_cast<std::uint16_t>(r - r / 100);
  };
  const Generator paired = [](std::uint32_t s, std::uint16_t i, std::uint16_t j) { return random16(s, i, j & 0xFFFE); };
  const Generator two_rounds = [](std::uint32_t s, std::uint16_t i, std::uint16_t j) {
    Speck32 v{i, static_cast<std::uint16_t>(j >> 1)};
    for (unsigned n = 0; n < 2; ++n) v = speck_round(v, static_cast<std::uint16_t>(n == 0 ? s : s >> 16));
    return j % 2 != 0 ? v.x : v.y;
  };
  EXPECT_GT(worst_bias(low), alarm_sigmas);
  EXPECT_GT(worst_neighbour(paired), alarm_sigmas);
  EXPECT_GT(worst_neighbour(two_rounds), alarm_sigmas);
}

// The mean of many roundings of one value is the value: a z-test over positions.
TEST(Stochastic, TheMeanOfRoundedValuesIsTheValue) {
  for (const FormatSpec spec :
       {FormatSpec{Format::e4m3, 0}, {Format::cf8_152, 20}, {Format::bf16, 0}, {Format::int8, 0}}) {
    for (const float v : {1.0625f * 1.03125f, 3.3f, -5.77f}) {
      double sum = 0, squares = 0;
      constexpr int count = 1 << 18;
      for (int n = 0; n < count; ++n) {
        Flags flags;
        const std::uint16_t r = random16(99, static_cast<std::uint16_t>(n >> 9), static_cast<std::uint16_t>(n & 511));
        const Exact got = exact_of(spec, encode(bits_of(v), spec, Rounding::stochastic, false, false, r, flags), false);
        const double error =
            std::ldexp(Integer(got.magnitude >> (scale - 40)).convert_to<double>(), -40) * (got.negative ? -1 : 1) -
            double{v};
        sum += error;
        squares += error * error;
      }
      // The probability is cut to 16 bits: at most 2^-16 of an interval (here below 2^-16 * sqrt(4 * squares / n)) of
      // true bias.
      EXPECT_LT(std::fabs(sum), alarm_sigmas * std::sqrt(squares) + count * 0x1p-16) << to_string(spec) << ' ' << v;
    }
  }
}

}  // namespace
}  // namespace hilbert::model::test

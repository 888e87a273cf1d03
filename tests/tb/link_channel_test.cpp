// SPDX-License-Identifier: Apache-2.0
// The C++ channel: exact in what it delays and moves, and with the statistics it was asked for.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <hilbert/error.hpp>
#include <vector>

#include "hilbert/tb/link_channel.hpp"
#include "support/random.hpp"

namespace hilbert::tb {
namespace {

std::vector<Symbols> random_symbols(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<Symbols> out(count);
  for (Symbols& s : out) {
    for (std::uint16_t& lane : s) lane = static_cast<std::uint16_t>(random());
  }
  return out;
}

std::vector<Symbols> through(LinkChannel& channel, const std::vector<Symbols>& in) {
  std::vector<Symbols> out;
  for (const Symbols& s : in) out.push_back(channel.step(s));
  return out;
}

bool bit_of(const std::vector<Symbols>& symbols, unsigned lane, std::size_t bit) {
  return (symbols[bit / 16][lane] >> (bit % 16) & 1) != 0;
}

TEST(LinkChannel, DelaysEveryBitByLatencySkewAndOffset) {
  ChannelOptions options;
  options.latency = 3;
  options.skew = {0, 5, 1, 15};
  options.bit_offset = {0, 1, 15, 7};
  LinkChannel channel(options);
  const std::vector<Symbols> in = random_symbols(200, 1), out = through(channel, in);
  for (unsigned lane = 0; lane < max_lanes; ++lane) {
    const std::size_t delay = 16 * (options.latency + options.skew[lane]) + options.bit_offset[lane];
    for (std::size_t bit = 0; bit < 16 * out.size(); ++bit) {
      const bool expected = bit >= delay && bit_of(in, lane, bit - delay);
      ASSERT_EQ(bit_of(out, lane, bit), expected) << "lane " << lane << ", bit " << bit;
    }
  }
  EXPECT_EQ(channel.flipped_bits(), 0U);
}

TEST(LinkChannel, CrossesWires) {
  ChannelOptions options;
  options.latency = 1;
  options.to_lane = {2, 0, 3, 1};
  LinkChannel channel(options);
  const std::vector<Symbols> in = random_symbols(20, 2), out = through(channel, in);
  for (std::size_t i = 1; i < in.size(); ++i) {
    for (unsigned lane = 0; lane < max_lanes; ++lane) ASSERT_EQ(out[i][options.to_lane[lane]], in[i - 1][lane]);
  }
}

TEST(LinkChannel, FaultsAreOfOneLaneAndEndWhenTheyAreTakenAway) {
  LinkChannel channel({});
  const Symbols all{0x1234, 0x5678, 0x9ABC, 0xDEF0};
  for (int i = 0; i < 10; ++i) channel.step(all);
  channel.set_fault(0, LaneFault::stuck_0);
  channel.set_fault(1, LaneFault::stuck_1);
  channel.set_fault(2, LaneFault::noise);
  unsigned ones = 0, as_sent = 0;
  for (int i = 0; i < 1000; ++i) {
    const Symbols s = channel.step(all);
    ASSERT_EQ(s[0], 0);
    ASSERT_EQ(s[1], 0xFFFF);
    ASSERT_EQ(s[3], all[3]);
    ones += static_cast<unsigned>(std::popcount(s[2]));
    as_sent += s[2] == all[2];
  }
  EXPECT_NEAR(ones, 8000, 5 * std::sqrt(16000 * 0.25));
  EXPECT_LE(as_sent, 3U);
  for (unsigned lane = 0; lane < max_lanes; ++lane) channel.set_fault(lane, LaneFault::none);
  EXPECT_EQ(channel.step(all), all);
}

// Of n bits with error rate p, n p +- 5 standard deviations are wrong; gaps have the mean and the variance of a
// geometric distribution.
TEST(LinkChannel, BitErrorsHaveTheirRate) {
  for (const double p : {0.5, 0.1, 1e-2, 1e-3, 1e-4, 1e-5}) {
    ChannelOptions options;
    options.bit_error_rate = p;
    options.latency = 1;
    LinkChannel channel(options);
    constexpr int clocks = 300'000;
    std::uint64_t wrong = 0;
    for (int i = 0; i < clocks; ++i) {
      for (const std::uint16_t lane : channel.step({})) wrong += static_cast<unsigned>(std::popcount(lane));
    }
    channel.step({});
    const double n = 64.0 * clocks, sigma = std::sqrt(n * p * (1 - p));
    EXPECT_NEAR(static_cast<double>(channel.flipped_bits()), n * p, 5 * sigma + 64) << "rate " << p;
    EXPECT_NEAR(static_cast<double>(wrong), static_cast<double>(channel.flipped_bits()), 64) << "rate " << p;
  }
}

TEST(GeometricGap, HasTheDistribution) {
  Random random(seed_of(7));
  for (const double p : {1.0, 0.9, 0.3, 0.01, 1e-6, 1e-12}) {
    const GeometricGap gap(p);
    constexpr int draws = 100'000;
    const double q = 1 - p, mean = q / p, median = p < 1 ? std::ceil(-1 / std::log2(q)) : 1;
    double sum = 0;
    int below = 0, zeros = 0;
    for (int i = 0; i < draws; ++i) {
      const auto n = static_cast<double>(gap(random.engine()));
      sum += n;
      below += n < median;
      zeros += n == 0;
    }
    EXPECT_NEAR(sum / draws, mean, 5 * std::sqrt(q) / p / std::sqrt(draws)) << p;
    EXPECT_NEAR(below, draws * (1 - std::pow(q, median)), 5 * std::sqrt(draws * 0.25)) << p;
    EXPECT_NEAR(zeros, draws * p, 5 * std::sqrt(draws * p * q) + 1) << p;
  }
  EXPECT_EQ(GeometricGap(0)(random.engine()), GeometricGap::never);
}

TEST(LinkChannel, BurstsStayWithinTheirLengthAndHitOneLaneOrAll) {
  for (const bool all : {false, true}) {
    ChannelOptions options;
    options.latency = 1;
    options.burst_rate = 1e-5;
    options.burst_bits = 1000;
    options.burst_all_lanes = all;
    LinkChannel channel(options);
    std::uint64_t hit = 0, together = 0, longest = 0, run = 0, quiet = 0;
    constexpr int clocks = 400'000;
    for (int i = 0; i < clocks; ++i) {
      const Symbols s = channel.step({});
      unsigned lanes = 0;
      for (const std::uint16_t lane : s) lanes += lane != 0;
      hit += lanes > 0;
      together += lanes > 1;
      quiet = lanes > 0 ? 0 : quiet + 1;
      if (lanes > 0) longest = std::max(longest, ++run);
      if (quiet > 2) run = 0;
    }
    const double bits = 16.0 * clocks * (all ? 1 : 4), burst = 500.5;
    const double expected = bits / (1 / options.burst_rate + burst);
    EXPECT_NEAR(static_cast<double>(channel.bursts()), expected, 5 * std::sqrt(expected)) << all;
    const double flipped = expected * burst / 2 * (all ? 4 : 1);
    EXPECT_NEAR(static_cast<double>(channel.flipped_bits()), flipped, flipped / 2) << all;
    EXPECT_GT(longest, 20U) << all;  // a burst is many symbols long
    if (all) {
      EXPECT_LE(longest, 2 * 64U) << all;  // of 1,000 bits; two may meet
      EXPECT_GT(together, hit * 9 / 10);
    } else {
      EXPECT_LT(together, hit / 4);
    }
  }
}

// The same bytes on every machine, compiler and library: FNV-1a over what came out on the first of them. What these
// bytes have to be is the matter of the tests above.
TEST(LinkChannel, OneSeedGivesTheSameBytesEverywhere) {
  const auto digest = [](std::uint64_t seed) {
    ChannelOptions options;
    options.seed = seed;
    options.skew = {1, 0, 3, 2};
    options.bit_offset = {3, 0, 9, 15};
    options.bit_error_rate = 1e-3;
    options.burst_rate = 1e-4;
    LinkChannel channel(options);
    channel.set_fault(2, LaneFault::noise);
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const Symbols& s : random_symbols(10'000, 3)) {
      for (const std::uint16_t lane : channel.step(s)) hash = (hash ^ lane) * 0x100000001B3;
    }
    return hash;
  };
  EXPECT_EQ(digest(1), digest(1));
  EXPECT_NE(digest(1), digest(2));
  EXPECT_EQ(digest(1), 0x9AAEF0201537037BU);
}

TEST(LinkChannel, EndsMayRunApart) {
  ChannelOptions options;
  options.latency = 5;
  options.skew = {0, 3, 1, 0};
  options.bit_error_rate = 1e-2;
  options.burst_rate = 1e-3;
  LinkChannel together(options);
  together.set_fault(3, LaneFault::noise);
  const std::vector<Symbols> in = random_symbols(3000, 4), expected = through(together, in);

  options.ahead = 7;
  LinkChannel apart(options);
  apart.set_fault(3, LaneFault::noise);
  Random random(seed_of(5));
  std::size_t pushed = 0, popped = 0;
  while (popped < in.size()) {
    const bool may_push = pushed < in.size() && pushed < popped + options.ahead;
    const bool may_pop = popped < pushed + options.latency;
    if (may_push && (!may_pop || random() % 8 > popped % 8)) {
      apart.push(in[pushed++]);
    } else {
      ASSERT_EQ(apart.pop(), expected[popped]) << popped;
      ++popped;
    }
  }
  EXPECT_EQ(apart.bursts(), together.bursts());
}

TEST(LinkChannel, RefusesWhatItCannotBe) {
  const auto refused = [](auto change) {
    ChannelOptions options;
    change(options);
    EXPECT_THROW(LinkChannel{options}, Error);
  };
  refused([](ChannelOptions& o) { o.lanes = 0; });
  refused([](ChannelOptions& o) { o.lanes = 5; });
  refused([](ChannelOptions& o) { o.latency = 0; });
  refused([](ChannelOptions& o) { o.bit_offset[3] = 16; });
  refused([](ChannelOptions& o) { o.bit_error_rate = 1.5; });
  refused([](ChannelOptions& o) { o.burst_rate = -1; });
  refused([](ChannelOptions& o) { o.burst_bits = 0; });
  refused([](ChannelOptions& o) { o.to_lane = {0, 0, 2, 3}; });
}

}  // namespace
}  // namespace hilbert::tb

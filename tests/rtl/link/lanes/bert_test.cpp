// SPDX-License-Identifier: Apache-2.0
// The bit-error-rate test over the channel, and injected errors, which show that what counts errors counts them.
#include <gtest/gtest.h>

#include <numeric>

#include "bench.hpp"
#include "support/random.hpp"

namespace hilbert::test {
namespace {

class Bert : public ::testing::TestWithParam<unsigned> {
 protected:
  PairOptions options() {
    PairOptions o;
    o.a = o.b = kind_of(GetParam());
    o.ab = any_channel(GetParam(), random_);
    o.ba = any_channel(GetParam(), random_);
    return o;
  }
  unsigned all() const { return (1U << GetParam()) - 1; }
  Random random_{run_seed()};
};
INSTANTIATE_TEST_SUITE_P(Lanes, Bert, ::testing::Values(1U, 2U, 4U));

std::uint64_t sum(const std::array<std::uint64_t, 4>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

TEST_P(Bert, CountsNothingOnAGoodChannelAndEveryInjectedBit) {
  Pair pair(options());
  pair.a.in.mode = pair.b.in.mode = bert;
  pair.run(100);
  EXPECT_EQ(pair.a.out.state, st_bert);
  EXPECT_EQ(pair.b.out.bert_locked, all());
  // What came before the sequence, zeros, was compared in vain.
  const auto errors = pair.b.bert_errors, bits = pair.b.bert_bits;
  pair.run(5000);
  for (unsigned l = 0; l < GetParam(); ++l) {
    EXPECT_EQ(pair.b.bert_errors[l], errors[l]);
    EXPECT_EQ(pair.b.bert_bits[l] - bits[l], 5000U * 16);
  }
  std::array<std::uint64_t, 4> injected{};
  for (int i = 0; i < 200; ++i) {
    const auto lanes = static_cast<unsigned>(random_() & all());
    pair.a.in.inject = lanes;
    for (unsigned l = 0; l < 4; ++l) injected[l] += lanes >> l & 1;
    pair.run(1 + static_cast<unsigned>(random_() % 20));
  }
  pair.run(100);
  for (unsigned l = 0; l < GetParam(); ++l) EXPECT_EQ(pair.b.bert_errors[l] - errors[l], injected[l]) << l;
  EXPECT_EQ(pair.a.good + pair.b.good, 0U);  // the link carries nothing meanwhile
}

TEST_P(Bert, CountsEveryBitThatTheChannelInverts) {
  for (const double rate : {1e-5, 1e-3, 1e-2}) {
    Pair pair(options());
    pair.a.in.mode = pair.b.in.mode = bert;
    pair.run(100);
    const std::uint64_t before = sum(pair.b.bert_errors), other = sum(pair.a.bert_errors);
    pair.ab.set_bit_error_rate(rate);
    pair.run(20'000);
    pair.ab.set_bit_error_rate(0);
    pair.run(100);
    EXPECT_EQ(sum(pair.b.bert_errors) - before, pair.ab.flipped_bits()) << rate;
    EXPECT_GT(pair.ab.flipped_bits(), 0U);
    EXPECT_EQ(sum(pair.a.bert_errors), other);  // the other direction is its own
  }
}

TEST_P(Bert, TellsDeadLanesFromGoodOnes) {
  Pair pair(options());
  pair.a.in.mode = pair.b.in.mode = bert;
  pair.ab.set_fault(0, LaneFault::stuck_1);
  pair.run(500);
  EXPECT_EQ(pair.b.out.bert_locked, all() & ~1U);
  EXPECT_EQ(pair.a.out.bert_locked, all());
  pair.ab.set_fault(0, LaneFault::none);
  pair.run(100);
  EXPECT_EQ(pair.b.out.bert_locked, all());
}

TEST_P(Bert, InterruptsALinkThatThenTrainsAgain) {
  Pair pair(options());
  ASSERT_TRUE(pair.train());
  pair.a.in.mode = pair.b.in.mode = bert;
  pair.run(1000);
  EXPECT_EQ(pair.b.out.bert_locked, all());
  pair.a.in.mode = normal;
  pair.run(500);
  pair.b.in.mode = normal;
  ASSERT_TRUE(pair.train()) << pair.describe();
  EXPECT_EQ(pair.a.wrong + pair.b.wrong, 0U);
  EXPECT_EQ(pair.a.out.bert_locked, 0U);
}

TEST_P(Bert, InjectedErrorsHitWordsInPlace) {
  Pair pair(options());
  ASSERT_TRUE(pair.train());
  for (unsigned i = 1; i <= 50; ++i) {
    pair.a.in.inject = 1;
    pair.run(100);
    EXPECT_EQ(pair.b.wrong, i) << pair.describe();
  }
  EXPECT_EQ(pair.a.wrong, 0U);
  EXPECT_EQ(pair.b.trainings, 1U);
}

TEST_P(Bert, LanesThatAreNotEnabledAreSilent) {
  Pair pair(options());
  pair.a.in.mode = pair.b.in.mode = bert;
  pair.a.in.lane_enable = 0b1010;
  for (int i = 0; i < 200; ++i) {
    pair.step();
    if (i < 10) continue;
    EXPECT_EQ(pair.a.out.phy_tx & 0x0000'FFFF'0000'FFFF, 0U);
  }
  EXPECT_EQ(pair.a.out.bert_locked, all() & 0b1010);
}

}  // namespace
}  // namespace hilbert::test

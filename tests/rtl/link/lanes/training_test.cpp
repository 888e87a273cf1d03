// SPDX-License-Identifier: Apache-2.0
// Training over channels that are whole: every bit offset, skew, latency, rate and number of lanes.
#include <gtest/gtest.h>

#include <bit>

#include "bench.hpp"
#include "support/random.hpp"

namespace hilbert::test {
namespace {

PairOptions of_lanes(unsigned lanes, std::uint64_t s = run_seed()) {
  PairOptions o;
  o.a = o.b = kind_of(lanes);
  o.ab.lanes = o.ba.lanes = lanes;
  o.seed = s;
  return o;
}

class Training : public ::testing::TestWithParam<unsigned> {
 protected:
  unsigned lanes() const { return GetParam(); }
  unsigned all() const { return (1U << lanes()) - 1; }
  Random random_{run_seed()};
};
INSTANTIATE_TEST_SUITE_P(Lanes, Training, ::testing::Values(1U, 2U, 4U));

TEST_P(Training, CarriesWordsInPlace) {
  Pair pair(of_lanes(lanes()));
  ASSERT_TRUE(pair.train()) << pair.describe();
  EXPECT_EQ(pair.a.out.rx_lanes, all());
  EXPECT_EQ(pair.b.out.tx_lanes, all());
  EXPECT_EQ(pair.a.out.partner_node, 0xB22B);
  EXPECT_EQ(pair.b.out.partner_node, 0xA11A);
  EXPECT_EQ(pair.a.out.partner_settings, 129U | 9U << 8 | lanes() << 12 | 1U << 16);
  EXPECT_EQ(pair.a.out.partner_buffer, 512U);
  EXPECT_EQ(pair.a.out.partner_heard, all());
  const std::uint64_t words = pair.b.good;
  pair.run(8000);
  EXPECT_EQ(pair.b.good - words, 8000 * lanes() / 4);  // full rate, not a clock lost
  EXPECT_EQ(pair.a.wrong + pair.b.wrong, 0U);
  EXPECT_EQ(pair.a.trainings, 1U);
  EXPECT_EQ(pair.a.retrainings, 0U);
}

TEST_P(Training, FindsEveryOffsetAndSkew) {
  std::uint64_t slowest = 0;
  for (int round = 0; round < 150; ++round) {
    PairOptions o = of_lanes(lanes(), run_seed() + 10 * static_cast<unsigned>(round));
    o.ab = any_channel(lanes(), random_);
    o.ba = any_channel(lanes(), random_);
    o.starts_later = static_cast<unsigned>(random_() % 2000);
    Pair pair(o);
    ASSERT_TRUE(pair.train()) << "round " << round << "; " << pair.describe();
    slowest = std::max(slowest, pair.clock - o.starts_later);
    EXPECT_EQ(pair.a.out.rx_lanes, all());
    EXPECT_EQ(pair.b.out.rx_lanes, all());
    pair.run(200);
    ASSERT_EQ(pair.a.wrong + pair.b.wrong, 0U) << "round " << round << "; " << pair.describe();
    ASSERT_EQ(pair.a.trainings + pair.b.trainings, 2U) << "round " << round << "; " << pair.describe();
  }
  std::printf("trained after %lu clocks at most\n", static_cast<unsigned long>(slowest));
  EXPECT_LT(slowest, 1200U);  // 64 sets for the same lanes, 16 to count down, 8 symbols each, and what is under way
}

TEST_P(Training, FindsEveryBitOffset) {
  for (unsigned lane = 0; lane < lanes(); ++lane) {
    for (unsigned offset = 0; offset < 16; ++offset) {
      PairOptions o = of_lanes(lanes());
      o.ab.bit_offset[lane] = offset;
      Pair pair(o);
      ASSERT_TRUE(pair.train()) << "lane " << lane << ", offset " << offset << "; " << pair.describe();
      ASSERT_EQ(pair.b.out.rx_lanes, all());
      ASSERT_EQ(pair.b.wrong, 0U);
    }
  }
}

TEST_P(Training, WorksWithAPhyOfAnyRate) {
  for (const unsigned rate : {2U, 3U, 8U}) {
    for (const bool random : {false, true}) {
      PairOptions o = of_lanes(lanes());
      o.ab = any_channel(lanes(), random_);
      o.ba = any_channel(lanes(), random_);
      o.rate = rate;
      o.random_rate = random;
      Pair pair(o);
      ASSERT_TRUE(pair.train()) << "rate " << rate << "; " << pair.describe();
      pair.run(2000);
      EXPECT_EQ(pair.a.wrong + pair.b.wrong, 0U) << pair.describe();
      EXPECT_GT(pair.a.good, 2000U * lanes() / 4 / rate * 8 / 10) << pair.describe();
    }
  }
}

TEST_P(Training, WorksOverALongLine) {
  // More under way than the 16 sets that count down: one end has data while the other is not even told
  PairOptions o = of_lanes(lanes());
  o.ab.latency = 1500;
  o.ba.latency = 700;
  Pair pair(o);
  ASSERT_TRUE(pair.train()) << pair.describe();
  EXPECT_EQ(pair.a.wrong + pair.b.wrong, 0U);
  EXPECT_EQ(pair.a.trainings + pair.b.trainings, 2U);
}

TEST_P(Training, LoopsBack) {
  // A plug that connects an end to itself trains as well: first light on a board without a partner.
  PairOptions o = of_lanes(lanes());
  Pair pair(o);
  LinkChannel plug(o.ab);
  End end(o.a, run_seed());
  for (int clock = 0; clock < 3000; ++clock) {
    end.in.rst_n = clock > 2;
    const Symbols s =
        plug.step({static_cast<std::uint16_t>(end.out.phy_tx), static_cast<std::uint16_t>(end.out.phy_tx >> 16),
                   static_cast<std::uint16_t>(end.out.phy_tx >> 32), static_cast<std::uint16_t>(end.out.phy_tx >> 48)});
    end.in.phy_rx = s[0] | std::uint64_t{s[1]} << 16 | std::uint64_t{s[2]} << 32 | std::uint64_t{s[3]} << 48;
    end.settle();
    end.edge(end);
  }
  EXPECT_GT(end.good, 300U);
  EXPECT_EQ(end.wrong, 0U);
}

TEST_P(Training, TrainsAgainWhenAsked) {
  for (int round = 0; round < 40; ++round) {
    PairOptions o = of_lanes(lanes(), run_seed() + 10 * static_cast<unsigned>(round));
    o.ab = any_channel(lanes(), random_);
    o.ba = any_channel(lanes(), random_);
    Pair pair(o);
    ASSERT_TRUE(pair.train());
    for (unsigned times = 2; times < 5; ++times) {
      pair.run(static_cast<unsigned>(random_() % 300));
      // By a, by b, or by both within a round trip
      const auto who = random_() % 3;
      if (who != 1) pair.a.in.retrain = true;
      const auto later = static_cast<unsigned>(random_() % 100);
      pair.run(later);
      if (who != 0) pair.b.in.retrain = true;
      pair.run(100);
      ASSERT_TRUE(pair.train()) << "round " << round << "; " << pair.describe();
      ASSERT_EQ(pair.a.wrong + pair.b.wrong, 0U) << "round " << round << "; " << pair.describe();
      ASSERT_GE(pair.a.trainings, times);
      ASSERT_GE(pair.b.trainings, times);
    }
  }
}

TEST(TrainingAgain, AtEveryWidth) {
  // Data ends in the middle of words that take several symbols.
  Random random(run_seed());
  for (const unsigned enabled : {0b0010U, 0b0101U, 0b1110U, 0b1111U}) {
    Pair pair(of_lanes(4));
    pair.a.in.lane_enable = enabled;
    for (int times = 0; times < 20; ++times) {
      ASSERT_TRUE(pair.train(3000)) << enabled << "; " << pair.describe();
      pair.run(static_cast<unsigned>(random() % 100));
      pair.a.in.retrain = true;
      pair.run(100);
    }
    EXPECT_EQ(pair.b.out.rx_lanes & ~enabled, 0U);
    EXPECT_EQ(pair.a.wrong + pair.b.wrong, 0U);
  }
}

TEST(TrainingAgain, IsFollowedByAPartnerThatDidNotAsk) {
  for (const unsigned lanes : {1U, 2U, 4U}) {
    Pair pair(of_lanes(lanes));
    pair.a.hunts_give_up = pair.b.hunts_give_up = false;  // only what comes in on the lanes tells
    ASSERT_TRUE(pair.train());
    pair.a.in.retrain = true;
    pair.run(100);
    EXPECT_EQ(pair.b.out.state, st_hello) << pair.describe();
    ASSERT_TRUE(pair.train()) << pair.describe();
    EXPECT_EQ(pair.b.retrainings, 1U);
  }
}

TEST(TrainingAgain, KeepsTheSession) {
  Pair pair(of_lanes(4));
  ASSERT_TRUE(pair.train());
  pair.a.in.bound = pair.b.in.bound = true;
  pair.b.in.retrain = true;
  pair.run(100);
  ASSERT_TRUE(pair.train()) << pair.describe();
  EXPECT_EQ(pair.a.out.reason, none);
  EXPECT_EQ(pair.b.out.reason, none);
  EXPECT_EQ(pair.a.sessions + pair.b.sessions, 0U);
}

TEST(TrainingSkew, FifteenSymbolsAreWithinReachAndSixteenAreNot) {
  for (const unsigned lanes : {2U, 4U}) {
    for (unsigned lane = 0; lane < lanes; ++lane) {
      for (unsigned skew = 0; skew < 24; ++skew) {
        for (const bool early : {false, true}) {  // the lane is late, or all others are
          PairOptions o = of_lanes(lanes);
          for (unsigned l = 0; l < lanes; ++l) o.ab.skew[l] = (l == lane) != early ? skew : 0;
          Pair pair(o);
          const bool trained = pair.train();
          ASSERT_EQ(trained, skew <= 15) << "lane " << lane << ", skew " << skew << "; " << pair.describe();
          if (trained) {
            EXPECT_EQ(pair.b.out.rx_lanes, (1U << lanes) - 1);
            EXPECT_EQ(pair.b.wrong, 0U);
          } else {
            ASSERT_TRUE(pair.until_down(pair.b)) << pair.describe();
            EXPECT_EQ(pair.b.out.reason, deskew) << "lane " << lane << ", skew " << skew << "; " << pair.describe();
            EXPECT_EQ(pair.b.good, 0U);
          }
        }
      }
    }
  }
}

TEST(TrainingSkew, OfALaneThatIsNotUsedDoesNotMatter) {
  PairOptions o = of_lanes(4);
  o.ab.skew = {0, 3, 500, 0};
  Pair pair(o);
  pair.b.in.lane_enable = 0b1011;
  ASSERT_TRUE(pair.train()) << pair.describe();
  EXPECT_EQ(pair.b.out.rx_lanes, 0b0011U);
  EXPECT_EQ(pair.b.wrong, 0U);
}

TEST(TrainingLanes, AreThoseThatBothEndsAllow) {
  for (unsigned of_a = 1; of_a < 16; ++of_a) {
    for (unsigned of_b = 1; of_b < 16; ++of_b) {
      if ((of_a & of_b) == 0) continue;
      PairOptions o = of_lanes(4);
      Pair pair(o);
      pair.a.in.lane_enable = of_a;
      pair.b.in.lane_enable = of_b;
      ASSERT_TRUE(pair.train()) << of_a << ", " << of_b << "; " << pair.describe();
      EXPECT_EQ(pair.a.out.rx_lanes, chosen(of_a & of_b));
      EXPECT_EQ(pair.a.out.tx_lanes, chosen(of_a & of_b));
      EXPECT_EQ(pair.b.out.rx_lanes, chosen(of_a & of_b));
      EXPECT_EQ(pair.b.out.tx_lanes, chosen(of_a & of_b));
      EXPECT_EQ(pair.a.wrong + pair.b.wrong, 0U);
    }
  }
}

}  // namespace
}  // namespace hilbert::test

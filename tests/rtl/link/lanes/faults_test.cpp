// SPDX-License-Identifier: Apache-2.0
// Training over channels that are not whole: lanes dead from the start or dying, crossed wires, partners that are reset
// or set differently, interruptions at any moment. The link comes up on what works, or says why not.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "bench.hpp"
#include "support/random.hpp"

namespace hilbert::test {
namespace {

constexpr std::array faults{LaneFault::stuck_0, LaneFault::stuck_1, LaneFault::noise};

void set_faults(LinkChannel& channel, unsigned lanes, LaneFault fault) {
  for (unsigned l = 0; l < 4; ++l) {
    if (lanes >> l & 1) channel.set_fault(l, fault);
  }
}

PairOptions of_lanes(unsigned lanes, std::uint64_t s = run_seed()) {
  PairOptions o;
  o.a = o.b = kind_of(lanes);
  o.ab.lanes = o.ba.lanes = lanes;
  o.seed = s;
  return o;
}

TEST(DeadLanes, FromTheStart) {
  Random random(run_seed());
  for (const LaneFault fault : faults) {
    for (unsigned dead = 1; dead < 15; ++dead) {
      for (const bool forward : {false, true}) {
        PairOptions o = of_lanes(4);
        o.ab = any_channel(4, random);
        o.ba = any_channel(4, random);
        Pair pair(o);
        set_faults(forward ? pair.ab : pair.ba, dead, fault);
        ASSERT_TRUE(pair.train()) << "lanes " << dead << "; " << pair.describe();
        const unsigned hurt = chosen(~dead & 15);
        EXPECT_EQ(pair.b.out.rx_lanes, forward ? hurt : 15U);
        EXPECT_EQ(pair.a.out.tx_lanes, forward ? hurt : 15U);
        EXPECT_EQ(pair.a.out.rx_lanes, forward ? 15U : hurt);
        EXPECT_EQ(pair.b.out.tx_lanes, forward ? 15U : hurt);
        EXPECT_EQ(pair.a.wrong + pair.b.wrong, 0U);
        EXPECT_EQ((forward ? pair.a : pair.b).out.partner_heard, ~dead & 15);
      }
    }
  }
}

TEST(DeadLanes, InOperationAndBack) {
  Random random(run_seed());
  for (const LaneFault fault : faults) {
    for (unsigned dead = 1; dead < 15; ++dead) {
      for (const bool forward : {false, true}) {
        PairOptions o = of_lanes(4);
        o.ab = any_channel(4, random);
        o.ba = any_channel(4, random);
        Pair pair(o);
        ASSERT_TRUE(pair.train());
        pair.run(static_cast<unsigned>(random() % 200));
        set_faults(forward ? pair.ab : pair.ba, dead, fault);
        pair.run(4000);
        ASSERT_TRUE(pair.train()) << "lanes " << dead << "; " << pair.describe();
        const End& hurt = forward ? pair.b : pair.a;
        const End& whole = forward ? pair.a : pair.b;
        EXPECT_EQ(hurt.out.rx_lanes, chosen(~dead & 15)) << pair.describe();
        EXPECT_EQ(whole.out.rx_lanes, 15U) << pair.describe();
        EXPECT_EQ(hurt.trainings, 2U) << pair.describe();
        EXPECT_EQ(whole.wrong, 0U);
        // What was worn out is back: taken into use by the next training.
        set_faults(forward ? pair.ab : pair.ba, dead, LaneFault::none);
        pair.run(1000);
        EXPECT_EQ(hurt.trainings, 2U);
        pair.a.in.retrain = true;
        pair.run(100);
        ASSERT_TRUE(pair.train()) << pair.describe();
        EXPECT_EQ(hurt.out.rx_lanes, 15U);
        EXPECT_EQ(whole.out.rx_lanes, 15U);
      }
    }
  }
}

TEST(DeadLanes, BothWaysAtOnce) {
  Random random(run_seed());
  for (int round = 0; round < 100; ++round) {
    Pair pair(of_lanes(4));
    ASSERT_TRUE(pair.train());
    const auto ab = static_cast<unsigned>(random() % 15), ba = static_cast<unsigned>(random() % 15);
    set_faults(pair.ab, ab, faults[random() % 3]);
    set_faults(pair.ba, ba, faults[random() % 3]);
    pair.run(4000);
    ASSERT_TRUE(pair.train()) << "lanes " << ab << " and " << ba << "; " << pair.describe();
    EXPECT_EQ(pair.b.out.rx_lanes, chosen(~ab & 15));
    EXPECT_EQ(pair.a.out.rx_lanes, chosen(~ba & 15));
  }
}

TEST(DeadLanes, AllOfThemEndInDownAtBothEnds) {
  for (const unsigned lanes : {1U, 2U, 4U}) {
    for (const LaneFault fault : faults) {
      for (const bool before : {false, true}) {
        Pair pair(of_lanes(lanes));
        if (!before) {
          ASSERT_TRUE(pair.train());
        }
        set_faults(pair.ab, 15, fault);
        ASSERT_TRUE(pair.until_down(pair.b)) << pair.describe();
        ASSERT_TRUE(pair.until_down(pair.a)) << pair.describe();
        EXPECT_EQ(pair.b.out.reason, no_partner) << pair.describe();
        EXPECT_EQ(pair.a.out.reason, not_heard) << pair.describe();
        // Mended and opened, it works.
        set_faults(pair.ab, 15, LaneFault::none);
        pair.run(2000);
        EXPECT_EQ(pair.a.out.state, st_down);
        pair.a.in.open = pair.b.in.open = true;
        pair.run(100);
        EXPECT_TRUE(pair.train()) << pair.describe();
        EXPECT_EQ(pair.a.sessions, 1U);
      }
    }
  }
}

TEST(DeadLanes, OneThatComesAndGoesHoldsNobodyUp) {
  // Good for 100 symbols, noise for 100: heard for a while again and again, and never for 64 sets.
  for (unsigned lane = 0; lane < 4; ++lane) {
    Pair pair(of_lanes(4));
    for (unsigned i = 0; i < 5000 && !pair.b.out.up; ++i) {
      pair.ab.set_fault(lane, i / 100 % 2 ? LaneFault::none : LaneFault::noise);
      pair.step();
    }
    pair.ab.set_fault(lane, LaneFault::none);
    ASSERT_TRUE(pair.train(500)) << lane << "; " << pair.describe();
    EXPECT_EQ(pair.b.out.rx_lanes, chosen(15 & ~(1U << lane)));
    EXPECT_EQ(pair.a.out.rx_lanes, 15U);
  }
  // And if there is no other lane, it is used as soon as it stays.
  Pair pair(of_lanes(1));
  for (unsigned i = 0; i < 5000; ++i) {
    pair.ab.set_fault(0, i / 100 % 2 ? LaneFault::none : LaneFault::noise);
    pair.step();
  }
  EXPECT_FALSE(pair.b.out.up);
  pair.ab.set_fault(0, LaneFault::none);
  EXPECT_TRUE(pair.train(2000)) << pair.describe();
}

TEST(CrossedWires, AreReportedAndTheStraightOnesUsed) {
  std::array<unsigned, 4> to{0, 1, 2, 3};
  do {
    unsigned straight = 0;
    for (unsigned l = 0; l < 4; ++l) straight |= unsigned{to[l] == l} << l;
    PairOptions o = of_lanes(4);
    o.ab.to_lane = to;
    Pair pair(o);
    if (straight != 0) {
      ASSERT_TRUE(pair.train()) << pair.describe();
      EXPECT_EQ(pair.b.out.rx_lanes, chosen(straight));
    } else {
      ASSERT_TRUE(pair.until_down(pair.b)) << pair.describe();
      EXPECT_EQ(pair.b.out.reason, crossed) << pair.describe();
      ASSERT_TRUE(pair.until_down(pair.a)) << pair.describe();
      EXPECT_EQ(pair.a.out.reason, not_heard) << pair.describe();
    }
    pair.run(100);  // in down lanes are looked at anew
    EXPECT_EQ(pair.b.out.crossed, ~straight & 15) << pair.describe();
    EXPECT_EQ(pair.a.out.crossed, 0U);
  } while (std::next_permutation(to.begin(), to.end()));
}

TEST(Settings, ThatDifferEndInDownAtBothEnds) {
  const std::array<std::pair<Kind, Kind>, 4> pairs{
      {{Kind::four, Kind::one}, {Kind::two, Kind::four}, {Kind::one, Kind::two}, {Kind::one_small, Kind::one}}};
  for (const auto& [a, b] : pairs) {
    PairOptions o;
    o.a = a;
    o.b = b;
    Pair pair(o);
    ASSERT_TRUE(pair.until_down(pair.a)) << pair.describe();
    ASSERT_TRUE(pair.until_down(pair.b)) << pair.describe();
    EXPECT_LT(pair.clock, 400U);
    EXPECT_EQ(pair.a.out.reason, settings);
    EXPECT_EQ(pair.b.out.reason, settings);
    const auto shown = [](const End& e, Kind k) {
      return k == Kind::one_small ? 9U | 5U << 8 | 1U << 12 | 1U << 16 : 129U | 9U << 8 | e.lanes << 12 | 1U << 16;
    };
    EXPECT_EQ(pair.a.out.partner_settings, shown(pair.b, b));
    EXPECT_EQ(pair.b.out.partner_settings, shown(pair.a, a));
    EXPECT_EQ(pair.a.good + pair.b.good, 0U);
  }
}

TEST(Partner, ThatIsAbsentOrOff) {
  for (const bool absent : {false, true}) {
    Pair pair(of_lanes(4));
    if (absent) pair.reset_b = true;
    pair.b.in.mode = off;
    pair.a.in.train_timeout = 5000;
    ASSERT_TRUE(pair.until_down(pair.a, 5100));
    EXPECT_GT(pair.clock, 5000U);
    EXPECT_EQ(pair.a.out.reason, no_partner);
  }
  Pair pair(of_lanes(4));  // waits for ever if asked to
  pair.b.in.mode = off;
  pair.a.in.train_timeout = pair.b.in.train_timeout = 0;
  pair.run(100'000);
  EXPECT_EQ(pair.a.out.state, st_hello);
  EXPECT_EQ(pair.b.out.state, st_off);
  EXPECT_EQ(pair.b.out.phy_tx, 0U);
  pair.b.in.mode = normal;
  EXPECT_TRUE(pair.train()) << pair.describe();
}

TEST(Partner, ThatIsDownSaysSo) {
  Pair pair(of_lanes(4));
  pair.b.in.train_timeout = 600;  // gives up while both hear each other
  ASSERT_TRUE(pair.until_down(pair.b));
  EXPECT_EQ(pair.b.out.reason, train_timeout) << pair.describe();
  ASSERT_TRUE(pair.until_down(pair.a)) << pair.describe();
  EXPECT_EQ(pair.a.out.reason, partner_down) << pair.describe();
  // Off and on again is no way out of down; a new session is, and one end alone cannot begin it.
  pair.b.in.train_timeout = 20'000;
  pair.b.in.mode = off;
  pair.run(100);
  EXPECT_EQ(pair.b.out.state, st_off);
  pair.b.in.mode = normal;
  pair.run(1000);
  EXPECT_EQ(pair.b.out.state, st_down);
  pair.b.in.open = true;
  pair.run(2000);
  EXPECT_EQ(pair.b.out.state, st_ready) << pair.describe();
  EXPECT_EQ(pair.b.out.reason, train_timeout);
  pair.a.in.open = true;
  pair.run(100);
  EXPECT_TRUE(pair.train()) << pair.describe();
}

TEST(Partner, ThatWasResetIsNoticed) {
  for (const bool reopen : {false, true}) {
    for (unsigned down_for = 1; down_for < 3000; down_for = down_for * 3 + 1) {
      Pair pair(of_lanes(4));
      ASSERT_TRUE(pair.train());
      pair.a.in.bound = true;  // a flit was received
      pair.a.in.reopen = reopen;
      pair.reset_b = true;
      pair.run(down_for);
      pair.reset_b = false;
      if (reopen) {
        for (unsigned i = 0; i < 20'000 && pair.a.sessions == 0; ++i) pair.step();
        pair.a.in.bound = false;
        ASSERT_TRUE(pair.train()) << down_for << "; " << pair.describe();
        EXPECT_EQ(pair.a.sessions, 1U);
        EXPECT_FALSE(pair.a.ever_down);
      } else {
        ASSERT_TRUE(pair.until_down(pair.a)) << down_for << "; " << pair.describe();
        EXPECT_EQ(pair.a.sessions, 0U);
        ASSERT_TRUE(pair.until_down(pair.b)) << pair.describe();
        EXPECT_EQ(pair.b.out.reason, partner_down);
      }
      EXPECT_EQ(pair.a.out.reason, partner_reset);
      EXPECT_EQ(pair.b.wrong, 0U);
    }
  }
}

TEST(Partner, MayBeResetBeforeAnythingWasReceived) {
  Pair pair(of_lanes(4));
  ASSERT_TRUE(pair.train());
  pair.reset_b = true;
  pair.run(50);
  pair.reset_b = false;
  ASSERT_TRUE(pair.train()) << pair.describe();
  EXPECT_EQ(pair.a.sessions, 0U);
  EXPECT_EQ(pair.a.out.reason, none);
}

TEST(Partner, OfAnOldSessionIsNeverTakenForTheNewOne) {
  // b is reset at every moment around training; a has received something in the session before.
  for (unsigned moment = 0; moment < 900; moment += 7) {
    Pair pair(of_lanes(4));
    ASSERT_TRUE(pair.train());
    pair.a.in.bound = pair.b.in.bound = true;
    pair.a.in.retrain = true;
    pair.run(moment);
    pair.reset_b = true;
    pair.run(2);
    pair.reset_b = pair.b.in.bound = false;
    const std::uint64_t trainings = pair.b.trainings;
    ASSERT_TRUE(pair.until_down(pair.a)) << moment << "; " << pair.describe();
    EXPECT_EQ(pair.a.out.reason, partner_reset) << moment << "; " << pair.describe();
    EXPECT_EQ(pair.b.trainings, trainings) << moment;
  }
}

TEST(Bounds, TrainingsWithoutProgress) {
  for (const unsigned most : {0U, 1U, 4U}) {
    Pair pair(of_lanes(4));
    pair.a.makes_progress = false;
    pair.a.in.retrains_max = most;
    for (unsigned i = 0; i < most; ++i) {
      ASSERT_TRUE(pair.train()) << i << "; " << pair.describe();
      pair.a.in.retrain = true;
      pair.run(100);
    }
    ASSERT_TRUE(pair.train()) << pair.describe();
    EXPECT_EQ(pair.a.retrainings, most);
    pair.a.in.retrain = true;
    pair.run(2);
    EXPECT_EQ(pair.a.out.state, st_down);
    EXPECT_EQ(pair.a.out.reason, no_progress);
    ASSERT_TRUE(pair.until_down(pair.b));
    EXPECT_EQ(pair.b.out.reason, partner_down);
  }
}

TEST(BitErrors, LeaveWordsInPlace) {
  for (const unsigned lanes : {1U, 2U, 4U}) {
    for (const double rate : {1e-6, 1e-5, 1e-4, 1e-3}) {
      PairOptions o = of_lanes(lanes);
      Random random(run_seed());
      o.ab = any_channel(lanes, random);
      o.ba = any_channel(lanes, random);
      o.ab.bit_error_rate = o.ba.bit_error_rate = rate;
      Pair pair(o);
      ASSERT_TRUE(pair.train(200'000)) << rate << "; " << pair.describe();
      const std::uint64_t words = pair.a.good + pair.a.wrong, trainings = pair.a.trainings;
      pair.run(30'000);
      EXPECT_EQ(pair.a.good + pair.a.wrong - words, 30'000 * lanes / 4) << pair.describe();
      EXPECT_EQ(pair.a.trainings, trainings);
      // A word is wrong with probability 1 - (1 - rate)^64, and no other for it: within 6 standard deviations.
      const double n = 30'000.0 * lanes / 4, p = 1 - std::pow(1 - rate, 64);
      EXPECT_NEAR(static_cast<double>(pair.a.wrong), n * p, 6 * std::sqrt(n * p) + 10)
          << rate << "; " << pair.describe();
    }
  }
}

TEST(BitErrors, TooManyEndInDown) {
  PairOptions o = of_lanes(4);
  o.ab.bit_error_rate = 0.03;
  Pair pair(o);
  ASSERT_TRUE(pair.until_down(pair.b)) << pair.describe();
  EXPECT_EQ(pair.b.out.reason, no_partner);
  EXPECT_EQ(pair.b.good, 0U);
}

// An interruption at any moment of training, of any length, in any direction, of any lanes: afterwards the link comes
// up.
TEST(Interruptions, AtAnyMoment) {
  Random random(run_seed());
  for (int round = 0; round < 1500; ++round) {
    PairOptions o = of_lanes(std::array{1U, 2U, 4U}[random() % 3], random());
    o.ab = any_channel(o.ab.lanes, random);
    o.ba = any_channel(o.ba.lanes, random);
    Pair pair(o);
    pair.a.in.train_timeout = pair.b.in.train_timeout = 0;
    pair.a.in.retrains_max = pair.b.in.retrains_max = 50;
    const auto moment = static_cast<unsigned>(random() % 1100);
    const auto length = static_cast<unsigned>(1 + random() % std::array{4U, 16U, 64U, 200U, 1000U}[random() % 5]);
    const auto lanes = static_cast<unsigned>(random() % 3 == 0 ? 15 : 1 + random() % 15),
               direction = static_cast<unsigned>(1 + random() % 3);
    const LaneFault fault = faults[random() % 3];
    pair.run(moment);
    if (direction & 1) set_faults(pair.ab, lanes, fault);
    if (direction & 2) set_faults(pair.ba, lanes, fault);
    pair.run(length);
    set_faults(pair.ab, 15, LaneFault::none);
    set_faults(pair.ba, 15, LaneFault::none);
    ASSERT_TRUE(pair.train(20'000)) << "round " << round << ": at " << moment << " for " << length << ", lanes "
                                    << lanes << ", direction " << direction << "; " << pair.describe();
  }
}

// Everything at once for a while, then peace: both ends must find each other, on all lanes after one more training.
TEST(Interruptions, ChaosThenPeace) {
  Random random(run_seed());
  for (int round = 0; round < 120; ++round) {
    PairOptions o = of_lanes(std::array{1U, 2U, 4U}[random() % 3], random());
    o.ab = any_channel(o.ab.lanes, random);
    o.ba = any_channel(o.ba.lanes, random);
    o.ab.latency = static_cast<unsigned>(1 + random() % 300);
    o.rate = static_cast<unsigned>(1 + random() % 3);
    o.random_rate = random() % 2 != 0;
    Pair pair(o);
    pair.a.in.train_timeout = pair.b.in.train_timeout = 0;
    pair.a.in.retrains_max = pair.b.in.retrains_max = 255;
    for (int event = 0; event < 40; ++event) {
      LinkChannel& channel = random() % 2 ? pair.ab : pair.ba;
      End& end = random() % 2 ? pair.a : pair.b;
      switch (random() % 7) {
        case 0:
        case 1:
          set_faults(channel, static_cast<unsigned>(1 + random() % 15), faults[random() % 3]);
          break;
        case 2:
          set_faults(channel, 15, LaneFault::none);
          break;
        case 3:
          channel.set_bit_error_rate(std::array{0.0, 1e-4, 1e-3, 1e-2}[random() % 4]);
          break;
        case 4:
          end.in.retrain = true;
          break;
        case 5:
          end.in.mode = std::array{normal, off, bert}[random() % 3];
          break;
        default:
          (random() % 2 ? pair.reset_a : pair.reset_b) = true;
          pair.run(1 + static_cast<unsigned>(random() % 3));
          pair.reset_a = pair.reset_b = false;
          break;
      }
      pair.run(static_cast<unsigned>(1 + random() % std::array{8U, 100U, 1500U}[random() % 3]));
    }
    for (LinkChannel* channel : {&pair.ab, &pair.ba}) {
      set_faults(*channel, 15, LaneFault::none);
      channel->set_bit_error_rate(0);
    }
    pair.a.in.mode = pair.b.in.mode = normal;
    if (pair.a.out.down || pair.b.out.down) pair.a.in.open = pair.b.in.open = true;
    pair.run(10);
    ASSERT_TRUE(pair.train(60'000)) << "round " << round << "; " << pair.describe();
    pair.a.in.retrain = true;
    pair.run(1000);
    ASSERT_TRUE(pair.train(60'000)) << "round " << round << "; " << pair.describe();
    const std::uint64_t wrong = pair.a.wrong + pair.b.wrong;
    pair.run(500);
    ASSERT_EQ(pair.a.wrong + pair.b.wrong, wrong) << "round " << round << "; " << pair.describe();
    ASSERT_EQ(pair.a.out.rx_lanes, (1U << o.ab.lanes) - 1) << "round " << round << "; " << pair.describe();
    ASSERT_EQ(pair.b.out.rx_lanes, (1U << o.ab.lanes) - 1) << "round " << round << "; " << pair.describe();
  }
}

}  // namespace
}  // namespace hilbert::test

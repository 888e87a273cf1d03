// SPDX-License-Identifier: Apache-2.0
// Upsets in the flip-flops of the lanes, one at a time and at any moment: the link trains again, or is down and says
// so, and in either case works afterwards. None may leave it waiting for ever.
#include <gtest/gtest.h>

#include <hilbert/number.hpp>
#include <map>

#include "bench.hpp"

namespace hilbert::test {
namespace {

/// Rounds of 30 upsets: HILBERT_UPSET_ROUNDS, or 20.
unsigned rounds() { return number_from_environment<unsigned>("HILBERT_UPSET_ROUNDS", 20, {1, 1'000'000, "rounds"}); }

TEST(Upsets, NeverHangTheLink) {
  std::mt19937_64 random(seed());
  std::map<std::string, unsigned> sites;
  constexpr unsigned per_round = 30;
  unsigned unseen = 0, retrained = 0, down = 0;
  for (unsigned round = 0; round < rounds(); ++round) {
    PairOptions o;
    o.a = o.b = Kind::four_open;
    o.seed = random();
    o.ab = any_channel(4, random);
    o.ba = any_channel(4, random);
    Pair pair(o);
    pair.a.in.train_timeout = pair.b.in.train_timeout = 6000;
    pair.a.in.retrains_max = pair.b.in.retrains_max = 100;
    for (unsigned upset = 0; upset < per_round; ++upset) {
      // In operation, or somewhere in a training
      if (random() % 2) pair.a.in.retrain = true;
      pair.run(static_cast<unsigned>(random() % 1500));
      const std::uint64_t wrong = pair.a.wrong + pair.b.wrong, trainings = pair.a.retrainings + pair.b.retrainings;
      const bool was_up = pair.a.out.up && pair.b.out.up;
      const std::string site = (random() % 2 ? pair.a : pair.b).upset();
      ASSERT_NE(site, "");
      ++sites[site.substr(0, site.find(' '))];
      pair.run(20);
      for (unsigned i = 0; i < 30'000 && !(pair.a.out.up && pair.b.out.up) && !(pair.a.out.down && pair.b.out.down);
           ++i)
        pair.step();
      pair.run(2000);  // long enough to hunt, and to train
      if (!pair.train(30'000)) {
        ASSERT_TRUE(pair.until_down(pair.a, 10'000))
            << "round " << round << ", upset of " << site << "; " << pair.describe();
        ASSERT_TRUE(pair.until_down(pair.b, 10'000))
            << "round " << round << ", upset of " << site << "; " << pair.describe();
        EXPECT_NE(pair.a.out.reason, none);
        pair.a.in.open = pair.b.in.open = true;
        pair.run(10);
        ASSERT_TRUE(pair.train()) << "round " << round << ", upset of " << site << "; " << pair.describe();
        ++down;
      } else if (was_up && pair.a.retrainings + pair.b.retrainings != trainings) {
        ++retrained;
      } else if (pair.a.wrong + pair.b.wrong == wrong) {
        ++unseen;
      }
      const std::uint64_t good = pair.a.good, still_wrong = pair.a.wrong + pair.b.wrong;
      pair.run(100);
      ASSERT_GT(pair.a.good, good + 20) << "round " << round << ", upset of " << site << "; " << pair.describe();
      ASSERT_EQ(pair.a.wrong + pair.b.wrong, still_wrong)
          << "round " << round << ", upset of " << site << "; " << pair.describe();
    }
  }
  std::printf("%u upsets in %zu registers: %u without effect on words, %u trained again, %u down\n",
              rounds() * per_round, sites.size(), unseen, retrained, down);
  EXPECT_GT(sites.size(), 20U);
  EXPECT_GT(retrained, 0U);
}

}  // namespace
}  // namespace hilbert::test

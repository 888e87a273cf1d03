// SPDX-License-Identifier: Apache-2.0
// Upsets in the flip-flops of the lanes, one at a time and at any moment: the link trains again, or is down and says
// so, and in either case works afterwards. None may leave it waiting for ever.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <hilbert/number.hpp>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bench.hpp"
#include "support/random.hpp"

namespace hilbert::test {
namespace {

/// Rounds of 30 upsets: HILBERT_UPSET_ROUNDS, or 20. 84 rounds reach every bit.
unsigned rounds() { return number_from_environment<unsigned>("HILBERT_UPSET_ROUNDS", 20, {1, 1'000'000, "rounds"}); }

/// What Yosys found in the sources (flip_flops.py): bits by name.
std::map<std::string, unsigned> synthesised() {
  std::ifstream file(HILBERT_LANES_FLIP_FLOPS);
  std::map<std::string, unsigned> bits;
  std::string name;
  for (unsigned n = 0; file >> name >> n;) bits[name] = n;
  return bits;
}

TEST(Upsets, ReachEveryFlipFlop) {
  if (std::string_view(HILBERT_LANES_FLIP_FLOPS).empty()) GTEST_SKIP() << "no yosys (Debian: apt-get install yosys)";
  const auto expected = synthesised();
  ASSERT_GT(expected.size(), 100U) << HILBERT_LANES_FLIP_FLOPS;
  std::map<std::string, unsigned> found;
  const auto dut = make_dut(Kind::four_upsets);
  for (const tb::ModelVariable& site : dut->faults()->sites()) found[site.name] = static_cast<unsigned>(site.bits());
  EXPECT_EQ(found, expected);
}

/// Every bit once, in any order but that every register and memory has its turn first.
std::vector<tb::BitName> all_upsets(Random& random) {
  std::vector<tb::BitName> first, rest;
  const auto dut = make_dut(Kind::four_upsets);
  for (const tb::ModelVariable& site : dut->faults()->sites()) {
    const auto chosen = random.below(site.bits());
    for (std::uint32_t bit = 0; bit < site.bits(); ++bit) (bit == chosen ? first : rest).push_back({site.name, bit});
  }
  std::shuffle(first.begin(), first.end(), random);
  std::shuffle(rest.begin(), rest.end(), random);
  first.insert(first.end(), rest.begin(), rest.end());
  return first;
}

TEST(Upsets, NeverHangTheLink) {
  Random random(run_seed());
  const std::vector<tb::BitName> upsets = all_upsets(random);
  ASSERT_FALSE(upsets.empty());
  std::size_t next = 0;
  std::set<std::string> sites;
  constexpr unsigned per_round = 30;
  unsigned unseen = 0, retrained = 0, down = 0;
  for (unsigned round = 0; round < rounds(); ++round) {
    PairOptions o;
    o.a = o.b = Kind::four_upsets;
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
      const auto& [name, bit] = upsets[next++ % upsets.size()];
      const bool hits_a = random() % 2;
      End& hit = hits_a ? pair.a : pair.b;
      const End& other = hits_a ? pair.b : pair.a;
      hit.upset({name, bit});
      sites.insert(name);
      const std::string site = name + " bit " + std::to_string(bit);
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
        EXPECT_NE(other.out.reason, none) << "round " << round << ", upset of " << site;
        // An end whose state was turned into DOWN, or whose reason was wiped out, cannot say why.
        const bool says_why = name != "u_train.state_q" && name != "u_train.reason_q";
        if (says_why) EXPECT_NE(hit.out.reason, none) << "round " << round << ", upset of " << site;
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
  std::printf(
      "%zu upsets of %zu bits in %zu registers and memories: %u without effect on words, %u trained again, %u down\n",
      next, upsets.size(), sites.size(), unseen, retrained, down);
  EXPECT_EQ(sites.size(), std::min(next, make_dut(Kind::four_upsets)->faults()->sites().size()));
  EXPECT_GT(retrained, 0U);
}

}  // namespace
}  // namespace hilbert::test

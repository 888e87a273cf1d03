// SPDX-License-Identifier: Apache-2.0
// Aliases followed and experiments found, against a walk through a map.
#include "store/verdicts.hpp"

#include "host/store/campaign.hpp"
#include "support/errors.hpp"

namespace hilbert::store {
namespace {

Results results_of(const Campaign& campaign) {
  return {campaign.header, campaign.sites, campaign.blocks, std::nullopt, true, ""};
}

TEST(Verdicts, EveryExperimentComesToWhatItsChainEndsIn) {
  Random random(seed_of(1));
  for (int round = 0; round < 60; ++round) {
    const Campaign campaign = random_campaign(random, 24 + 12 * random.below(4U), 2 + random.below(40U));
    const Verdicts verdicts(results_of(campaign));
    ASSERT_EQ(verdicts.experiments(), campaign.experiments.size());
    for (std::uint64_t n = 0; n < campaign.experiments.size(); ++n) {
      const auto& [upset, fate] = campaign.experiments[n];
      const Fate expected = campaign.final_fate(fate);
      const Experiment got = verdicts.experiment(n);
      ASSERT_EQ(std::tuple(got.number, got.site, got.clock), std::tuple(n, upset.first, upset.second));
      ASSERT_EQ(std::tuple(got.code, got.end, got.detail), std::tuple(expected.code, expected.end, expected.detail))
          << n;
    }
    expect_error(ExitCode::bad_input, "is not in this file",
                 [&] { (void)verdicts.experiment(campaign.experiments.size()); });
  }
}

/// What a shard holds keeps its numbers, and says what it does not know.
TEST(Verdicts, AShardKnowsWhatItKnows) {
  Random random(seed_of(2));
  const Campaign campaign = random_campaign(random, 48, 30);
  Results part = results_of(campaign);
  std::vector<std::uint64_t> begin;  // of each block, then the end
  std::uint64_t next = 0;
  for (const Block& block : campaign.blocks) {
    begin.push_back(next);
    next += block.experiments();
  }
  begin.push_back(next);
  part.header = part.header.as_shard(2, 3);
  std::erase_if(part.blocks, [](const Block& block) { return block.number % 3 != 1; });
  const Verdicts verdicts(part);
  std::uint64_t known = 0, unknown = 0;
  for (const Block& block : campaign.blocks) {
    for (std::uint64_t n = begin[block.number]; n < begin[block.number + 1]; ++n) {
      if (block.number % 3 != 1) {
        expect_error(ExitCode::bad_input, "is not in this file", [&] { (void)verdicts.experiment(n); });
        continue;
      }
      const Experiment got = verdicts.experiment(n);
      const auto& [upset, fate] = campaign.experiments[n];
      EXPECT_EQ(std::pair(got.site, got.clock), upset);
      const Fate whole = campaign.final_fate(fate);
      if (got.code != alias) {
        ++known;
        EXPECT_EQ(got.code, whole.code);
      } else {
        ++unknown;
        EXPECT_EQ(campaign.final_fate({alias, got.end, got.detail}).detail, whole.detail);
      }
    }
  }
  EXPECT_GT(known, 20u);
  EXPECT_GT(unknown, 20u);
}

/// Two flip-flops, `clocks` clocks, all masked.
Results two_flip_flops(std::uint32_t clocks) {
  Results results{header_of(1), {}, {}, std::nullopt, true, ""};
  results.sites.add({"a_q", "u", "flip-flop"});
  results.sites.add({"b_q", "u", "flip-flop"});
  Block block;
  block.sites = 2, block.clocks = clocks;
  block.code.assign(2 * clocks, 0), block.end = block.detail = std::vector<std::uint32_t>(2 * clocks, 0);
  results.blocks.push_back(block);
  return results;
}

TEST(Verdicts, CirclesAndWaysToNowhereAreRefused) {
  Results circle = two_flip_flops(2);
  Block& block = circle.blocks[0];
  block.code[2] = block.code[3] = alias;  // both in clock 1, each said to be the other
  block.end[2] = block.end[3] = 1;
  block.detail[2] = 1, block.detail[3] = 0;
  block.check(2, outcome_names.size(), "test");
  expect_error(ExitCode::bad_input, "circle at the upset of", [&] { Verdicts{circle}; });
  block.detail[3] = 1;  // the circle of one
  block.code[2] = 0;
  expect_error(ExitCode::bad_input, "circle at the upset of b_q in clock 1", [&] { Verdicts{circle}; });

  Results nowhere = two_flip_flops(2);
  nowhere.blocks[0].code[3] = alias;
  nowhere.blocks[0].end[3] = 2;
  expect_error(ExitCode::bad_input, "b_q in clock 1 became that of a_q in clock 2, which no block holds",
               [&] { Verdicts{nowhere}; });
}

/// As long as a job: iterative, and once for each entry.
TEST(Verdicts, AChainThroughEveryClockIsFollowed) {
  constexpr std::uint32_t clocks = 1'000'000;
  Results results = two_flip_flops(clocks);
  Block& block = results.blocks[0];
  for (std::uint32_t t = 0; t + 1 < clocks; ++t) {  // a becomes b becomes a ...
    for (std::uint32_t site = 0; site < 2; ++site) {
      const std::size_t entry = 2 * std::size_t{t} + site;
      block.code[entry] = alias, block.end[entry] = t + 1, block.detail[entry] = 1 - site;
    }
  }
  block.code[2 * std::size_t{clocks} - 2] = 2;  // a in the last clock
  block.detail[2 * std::size_t{clocks} - 2] = 77;
  const Verdicts verdicts(results);
  EXPECT_EQ(verdicts.experiment(1).code, 2);  // b in clock 0, after an odd number of steps
  EXPECT_EQ(verdicts.experiment(1).detail, 77u);
  EXPECT_EQ(verdicts.experiment(0).code, 0);
  EXPECT_EQ(count(verdicts, By::all).at(0).counts, (std::vector<std::uint64_t>{clocks, 0, clocks, 0, 0}));
}

TEST(Verdicts, AnUpsetInTwoBlocksIsRefused) {
  Random random(seed_of(3));
  const Campaign campaign = random_campaign(random, 48, 30);
  const auto twice = [&](std::size_t which, auto change) {
    Results results = results_of(campaign);
    Block more = results.blocks[which];
    change(more);
    results.blocks.push_back(more);
    expect_error(ExitCode::bad_input, "hold the same upsets", [&] { Verdicts{results}; });
  };
  std::size_t stretches = 0;
  while (campaign.blocks[stretches].shape != Shape::stretches) ++stretches;
  twice(0, [](Block&) {});
  twice(1, [](Block& block) { --block.first_clock; });
  twice(stretches, [](Block&) {});
  twice(stretches, [](Block& block) {  // a flip-flop that a dense block has
    block.site.resize(1), block.first.resize(1), block.last.resize(1);
    block.code.resize(1), block.end.resize(1), block.detail.resize(1);
    block.site[0] = 0, block.code[0] = 0;
  });
}

}  // namespace
}  // namespace hilbert::store

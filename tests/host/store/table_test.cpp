// SPDX-License-Identifier: Apache-2.0
// Counts by everything, against counting one experiment after the other.
#include "store/table.hpp"

#include "host/store/campaign.hpp"
#include "support/errors.hpp"

namespace hilbert::store {
namespace {

using Lines = std::map<std::string, std::vector<std::uint64_t>>;

Lines lines_of(const std::vector<Row>& rows) {
  Lines lines;
  for (const Row& row : rows) EXPECT_TRUE(lines.emplace(row.name, row.counts).second) << row.name << " twice";
  return lines;
}

TEST(Table, CountsAreThoseOfSingleExperiments) {
  Random random(seed_of(4));
  for (int round = 0; round < 30; ++round) {
    const Campaign campaign = random_campaign(random, 24 + 12 * random.below(4U), 2 + random.below(40U));
    const Verdicts verdicts({campaign.header, campaign.sites, campaign.blocks, std::nullopt, true, ""});
    const std::uint32_t window = 1 + random.below(9U);
    Lines all, unit, site_class, variable, bit, clock;
    for (const auto& [upset, fate] : campaign.experiments) {
      const std::uint8_t code = campaign.final_fate(fate).code;
      const Site site = campaign.sites[upset.first];
      const auto note = [&](Lines& lines, const std::string& name) {
        lines.try_emplace(name, outcome_names.size() + 1, 0).first->second[code] += 1;
      };
      note(all, "all");
      note(unit, std::string(site.unit));
      note(site_class, std::string(site.site_class));
      note(variable, std::string(site.name));
      note(bit, campaign.sites.label(upset.first));
      note(clock, std::to_string(upset.second / window * window));
    }
    EXPECT_EQ(lines_of(count(verdicts, By::all)), all);
    EXPECT_EQ(lines_of(count(verdicts, By::unit)), unit);
    EXPECT_EQ(lines_of(count(verdicts, By::site_class)), site_class);
    EXPECT_EQ(lines_of(count(verdicts, By::variable)), variable);
    EXPECT_EQ(lines_of(count(verdicts, By::bit)), bit);
    EXPECT_EQ(lines_of(count(verdicts, By::clock, window)), clock);
  }
}

/// A memory that nobody looks at for four thousand million clocks costs no more than one for four.
TEST(Table, LongStretchesCountInFull) {
  Results results{header_of(1), {}, {}, std::nullopt, true, ""};
  results.sites.add({"mem", "u", "memory", 0, 2, 1}, 2);
  Block block;
  block.shape = Shape::stretches;
  block.site = {0, 1}, block.first = {0, 5}, block.last = {4'000'000'000U, 2'999'999'999U};
  block.code = {0, 2}, block.end = {0, 0}, block.detail = {0, 0};
  results.blocks.push_back(block);
  const Verdicts verdicts(results);
  EXPECT_EQ(count(verdicts, By::all).at(0).counts,
            (std::vector<std::uint64_t>{4'000'000'001U, 0, 2'999'999'995U, 0, 0}));
  const auto rows = count(verdicts, By::clock, 1'000'000'000);
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[0].counts, (std::vector<std::uint64_t>{1'000'000'000U, 0, 999'999'995U, 0, 0}));
  EXPECT_EQ(rows[2].counts, (std::vector<std::uint64_t>{1'000'000'000U, 0, 1'000'000'000U, 0, 0}));
  EXPECT_EQ(rows[4].counts, (std::vector<std::uint64_t>{1, 0, 0, 0, 0}));
  EXPECT_EQ(verdicts.experiment(4'000'000'001U + 7).clock, 12u);
  expect_error(ExitCode::bad_input, "give larger ones", [&] { (void)count(verdicts, By::clock, 1); });
  expect_error(ExitCode::bad_input, "a window of 0 clocks", [&] { (void)count(verdicts, By::clock, 0); });
}

TEST(Table, SitesHaveNamesAsTheRtlWritesThem) {
  Sites sites;
  sites.add({"u.busy_q", "u", "flip-flop", 0, 1, 0});
  sites.add({"u.job_q", "u", "flip-flop", 0, 7, 0}, 7);
  sites.add({"u.mem", "u", "memory", 0, 5, 3}, 15);
  EXPECT_EQ(sites.size(), 23u);
  EXPECT_EQ(sites.runs().size(), 3u);
  EXPECT_EQ(sites.label(0), "u.busy_q");
  EXPECT_EQ(sites.label(7), "u.job_q[6]");
  EXPECT_EQ(sites.label(8), "u.mem[0][0]");
  EXPECT_EQ(sites.label(22), "u.mem[2][4]");
  expect_error(ExitCode::bad_input, "does not have", [&] { sites.add({"u.job_q", "u", "flip-flop", 7, 7, 0}); });
  expect_error(ExitCode::bad_input, "has no name", [&] { sites.add({"", "u", "flip-flop"}); });
  const auto packed = sites.pack();
  EXPECT_EQ(Sites::unpack(packed, "test").pack(), packed);
  for (std::size_t n = 0; n < packed.size(); ++n) {
    EXPECT_THROW((void)Sites::unpack(std::span(packed).first(n), "test"), Error) << n;
  }
}

}  // namespace
}  // namespace hilbert::store

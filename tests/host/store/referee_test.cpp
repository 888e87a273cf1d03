// SPDX-License-Identifier: Apache-2.0
// A referee's sample, record and judgement: additive over shards, and judged by whoever reads it.
#include "store/referee.hpp"

#include <algorithm>
#include <functional>

#include "host/store/campaign.hpp"
#include "support/errors.hpp"

namespace hilbert::store {
namespace {

class Referee : public StoreTest {
 protected:
  Referee() : random_(seed_of(10)), campaign_(random_campaign(random_, 48, 30)) {}
  [[nodiscard]] std::uint64_t all() const { return campaign_.experiments.size(); }

  /// What an engine that is right says; `wrong` of them otherwise.
  [[nodiscard]] Replay replay(std::uint64_t number, const std::vector<std::uint64_t>& wrong = {}) const {
    const Fate fate = campaign_.final_fate(campaign_.experiments[number].second);
    return {number, fate.code, fate.end + (std::ranges::count(wrong, number) != 0 ? 1 : 0), fate.detail};
  }
  /// A shard with the replays that it holds, judged.
  Refereed write_shard(const std::string& name, const Header& header, const std::vector<std::uint64_t>& sample,
                       const std::vector<std::uint64_t>& wrong) {
    Writer writer = Writer::create(at(name), header, campaign_.sites);
    for (const std::uint32_t number : writer.missing()) writer.append(campaign_.blocks[number]);
    const Verdicts verdicts(recover(at(name)));
    std::vector<Replay> replays;
    for (const std::uint64_t number : sample) {
      if (verdicts.holds(number)) replays.push_back(replay(number, wrong));
    }
    std::ranges::reverse(replays);  // as they come
    writer.finish(referee_record(replays));
    return refereed(Verdicts(read(at(name))));
  }

  Random random_;
  Campaign campaign_;
};

TEST_F(Referee, ASampleIsSortedWithoutRepetitionAndOfTheSeedAlone) {
  EXPECT_EQ(referee_sample(3, 5, 1), (std::vector<std::uint64_t>{0, 1, 2}));
  EXPECT_EQ(referee_sample(3, 3, 1), (std::vector<std::uint64_t>{0, 1, 2}));
  EXPECT_TRUE(referee_sample(3, 0, 1).empty());
  for (const std::uint64_t count : {1U, 99U, 4000U}) {
    const auto sample = referee_sample(4001, count, 7);
    EXPECT_EQ(sample.size(), count);
    EXPECT_EQ(std::ranges::adjacent_find(sample, std::greater_equal{}), sample.end());
    EXPECT_LT(sample.back(), 4001u);
    EXPECT_EQ(sample, referee_sample(4001, count, 7));
  }
  EXPECT_NE(referee_sample(4001, 99, 7), referee_sample(4001, 99, 8));
}

TEST_F(Referee, ShardsMergeToTheRecordOfOneRunWhichNamesEveryDifference) {
  const auto sample = referee_sample(all(), all() / 3, 1);
  const std::vector<std::uint64_t> wrong = {sample[2], sample[sample.size() / 2], sample.back()};
  const Refereed one = write_shard("one", campaign_.header, sample, wrong);
  EXPECT_EQ(one.replayed, sample.size());
  EXPECT_EQ(one.open, 0u);
  ASSERT_EQ(one.different.size(), wrong.size());
  for (std::size_t i = 0; i < wrong.size(); ++i) EXPECT_EQ(one.different[i], replay(wrong[i], wrong));

  std::uint64_t replayed = 0, open = 0;
  std::vector<std::filesystem::path> files;
  for (std::uint32_t i = 1; i <= 3; ++i) {
    const Refereed part = write_shard(std::to_string(i), campaign_.header.as_shard(i, 3), sample, wrong);
    replayed += part.replayed, open += part.open;
    EXPECT_LE(part.different.size(), wrong.size());
    files.push_back(at(std::to_string(i)));
  }
  EXPECT_EQ(replayed, sample.size());
  EXPECT_GT(open, 0u) << "no alias led into another shard";
  merge(files, at("merged"));
  EXPECT_EQ(read_file(at("merged")), read_file(at("one")));
}

TEST_F(Referee, RecordsThatMakeNoSenseAreRefused) {
  const auto refused = [&](std::string_view piece, const nlohmann::json& list) {
    // As read from a file, where no number has a sign.
    const nlohmann::json record = nlohmann::json::parse(nlohmann::json{{"replays", list}}.dump());
    const Verdicts verdicts({campaign_.header, campaign_.sites, campaign_.blocks, record, true, ""});
    expect_error(ExitCode::bad_input, piece, [&] { (void)refereed(verdicts); });
  };
  const auto line = [](auto... numbers) { return nlohmann::json::array({numbers...}); };
  const auto list = [](auto... lines) { return nlohmann::json::array({lines...}); };
  refused("has no list of replays", 3);
  refused("is no replay", list(line(3, 0, 1)));
  refused("is no replay", list(line(3, outcome_names.size(), 1, 0)));
  refused("is no replay", list(line(3, 0, -1, 0)));
  refused("is no replay", list("3"));
  refused("is not sorted", list(line(3, 0, 1, 0), line(3, 0, 1, 0)));
  refused("is not there", list(line(all(), 0, 1, 0)));
  EXPECT_EQ(refereed(Verdicts({campaign_.header, campaign_.sites, campaign_.blocks, {}, true, ""})).replayed, 0u);
}

}  // namespace
}  // namespace hilbert::store

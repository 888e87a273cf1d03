// SPDX-License-Identifier: Apache-2.0
// scripts/read_campaign.py, in another language and with other libraries, counts the same.
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>

#include "host/store/campaign.hpp"

namespace hilbert::store {
namespace {

/// Exit code and both outputs of the second reader.
std::pair<int, std::string> second_reader(const std::string& arguments) {
  std::FILE* const pipe = ::popen((READ_CAMPAIGN " " + arguments + " 2>&1").c_str(), "r");
  std::string out;
  char buffer[4096];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
  const int status = ::pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, out};
}

nlohmann::json ours(const Verdicts& verdicts, By by, std::uint32_t window) {
  nlohmann::json table = nlohmann::json::object();
  const auto& names = verdicts.results().header.outcomes();
  for (const Row& row : count(verdicts, by, window)) {
    for (std::size_t code = 0; code < row.counts.size(); ++code) {
      if (row.counts[code] != 0) table[row.name][code < names.size() ? names[code] : "unknown"] = row.counts[code];
    }
  }
  return table;
}

using SecondReader = StoreTest;

TEST_F(SecondReader, CountsTheSameByEverythingInWholeFilesAndShards) {
  Random random(seed_of(8));
  std::size_t unknown = 0;
  for (int round = 0; round < 6; ++round) {
    const Campaign campaign = random_campaign(random, 24 + 12 * random.below(4U), 2 + random.below(40U));
    const Header header = round < 3 ? campaign.header : campaign.header.as_shard(2, 3);
    const auto path = at(std::to_string(round));
    write_campaign(campaign, path, header);
    const Verdicts verdicts(read(path));
    for (const auto& [by, option] : {std::pair(By::all, ""),
                                     {By::unit, "--by unit "},
                                     {By::site_class, "--by class "},
                                     {By::variable, "--by variable "},
                                     {By::bit, "--by bit "},
                                     {By::clock, "--by clock --window 7 "}}) {
      const auto [code, text] = second_reader(option + path.string());
      ASSERT_EQ(code, 0) << text;
      EXPECT_EQ(nlohmann::json::parse(text), ours(verdicts, by, 7)) << option;
      unknown += text.find("unknown") != std::string::npos ? 1 : 0;
    }
    if (round < 3) {
      EXPECT_EQ(nlohmann::json::parse(second_reader(path.string()).second)["all"], nlohmann::json(campaign.outcomes()));
    }
  }
  EXPECT_GE(unknown, 6u) << "no shard had an alias that leaves it";
}

TEST_F(SecondReader, RefusesWhatIsDamaged) {
  Random random(seed_of(9));
  const Campaign campaign = random_campaign(random, 24, 8);
  write_campaign(campaign, at("good"), campaign.header);
  const auto good = read_file(at("good"));
  for (int round = 0; round < 24; ++round) {
    auto bad = good;
    if (round % 2 == 0) {
      bad[random.below(bad.size())] ^= static_cast<std::byte>(1U << random.below(8U));
    } else {
      bad.resize(random.below(bad.size()));
    }
    write_file(at("bad"), std::span<const std::byte>(bad));
    const auto [code, text] = second_reader(at("bad").string());
    EXPECT_EQ(code, 2) << text;
    EXPECT_NE(text.find("bad: "), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace hilbert::store

// SPDX-License-Identifier: Apache-2.0
// Shards merged in any order are the file of one run; what does not belong together is refused by name.
#include "store/merge.hpp"

#include <algorithm>

#include "host/store/campaign.hpp"
#include "support/errors.hpp"

namespace hilbert::store {
namespace {

class Merge : public StoreTest {
 protected:
  Merge() : random_(seed_of(6)), campaign_(random_campaign(random_, 48, 30)) {
    write_campaign(campaign_, at("whole"), campaign_.header);
  }
  /// Shard i of n with its part of the referee's work.
  std::filesystem::path shard(std::uint32_t i, std::uint32_t n, const Header& header) {
    const nlohmann::json all = referee_of_all;
    nlohmann::json part = {
        {"replayed", i == 1 ? 6 - (n - 1) : 1}, {"different", 0}, {"lines", nlohmann::json::array()}};
    for (std::uint32_t line = i - 1; line < (i == n ? 3U : std::min(i, 3U)); ++line)
      part["lines"].push_back(all["lines"][line]);
    const auto path = at(fmt::format("shard{}of{}-{}", i, n, made_++));
    write_campaign(campaign_, path, header.as_shard(i, n), part);
    return path;
  }
  std::filesystem::path shard(std::uint32_t i, std::uint32_t n) { return shard(i, n, campaign_.header); }
  /// The campaign with one field of its header changed.
  [[nodiscard]] Header changed(const nlohmann::json::json_pointer& field, const nlohmann::json& value) const {
    nlohmann::json json = campaign_.header.json();
    json[field] = value;
    return {json, "test"};
  }
  void expect_refused(std::string_view piece, const std::vector<std::filesystem::path>& files) {
    expect_error(ExitCode::bad_input, piece, [&] { merge(files, at("out")); });
    EXPECT_FALSE(std::filesystem::exists(at("out")));
  }

  Random random_;
  Campaign campaign_;
  int made_ = 0;
};

TEST_F(Merge, AnyOrderOfAnyNumberOfShardsGivesTheBytesOfOneRun) {
  const auto whole = read_file(at("whole"));
  for (std::uint32_t n = 1; n <= 6; ++n) {
    std::vector<std::filesystem::path> files;
    for (std::uint32_t i = 1; i <= n; ++i) files.push_back(shard(i, n));
    for (int order = 0; order < 4; ++order) {
      merge(files, at("out"));
      EXPECT_EQ(read_file(at("out")), whole) << n;
      EXPECT_EQ(difference(at("out"), at("whole")), "");
      std::filesystem::remove(at("out"));
      std::shuffle(files.begin(), files.end(), random_.engine());
    }
  }
}

TEST_F(Merge, MoreShardsThanBlocksMergeToo) {
  const auto n = static_cast<std::uint32_t>(campaign_.blocks.size() + 2);
  std::vector<std::filesystem::path> files;
  for (std::uint32_t i = 1; i <= n; ++i) {
    files.push_back(at(std::to_string(i)));
    write_campaign(campaign_, files.back(), campaign_.header.as_shard(i, n), std::nullopt);
  }
  merge(files, at("out"));
  write_campaign(campaign_, at("without"), campaign_.header, std::nullopt);
  EXPECT_EQ(read_file(at("out")), read_file(at("without")));
}

TEST_F(Merge, WhatIsOfAnotherCampaignIsRefusedByItsField) {
  using nlohmann::operator""_json_pointer;
  const auto one = shard(1, 2);
  const auto other = [&](const nlohmann::json::json_pointer& field, const nlohmann::json& value,
                         std::string_view piece) {
    expect_refused(piece, {one, shard(2, 2, changed(field, value))});
    expect_refused("are not of one campaign", {shard(2, 2, changed(field, value)), one});
  };
  other("/netlist"_json_pointer, "decade", R"(netlist is "c0ffee" in one and "decade" in the other)");
  other("/workload/size"_json_pointer, {16, 16, 16}, "workload.size is [8,8,8] in one and [16,16,16] in the other");
  other("/seed"_json_pointer, 2, "seed is 1 in one and 2 in the other");
  other("/commit"_json_pointer, "abc", R"(commit is missing in one and "abc" in the other)");
  other("/workload/format"_json_pointer, "bf16", "workload.format is missing in one");
  merge(std::vector{one, shard(2, 2, changed("/host"_json_pointer, "there"))}, at("out"));  // which says nothing
}

TEST_F(Merge, MissingDoubledAndForeignShardsAreRefused) {
  const auto one = shard(1, 3), two = shard(2, 3), three = shard(3, 3);
  expect_refused("no files to merge", {});
  expect_refused("is shard 1 of 3 (there are 2 files", {one, two});
  expect_refused("is shard 2, and so is", {one, two, two});
  expect_refused("is shard 2 of 4", {one, two, shard(2, 4)});
  expect_refused("(there are 4 files", {one, two, three, three});
  expect_refused("another table of sites", [&] {
    Campaign other = campaign_;
    other.sites.add({"one_more_q", "u", "flip-flop"});
    write_campaign(other, at("sites"), campaign_.header.as_shard(3, 3));
    return std::vector{one, two, at("sites")};
  }());
  expect_refused("another kind of referee", [&] {
    write_campaign(campaign_, at("silent"), campaign_.header.as_shard(3, 3), std::nullopt);
    return std::vector{one, two, at("silent")};
  }());
}

TEST_F(Merge, UnfinishedAndDamagedShardsAreRefusedAndNothingIsReplaced) {
  const auto one = shard(1, 2), two = shard(2, 2);
  auto bytes = read_file(two);
  write_file(at("cut"), std::span<const std::byte>(bytes).first(bytes.size() - 30));
  expect_refused("cut", {one, at("cut")});
  bytes[bytes.size() / 2] ^= std::byte{4};
  write_file(at("bad"), std::span<const std::byte>(bytes));
  expect_refused("damaged at byte", {one, at("bad")});
  Writer::create(at("begun"), campaign_.header.as_shard(2, 2), campaign_.sites);
  expect_refused("is not finished: 0 of", {one, at("begun")});

  write_file(at("there"), std::string_view("mine"));
  expect_error(ExitCode::bad_input, "is there already", [&] { merge(std::vector{one, two}, at("there")); });
  expect_error(ExitCode::bad_input, "is there already", [&] { merge(std::vector{one, two}, one); });
  EXPECT_EQ(read_file(at("there")).size(), 4u);
}

TEST_F(Merge, DifferencesAreNamed) {
  Campaign other = campaign_;
  other.blocks[3].code[0] = other.blocks[3].code[0] == 1 ? 2 : 1;
  write_campaign(other, at("other"), campaign_.header);
  EXPECT_EQ(difference(at("whole"), at("other")), "block 3");
  write_campaign(campaign_, at("silent"), campaign_.header, std::nullopt);
  EXPECT_EQ(difference(at("whole"), at("silent")), "referee");
  EXPECT_EQ(difference(at("whole"), shard(1, 2)), "shard");
}

}  // namespace
}  // namespace hilbert::store

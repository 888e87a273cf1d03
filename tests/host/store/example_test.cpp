// SPDX-License-Identifier: Apache-2.0
// The file of host/store/README.md, byte by byte.
#include <zstd.h>

#include <cctype>
#include <fstream>
#include <sstream>

#include "host/store/campaign.hpp"

namespace hilbert::store {
namespace {

/// The bytes of the dump under "## An example": lines of an offset in hexadecimal and up to 16 bytes.
std::vector<std::byte> bytes_in_readme() {
  std::ifstream file(README);
  std::vector<std::byte> bytes;
  bool here = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) here = line == "## An example";
    std::istringstream words(line);
    std::string offset, byte;
    if (!here || !(words >> offset) || offset.size() != 4 ||
        offset.find_first_not_of("0123456789abcdef") != std::string::npos)
      continue;
    EXPECT_EQ(std::stoul(offset, nullptr, 16), bytes.size()) << line;
    for (int i = 0; i < 16 && words >> byte; ++i)
      bytes.push_back(static_cast<std::byte>(std::stoul(byte, nullptr, 16)));
  }
  return bytes;
}

using Example = StoreTest;

TEST_F(Example, TheReadmeShowsWhatTheWriterWrites) {
  const nlohmann::json json = {{"informative", nlohmann::json::array()},
                               {"outcomes", {"masked", "sdc"}},
                               {"plan", {{"blocks", 1}}},
                               {"shard", {{"index", 1}, {"of", 1}}}};
  Sites sites;
  sites.add({"r_q", "u", "ff", 0, 2, 0}, 2);
  Block block;
  block.sites = 2, block.first_clock = 5, block.clocks = 1;
  block.code = {1, alias}, block.end = {7, 5}, block.detail = {3, 0};
  {
    Writer writer = Writer::create(at("example"), Header(json, "test"), sites);
    writer.append(block);
    writer.finish();
  }
  const auto written = read_file(at("example"));
  const auto shown = bytes_in_readme();
  write_file(at("shown"), std::span<const std::byte>(shown));
  EXPECT_EQ(difference(at("shown"), at("example")), "");
  EXPECT_EQ(read(at("shown")).blocks.at(0).pack(), block.pack());
  if (ZSTD_versionNumber() == 10504) {
    EXPECT_EQ(shown, written) << "another version of zstd may write other bytes";
  }
  const Verdicts verdicts(read(at("shown")));
  EXPECT_EQ(count(verdicts, By::all).at(0).counts, (std::vector<std::uint64_t>{0, 2, 0}));
}

}  // namespace
}  // namespace hilbert::store

// SPDX-License-Identifier: Apache-2.0
// The code as the judge decodes it: the RTL's own table, and what a Hsiao code promises, bit by bit.
#include "workloads/secded.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "support/random.hpp"

namespace hilbert::workloads::secded {
namespace {

TEST(Secded, HasTheTableOfTheRtl) {
  std::ifstream file(HILBERT_SOURCE_DIR "/rtl/prim/hb_secded_pkg.sv");
  std::stringstream text;
  text << file.rdbuf();
  std::string source = text.str();
  std::vector<std::uint64_t> rows;  // the highest first
  const std::regex number("64'h([0-9a-fA-F_]+)");
  for (std::smatch match; std::regex_search(source, match, number); source = match.suffix()) {
    std::string digits = match[1];
    std::erase(digits, '_');
    rows.push_back(std::stoull(digits, nullptr, 16));
  }
  ASSERT_EQ(rows.size(), 8U);
  for (unsigned r = 0; r < 8; ++r) EXPECT_EQ(row_mask[r], rows[7 - r]) << r;
  EXPECT_NE(text.str().find(fmt::format("Inverted = 8'h{:X};", inverted)), std::string::npos);
}

/// Inverts bit 0..63 of the data, 64..71 of the check bits.
void invert(std::uint64_t& data, std::uint8_t& check, unsigned bit) {
  if (bit < 64) {
    data ^= std::uint64_t{1} << bit;
  } else {
    check ^= static_cast<std::uint8_t>(1U << (bit - 64));
  }
}

TEST(Secded, CorrectsOneAndDetectsTwo) {
  Random random(seed_of(1));
  for (unsigned round = 0; round < 20; ++round) {
    const std::uint64_t right = random();
    EXPECT_EQ(decode(right, check_bits(right)).found, Found::good);
    for (unsigned i = 0; i < 72; ++i) {
      std::uint64_t data = right;
      std::uint8_t check = check_bits(right);
      invert(data, check, i);
      const Decoded one = decode(data, check);
      ASSERT_EQ(one.found, Found::corrected) << i;
      ASSERT_EQ(one.data, right) << i;
      for (unsigned j = 0; j < i; ++j) {
        invert(data, check, j);
        const Decoded two = decode(data, check);
        ASSERT_EQ(two.found, Found::uncorrectable) << i << " and " << j;
        ASSERT_EQ(two.data, data);
        invert(data, check, j);
      }
    }
  }
}

}  // namespace
}  // namespace hilbert::workloads::secded

// SPDX-License-Identifier: Apache-2.0
// The table of formats, and names both ways.
#include <gtest/gtest.h>

#include "exact.hpp"
#include "hilbert/model/flags.hpp"

namespace hilbert::model::test {
namespace {

TEST(Format, TableIsIndexedByCode) {
  for (std::size_t i = 0; i < formats.size(); ++i) EXPECT_EQ(static_cast<std::size_t>(formats[i].format), i);
}

TEST(Format, NamesRoundTrip) {
  std::vector<FormatSpec> all = operand_formats();
  all.push_back({Format::fp32, 0});
  for (const FormatSpec f : all) EXPECT_EQ(parse_format(to_string(f)), f) << to_string(f);
  EXPECT_EQ(to_string({Format::cf8_143, 7}), "cf8_143:7");
  EXPECT_EQ(to_string({Format::bf16, 0}), "bf16");
}

TEST(Format, NamesForPeople) {
  EXPECT_EQ(format_names(), "fp32, bf16, cf8_143:BIAS, cf8_152:BIAS, e4m3, e5m2, int8");
  EXPECT_EQ(format_names(true), "bf16, cf8_143:BIAS, cf8_152:BIAS, e4m3, e5m2, int8");
}

TEST(Format, RefusesWhatIsNoFormat) {
  for (const char* text : {"", "bf", "bf16:", "bf16:0", "BF16", "cf8_143", "cf8_143:", "cf8_143:64", "cf8_143:-1",
                           "cf8_143:+1", "cf8_143:7x", "cf8_143: 7", "cf8_152:4294967296", "e4m3:7", " int8"}) {
    EXPECT_EQ(parse_format(text), std::nullopt) << '"' << text << '"';
  }
}

TEST(Flags, NamesAndBits) {
  Flags f;
  EXPECT_EQ(to_string(f), "none");
  f.raise(Flag::invalid);
  f.raise(Flag::int_range);
  EXPECT_EQ(f.bits, 0x21);
  EXPECT_EQ(to_string(f), "invalid|int_range");
}

}  // namespace
}  // namespace hilbert::model::test

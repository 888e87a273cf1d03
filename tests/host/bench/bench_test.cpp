// SPDX-License-Identifier: Apache-2.0
// Rounds, quartiles, tables, operands.
#include <gtest/gtest.h>

#include <cmath>
#include <hilbert/convert.hpp>
#include <hilbert/error.hpp>
#include <string>
#include <vector>

#include "bench/product.hpp"
#include "bench/sheet.hpp"
#include "bench/side_by_side.hpp"

namespace hilbert::bench {
namespace {

TEST(SideBySide, MedianAndQuartiles) {
  const Spread s = spread_of({5, 1, 4, 2, 3});
  EXPECT_EQ(s.low, 2);
  EXPECT_EQ(s.median, 3);
  EXPECT_EQ(s.high, 4);
  EXPECT_DOUBLE_EQ(s.relative(), 1.0 / 3);
  EXPECT_EQ(spread_of({1, 2}).median, 1.5);
  EXPECT_EQ(spread_of({7}).low, 7);
  EXPECT_THROW((void)spread_of({}), Error);
}

/// Work that no compiler removes.
void spin() {
  volatile std::uint32_t x = 1;
  for (unsigned i = 0; i < 1'000'000; ++i) x = x * 1664525u + 1013904223u;
}

TEST(SideBySide, RunsInTurnForwardsAndBackwardsAfterARoundThatDoesNotCount) {
  std::string order;
  const auto side = [&](char name) {
    return Side{std::string(1, name),
                [&order, name] {
                  order += name;
                  spin();
                  return 1.0;
                },
                [&order] { order += '-'; }};
  };
  const auto measured = side_by_side({side('a'), side('b')}, 3);
  EXPECT_EQ(order, "-a-b-a-b-b-a-a-b");
  ASSERT_EQ(measured.size(), 2u);
  EXPECT_EQ(measured[1].name, "b");
  EXPECT_EQ(measured[0].ratio.low, 1);
  EXPECT_EQ(measured[0].ratio.high, 1);
}

TEST(SideBySide, RatioIsThatOfUnitsInTheSameTime) {
  const auto measured = side_by_side({{"one", [] { return spin(), 1.0; }}, {"four", [] { return spin(), 4.0; }}}, 15);
  EXPECT_GT(measured[1].ratio.median, 2);
  EXPECT_LT(measured[1].ratio.median, 8);
  EXPECT_GT(measured[0].rate.median, 1);       // a spin takes less than a second
  EXPECT_LT(measured[0].rate.median, 100000);  // and more than ten microseconds
}

TEST(Sheet, ColumnsAlignAndExactFiguresHaveNoSpread) {
  Table table("Speed", {{"kHz", 1, 1e-3}, {"clocks", 0}});
  table.row("fast", {{900'000, 1'000'000, 1'100'000}, exact(7)});
  table.row("slow", {exact(2500), exact(12345)});
  table.note("a note");
  EXPECT_EQ(table.text(),
            "Speed             kHz  clocks\n"
            "  fast  1000.0 ±10.0%       7\n"
            "  slow            2.5   12345\n"
            "  a note\n");
  const auto json = table.json();
  EXPECT_EQ(json["rows"][0]["kHz"]["low"], 900);
  EXPECT_EQ(json["rows"][1]["clocks"], 12345);
  EXPECT_EQ(json["notes"][0], "a note");
}

TEST(Sheet, RefusesTwoColumnsOfOneName) {
  EXPECT_THROW(Table("Link", {{"64 bytes"}, {"+ header"}, {"+ header"}}), std::logic_error);
  EXPECT_THROW(Table("Link", {{"name"}}), std::logic_error);  // what a row's JSON calls the row
  EXPECT_NO_THROW(Table("Link", {{"64 bytes"}, {"9 words"}}));
}

TEST(Operands, AreOrdinaryInEveryFormat) {
  for (const char* name : {"bf16", "cf8_143:7", "cf8_152:15", "e4m3", "e5m2", "int8"}) {
    const auto format = *model::parse_format(name);
    const auto codes = ordinary_codes(64, 64, format, 5);
    EXPECT_EQ(codes, ordinary_codes(64, 64, format, 5));
    EXPECT_NE(codes, ordinary_codes(64, 64, format, 6));
    std::vector<float> values(64 * 64);
    decode_codes(codes, format, false, values);
    double sum = 0, squares = 0;
    for (const float v : values) {
      ASSERT_TRUE(std::isfinite(v)) << name;
      sum += v;
      squares += double{v} * v;
    }
    const double unit = format.format == model::Format::int8 ? 32 : 1;
    EXPECT_NEAR(sum / 4096, 0, 0.1 * unit) << name;
    EXPECT_NEAR(std::sqrt(squares / 4096), unit, 0.1 * unit) << name;
  }
}

TEST(Operands, ASingleWrongBitOrFlagIsNoFigure) {
  const Product product(5, 6, 7, {model::Format::bf16}, 4, true);
  const model::GemmResult right = model::gemm(product.job, product.a, product.b, product.c);
  EXPECT_NO_THROW(product.require(right.d, right.flags, "here"));
  auto wrong = right.d;
  wrong[60] ^= std::byte{1};
  EXPECT_THROW(product.require(wrong, right.flags, "here"), Error);
  model::Flags flags = right.flags;
  flags.bits ^= 8;
  EXPECT_THROW(product.require(right.d, flags, "here"), Error);
}

}  // namespace
}  // namespace hilbert::bench

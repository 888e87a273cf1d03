// SPDX-License-Identifier: Apache-2.0
// Panel order against the example worked by hand, and round trips.
#include "hilbert/model/layout.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <set>
#include <stdexcept>
#include <vector>

#include "support/random.hpp"

namespace hilbert::model::test {
namespace {

std::vector<std::byte> counted(std::size_t n) {
  std::vector<std::byte> v(n);
  for (std::size_t i = 0; i < n; ++i) v[i] = static_cast<std::byte>(i + 1);
  return v;
}

// 3 x 3 bytes in panels of 2 rows, Depth 2, words of 8 bytes. By hand: groups of 2 columns; within a group, row by row.
TEST(Layout, AnExampleByHand) {
  const PanelLayout layout{3, 3, 2, 2, 1, 8};
  EXPECT_EQ(layout.panels(), 2u);
  EXPECT_EQ(layout.groups(), 2u);
  EXPECT_EQ(layout.panel_bytes(), 8u);
  EXPECT_EQ(layout.extent(16), 24u);
  std::vector<std::byte> image(24, std::byte{0xEE});
  pack_panels(layout, counted(9), image, 16);
  const unsigned want[24] = {1,    2,    4,    5,    3, 0, 6, 0, 0xEE, 0xEE, 0xEE, 0xEE,
                             0xEE, 0xEE, 0xEE, 0xEE, 7, 8, 0, 0, 9,    0,    0,    0};
  for (std::size_t i = 0; i < 24; ++i) EXPECT_EQ(std::to_integer<unsigned>(image[i]), want[i]) << i;
}

TEST(Layout, RoundTripsAndDistinctAddresses) {
  for (const std::uint32_t bytes : {1u, 2u, 4u}) {
    for (const std::uint32_t depth : {1u, 2u, 4u}) {
      for (const std::uint32_t rows : {1u, 7u, 8u, 9u, 30u}) {
        for (const std::uint32_t cols : {1u, 3u, 4u, 17u}) {
          const PanelLayout layout{rows, cols, 8, depth, bytes, 8 * depth * 2};
          const std::uint64_t stride = layout.panel_bytes() + layout.word_bytes;
          std::set<std::uint64_t> seen;
          for (std::uint32_t i = 0; i < rows; ++i) {
            for (std::uint32_t j = 0; j < cols; ++j) {
              const std::uint64_t at = layout.offset(i, j, stride);
              EXPECT_TRUE(seen.insert(at).second);
              EXPECT_LE(at + bytes, layout.extent(stride));
              EXPECT_EQ(at % bytes, 0u);
              EXPECT_LE(at % stride + bytes, layout.panel_bytes());
            }
          }
          const auto dense = counted(std::size_t{rows} * cols * bytes);
          for (const Order order : {Order::row_major, Order::transposed}) {
            std::vector<std::byte> image(layout.extent(stride), std::byte{0xEE}), back(dense.size());
            pack_panels(layout, dense, image, stride, order);
            unpack_panels(layout, image, back, stride, order);
            EXPECT_EQ(back, dense);
          }
        }
      }
    }
  }
}

TEST(Layout, RefusesWhatDoesNotFit) {
  const PanelLayout layout{3, 3, 2, 2, 1, 8};
  std::vector<std::byte> image(16), dense(9), short_image(15), short_dense(8);
  EXPECT_NO_THROW(pack_panels(layout, dense, image, 8));
  EXPECT_THROW(pack_panels(layout, dense, short_image, 8), std::invalid_argument);
  EXPECT_THROW(pack_panels(layout, short_dense, image, 8), std::invalid_argument);
  EXPECT_THROW(pack_panels(layout, dense, image, 7), std::invalid_argument);
  EXPECT_NO_THROW(unpack_panels(layout, image, dense, 0));
}

/// Sizes at the ends of 32 and 64 bits, against integers without an end.
TEST(Layout, SizesAreExactOrBeyondAnyMemory) {
  using Exact = boost::multiprecision::cpp_int;
  const auto up = [](const Exact& x, const Exact& y) -> Exact { return (x + y - 1) / y; };
  const auto held = [](const Exact& x) {
    return x > Exact(beyond_memory) ? beyond_memory : static_cast<std::uint64_t>(x);
  };
  Random random(seed_of(12));
  const auto size = [&]() -> std::uint32_t {
    const std::uint32_t near[] = {0, 1u << 31, 0xFFFF'FFFF, 65535, 1u << 16};
    const auto wobble = static_cast<std::uint32_t>(random.bits32() % 9);
    return near[random.bits32() % 5] + (random.bits32() % 2 == 0 ? wobble : 0 - wobble);
  };
  int beyond = 0;
  for (int round = 0; round < 20'000; ++round) {
    PanelLayout layout;
    layout.depth = 1u << random.bits32() % 3;
    layout.panel_rows = layout.depth << random.bits32() % 6;
    layout.element_bytes = 1u << random.bits32() % 3;
    layout.word_bytes = std::max(8u, layout.panel_rows * layout.depth * 2);
    layout.rows = size(), layout.cols = size();
    const Exact panels = up(layout.rows, layout.panel_rows), groups = up(layout.cols, layout.depth);
    ASSERT_EQ(layout.panels(), panels);
    ASSERT_EQ(layout.groups(), groups);
    const Exact bytes = groups * layout.panel_rows * layout.depth * layout.element_bytes;
    const Exact panel = up(bytes, layout.word_bytes) * layout.word_bytes;
    ASSERT_EQ(layout.panel_bytes(), held(panel));
    const std::uint64_t wide = std::uint64_t{random.bits32()} << 32 | random.bits32();
    const std::uint64_t stride = wide >> random.bits32() % 64;
    const Exact extent = panels == 0 ? Exact(0) : Exact((panels - 1) * stride + panel);
    ASSERT_EQ(layout.extent(stride), held(extent));
    beyond += layout.extent(stride) == beyond_memory;
    ASSERT_EQ(matrix_bytes(layout.rows, layout.cols, layout.element_bytes),
              held(Exact(layout.rows) * layout.cols * layout.element_bytes));
  }
  EXPECT_GT(beyond, 1000);
}

/// 33 rows in panels of 16, 2^63 bytes apart: the third begins 2^64 bytes behind the first.
TEST(Layout, AStrideBeyondMemoryIsRefused) {
  const PanelLayout layout{33, 1, 16, 1, 1, 16};
  std::vector<std::byte> dense(33), image(64);
  const std::uint64_t stride = std::uint64_t{1} << 63;
  EXPECT_THROW(pack_panels(layout, dense, image, stride), std::invalid_argument);
  EXPECT_THROW(unpack_panels(layout, image, dense, stride), std::invalid_argument);
  EXPECT_THROW(pack_panels(PanelLayout{}, dense, image, 64), std::invalid_argument);
}

}  // namespace
}  // namespace hilbert::model::test

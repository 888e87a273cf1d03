// SPDX-License-Identifier: Apache-2.0
// Plans cover the product, fit the chip, and know what is cheap.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "distributed/board_plan.hpp"
#include "support/random.hpp"

namespace hilbert::distributed {
namespace {

constexpr model::Geometry node{8, 8, 4, 4, 32768, 128, 4, 129}, small{4, 8, 2, 4, 8192, 8, 4, 9};

std::uint64_t extent(const model::PanelLayout& layout) { return layout.extent(layout.panel_bytes()); }

/// Everything that a plan promises.
void expect_sound(const GridShape& grid, const GemmShape& s, const BoardPlan& p) {
  const model::Geometry& g = grid.chip;
  const std::string text = fmt::format("{} x {} x {} on {} x {}: {} x {} x {}, {} places", s.m, s.n, s.k, grid.width,
                                       grid.height, p.part_m, p.part_n, p.part_k, p.slots);
  EXPECT_TRUE(p.width >= 1 && p.width <= grid.width && p.height >= 1 && p.height <= grid.height) << text;
  EXPECT_TRUE(p.slots >= 2 && p.slots <= most_slots) << text;
  EXPECT_EQ(p.part_m % g.rows, 0u) << text;
  EXPECT_EQ(p.part_n % g.cols, 0u) << text;
  EXPECT_EQ(p.part_k % k_step(g, s), 0u) << text;
  // The whole product, without a block or a step that is empty.
  EXPECT_GE(std::uint64_t{p.blocks_m} * p.height * p.part_m, s.m) << text;
  EXPECT_LT(std::uint64_t{p.blocks_m - 1} * p.height * p.part_m, s.m) << text;
  EXPECT_GE(std::uint64_t{p.blocks_n} * p.width * p.part_n, s.n) << text;
  EXPECT_LT(std::uint64_t{p.blocks_n - 1} * p.width * p.part_n, s.n) << text;
  EXPECT_GE(std::uint64_t{p.steps} * p.part_k, s.k) << text;
  EXPECT_LT(std::uint64_t{p.steps - 1} * p.part_k, s.k) << text;
  // Rings and sums lie in memory, apart; a converted result lies below the sums.
  EXPECT_EQ(p.a_slot, extent(a_layout(g, p.part_m, p.part_k, s.a_bytes))) << text;
  EXPECT_EQ(p.b_slot, extent(b_layout(g, p.part_n, p.part_k, s.b_bytes))) << text;
  EXPECT_LE(p.a_base + p.slots * p.a_slot, p.b_base) << text;
  EXPECT_LE(p.b_base + p.slots * p.b_slot, p.c_base) << text;
  EXPECT_LE(p.c_base + extent(d_layout(g, p.part_m, p.part_n, 4)), g.data_bytes()) << text;
  if (s.d_bytes != 4) {
    EXPECT_LE(extent(d_layout(g, p.part_m, p.part_n, s.d_bytes)), p.c_base) << text;
  }
}

TEST(BoardPlan, IsSoundForAnyProduct) {
  Random random(seed_of(1));
  for (unsigned i = 0; i < 60; ++i) {
    const auto upto = [&](std::uint32_t n) { return random.between(1u, n); };
    const GridShape grid{random.bits32() % 2 == 0 ? node : small, upto(6), upto(6),
                         random.bits32() % 2 == 0 ? 8.0 : 2.0};
    const std::uint32_t most = random.bits32() % 8 == 0 ? 5000 : 400;
    const GemmShape s{
        upto(most), upto(most), upto(most), upto(2), upto(2), 1U << random.bits32() % 3, random.bits32() % 2 == 0};
    const auto plan = plan_board_gemm(grid, s);
    ASSERT_TRUE(plan);
    expect_sound(grid, s, *plan);
  }
}

TEST(BoardPlan, UsesAllChipsOfAFullBoardWithTheLargestTiles) {
  const auto plan = plan_board_gemm({node, 5, 5, 8}, {640, 640, 5120});
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->width * plan->height, 25u);
  EXPECT_EQ(plan->part_m * plan->part_n, 128u * 128u);
  EXPECT_EQ(plan->blocks_m * plan->blocks_n, 1u);
}

TEST(BoardPlan, KeepsTheOperandsInBanksOfTheirOwn) {
  const auto plan = plan_board_gemm({node, 2, 2, 8}, {256, 256, 4096});
  ASSERT_TRUE(plan);
  EXPECT_LE(plan->a_base + plan->slots * plan->a_slot, node.bank_bytes);
  EXPECT_EQ(plan->b_base, node.bank_bytes);
  EXPECT_GE(plan->c_base, 2 * node.bank_bytes);
}

TEST(BoardPlan, TakesNoMoreChipsThanThereArePanels) {
  const auto plan = plan_board_gemm({node, 5, 5, 8}, {3, 17, 1000});
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->height, 1u);
  EXPECT_LE(plan->width, 3u);
}

TEST(BoardPlan, RefusesWhatHasNoRoom) {
  constexpr model::Geometry tiny{8, 8, 4, 1, 256, 8, 4, 9};  // a block of sums, and nothing else
  EXPECT_FALSE(plan_board_gemm({tiny, 2, 2, 2}, {8, 8, 8}));
}

}  // namespace
}  // namespace hilbert::distributed

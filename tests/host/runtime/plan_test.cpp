// SPDX-License-Identifier: Apache-2.0
// Properties that every tiling plan must have, over random machines and products.
#include "runtime/plan.hpp"

#include <gtest/gtest.h>

#include "support/random.hpp"

namespace hilbert {
namespace {

struct Case {
  model::Geometry geometry;
  GemmShape shape;
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.geometry.rows << "x" << c.geometry.cols << "x" << c.geometry.depth << " " << c.geometry.banks << "x"
             << c.geometry.bank_bytes << " bytes, " << c.shape.m << "x" << c.shape.n << "x" << c.shape.k << " of "
             << c.shape.a_bytes << "," << c.shape.b_bytes << "," << c.shape.d_bytes << " bytes";
}

Case random_case(Random& random) {
  Case c;
  c.geometry.depth = 1u << random.bits32() % 3;
  c.geometry.rows = c.geometry.depth << random.bits32() % 3;
  c.geometry.cols = c.geometry.depth << random.bits32() % 3;
  c.geometry.banks = 1u << random.bits32() % 4;
  c.geometry.bank_bytes = c.geometry.word_bytes() << random.bits32() % 10;
  const auto size = [&] {
    const std::uint32_t range[] = {4, 30, 300, 3000, 200000};
    return 1 + random.bits32() % range[random.bits32() % 5];
  };
  c.shape = {size(),
             size(),
             size(),
             1u + random.bits32() % 2,
             1u + random.bits32() % 2,
             1u << random.bits32() % 3,
             random.bits32() % 2 == 0};
  return c;
}

TEST(Plan, CoversTheProductFitsTheMemoryAndCutsAtWords) {
  Random random(seed_of(7));
  int planned = 0;
  for (int round = 0; round < 4000; ++round) {
    const Case c = random_case(random);
    const auto& [g, s] = c;
    const DeviceMemory memory(g);
    for (const Workspace& w : workspaces(memory)) {
      const auto plan = plan_gemm(g, s, w, 100);
      if (!plan) continue;
      ++planned;
      const BlockPlan& p = *plan;
      ASSERT_EQ(p.block_m % g.rows, 0u) << c;
      ASSERT_EQ(p.block_n % g.cols, 0u) << c;
      ASSERT_EQ(p.block_k % g.depth, 0u) << c;
      ASSERT_LE(std::min(p.block_m, s.m), 65535u) << c;
      ASSERT_LE(std::min(p.block_n, s.n), 65535u) << c;
      ASSERT_LE(std::min(p.block_k, s.k), 65535u) << c;
      ASSERT_LT(std::uint64_t{p.blocks_m - 1} * p.block_m, s.m) << c;
      ASSERT_GE(std::uint64_t{p.blocks_m} * p.block_m, s.m) << c;
      ASSERT_GE(std::uint64_t{p.blocks_n} * p.block_n, s.n) << c;
      ASSERT_GE(std::uint64_t{p.blocks_k} * p.block_k, s.k) << c;
      const std::uint64_t groups = p.block_k / g.depth;
      ASSERT_EQ(groups * g.rows * g.depth * s.a_bytes % g.word_bytes(), 0u) << c;
      ASSERT_EQ(groups * g.cols * g.depth * s.b_bytes % g.word_bytes(), 0u) << c;
      ASSERT_LE(p.a_bytes, w.a_bytes) << c;
      ASSERT_LE(p.b_bytes, w.b_bytes) << c;
      ASSERT_LE(p.sum_bytes + p.result_bytes, w.d_bytes) << c;
      ASSERT_TRUE(s.d_bytes == 4 || p.result_bytes != 0) << c;
      ASSERT_TRUE(p.sum_bytes != 0 || (p.blocks_k == 1 && !s.accumulate && s.d_bytes != 4)) << c;
    }
  }
  EXPECT_GT(planned, 4000);
}

/// Every slot of a workspace can be allocated at once, whatever is already taken.
TEST(Plan, WorkspacesFitTogether) {
  Random random(seed_of(8));
  for (int round = 0; round < 2000; ++round) {
    const Case c = random_case(random);
    DeviceMemory memory(c.geometry);
    std::vector<Buffer> taken;
    for (std::uint32_t i = random.bits32() % 3; i > 0; --i) {
      const std::uint32_t bytes = 1 + random.bits32() % c.geometry.bank_bytes;
      if (bytes <= memory.free_bytes() / 2) taken.push_back(memory.allocate(bytes, random.bits32() % c.geometry.banks));
    }
    for (const Workspace& w : workspaces(memory)) {
      if (w.a_bytes == 0 || w.b_bytes == 0 || w.d_bytes == 0) continue;
      std::vector<Buffer> slots;
      for (unsigned i = 0; i < w.copies; ++i) {
        for (const auto& [bytes, bank] :
             {std::pair{w.a_bytes, w.a_bank[i]}, {w.b_bytes, w.b_bank[i]}, {w.d_bytes, w.d_bank[i]}}) {
          slots.push_back(memory.allocate(bytes, bank));
          ASSERT_EQ(slots.back().address() / c.geometry.bank_bytes, bank) << c;
        }
      }
    }
  }
}

TEST(Plan, KeepsOperandsApartWithFourBanks) {
  const DeviceMemory memory(model::Geometry{});
  const Workspace w = workspaces(memory)[0];
  for (unsigned i = 0; i < 2; ++i) {
    EXPECT_NE(w.a_bank[i], w.b_bank[i]);
    EXPECT_NE(w.a_bank[i], w.d_bank[i]);
    EXPECT_NE(w.b_bank[i], w.d_bank[i]);
  }
  EXPECT_NE(w.a_bank[0], w.a_bank[1]);
}

TEST(Plan, NothingFitsIntoOneWord) {
  const model::Geometry g{2, 2, 2, 1, 8, 8};
  const DeviceMemory memory(g);
  for (const Workspace& w : workspaces(memory)) EXPECT_FALSE(plan_gemm(g, {2, 2, 2, 2, 2, 4, false}, w, 100));
}

/// At the ends of what a size may be: no division by nothing, no endless search, the product covered.
TEST(Plan, SizesUpToTheLimit) {
  constexpr auto most = static_cast<std::uint32_t>(max_size);
  int planned = 0;
  for (const std::uint32_t depth : {1u, 4u}) {
    for (const std::uint32_t rows : {4u, 32u}) {
      for (const std::uint32_t bank_bytes : {64u, 1u << 20}) {
        model::Geometry g;
        g.depth = depth, g.rows = rows, g.cols = 4, g.banks = 4;
        g.bank_bytes = std::max(bank_bytes, g.word_bytes());
        const DeviceMemory memory(g);
        for (const std::uint32_t end : {most, most - 1, most - 7}) {
          for (unsigned large = 0; large < 8; ++large) {
            const auto size = [&](unsigned bit) { return (large >> bit & 1) != 0 ? end : 5; };
            const GemmShape s{size(0), size(1), size(2), 2, 1, 4, false};
            for (const Workspace& w : workspaces(memory)) {
              const auto p = plan_gemm(g, s, w, 100);
              if (!p) continue;
              ++planned;
              ASSERT_LT(std::uint64_t{p->blocks_m - 1} * p->block_m, s.m);
              ASSERT_GE(std::uint64_t{p->blocks_m} * p->block_m, s.m);
              ASSERT_GE(std::uint64_t{p->blocks_n} * p->block_n, s.n);
              ASSERT_GE(std::uint64_t{p->blocks_k} * p->block_k, s.k);
              ASSERT_GT(p->block_k, 0u);
              ASSERT_LE(p->a_bytes, w.a_bytes);
              ASSERT_LE(p->b_bytes, w.b_bytes);
            }
          }
        }
      }
    }
  }
  EXPECT_GT(planned, 100);
}

}  // namespace
}  // namespace hilbert

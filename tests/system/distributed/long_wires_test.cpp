// SPDX-License-Identifier: Apache-2.0
// Verilated boards over wires of every length that a board file may have: found whole, and used whole.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <hilbert/error.hpp>
#include <hilbert/regs/link.hpp>

#include "board/bit_error_test.hpp"
#include "board/patience.hpp"
#include "board/traffic.hpp"
#include "distributed/board_engine.hpp"
#include "support/products.hpp"
#include "support/synthetic.hpp"
#include "support/temporary_board.hpp"
#include "train/trainer.hpp"

namespace hilbert {
namespace {

std::string latency(unsigned clocks) { return fmt::format(R"(, "wires": {{"latency": {}}})", clocks); }

/// A seed whose traffic is little: a link of 4x8x2 sends a few hundred bytes, then waits for the way there and back.
std::uint64_t light_seed(const Board& board, std::uint64_t most_bytes) {
  const auto model = open_model_board(board.file(), {.tolerant = true});
  for (std::uint64_t seed = 1;; ++seed) {
    if (board::exchange(*model, 1, seed).bytes <= most_bytes) return seed;
  }
}

void expect_all_lanes(Board& board) {
  EXPECT_TRUE(board.problems().empty()) << board.problems()[0].text;
  for (const auto& ends : board.links()) {
    for (const LinkEnd& end : ends) {
      EXPECT_TRUE(end.up);
      EXPECT_EQ(end.rx_width, board.lanes());
      EXPECT_EQ(end.tx_width, board.lanes());
      EXPECT_EQ(end.retrainings, 0u);
    }
  }
}

/// Small in A, which crosses the link, and enough work for two chips to be worth while.
model::Gemm product() {
  model::Gemm job;
  job.m = 8, job.n = 512, job.k = 16;
  job.a = job.b = *model::parse_format("bf16");
  job.d = {model::Format::fp32, 0};
  return job;
}

class LongWires : public testing::TestWithParam<unsigned> {};

TEST_P(LongWires, CarryTrafficAndProductsOverAllChips) {
  const TemporaryBoard file(latency(GetParam()), 2, 1);
  auto opened = open_board(file.uri());  // which refuses a board that is not as its file says
  Board& board = *opened;
  expect_all_lanes(board);

  const board::Traffic traffic = board::exchange(board, 1, light_seed(board, 600));
  EXPECT_EQ(traffic.transfers, 2u);
  EXPECT_EQ(traffic.pairs, 2u);

  BoardRuntime runtime(std::move(opened));  // has the queues to itself from here on
  expect_exact(runtime, product(), 1, true);
  EXPECT_EQ(runtime.figures().width * runtime.figures().height, 2u);
  EXPECT_GT(runtime.figures().link_bytes, 0u);
  expect_all_lanes(board);
}

TEST_P(LongWires, AreTestedFromWhenTheirCheckersAreInStep) {
  const TemporaryBoard file(latency(GetParam()), 2, 1);
  const auto board = open_board(file.uri());
  const auto lanes = board::test_bit_errors(*board, 5'000);
  ASSERT_EQ(lanes.size(), 2 * board->lanes());
  for (const board::LaneErrors& lane : lanes) {
    EXPECT_TRUE(lane.in_step && lane.in_step_after);
    EXPECT_GE(lane.bits, 16u * 5'000);
    EXPECT_EQ(lane.errors, 0u);
    EXPECT_EQ(lane.missed_bits, 0u);
  }
}

/// A network so small that its products cross a link in a few hundred bytes.
std::uint64_t trained_a_little(train::ProductEngine& engine) {
  const ImageDataset data = synthetic_dataset(2, 2, 16, 4);
  train::Trainer trainer(data, engine, {.hidden = 8, .batch = 8, .steps = 1}, [](const train::ProductPtr&) {});
  trainer.step();
  return trainer.network().fingerprint();
}

TEST_P(LongWires, TrainToTheWeightsOfOneChip) {
  train::ModelEngine reference(2);
  const TemporaryBoard file(latency(GetParam()), 2, 1);
  distributed::BoardEngine board(open_board(file.uri()));
  EXPECT_EQ(trained_a_little(board), trained_a_little(reference));
  EXPECT_GT(board.traffic().link_bytes, 0u);
}

INSTANTIATE_TEST_SUITE_P(Latencies, LongWires, testing::Values(1u, 300u, 5'000u, 65'536u));

TEST(MixedWires, ShortAndLongLinksOnOneBoard) {
  const TemporaryBoard file(R"(, "wires": {"latency": 3},
      "links": [{"between": [[1, 0], [2, 0]], "latency": 9000, "skew": [700, 0, 0, 0], "bit_offset": [5, 0, 0, 0]}])",
                            3, 1);
  auto opened = open_board(file.uri());
  expect_all_lanes(*opened);
  const board::Traffic traffic = board::exchange(*opened, 1, light_seed(*opened, 3'000));
  EXPECT_EQ(traffic.pairs, 6u);
  BoardRuntime runtime(std::move(opened));
  expect_exact(runtime, product(), 2, true);
  EXPECT_EQ(runtime.figures().width, 3u);
  expect_all_lanes(runtime.board());

  namespace l = regs::link;
  const auto timeout = [&](std::size_t chip, unsigned port) {
    return runtime.board().device(chip).read_register(link_register_base + 0x400 * port + l::replay_timeout);
  };
  EXPECT_EQ(timeout(0, 0), 0x1000u + 2 * 3) << "a short link does not wait for a long one";
  EXPECT_EQ(timeout(1, 0), 0x1000u + 2 * 9'701);
}

/// Bounded by the wires: no longer than a few ways, and said.
TEST(MixedWires, ALongCableThatIsOutIsMissing) {
  const TemporaryBoard file(latency(6'000) + R"(, "faults": {"unplugged": [[[1, 0], [2, 0]]]})", 3, 1);
  const auto board = open_board(file.uri(), {.tolerant = true});
  EXPECT_LT(board->clocks(), 2 * (20'000 + 8 * 6'000) + 20'000u);
  ASSERT_FALSE(board->problems().empty());
  const board::Traffic traffic = board::exchange(*board, 1, light_seed(*board, 3'000));
  EXPECT_EQ(traffic.senders, 2u);
  const auto lanes = board::test_bit_errors(*board, 1'000);
  ASSERT_EQ(lanes.size(), 4u);
  const BoardEnd west{1, 1};
  for (const board::LaneErrors& lane : lanes) EXPECT_EQ(lane.in_step, lane.end.chip == 0 || lane.end == west);
}

TEST(BitErrors, AreCountedAtTheirRateOverLongWires) {
  const TemporaryBoard file(R"(, "wires": {"latency": 3000, "bit_error_rate": 1e-3})", 2, 1);
  const auto board = open_board(file.uri(), {.tolerant = true});
  for (const board::LaneErrors& lane : board::test_bit_errors(*board, 20'000)) {
    EXPECT_TRUE(lane.in_step);
    // 320 errors are due; with probability 1 - 2e-6 the bounds hold it.
    EXPECT_LT(lane.count().lower(1 - 1e-6), 1e-3) << lane.errors;
    EXPECT_GT(lane.count().upper(1 - 1e-6), 1e-3) << lane.errors;
  }
}

/// Bursts cost a checker its step: what it missed is known, and counts as wrong.
TEST(BitErrors, WhatIsMissedCounts) {
  const TemporaryBoard file(R"(, "wires": {"burst_rate": 3e-5, "burst_bits": 400})", 2, 1);
  const auto board = open_board(file.uri(), {.tolerant = true});
  std::uint64_t missed = 0;
  for (const board::LaneErrors& lane : board::test_bit_errors(*board, 20'000)) {
    EXPECT_GE(lane.bits + lane.missed_bits, 16u * 20'000);
    EXPECT_GE(lane.count().rate(), static_cast<double>(lane.errors) / static_cast<double>(lane.bits));
    missed += lane.missed_bits;
  }
  EXPECT_GT(missed, 0u);
}

}  // namespace
}  // namespace hilbert

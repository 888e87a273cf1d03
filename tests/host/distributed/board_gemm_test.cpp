// SPDX-License-Identifier: Apache-2.0
// Products over boards of reference models: every bit, whatever shape, format, option and board.
#include <hilbert/board.hpp>
#include <hilbert/error.hpp>

#include "distributed/board_plan.hpp"
#include "support/products.hpp"
#include "support/random.hpp"

namespace hilbert {
namespace {

std::unique_ptr<Board> model_board(unsigned width, unsigned height, const std::string& rest = "",
                                   const std::string& chip = "4x8x2") {
  const std::string text =
      fmt::format(R"({{"version": 1, "name": "t", "chip": "{}", "mesh": {{"width": {}, "height": {}}}{}}})", chip,
                  width, height, rest);
  return open_model_board(parse_board_file(text, "test.json"), {.tolerant = true});
}

TEST(BoardGemm, IsExactOnAnyBoard) {
  Random random(seed_of(11));
  unsigned seed = 0;
  for (const auto& [width, height] : {std::pair{1u, 1u}, {2u, 1u}, {1u, 3u}, {2u, 2u}, {3u, 2u}, {4u, 4u}, {5u, 5u}}) {
    BoardRuntime runtime(model_board(width, height));
    for (unsigned i = 0; i < 12; ++i) expect_exact(runtime, random_job(random, i < 9 ? 90 : 300), ++seed, i % 2 == 0);
  }
}

TEST(BoardGemm, IsExactOnTheLargeChip) {
  Random random(seed_of(12));
  BoardRuntime runtime(model_board(2, 3, "", "node"));
  for (unsigned i = 0; i < 6; ++i) expect_exact(runtime, random_job(random, 500), i);
}

TEST(BoardGemm, GoesBlockByBlockWhereTheBoardIsTooSmall) {
  BoardRuntime runtime(model_board(2, 2));
  model::Gemm job;
  job.m = 300, job.n = 210, job.k = 40;
  job.a = job.b = job.d = {model::Format::bf16, 0};
  job.accumulate = job.stochastic = true;
  job.seed = 77, job.row0 = 65500, job.col0 = 3;  // origins of blocks go round at 2^16
  expect_exact(runtime, job, 1, true);
  EXPECT_GT(runtime.figures().blocks, 1u);
  EXPECT_EQ(runtime.figures().width * runtime.figures().height, 4u);
}

/// Every byte of the operands goes from the host to one chip, and over a link to every other one that needs it.
TEST(BoardGemm, OperandsAreWrittenOnceAndSentOn) {
  BoardRuntime runtime(model_board(3, 2));
  model::Gemm job;
  job.m = 64, job.n = 96, job.k = 512;
  job.a = job.b = {model::Format::bf16, 0};
  const CodesResult result = expect_exact(runtime, job, 1, true);
  EXPECT_EQ(runtime.figures().width, 3u);
  EXPECT_EQ(runtime.figures().height, 2u);
  EXPECT_EQ(runtime.figures().blocks, 1u);
  EXPECT_EQ(result.report.bytes_up, 2u * 512 * (64 + 96));
  EXPECT_EQ(runtime.figures().link_bytes, 2u * 512 * (2 * 64 + 96));
  EXPECT_EQ(result.report.bytes_down, 4u * 64 * 96);
}

TEST(BoardGemm, UsesTheLargestRectangleThatIsWhole) {
  Random random(seed_of(5));
  {
    BoardRuntime runtime(model_board(3, 3, R"(, "without": {"chips": [[1, 2]]})"));
    for (unsigned i = 0; i < 4; ++i) expect_exact(runtime, random_job(random, 60), i);
    EXPECT_EQ(distributed::largest_grid(runtime.board()).chips(), 6u);
  }
  {
    BoardRuntime runtime(model_board(3, 2, R"(, "faults": {"unplugged": [[[0, 0], [1, 0]]]})"));
    for (unsigned i = 0; i < 4; ++i) expect_exact(runtime, random_job(random, 60), i);
    const distributed::Grid grid = distributed::largest_grid(runtime.board());
    EXPECT_EQ(grid.chips(), 4u);
    EXPECT_EQ(grid.origin, (Place{1, 0}));
  }
}

TEST(BoardGemm, RefusesWhatTheRuntimeRefuses) {
  BoardRuntime runtime(model_board(2, 1));
  model::Gemm job;
  job.m = job.n = job.k = 4, job.depth = 2;
  job.a = job.b = {model::Format::bf16, 0};
  const std::vector<std::byte> good(32), bad(31);
  EXPECT_THROW((void)runtime.gemm_codes(job, good, bad), Error);
  job.depth = 4;
  EXPECT_THROW((void)runtime.gemm_codes(job, good, good), Error);
  job.depth = 2, job.a = {model::Format::fp32, 0};
  EXPECT_THROW((void)runtime.gemm_codes(job, good, good), Error);
  const Matrix<float> a(3, 4), b(5, 2);
  EXPECT_THROW((void)runtime.gemm(a, b), Error);
}

TEST(BoardGemm, TakesFloats) {
  BoardRuntime runtime(model_board(2, 2));
  Matrix<float> a(2, 3), b(3, 1);
  for (std::size_t i = 0; i < 6; ++i) a.elements()[i] = static_cast<float>(i);
  for (std::size_t i = 0; i < 3; ++i) b.elements()[i] = 2;
  const GemmResult result = runtime.gemm(a, b);
  EXPECT_EQ(result.d(0, 0), 6.0F);
  EXPECT_EQ(result.d(1, 0), 24.0F);
}

}  // namespace
}  // namespace hilbert

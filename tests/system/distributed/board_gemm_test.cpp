// SPDX-License-Identifier: Apache-2.0
// Matrix products over boards of verilated chips.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <hilbert/error.hpp>

#include "products.hpp"
#include "temporary_board.hpp"

namespace hilbert {
namespace {

model::Gemm product(std::uint32_t m, std::uint32_t n, std::uint32_t k, const char* format = "bf16") {
  model::Gemm job;
  job.m = m, job.n = n, job.k = k;
  job.a = job.b = *model::parse_format(format);
  job.d = {model::Format::fp32, 0};
  return job;
}

TEST(BoardGemm, IsExactOnTwoByTwo) {
  const TemporaryBoard file("");
  BoardRuntime runtime(file.uri());
  expect_exact(runtime, product(64, 96, 200), 1, true);
  EXPECT_EQ(runtime.figures().width * runtime.figures().height, 4u);
  EXPECT_GT(runtime.figures().link_bytes, 0u);
  expect_exact(runtime, product(64, 96, 200, "e4m3"), 2);
  expect_exact(runtime, product(1, 1, 1), 3);
}

TEST(BoardGemm, IsExactForAnyShapeAndFormat) {
  const TemporaryBoard file("");
  BoardRuntime runtime(file.uri());
  std::mt19937 random(7);
  for (unsigned i = 0; i < 12; ++i) expect_exact(runtime, random_job(random, 150), i);
}

}  // namespace
}  // namespace hilbert

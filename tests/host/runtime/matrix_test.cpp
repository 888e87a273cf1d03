// SPDX-License-Identifier: Apache-2.0
// Sizes that are too large, and matrices that are not what they say: refused in words, before anything is done.
#include <gtest/gtest.h>

#include <hilbert/convert.hpp>
#include <hilbert/matrix.hpp>
#include <hilbert/npy.hpp>
#include <hilbert/runtime.hpp>
#include <utility>

#include "runtime/product.hpp"
#include "support/errors.hpp"

namespace hilbert {
namespace {

constexpr std::uint64_t most = std::uint64_t{1} << 31;  // what the messages promise

template <typename Action>
void too_large(Action action) {
  expect_error(ExitCode::bad_input, "at most 2147483648 (2^31)", action);
}

TEST(MatrixSize, TheLimitIsNamed) {
  too_large([] { (void)checked_matrix_bytes(most + 1, 0, 4, "x"); });
  too_large([] { (void)checked_matrix_bytes(1, most + 1, 4, "x"); });
  EXPECT_EQ(checked_matrix_bytes(most, 3, 4, "x"), 3 * 4 * most);
  EXPECT_EQ(checked_matrix_bytes(most, most, 1, "x"), most * most);
  expect_error(ExitCode::bad_input, "x: 2147483648 x 2147483648 elements of 4 bytes are beyond any memory",
               [] { (void)checked_matrix_bytes(most, most, 4, "x"); });
}

TEST(MatrixSize, AMatrixHasTheElementsThatItSays) {
  const std::vector<float> six{1, 2, 3, 4, 5, 6};
  EXPECT_EQ(Matrix<float>(3, 2, six)(2, 1), 6);
  for (const auto& [rows, cols] : {std::pair<std::size_t, std::size_t>{2, 2}, {3, 3}, {0, 6}, {6, 0}, {1, 0}}) {
    expect_error(ExitCode::bad_input, " from 6 elements", [&, r = rows, c = cols] { (void)Matrix<float>(r, c, six); });
  }
  too_large([&] { (void)Matrix<float>(std::size_t{1} << 63, 2, {}); });  // their product is 0 in 64 bits
  too_large([&] { (void)Matrix<float>(std::size_t{1} << 33, std::size_t{1} << 31); });
  expect_error(ExitCode::bad_input, "beyond any memory", [] { (void)Matrix<double>(most, most); });
}

TEST(MatrixSize, ViewsBeyondTheLimitAreRefusedBeforeTheyAreLookedAt) {
  const MatrixView<const float> deep(nullptr, std::size_t{1} << 33, std::size_t{1} << 31);
  too_large([&] { (void)encode_matrix(deep, "bf16"); });
  too_large([&] { (void)format_npy(deep); });
  EXPECT_NE(deep.size(), 0u);
  expect_error(ExitCode::bad_input, "6 bytes of codes for 2 x 3 of bf16", [] {
    (void)format_npy_codes({FormatArg("bf16").spec, 2, 3, std::vector<std::byte>(6), {}});
  });
  expect_error(ExitCode::bad_input, "6 bytes of codes are not 6 elements of bf16", [] {
    (void)decode_matrix({FormatArg("bf16").spec, 2, 3, std::vector<std::byte>(6), {}});
  });
}

TEST(MatrixSize, ProductsAreRefusedBeforeTheyAreRounded) {
  Runtime rt("model:small");
  const float one = 1;
  const auto view = [&](std::size_t rows, std::size_t cols) { return MatrixView<const float>(&one, rows, cols, 0, 0); };
  too_large([&] { (void)rt.gemm(view(most + 1, 1), view(1, 1)); });
  too_large([&] { (void)rt.gemm(view(1, 1), view(1, 0x1'0000'0001)); });
  too_large([&] { (void)rt.gemm(view(1, most + 1), view(most + 1, 1)); });
  expect_error(ExitCode::bad_input, "is empty", [&] { (void)rt.gemm(view(most, 0), view(0, 1)); });
  expect_error(ExitCode::bad_input, "beyond any memory", [&] { (void)rt.gemm(view(most, 1), view(1, most)); });
}

/// The smallest spans with which sizes of 32 bits agree when their product loses its upper half.
TEST(MatrixSize, CodesOfAnotherSizeAreRefused) {
  Runtime rt("model:small");
  model::Gemm job;
  job.a = job.b = FormatArg("e4m3");
  job.depth = rt.geometry().depth;
  const std::vector<std::byte> none;
  for (const std::uint32_t m : {0xFFFF'FFFFu, 0x8000'0001u}) {
    job.m = m, job.n = 1, job.k = 1;
    too_large([&] { (void)rt.gemm_codes(job, none, none); });
    job.m = 1, job.k = m;
    too_large([&] { (void)rt.gemm_codes(job, none, none); });
  }
  job.m = job.n = 2, job.k = 3;
  const std::vector<std::byte> six(6), seven(7);
  expect_error(ExitCode::bad_input, "A has 7 bytes", [&] { (void)rt.gemm_codes(job, seven, six); });
  expect_error(ExitCode::bad_input, "B has 7 bytes", [&] { (void)rt.gemm_codes(job, six, seven); });
  job.accumulate = true;
  expect_error(ExitCode::bad_input, "C has 0 bytes", [&] { (void)rt.gemm_codes(job, six, six); });
}

TEST(MatrixSize, DeviceMatrices) {
  Runtime rt("model:full");
  for (const std::uint32_t rows : {0xFFFF'FFFFu, 0xFFFF'FFF9u, 0x8000'0001u}) {
    for (const Role role : {Role::a, Role::b, Role::d}) {
      too_large([&] { (void)rt.place(rows, 1, "e4m3", role); });
      too_large([&] { (void)rt.place(1, rows, "e4m3", role); });
    }
  }
  expect_error(ExitCode::bad_input, "do not fit", [&] { (void)rt.place(0x8000'0000u, 1, "e4m3", Role::a); });
  expect_error(ExitCode::bad_input, "do not fit", [&] { (void)rt.place(0x7FFF'FFFFu, 0x7FFF'FFFFu, "bf16", Role::d); });
}

/// Neither one that was never placed, nor what is left of one that was moved from, says where something lies.
TEST(MatrixSize, DeviceMatricesWithoutMemoryAreRefused) {
  Runtime rt("model:full");
  const auto refused = [](auto action) { expect_error(ExitCode::bad_input, "has no memory on the device", action); };
  DeviceMatrix first = rt.place(8, 8, "e4m3", Role::a);
  const DeviceMatrix moved = std::move(first);
  DeviceMatrix stretched = rt.place(8, 8, "e4m3", Role::a);
  stretched.layout.rows = 80;
  DeviceMatrix renamed = rt.place(8, 8, "e4m3", Role::a);
  renamed.format = FormatArg("fp32");
  for (const DeviceMatrix* bad :
       {static_cast<const DeviceMatrix*>(&first), static_cast<const DeviceMatrix*>(&stretched),
        static_cast<const DeviceMatrix*>(&renamed)}) {
    const std::vector<std::byte> codes(std::size_t{bad->layout.rows} * bad->layout.cols * bad->layout.element_bytes);
    refused([&] { rt.upload(*bad, codes); });
    refused([&] { (void)rt.download(*bad); });
    refused([&] { (void)rt.convert(*bad, moved); });
    refused([&] { (void)rt.convert(moved, *bad); });
    refused([&] { rt.copy(*bad, *bad); });
    refused([&] { rt.fill(*bad, 0); });
  }
  refused([&] { (void)rt.download(DeviceMatrix{}); });
  EXPECT_EQ(rt.download(moved).size(), 64u);
}

}  // namespace
}  // namespace hilbert

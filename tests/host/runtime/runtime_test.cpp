// SPDX-License-Identifier: Apache-2.0
// The runtime on the model device: small jobs, retries after poison, reuse of operands, and what it refuses.
#include <gtest/gtest.h>

#include <cstring>
#include <hilbert/model/layout.hpp>
#include <hilbert/runtime.hpp>

#include "support/errors.hpp"
#include "support/random.hpp"
#include "support/saboteur.hpp"

namespace hilbert {
namespace {

std::vector<std::byte> random_codes(Random& random, std::size_t bytes) {
  std::vector<std::byte> codes(bytes);
  for (auto& byte : codes) byte = static_cast<std::byte>(random.bits32());
  return codes;
}

struct Problem {
  model::Gemm job;
  std::vector<std::byte> a, b;
};

Problem cf8_problem(std::uint32_t m, std::uint32_t n, std::uint32_t k, unsigned depth) {
  Random random(m * 7 + n * 5 + k);
  Problem p;
  p.job.m = m, p.job.n = n, p.job.k = k, p.job.depth = depth;
  p.job.a = p.job.b = {model::Format::cf8_143, 7};
  p.a = random_codes(random, std::size_t{m} * k);
  p.b = random_codes(random, std::size_t{k} * n);
  return p;
}

/// A runtime on a saboteur that the test keeps a hold of.
struct Bench {
  explicit Bench(std::string_view uri, RuntimeOptions options = {.path = JobPath::direct})
      : owned(std::make_unique<Saboteur>(uri)), device(*owned), runtime(std::move(owned), options) {}
  std::unique_ptr<Saboteur> owned;
  Saboteur& device;
  Runtime runtime;
};

TEST(Runtime, FloatProductOfSmallIntegersIsExact) {
  Runtime rt("model:small");
  const Matrix<float> a(2, 3, {1, 2, 3, 4, 5, 6}), b(3, 2, {7, 8, 9, 10, 11, 12}), c(2, 2, {-100, 0, 0.5f, 1});
  EXPECT_EQ(rt.gemm(a, b).d, Matrix<float>(2, 2, {58, 64, 139, 154}));
  GemmOptions options;
  options.c = c;
  options.relu = true;
  EXPECT_EQ(rt.gemm(a, b, options).d, Matrix<float>(2, 2, {0, 64, 139.5f, 155}));
  EXPECT_EQ(rt.gemm(b.view().transposed(), a.view().transposed()).d, Matrix<float>(2, 2, {58, 139, 64, 154}));
  EXPECT_EQ(rt.gemm(a, b, {.a = "int8", .b = "e5m2", .d = "bf16"}).d(0, 0),
            1 * 7 + 2 * 8 + 3 * 12);  // 9 -> 8, 11 -> 12
}

TEST(Runtime, APoisonedOperandCostsOneRetryAndNoBit) {
  const Problem p = cf8_problem(40, 40, 40, 2);
  const auto expected = model::gemm(p.job, p.a, p.b);
  // Every doorbell of the product in turn: the word that the job is about to read, in A's, B's and D's first slot.
  for (const std::uint32_t address : {0u, 1u * 2048u, 3u * 2048u, queue_base + 0u}) {
    std::uint64_t retries = 0;
    for (int victim = 0; victim < 12; ++victim) {
      Bench bench("model:small");
      int doorbells = 0;
      bench.device.before_doorbell = [&](Device& device) {
        if (doorbells++ == victim) poison(device, address);
      };
      const CodesResult result = bench.runtime.gemm_codes(p.job, p.a, p.b);
      ASSERT_EQ(result.d, expected.d) << "doorbell " << victim << " address " << address;
      ASSERT_EQ(model::to_string(result.flags), model::to_string(expected.flags));
      retries += result.report.retries;
    }
    if (address != 3u * 2048u) {  // a result's word is written before it is read
      EXPECT_GT(retries, 0u) << address;
    }
  }
}

TEST(Runtime, PoisonedCarriedSumsAndResultsAreComputedAgain) {
  Problem p = cf8_problem(8, 8, 5000, 2);  // K is cut: sums are carried in the last bank
  const auto expected = model::gemm(p.job, p.a, p.b);
  for (int victim = 1; victim < 6; ++victim) {
    Bench bench("model:small");
    int doorbells = 0;
    bench.device.before_doorbell = [&](Device& device) {
      if (doorbells++ == victim) poison(device, 3 * 2048);
    };
    const CodesResult result = bench.runtime.gemm_codes(p.job, p.a, p.b);
    ASSERT_GT(result.report.jobs, 6u);
    ASSERT_EQ(result.d, expected.d);
    ASSERT_EQ(result.report.retries, 1u) << victim;
  }
  // The result itself, poisoned between the last job and the download.
  Bench bench("model:small");
  bool done = false;
  bench.device.after_read = [&](std::uint32_t address, std::span<std::byte>) {
    if (address < queue_base && !done) {
      done = true;
      throw UncorrectableError(address, "model:small");
    }
  };
  const CodesResult result = bench.runtime.gemm_codes(p.job, p.a, p.b);
  EXPECT_EQ(result.d, expected.d);
  EXPECT_EQ(result.report.retries, 1u);
}

TEST(Runtime, GivesUpAfterTheRetriesAllowed) {
  const Problem p = cf8_problem(4, 4, 4, 2);
  RuntimeOptions options;
  options.path = JobPath::direct;
  options.max_retries = 2;
  Bench bench("model:small", options);
  int doorbells = 0;
  bench.device.before_doorbell = [&](Device& device) {
    ++doorbells;
    poison(device, 0);  // A's slots: the attempts take turns
    poison(device, 2 * 2048);
  };
  expect_error(ExitCode::machine, "failed in all 3 attempts, the last time: POISONED: uncorrectable word at 0x00000000",
               [&] { (void)bench.runtime.gemm_codes(p.job, p.a, p.b); });
  EXPECT_EQ(doorbells, 3);
  bench.device.before_doorbell = nullptr;
  EXPECT_EQ(bench.runtime.gemm_codes(p.job, p.a, p.b).d, model::gemm(p.job, p.a, p.b).d);  // still usable
}

TEST(Runtime, OperandsThatStayAreUploadedOnce) {
  // One column of tiles that B's slot covers: B goes up once, A once, D comes down once; nothing else moves.
  Bench bench("model:full");
  const Problem p = cf8_problem(512, 64, 128, 4);
  const CodesResult result = bench.runtime.gemm_codes(p.job, p.a, p.b);
  EXPECT_GT(result.report.jobs, 1u);
  EXPECT_EQ(result.report.bytes_up, 512u * 128u + 64u * 128u);
  EXPECT_EQ(result.report.bytes_down, 512u * 64u * 4u);
  EXPECT_EQ(result.report.macs, 512u * 64u * 128u);
}

TEST(Runtime, ReleasesItsMemoryAndWorksAroundTheUsers) {
  const Problem p = cf8_problem(33, 35, 37, 2);
  const auto expected = model::gemm(p.job, p.a, p.b).d;
  Runtime rt("model:small");
  const std::uint32_t free = rt.memory().free_bytes();
  const DeviceMatrix mine = rt.place(20, 50, "bf16", Role::a);
  const auto kept = [&] {
    Random random(seed_of(4));
    return random_codes(random, 20 * 50 * 2);
  }();
  rt.upload(mine, kept);
  EXPECT_EQ(rt.gemm_codes(p.job, p.a, p.b).d, expected);
  EXPECT_EQ(rt.download(mine), kept);
  EXPECT_EQ(rt.memory().free_bytes(), free - mine.buffer.bytes());
  {
    std::vector<Buffer> hog;
    for (std::uint32_t bank = 0; bank < 4; ++bank)
      hog.push_back(rt.memory().allocate(rt.memory().largest_free(bank), bank));
    expect_error(ExitCode::bad_input, "not even one panel", [&] { (void)rt.gemm_codes(p.job, p.a, p.b); });
    hog.resize(3);  // one bank left: everything shares it
    EXPECT_EQ(rt.gemm_codes(p.job, p.a, p.b).d, expected);
  }
}

TEST(Runtime, ConvertCopyFill) {
  Runtime rt("model:small");
  const Matrix<float> values(3, 5, {1, -2, 3.5f, 1000, -0.0f, 0.3f, -0.3f, 7, 8, 9, 10, 11, 1e-9f, 13, 14});
  const DeviceMatrix from = rt.place(3, 5, "fp32", Role::d), to = rt.place(3, 5, "e4m3", Role::a);
  rt.upload(from, encode_matrix(values, "fp32").codes);
  EncodeOptions options;
  options.saturate = true;
  const model::Flags flags = rt.convert(from, to, options);
  const CodeMatrix expected = encode_matrix(values, "e4m3", options);
  EXPECT_EQ(rt.download(to), expected.codes);
  EXPECT_EQ(model::to_string(flags), model::to_string(expected.flags));

  options.rounding = model::Rounding::stochastic;
  options.seed = 5, options.row0 = 65535, options.col0 = 3;
  rt.convert(from, to, options);
  EXPECT_EQ(rt.download(to), encode_matrix(values, "e4m3", options).codes);

  const DeviceMatrix other = rt.place(3, 5, "fp32", Role::d);
  rt.copy(from, other);
  EXPECT_EQ(rt.download(other), rt.download(from));
  rt.fill(other, 0x3F800000);
  EXPECT_EQ(rt.download(other), encode_matrix(Matrix<float>(3, 5, std::vector<float>(15, 1.0f)), "fp32").codes);
  expect_error(ExitCode::bad_input, "same size, panels and format", [&] { rt.copy(from, to); });
  expect_error(ExitCode::bad_input, "bytes of codes", [&] { rt.upload(to, {}); });
}

TEST(Runtime, RefusesWhatCannotBe) {
  Runtime rt("model:small");
  const Matrix<float> a(2, 3), b(4, 2), none(0, 3);
  expect_error(ExitCode::bad_input, "A is 2 x 3, B is 4 x 2: the inner sizes differ", [&] { (void)rt.gemm(a, b); });
  expect_error(ExitCode::bad_input, "is empty", [&] { (void)rt.gemm(none, Matrix<float>(3, 1)); });
  expect_error(ExitCode::bad_input, "fp32 cannot be the format of operand A",
               [&] { (void)rt.gemm(a, Matrix<float>(3, 1), {.a = "fp32"}); });
  Problem p = cf8_problem(4, 4, 4, 4);
  expect_error(ExitCode::bad_input, "the job is for Depth 4, the device has Depth 2",
               [&] { (void)rt.gemm_codes(p.job, p.a, p.b); });
  p.job.depth = 2;
  p.a.pop_back();
  expect_error(ExitCode::bad_input, "A has 15 bytes", [&] { (void)rt.gemm_codes(p.job, p.a, p.b); });
  p.job.a.bias = 64;
  expect_error(ExitCode::bad_input, "bias 64 of A", [&] { (void)rt.gemm_codes(p.job, p.a, p.b); });
}

}  // namespace
}  // namespace hilbert

// SPDX-License-Identifier: Apache-2.0
// hb_engine against the reference model: every byte of memory, every flag, and the clocks it takes.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <hilbert/number.hpp>
#include <set>

#include "engine_bench.hpp"
#include "hilbert/model/tile.hpp"
#include "jobs.hpp"
#include "support/random.hpp"
#include "support/reproduce.hpp"

namespace hilbert::test {
namespace {

using model::Descriptor;
using model::Format;
using model::Opcode;

/// Each job depends on its own seed alone, from HILBERT_SEED on.
std::uint64_t job_count(std::uint64_t otherwise) {
  return number_from_environment<std::uint64_t>("HILBERT_ENGINE_JOBS", otherwise);
}

std::string reproduce(std::uint64_t seed, const Descriptor& job) {
  return to_string(job) + "\n" + hilbert::reproduce(seed, "HILBERT_ENGINE_JOBS=1");
}

/// The memory after the job, and its flags, by the reference model.
struct Expected {
  std::vector<std::byte> memory;
  std::uint8_t flags;
};

Expected expect(const Descriptor& job, const std::vector<std::byte>& before) {
  model::Tile tile(shape);
  std::ranges::copy(before, tile.memory().begin());
  const auto completion = tile.run(job.pack());
  if (!completion || completion->status != model::Status::ok) throw std::logic_error("the test made an illegal job");
  return {{tile.memory().begin(), tile.memory().end()}, completion->flags.bits};
}

std::string first_difference(const std::vector<std::byte>& is, const std::vector<std::byte>& should) {
  const auto [a, b] = std::ranges::mismatch(is, should);
  if (a == is.end()) return "";
  return fmt::format("byte {:#x}: is {:#04x}, should be {:#04x}", a - is.begin(), static_cast<unsigned>(*a),
                     static_cast<unsigned>(*b));
}

constexpr std::uint64_t limit = 2'000'000;

std::uint64_t ceil_div(std::uint64_t a, std::uint64_t b) { return (a + b - 1) / b; }
std::uint64_t steps_of(const Descriptor& j) {
  return j.opcode != Opcode::gemm ? 0
                                  : ceil_div(j.m, shape.rows) * ceil_div(j.n, shape.cols) * ceil_div(j.k, shape.depth);
}

Conditions random_conditions(Random& random) {
  Conditions c;
  c.banks = random() % 2 != 0;
  for (double& p : c.stall) p = random() % 3 == 0 ? 0.0 : static_cast<double>(random() % 90) / 100;
  if (random() % 4 == 0) c = {};
  return c;
}

/// Runs the job and compares all there is to compare.
Outcome run_and_check(EngineBench& bench, const Descriptor& job, const Conditions& conditions) {
  const Expected expected = expect(job, bench.memory());
  Outcome out = bench.run(job, conditions, limit);
  EXPECT_EQ(first_difference(bench.memory(), expected.memory), "");
  EXPECT_EQ(model::to_string(model::Flags{out.flags}), model::to_string(model::Flags{expected.flags}));
  EXPECT_EQ(out.steps, steps_of(job));
  EXPECT_EQ(out.macs, std::uint64_t{job.m} * job.n * job.k);
  EXPECT_EQ(out.steps_at_first_silence, steps_of(job)) << "a clock before the last step is not accounted for";
  const std::set<std::uint32_t> once(out.words_written.begin(), out.words_written.end());
  EXPECT_EQ(once.size(), out.words_written.size()) << "a word was written twice";
  return out;
}

TEST(Engine, RandomJobs) {
  EngineBench bench(run_seed());
  const std::uint64_t jobs = job_count(1500);
  for (std::uint64_t seed = run_seed(); seed < run_seed() + jobs; ++seed) {
    Random random(seed);
    const Descriptor job = random_job(random, shape);
    SCOPED_TRACE(reproduce(seed, job));
    fill_memory(random, job, shape, bench.memory());
    const Outcome out = run_and_check(bench, job, random_conditions(random));
    EXPECT_FALSE(out.poison);
    if (HasFailure()) break;
  }
}

TEST(Engine, PoisonKeepsTheFirstWordAndTheJobRunsToItsEnd) {
  EngineBench bench(run_seed());
  unsigned poisoned = 0;
  for (std::uint64_t seed = run_seed(); seed < run_seed() + job_count(200); ++seed) {
    Random random(seed);
    const Descriptor job = random_job(random, shape);
    SCOPED_TRACE(reproduce(seed, job));
    fill_memory(random, job, shape, bench.memory());
    Conditions conditions = random_conditions(random);
    conditions.uncorrectable = 0.02;
    const Outcome out = run_and_check(bench, job, conditions);
    EXPECT_EQ(out.poison, out.expected_poison_word.has_value());
    EXPECT_EQ(out.poison_word, out.expected_poison_word.value_or(0));
    poisoned += out.poison;
    if (HasFailure()) break;
  }
  if (job_count(200) >= 200) EXPECT_GT(poisoned, 20u);
}

TEST(Engine, AbortStopsAtOnceAndTheNextJobIsRight) {
  EngineBench bench(run_seed());
  unsigned cut_short = 0;
  for (std::uint64_t seed = run_seed(); seed < run_seed() + job_count(400); ++seed) {
    Random random(seed);
    Descriptor job = random_job(random, shape);
    SCOPED_TRACE(reproduce(seed, job));
    fill_memory(random, job, shape, bench.memory());
    const std::vector<std::byte> before = bench.memory();
    const Expected expected = expect(job, before);
    Conditions conditions = random_conditions(random);
    conditions.abort_clock = 1 + random() % (random() % 2 != 0 ? 20 : 200);
    conditions.abort_level = random() % 2 != 0;
    const Outcome out = bench.run(job, conditions, limit);
    EXPECT_LE(out.clocks_after_abort, 4u);
    cut_short += first_difference(bench.memory(), expected.memory) != "";
    for (std::size_t i = 0; i < before.size(); ++i) {  // what was written is right, and inside D
      const bool in_d = i >= job.d_at.base && i < end_of_d(job, shape);
      const bool fine = bench.memory()[i] == before[i] || (in_d && bench.memory()[i] == expected.memory[i]);
      if (!fine) FAIL() << fmt::format("byte {:#x} is wrong after an abort", i);
    }
    job = random_job(random, shape);
    SCOPED_TRACE(reproduce(seed, job));
    fill_memory(random, job, shape, bench.memory());
    run_and_check(bench, job, random_conditions(random));
    if (HasFailure()) break;
  }
  if (job_count(400) >= 400) EXPECT_GT(cut_short, 100u);
}

/// A GEMM with A in bank 0, B in bank 1 and D from bank 2 on, in a memory without stalls but with one access a bank a
/// clock.
struct Measured {
  double utilisation;
  Outcome out;
};

Measured measure(std::uint16_t m, std::uint16_t n, std::uint16_t k, Format operand, Format result, bool accumulate) {
  EngineBench bench(1);
  Random random(seed_of(1));
  Descriptor job;
  job.opcode = Opcode::gemm;
  job.m = m, job.n = n, job.k = k;
  job.a.format = job.b.format = operand;
  job.d.format = result;
  job.accumulate = accumulate;
  const auto stride = [](std::uint32_t panel_rows, std::uint32_t cols, Format f) {
    const auto bytes = ceil_div(cols, shape.depth) * panel_rows * shape.depth * model::element_bytes(f);
    return static_cast<std::uint32_t>(ceil_div(bytes, shape.word_bytes()) * shape.word_bytes());
  };
  job.a_at = {0, stride(shape.rows, k, operand)};
  job.b_at = {shape.bank_bytes, stride(shape.cols, k, operand)};
  job.d_at = {2 * shape.bank_bytes, stride(shape.rows, n, result)};
  if (accumulate)
    job.c_at =
        result == Format::fp32 ? job.d_at : model::Region{3 * shape.bank_bytes, stride(shape.rows, n, Format::fp32)};
  fill_memory(random, job, shape, bench.memory());
  Conditions conditions;
  conditions.banks = true;
  Measured measured{0, run_and_check(bench, job, conditions)};
  const Outcome& o = measured.out;
  measured.utilisation = static_cast<double>(o.steps) / static_cast<double>(o.active);
  fmt::print("{}x{}x{} {} -> {}{}: {} clocks, {} steps, {:.2f} %; waited {} for operands, {} for results, {} for C\n",
             m, n, k, model::info(operand).name, model::info(result).name, accumulate ? " accumulate" : "", o.active,
             o.steps, 100 * measured.utilisation, o.wait_operands, o.wait_result, o.wait_c);
  return measured;
}

TEST(Engine, KeepsTheArrayBusy) {
  const auto m = static_cast<std::uint16_t>(8 * shape.rows), n = static_cast<std::uint16_t>(8 * shape.cols);
  const auto k = static_cast<std::uint16_t>(32 * shape.depth);
  for (const Format operand : {Format::bf16, Format::e4m3}) {
    for (const Format result : {Format::fp32, Format::bf16, Format::int8}) {
      EXPECT_GE(measure(m, n, k, operand, result, false).utilisation, 0.98);
    }
    EXPECT_GE(measure(m, n, k, operand, Format::fp32, true).utilisation, 0.97);
  }
}

TEST(Engine, MeetsTheTargetsOfFull) {
  if (shape.rows != 8 || shape.cols != 8 || shape.depth != 4) GTEST_SKIP() << "the targets are those of 8x8x4";
  EXPECT_GE(measure(64, 64, 256, Format::bf16, Format::fp32, false).utilisation, 0.97);
  EXPECT_GE(measure(64, 64, 64, Format::bf16, Format::fp32, false).utilisation, 0.95);
  EXPECT_GE(measure(128, 128, 128, Format::bf16, Format::fp32, false).utilisation, 0.99);
  measure(64, 64, 64, Format::e4m3, Format::fp32, false);
  measure(64, 64, 64, Format::bf16, Format::fp32, true);
  measure(64, 64, 16, Format::bf16, Format::fp32, true);
  measure(64, 64, 16, Format::bf16, Format::fp32, false);
}

/// COPY and FILL move a word a clock, CONVERT a chunk a clock, apart from the latency of the first word.
TEST(Engine, MovesAWordAClock) {
  EngineBench bench(1);
  Random random(seed_of(1));
  Conditions conditions;
  conditions.banks = true;
  Descriptor job;
  job.opcode = Opcode::copy;
  job.m = 4;
  job.n = static_cast<std::uint16_t>(shape.bank_bytes / shape.word_bytes() / 4);
  job.a_at = {0, job.n * shape.word_bytes()};
  job.d_at = {2 * shape.bank_bytes, job.n * shape.word_bytes()};
  const std::uint64_t words = std::uint64_t{job.m} * job.n;
  fill_memory(random, job, shape, bench.memory());
  EXPECT_LE(run_and_check(bench, job, conditions).active, words + 6);
  job.opcode = Opcode::fill;
  job.a_at = {};
  job.seed = 0x1234'5678;
  EXPECT_LE(run_and_check(bench, job, conditions).active, words + 2);

  job = {};
  job.opcode = Opcode::convert;
  job.m = static_cast<std::uint16_t>(shape.rows);
  job.n = static_cast<std::uint16_t>(shape.bank_bytes / shape.rows / 4);
  job.d.format = Format::bf16;
  job.d_at = {shape.bank_bytes, shape.bank_bytes};
  job.a_at = {0, shape.bank_bytes};
  EXPECT_LE(run_and_check(bench, job, conditions).active, shape.bank_bytes / shape.word_bytes() + 8);
}

}  // namespace
}  // namespace hilbert::test

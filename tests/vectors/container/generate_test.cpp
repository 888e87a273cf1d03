// SPDX-License-Identifier: Apache-2.0
// The generator: the same everywhere, and each family holds what it promises.
#include <gtest/gtest.h>

#include <hilbert/model/format.hpp>
#include <map>
#include <set>

#include "support/errors.hpp"
#include "support/vector_files.hpp"

namespace hilbert::vectors {
namespace {

std::vector<MatrixJob> jobs(std::string_view family) {
  std::vector<MatrixJob> all;
  const Family& f = find_family(family);
  for (std::uint32_t i = 0; i < f.corpus_count; ++i) {
    all.push_back(std::get<MatrixJob>(generate(f, corpus_seed, i).body));
  }
  return all;
}

TEST(Generate, RandomNumbersAreSplitMix64) {
  // Published output for the seed 1234567 (rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64).
  Rng rng(1234567);
  for (const std::uint64_t expected : {6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                                       4593380528125082431u, 16408922859458223821u}) {
    EXPECT_EQ(rng.next(), expected);
  }
}

TEST(Generate, ACaseDependsOnSeedFamilyAndIndexAlone) {
  std::set<std::uint32_t> operands;
  for (const Family& family : families()) {
    const Case once = generate(family, 7, 3);
    (void)generate(family, 7, 2);
    EXPECT_EQ(encode_record(generate(family, 7, 3)), encode_record(once)) << family.name;
    EXPECT_NE(encode_record(generate(family, 8, 3)), encode_record(once)) << family.name;
    EXPECT_EQ(once.name.find(std::string(family.name) + "/0003-"), 0u) << once.name;
    EXPECT_TRUE(operands.insert(crc32(0, std::get<MatrixJob>(once.body).a)).second) << family.name;
  }
  expect_error(ExitCode::bad_input, "families are random", [] { (void)find_family("nonsense"); });
}

TEST(Generate, FormatsHasEveryTripleAndConvertEveryPair) {
  std::set<std::tuple<model::Format, model::Format, model::Format>> triples;
  for (const MatrixJob& j : jobs("formats")) triples.insert({j.job.a.format, j.job.b.format, j.job.d.format});
  EXPECT_EQ(triples.size(), 6u * 6 * 7);
  std::set<std::pair<model::Format, model::Format>> pairs;
  for (const MatrixJob& j : jobs("convert")) pairs.insert({j.job.a.format, j.job.d.format});
  EXPECT_EQ(pairs.size(), 49u);
}

TEST(Generate, BiasesHasEveryBiasOfBothFormats) {
  std::set<std::pair<model::Format, int>> seen;
  for (const MatrixJob& j : jobs("biases")) seen.insert({j.job.a.format, j.job.a.bias});
  EXPECT_EQ(seen.size(), 128u);
}

TEST(Generate, OptionsHasEveryCombination) {
  std::set<int> seen;
  for (const MatrixJob& j : jobs("options")) {
    const model::Gemm& g = j.job;
    seen.insert(g.accumulate | g.relu << 1 | g.saturate << 2 | g.stochastic << 3 | g.literal << 4);
  }
  EXPECT_EQ(seen.size(), 32u);
}

TEST(Generate, TilingIsLargerThanMemory) {
  std::uint64_t largest = 0;
  for (const MatrixJob& j : jobs("tiling")) {
    const std::uint64_t bytes = j.a_bytes() + j.b_bytes() + j.c_bytes() + j.d_bytes();
    EXPECT_GT(bytes, 4096u);
    largest = std::max(largest, bytes);
  }
  EXPECT_GT(largest, 131072u);
}

TEST(Generate, FamiliesRaiseTheFlagsTheyAreAbout) {
  const auto share = [](std::string_view family, model::Flag flag) {
    const auto all = jobs(family);
    std::size_t raised = 0;
    for (const MatrixJob& j : all) raised += j.expected(4).flags.has(flag) ? 1 : 0;
    return static_cast<double>(raised) / static_cast<double>(all.size());
  };
  EXPECT_GT(share("corners", model::Flag::invalid), 0.25);  // infinities: in two formats of six
  EXPECT_GT(share("corners", model::Flag::denormal), 0.5);
  EXPECT_GT(share("overflow", model::Flag::overflow), 0.6);
  EXPECT_GT(share("underflow", model::Flag::underflow), 0.6);
  EXPECT_GT(share("ties", model::Flag::inexact), 0.9);
  EXPECT_GT(share("int8", model::Flag::int_range), 0.2);
  EXPECT_LT(share("int8", model::Flag::int_range), 0.8);
}

TEST(Generate, ResultsOfDepthsAreStoredOnceWhereEqual) {
  std::map<std::size_t, std::size_t> sizes;
  for (const Family& family : families()) {
    for (const MatrixJob& j : jobs(family.name)) {
      ++sizes[j.results.size()];
      for (const unsigned depth : depths) EXPECT_EQ(j.expected(depth), compute(j, depth));
    }
  }
  EXPECT_GT(sizes[1], 100u);
  EXPECT_GT(sizes[2], 10u);
  EXPECT_GT(sizes[3], 10u);
}

TEST(Generate, RealTensorsAreRoundedToNearest) {
  const Matrix<float> a(1, 2, {1.0f, 0.30000001f}), b(2, 1, {2.0f, 1.0f});
  model::Gemm job;
  job.a = {model::Format::bf16, 0}, job.b = {model::Format::e4m3, 0};
  const Case item = tensor_case("t", job, a, b);
  const auto& made = std::get<MatrixJob>(item.body);
  EXPECT_EQ(made.a, (std::vector<std::byte>{std::byte{0x80}, std::byte{0x3F}, std::byte{0x9A}, std::byte{0x3E}}));
  EXPECT_EQ(made.b, (std::vector<std::byte>{std::byte{0x40}, std::byte{0x38}}));
  expect_error(ExitCode::bad_input, "no product", [&] { (void)tensor_case("t", job, a, a); });
}

}  // namespace
}  // namespace hilbert::vectors

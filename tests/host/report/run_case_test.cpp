// SPDX-License-Identifier: Apache-2.0
// Running cases: a device that is wrong in one bit, one flag, one status or one byte of memory is found out.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include <hilbert/vectors/file.hpp>

#include "report/corpus_files.hpp"
#include "report/junit.hpp"
#include "report/markup.hpp"
#include "report/regress.hpp"
#include "support/errors.hpp"
#include "support/saboteur.hpp"
#include "support/vector_files.hpp"

namespace hilbert::report {
namespace {

/// A case on a model device that does wrong what `sabotage` tells it.
template <typename Sabotage>
Outcome run_sabotaged(const vectors::Case& item, Sabotage sabotage) {
  auto device = std::make_unique<Saboteur>("model:small");
  sabotage(*device);
  CaseRunner runner{Runtime(std::move(device), {.path = JobPath::direct})};
  return runner.run(item);
}

vectors::Case some_job() { return vectors::generate(vectors::find_family("shapes"), 1, 4); }
vectors::Case some_refusal() { return vectors::refused_descriptors()[0]; }

constexpr auto honest = [](Saboteur&) {};

TEST(RunCase, AnHonestDevicePasses) {
  EXPECT_EQ(run_sabotaged(some_job(), honest).verdict, Verdict::passed);
  EXPECT_EQ(run_sabotaged(some_refusal(), honest).verdict, Verdict::passed);
}

TEST(RunCase, OneWrongBitIsNamedByRowAndColumn) {
  vectors::Case item = vectors::generate(vectors::find_family("convert"), 1, 8);  // bf16 to bf16
  auto& job = std::get<vectors::MatrixJob>(item.body);
  ASSERT_EQ(job.job.d.format, model::Format::bf16);
  const std::size_t row = job.job.m - 1, col = job.job.n / 2, index = row * job.job.n + col;
  job.results[0].d[2 * index] ^= std::byte{1};
  job.results[0].d[2 * (index + 1)] ^= std::byte{col + 1 < job.job.n ? std::uint8_t{1} : std::uint8_t{0}};
  const Outcome outcome = run_sabotaged(item, honest);
  EXPECT_EQ(outcome.verdict, Verdict::failed);
  EXPECT_EQ(outcome.code, ExitCode::check_failed);
  EXPECT_NE(outcome.message.find(fmt::format("the first at row {}, column {}: expected 0x", row, col)),
            std::string::npos)
      << outcome.message;
}

TEST(RunCase, DifferencesAreInHexAndDecimal) {
  const std::vector<std::byte> one{std::byte{0x80}, std::byte{0x3F}, std::byte{0x80}, std::byte{0x3F}};
  std::vector<std::byte> other = one;
  other[2] = std::byte{0x81};
  EXPECT_EQ(first_difference(one, one, 1, {model::Format::bf16, 0}, false), "");
  EXPECT_EQ(first_difference(one, other, 1, {model::Format::bf16, 0}, false),
            "1 of 2 elements differ, the first at row 1, column 0: expected 0x3f80 (1), got 0x3f81 (1.0078125)");
}

TEST(RunCase, AWrongFlagIsNamed) {
  vectors::Case item = some_job();
  auto& job = std::get<vectors::MatrixJob>(item.body);
  for (auto& result : job.results) result.flags.bits ^= 0x20;
  const Outcome outcome = run_sabotaged(item, honest);
  EXPECT_EQ(outcome.verdict, Verdict::failed);
  EXPECT_NE(outcome.message.find("flags: expected"), std::string::npos) << outcome.message;
  EXPECT_NE(outcome.message.find("int_range"), std::string::npos) << outcome.message;
}

TEST(RunCase, AWrongStatusOfARefusalIsNamed) {
  vectors::Case item = some_refusal();
  auto& refused = std::get<vectors::RefusedDescriptor>(item.body);
  refused.expected = {model::Status::bad_size, 3};
  const Outcome outcome = run_sabotaged(item, honest);
  EXPECT_EQ(outcome.verdict, Verdict::failed);
  EXPECT_NE(outcome.message.find("expected BAD_SIZE in word 3"), std::string::npos) << outcome.message;
  EXPECT_NE(outcome.message.find("got BAD_OPCODE"), std::string::npos) << outcome.message;
}

TEST(RunCase, ARefusedJobThatWritesIsFound) {
  const Outcome outcome = run_sabotaged(some_refusal(), [](Saboteur& s) {
    s.before_doorbell = [](Device& device) { device.write_words(64, std::vector<std::byte>(8)); };
  });
  EXPECT_EQ(outcome.verdict, Verdict::failed);
  EXPECT_NE(outcome.message.find("wrote to memory: the byte at 0x40"), std::string::npos) << outcome.message;
}

TEST(RunCase, ALegalJobThatIsRefusedHasFailed) {
  // The device finds another descriptor than the one it was given.
  const Outcome outcome = run_sabotaged(some_job(), [](Saboteur& s) {
    s.before_doorbell = [](Device& device) {
      std::vector<std::byte> slot(8);
      device.read_words(queue_base, slot);
      slot[0] = std::byte{9};
      device.write_words(queue_base, slot);
    };
  });
  EXPECT_EQ(outcome.verdict, Verdict::failed);
  EXPECT_EQ(outcome.code, ExitCode::check_failed);
  EXPECT_NE(outcome.message.find("BAD_OPCODE"), std::string::npos) << outcome.message;
}

TEST(RunCase, APoisonedDeviceIsAnError) {
  const Outcome outcome = run_sabotaged(
      some_refusal(), [](Saboteur& s) { s.before_doorbell = [](Device& device) { poison(device, 128); }; });
  EXPECT_EQ(outcome.verdict, Verdict::error);
  EXPECT_EQ(outcome.code, ExitCode::machine);
}

TEST(RunCase, ADeviceThatHangsIsAnError) {
  auto device = std::make_unique<Saboteur>("model:small");
  device->on_head = [](std::uint32_t) { return 0u; };  // no job ever ends
  RuntimeOptions impatient;
  impatient.path = JobPath::direct;
  impatient.queue.hang_seconds = 0.02;
  const Outcome outcome = CaseRunner{Runtime(std::move(device), impatient)}.run(some_job());
  EXPECT_EQ(outcome.verdict, Verdict::error);
  EXPECT_EQ(outcome.code, ExitCode::machine);
  EXPECT_NE(outcome.message.find("did not end"), std::string::npos) << outcome.message;
}

TEST(RunCase, ARefusalForAnotherTileIsSkipped) {
  vectors::Case item = some_refusal();
  std::get<vectors::RefusedDescriptor>(item.body).scope.rows = 8;
  EXPECT_EQ(run_sabotaged(item, honest).verdict, Verdict::skipped);
}

TEST(Regress, TheSameResultsWithAnyNumberOfThreads) {
  RegressOptions options;
  options.device = "model:small";
  options.files = vector_files({CORPUS "/golden/options.hbv", CORPUS "/refused"});
  const auto names = [&](unsigned jobs) {
    options.jobs = jobs;
    std::vector<std::string> all;
    for (const CaseResult& r : regress(options).results) {
      all.push_back(r.name + std::string(to_string(r.outcome.verdict)));
    }
    return all;
  };
  const auto one = names(1);
  EXPECT_GT(one.size(), 400u);
  EXPECT_EQ(names(5), one);
}

/// It is an error among the results, and the other files are run.
TEST(Regress, ADamagedFileIsAnErrorAmongTheResults) {
  RegressOptions options;
  options.jobs = 3;
  options.files = vector_files({CORPUS "/golden/random.hbv"});
  const RegressResult whole = regress(options);
  EXPECT_EQ(whole.code(), ExitCode::good);
  options.files = vector_files({CORPUS "/refused/files/body-bit.hbv", CORPUS "/golden/random.hbv"});
  const RegressResult result = regress(options);
  EXPECT_EQ(result.code(), ExitCode::bad_input);
  EXPECT_EQ(result.errors, 1U);
  EXPECT_EQ(result.passed, whole.passed);
  const auto damaged = std::ranges::find(result.results, true, &CaseResult::whole_file);
  ASSERT_NE(damaged, result.results.end());
  EXPECT_NE(damaged->outcome.message.find("checksum of its body"), std::string::npos) << damaged->outcome.message;
}

TEST(Regress, ADeviceThatIsNoneIsRefusedBeforeTheWork) {
  RegressOptions options;
  options.files = vector_files({CORPUS "/golden/random.hbv"});
  options.device = "model:nonsense";
  expect_error(ExitCode::bad_input, "unknown configuration", [&] { (void)regress(options); });
}

TEST(Regress, OpensNoDeviceThatNobodyNeeds) {
  RegressOptions options;
  options.files = vector_files({CORPUS "/golden/random.hbv"});
  options.filter = "no case is called so";
  options.device = "model:nonsense";
  const RegressResult nothing = regress(options);
  EXPECT_TRUE(nothing.complete() && nothing.results.empty());
  EXPECT_EQ(nothing.device, "model:nonsense") << "as asked for";
}

TEST(Regress, CallsTheDeviceAsItCallsItself) {
  RegressOptions options;
  options.files = vector_files({CORPUS "/golden/random.hbv"});
  for (const unsigned jobs : {1u, 3u}) {
    options.jobs = jobs;
    options.device = "model:";
    EXPECT_EQ(regress(options).device, "model:full");
  }
}

TEST(Regress, JunitEscapesWhatXmlCannotHold) { EXPECT_EQ(escaped("a<b>&\"\x01"), "a&lt;b&gt;&amp;&quot;\xEF\xBF\xBD"); }

TEST(Regress, PatternsMatchNames) {
  const std::filesystem::path file = "/data/new/ties.hbv";
  EXPECT_TRUE(matches("", file, "ties/0001"));
  EXPECT_TRUE(matches("ties/*", file, "ties/0001-bf16"));
  EXPECT_TRUE(matches("*0001*", file, "ties/0001-bf16"));
  EXPECT_FALSE(matches("ties", file, "ties/0001"));
  EXPECT_FALSE(matches("*data*", file, "ties/0001"));  // the file alone is asked for by FILE:name
}

TEST(Regress, PatternsMatchNamesInFiles) {
  const std::filesystem::path old_file = "/data/old/ties.hbv", new_file = "/data/new/ties.hbv";
  for (const char* pattern :
       {"/data/new/ties.hbv:ties/0001", "new/ties.hbv:ties/*", "*/new/*:*", "n?w/ties.hbv:*0001"}) {
    EXPECT_TRUE(matches(pattern, new_file, "ties/0001")) << pattern;
    EXPECT_FALSE(matches(pattern, old_file, "ties/0001")) << pattern;
    EXPECT_FALSE(matches("ew/ties.hbv:*", new_file, "ties/0001")) << "parts of a path are whole";
  }
  EXPECT_FALSE(matches("new/ties.hbv:ties/2*", new_file, "ties/0001"));
  EXPECT_TRUE(matches("tensors/*-cf8_143:7-*", new_file, "tensors/a-cf8_143:7-fp32"));  // names have colons too
  EXPECT_TRUE(matches("ties.hbv:*-cf8_143:7-*", new_file, "tensors/a-cf8_143:7-fp32"));
}

TEST(Regress, WhatIsTooLargeForATileIsSkippedAndCounted) {
  RegressOptions options;
  options.files = vector_files({CORPUS "/golden/shapes.hbv", CORPUS "/golden/convert.hbv"});
  options.device = "model:2x2x2?banks=1&bank_bytes=64";
  const RegressResult little = regress(options);
  EXPECT_EQ(little.failed + little.errors, 0u);
  EXPECT_GT(little.passed, 0u);
  ASSERT_EQ(little.skipped_for.size(), 1u);
  EXPECT_EQ(little.skipped_for.begin()->first, "it does not fit into the data memory of this tile");
  EXPECT_EQ(little.skipped_for.begin()->second, little.skipped);
  options.device = "model:2x2x2?banks=4&bank_bytes=32768";
  EXPECT_EQ(regress(options).skipped, 0u);
}

}  // namespace
}  // namespace hilbert::report

// SPDX-License-Identifier: Apache-2.0
// Speed of the regression and of the vector files.
#include <fmt/format.h>

#include <hilbert/error.hpp>
#include <hilbert/vectors/file.hpp>
#include <sstream>

#include "bench/product.hpp"
#include "bench/suites.hpp"
#include "report/corpus_files.hpp"
#include "report/regress.hpp"

namespace hilbert::bench {
namespace {

/// Of what takes seconds, a third of the rounds, but quartiles there must be.
unsigned few(unsigned rounds) { return std::max(rounds / 3, std::min(rounds, 3u)); }

std::vector<vectors::Case> cases_of(const std::vector<std::filesystem::path>& files) {
  std::vector<vectors::Case> cases;
  for (const std::filesystem::path& file : files) {
    vectors::Reader reader(file);
    while (auto item = reader.next()) cases.push_back(std::move(*item));
  }
  return cases;
}

std::vector<vectors::Case> large_cases() {
  std::vector<vectors::Case> cases;
  for (std::uint32_t i = 0; i < 4; ++i) {
    vectors::MatrixJob job;
    constexpr std::uint32_t side = 256;
    job.job.m = job.job.n = side, job.job.k = side;
    job.job.a = job.job.b = {model::Format::bf16};
    job.a = ordinary_codes(side, side, job.job.a, 2 * i);
    job.b = ordinary_codes(side, side, job.job.b, 2 * i + 1);
    vectors::expect(job);
    cases.push_back({fmt::format("large/{}", i), std::move(job)});
  }
  return cases;
}

vectors::Writer written(const std::vector<vectors::Case>& cases) {
  vectors::Writer writer("made by hilbert bench");
  for (const vectors::Case& item : cases) writer.add(item);
  return writer;
}

void measure_files(const SuiteOptions& options) {
  Table table("Vector files in memory",
              {{"MB/s", 1, 1e-6}, {"cases", 0}, {"MB", 2, 1e-6}, {"compressed to %", 1, 100}});
  const std::vector<std::pair<std::string, std::vector<vectors::Case>>> kinds{
      {"the corpus", cases_of(report::vector_files({}))}, {"256x256x256 bf16", large_cases()}};
  for (const auto& kind : kinds) {
    const auto& name = kind.first;  // not a structured binding: clang 14 captures none in a lambda
    const auto& cases = kind.second;
    const std::vector<std::byte> file = written(cases).bytes();
    const std::string text(reinterpret_cast<const char*>(file.data()), file.size());
    const auto open = [&] { return vectors::Reader(std::make_unique<std::istringstream>(text), name); };
    const vectors::FileInfo info = open().info();
    const auto content = static_cast<double>(info.content_bytes);
    const std::vector<Measured> both =
        side_by_side({{"write " + name,
                       [&] {
                         if (written(cases).bytes() != file) {
                           throw Error(ExitCode::check_failed, "the same cases make another file", name);
                         }
                         return content;
                       },
                       {}},
                      {"read " + name,
                       [&] {
                         vectors::Reader reader = open();
                         while (reader.next()) {
                         }
                         return content;
                       },
                       {}}},
                     options.rounds);
    for (const Measured& measured : both) {
      table.row(measured.name, {measured.rate, exact(info.cases), exact(content),
                                exact(static_cast<double>(info.body_bytes) / content)});
    }
  }
  table.note(
      "MB of content, uncompressed; reading verifies everything that a reader must (vectors/README.md, section 7)");
  options.report(table);
}

void measure_regression(const SuiteOptions& options) {
  std::vector<std::string> devices{"model:full"};
  for (const std::string& chip : options.chips) devices.push_back("sim:" + chip);
  const std::vector<std::filesystem::path> files = report::vector_files({});
  std::vector<Side> sides;
  for (const std::string& device : devices) {
    sides.push_back({device,
                     [&files, device] {
                       report::RegressOptions regress;
                       regress.files = files;
                       regress.device = device;
                       const report::RegressResult result = report::regress(regress);
                       if (result.code() != ExitCode::good) {
                         throw Error(result.code(), "cases of the corpus fail", device,
                                     "hilbert regress --device " + device);
                       }
                       return static_cast<double>(result.run());
                     },
                     {}});
  }
  Table table("Regression, the whole corpus", {{"cases/s", 0}, {"over the first", 3}});
  for (const Measured& measured : side_by_side(sides, few(options.rounds))) {
    table.row(measured.name, {measured.rate, measured.ratio});
  }
  table.note(
      fmt::format("{} files, one device at work; reading the files, uploads and comparison included", files.size()));
  options.report(table);
}

}  // namespace

void measure_vectors(const SuiteOptions& options) {
  measure_regression(options);
  measure_files(options);
}

}  // namespace hilbert::bench

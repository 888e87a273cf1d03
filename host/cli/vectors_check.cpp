// SPDX-License-Identifier: Apache-2.0
// hilbert vectors check: checksums, and expectations against the reference model.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <hilbert/text.hpp>
#include <hilbert/vectors/file.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "progress.hpp"
#include "report/run_case.hpp"
#include "vectors_actions.hpp"

namespace hilbert::cli {
namespace {

namespace fs = std::filesystem;

/// What the reference model says against a case; "" if they agree.
std::string disagreement(const vectors::Case& item) {
  if (const auto* refused = std::get_if<vectors::RefusedDescriptor>(&item.body)) {
    constexpr std::array<model::Geometry, 4> shapes{
        {{8, 8, 4, 4, 32768, 8}, {2, 2, 2, 4, 2048, 8}, {4, 8, 2, 4, 8192, 8}, {8, 4, 4, 4, 16384, 8}}};
    for (const model::Geometry& g : shapes) {
      if (!refused->scope.holds(g)) continue;
      const model::CheckResult got = model::check(refused->words, g);
      if (got == refused->expected) continue;
      return fmt::format("a tile of {}x{}x{} answers {} in word {}", g.rows, g.cols, g.depth,
                         model::to_string(got.status), got.field);
    }
    return "";
  }
  const auto& job = std::get<vectors::MatrixJob>(item.body);
  for (const unsigned depth : vectors::depths) {
    const vectors::Expected right = vectors::compute(job, depth);
    const vectors::Expected& stored = job.expected(depth);
    if (right == stored) continue;
    const std::string where = report::first_difference(stored.d, right.d, job.job.n, job.job.d, job.job.literal);
    return fmt::format("for Depth {}: {}", depth,
                       !where.empty() ? where
                                      : fmt::format("flags {} instead of {}", model::to_string(right.flags),
                                                    model::to_string(stored.flags)));
  }
  return "";
}

}  // namespace

ExitCode vectors_check(const Arguments& arguments) {
  std::vector<std::string> paths;
  Options options("vectors check [PATH...]",
                  "Verifies every checksum of vector files and compares what they expect with the reference model.");
  options.arguments("PATH", paths, "vector files and folders of them (default: those that come with hilbert)");
  options.example("hilbert vectors check", "the vectors that come with hilbert");
  if (!options.parse(arguments)) return ExitCode::good;
  std::uint64_t wrong = 0, cases = 0;
  const ExitCode read = for_each_file(paths, [&](const fs::path& path, vectors::Reader& reader) {
    Progress progress(path.filename().string(), "cases", reader.info().cases);
    while (const auto item = reader.next()) {
      ++cases;
      progress.advance();
      const std::string text = disagreement(*item);
      if (text.empty()) continue;
      ++wrong;
      std::cout << fmt::format("FAIL {}: {}: {}\n     {}\n", printable(path.string()), item->name,
                               vectors::describe(*item), text);
    }
  });
  std::cout << fmt::format("{}, {} differ from the reference model\n", counted(cases, "case"), wrong);
  return std::max(read, wrong == 0 ? ExitCode::good : ExitCode::check_failed);
}

}  // namespace hilbert::cli

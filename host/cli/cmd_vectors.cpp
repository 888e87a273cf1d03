// SPDX-License-Identifier: Apache-2.0
// hilbert vectors: generate, check and show vector files.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <string_view>

#include "report/corpus_files.hpp"
#include "vectors_actions.hpp"

namespace hilbert::cli::vectors_command {
namespace {

ExitCode run(const Arguments& arguments) {
  const std::string which = arguments.empty() ? "" : arguments.front();
  const Arguments rest(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end());
  if (which == "gen") return vectors_gen(rest);
  if (which == "check") return vectors_check(rest);
  if (which == "show") return vectors_show(rest);
  constexpr std::string_view usage =
      "usage: hilbert vectors gen|check|show [options]\n\n"
      "  gen     make a vector file from families, seeds or real tensors\n"
      "  check   verify checksums, and expectations against the reference model\n"
      "  show    list the cases of vector files\n\n"
      "hilbert vectors gen --help explains each.\n";
  if (which == "--help" || which == "-h") {
    std::cout << usage;
    return ExitCode::good;
  }
  if (which.empty()) throw Error(ExitCode::bad_input, "no action given", "hilbert vectors", "gen, check or show");
  require_known("action", which, {"gen", "check", "show"}, "hilbert vectors");
  return ExitCode::bad_input;  // not reached
}

const Registration registration({"vectors", "generate, check and show vector files", run});

}  // namespace
}  // namespace hilbert::cli::vectors_command

namespace hilbert::cli {

ExitCode for_each_file(const std::vector<std::string>& paths,
                       const std::function<void(const std::filesystem::path&, vectors::Reader&)>& read) {
  ExitCode worst = ExitCode::good;
  for (const std::filesystem::path& path : report::vector_files(paths)) {
    try {
      vectors::Reader reader(path);
      read(path, reader);
    } catch (const Error& error) {
      std::cout.flush();
      complain(error.what());
      worst = std::max(worst, error.code());
    }
  }
  return worst;
}

}  // namespace hilbert::cli

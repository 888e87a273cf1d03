// SPDX-License-Identifier: Apache-2.0
// hilbert vectors: generate, check and show vector files.
#include <algorithm>
#include <array>
#include <iostream>
#include <string>

#include "report/corpus_files.hpp"
#include "vectors_actions.hpp"

namespace hilbert::cli::vectors_command {
namespace {

constexpr std::array actions{
    Action{"gen", "make a vector file from families, seeds or real tensors", vectors_gen},
    Action{"check", "verify checksums, and expectations against the reference model", vectors_check},
    Action{"show", "list the cases of vector files", vectors_show},
};

ExitCode run(const Arguments& arguments) {
  return run_action("vectors", "Makes, checks and shows vector files.", actions, arguments);
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

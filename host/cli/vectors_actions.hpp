// SPDX-License-Identifier: Apache-2.0
// What hilbert vectors does, an action a file.
#pragma once

#include <filesystem>
#include <functional>
#include <hilbert/vectors/file.hpp>
#include <string>
#include <vector>

#include "command.hpp"

namespace hilbert::cli {

ExitCode vectors_gen(const Arguments& arguments);
ExitCode vectors_check(const Arguments& arguments);
ExitCode vectors_show(const Arguments& arguments);

/// Opens every file that the paths mean (report::vector_files) and calls `read`. A damaged one is a message, and the
/// others are read nevertheless; gives the worst exit code.
ExitCode for_each_file(const std::vector<std::string>& paths,
                       const std::function<void(const std::filesystem::path&, vectors::Reader&)>& read);

}  // namespace hilbert::cli

// SPDX-License-Identifier: Apache-2.0
// Result files: names that collide, and failures that do not keep the others from being written.
#include "outputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/device.hpp>
#include <hilbert/uri.hpp>
#include <iostream>

#include "command.hpp"

namespace hilbert::cli {

void Outputs::claim(const std::string& option, const std::filesystem::path& path, bool written) {
  for (const Named& other : names_) {
    if (!(written || other.written) || !same_file(path, other.path)) continue;
    const std::string what = other.written && written
                                 ? fmt::format("{} and {} are the same file", other.option, option)
                                 : fmt::format("{} would be written over {}", written ? option : other.option,
                                               written ? other.option : option);
    throw Error(ExitCode::bad_input, fmt::format("{}: {}", path.string(), what), command_,
                "give each a name of its own");
  }
  // What is printed there would be lost with the file that this one replaces; a name for the stream itself is meant so.
  // Standard output needs no such care: where a result goes there, the report goes to standard error (options.hpp).
  const std::string name = path.string();
  if (written && !name.starts_with("/dev/") && !name.starts_with("/proc/") && same_file(path, "/dev/stderr")) {
    throw Error(ExitCode::bad_input, fmt::format("{}: {} and /dev/stderr are the same file", name, option), command_,
                "give each a name of its own");
  }
  names_.push_back({option, path, written});
}

void Outputs::reads(const std::string& option, const std::filesystem::path& path) { claim(option, path, false); }

void Outputs::reads_device(const std::string& option, const std::string& uri) {
  if (abilities_of(uri).board) reads(option, parse_uri(uri)->text);
}

void Outputs::writes(const std::string& option, const std::filesystem::path& path) {
  claim(option, path, true);
  (void)AtomicFile(path);  // can it be made?
}

void Outputs::open(const std::string& option, const std::string& path, Write write) {
  if (path.empty()) return;
  claim(option, path, true);
  results_.push_back(std::unique_ptr<Result>(new Result{option, AtomicFile(path), std::move(write), {}}));
}

void Outputs::append(std::string_view option, std::string_view text) {
  for (const auto& result : results_) {
    if (result->option != option || result->failure) continue;
    try {
      result->file.write(text);
    } catch (const Error& error) {
      result->failure = error;
    }
  }
}

void Outputs::drop(std::string_view option) {
  std::erase_if(results_, [&](const auto& result) { return result->option == option; });
}

ExitCode Outputs::finish(ExitCode code) {
  std::cout.flush();
  for (const auto& result : results_) {
    try {
      if (result->failure) throw Error(*result->failure);
      if (result->write) result->write(result->file);
      result->file.commit();
    } catch (const Error& error) {
      failures_.push_back(error);
    }
  }
  results_.clear();
  for (const Error& failure : failures_) {
    complain(failure.what());
    code = std::max(code, failure.code());
  }
  return code;
}

ExitCode Outputs::finish(const Error& verdict) {
  std::cout.flush();
  complain(verdict.what());
  return finish(verdict.code());
}

}  // namespace hilbert::cli

// SPDX-License-Identifier: Apache-2.0
// The program hilbert as a user runs it, alone or in a folder of its own. Who includes this defines HILBERT_PROGRAM.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <hilbert/device.hpp>
#include <hilbert/file.hpp>
#include <string>
#include <vector>

namespace hilbert::test {

struct Outcome {
  int code = -1;
  std::string out, err;
};

/// The exit code in what wait(2) and system(3) give; -1 if a signal ended the program.
inline int exit_code(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }

/// "hilbert ARGUMENTS" through the shell: `out` is both outputs together, or standard output alone.
inline Outcome run_hilbert(const std::string& arguments, bool errors = true) {
  const std::string line = std::string(HILBERT_PROGRAM " ") + arguments + (errors ? " 2>&1" : " 2>/dev/null");
  std::FILE* pipe = ::popen(line.c_str(), "r");
  Outcome outcome;
  char buffer[4096];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) outcome.out.append(buffer, n);
  outcome.code = exit_code(::pclose(pipe));
  return outcome;
}

/// Makes an empty folder, and removes it with all that is in it.
class Shell {
 public:
  explicit Shell(const std::string& name)
      : folder(std::filesystem::temp_directory_path() / ("hilbert_" + name + "_" + std::to_string(::getpid()))) {
    std::filesystem::create_directory(folder);
  }
  ~Shell() { std::filesystem::remove_all(folder); }
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;

  /// Runs "hilbert ARGUMENTS" in the folder through the shell; standard output goes where ARGUMENTS say, if they do.
  [[nodiscard]] Outcome run(const std::string& arguments) const {
    const std::string line = "cd " + folder.string() + " && " HILBERT_PROGRAM " " + arguments;
    const std::string redirected = line.find('>') == std::string::npos ? line + " >out" : line;
    const int status = std::system((redirected + " 2>err").c_str());
    return {exit_code(status), std::filesystem::exists(folder / "out") ? text("out") : std::string(), text("err")};
  }
  [[nodiscard]] std::string text(const std::string& name) const {
    const auto bytes = read_file(folder / name);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  const std::filesystem::path folder;
};

/// One device of each kind that this build has.
inline std::vector<std::string> model_and_simulation() {
  std::vector<std::string> chosen{"model:full"};
  if (std::ranges::count(available_devices(), "sim:small") != 0) chosen.emplace_back("sim:small");
  return chosen;
}

}  // namespace hilbert::test

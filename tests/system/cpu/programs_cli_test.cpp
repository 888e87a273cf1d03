// SPDX-License-Identifier: Apache-2.0
// The flow for compiled programs and suites from outside: `hilbert cpu run PROG.elf --device URI --signature --trace`.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <hilbert/device.hpp>
#include <hilbert/file.hpp>
#include <sstream>
#include <string>
#include <tuple>

#include "signatures.hpp"

namespace hilbert::test {
namespace {

namespace fs = std::filesystem;

class Programs : public testing::TestWithParam<std::tuple<std::string, std::string>> {
 protected:
  Programs() : folder_(fs::temp_directory_path() / ("hilbert_programs_" + std::to_string(::getpid()))) {
    fs::create_directory(folder_);
  }
  ~Programs() override { fs::remove_all(folder_); }

  /// Exit code; out and err are files.
  int run(const std::string& program, const std::string& options) const {
    const std::string line = "cd " + folder_.string() + " && " HILBERT_PROGRAM " cpu run " PROGRAM_DIR "/" + program +
                             ".elf --device " + std::get<0>(GetParam()) + " " + options + " >out 2>err";
    const int status = std::system(line.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string text(const std::string& name) const {
    const auto bytes = read_file(folder_ / name);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  fs::path folder_;
};

TEST_P(Programs, PassWithTheRightSignature) {
  const auto& [device, program] = GetParam();
  ASSERT_EQ(run(program, "--signature sig"), 0) << text("err");
  std::istringstream lines(text("sig"));
  std::vector<std::uint32_t> words;
  for (std::string line; std::getline(lines, line);) {
    ASSERT_EQ(line.size(), 8u) << line;
    words.push_back(static_cast<std::uint32_t>(std::stoul(line, nullptr, 16)));
  }
  EXPECT_EQ(signature_error(program, words), "");
}

class Traces : public Programs {};

/// Single steps, of short programs: the same on every device.
TEST_P(Traces, AreThoseOfTheSimulator) {
  const auto& [device, program] = GetParam();
  ASSERT_EQ(run(program, "--trace trace --signature sig"), 0) << text("err");
  const std::string trace = text("trace");
  EXPECT_GT(std::count(trace.begin(), trace.end(), '\n'), 150);
  const std::string there = (folder_ / "model").string();
  const std::string line = HILBERT_PROGRAM " cpu run " PROGRAM_DIR "/" + program + ".elf --device model:full --trace " +
                           there + " >/dev/null";
  ASSERT_EQ(std::system(line.c_str()), 0);
  EXPECT_EQ(trace, text("model"));
}

std::vector<std::string> devices() {
  const auto all = available_devices();
  std::vector<std::string> chosen{"model:full"};
  if (std::find(all.begin(), all.end(), "sim:small") != all.end()) chosen.push_back("sim:small");
  return chosen;
}
std::string name_of(const std::tuple<std::string, std::string>& parameters) {
  const auto& [device, program] = parameters;
  return device.substr(0, device.find(':')) + "_" + program;
}
INSTANTIATE_TEST_SUITE_P(Cpu, Programs,
                         testing::Combine(testing::ValuesIn(devices()),
                                          testing::Values("ui_integer", "ui_fence_i", "mi_traps", "mi_csr",
                                                          "arch_shifts", "sort", "divide", "digest", "interrupts")),
                         [](const auto& one) { return name_of(one.param); });
INSTANTIATE_TEST_SUITE_P(Cpu, Traces,
                         testing::Combine(testing::ValuesIn(devices()), testing::Values("ui_integer", "mi_traps")),
                         [](const auto& one) { return name_of(one.param); });

}  // namespace
}  // namespace hilbert::test

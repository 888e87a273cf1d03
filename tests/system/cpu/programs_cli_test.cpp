// SPDX-License-Identifier: Apache-2.0
// The flow for compiled programs and suites from outside: `hilbert firmware run PROG.elf --device URI --signature
// --trace`.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <hilbert/device.hpp>
#include <hilbert/file.hpp>
#include <sstream>
#include <string>
#include <tuple>

#include "signatures.hpp"
#include "support/shell.hpp"

namespace hilbert::test {
namespace {

class Programs : public testing::TestWithParam<std::tuple<std::string, std::string>> {
 protected:
  /// Exit code; out and err are files.
  int run(const std::string& program, const std::string& options) const {
    return run_on(std::get<0>(GetParam()), program, options);
  }
  int run_on(const std::string& device, const std::string& program, const std::string& options) const {
    return shell_.run("firmware run " PROGRAM_DIR "/" + program + ".elf --device " + device + " " + options).code;
  }
  std::string text(const std::string& name) const { return shell_.text(name); }

  const Shell shell_{"programs"};
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

/// The instructions to the store to tohost are the program's, not the device's.
TEST_P(Programs, CountTheSameInstructionsAsOnTheSimulator) {
  ASSERT_EQ(run(std::get<1>(GetParam()), ""), 0) << text("err");
  const std::string here = text("out");
  ASSERT_EQ(shell_.run("firmware run " PROGRAM_DIR "/" + std::get<1>(GetParam()) + ".elf > there").code, 0);
  const std::string there = text("there");
  const auto count = [](const std::string& out) {
    const std::size_t begin = out.find(": passed after");
    return out.substr(begin, out.find('\n', begin) - begin);
  };
  EXPECT_EQ(count(here), count(there));
  EXPECT_EQ(here.find(" to "), std::string::npos) << here;
}

class Traces : public Programs {};

/// Single steps, of short programs: the same on every device.
TEST_P(Traces, AreThoseOfTheSimulator) {
  const auto& [device, program] = GetParam();
  ASSERT_EQ(run(program, "--trace trace --signature sig"), 0) << text("err");
  const std::string trace = text("trace");
  EXPECT_GT(std::count(trace.begin(), trace.end(), '\n'), 150);
  ASSERT_EQ(run_on("model:full", program, "--trace model"), 0);
  EXPECT_EQ(trace, text("model"));
}

class Environment : public Programs {
 protected:
  std::string signature() const {
    EXPECT_EQ(run(std::get<1>(GetParam()), "--signature sig"), 0) << text("err");
    return text("sig");
  }
};
using RomLayout = Environment;
using ArchRegisters = Environment;
using Compressed = Environment;
using NoNumber = Environment;

/// .data behind the code, .bss larger than what is left of code memory (programs/rom.ld).
TEST_P(RomLayout, FileBytesAndZerosAreWhereTheProgramExpectsThem) {
  std::uint32_t sum = 0;
  for (const char c : std::string("odd length, so that .data begins in the word in which the code ends")) sum += c;
  EXPECT_EQ(signature(), fmt::format("01234567\n89abcdef\ndeadbeef\n{:08x}\n00000005\n", sum));
}

/// gp is a register like others, and a signature ends where its words end, or at a multiple of 16 bytes if asked for.
TEST_P(ArchRegisters, AreTheProgramsOwn) {
  const std::string words = "6f5ca309\n12345678\n6f5ca30a\n00000000\ndeadbeef\n";
  const bool padded = std::get<1>(GetParam()).ends_with("_16");
  EXPECT_EQ(signature(), words + (padded ? "00000000\n00000000\n00000000\n" : ""));
}

TEST_P(Compressed, InstructionsTrapByThemselves) { EXPECT_EQ(run("rvc_traps", ""), 0) << text("err"); }

TEST_P(NoNumber, IsAFailureToo) {
  EXPECT_EQ(run(std::get<1>(GetParam()), ""), 1) << text("out");
  EXPECT_NE(text("err").find("reports failure 499 "), std::string::npos) << text("err");
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
std::vector<std::string> small_devices() {
  auto all = devices();
  all.front() = "model:small";
  return all;
}
INSTANTIATE_TEST_SUITE_P(Cpu, RomLayout, testing::Combine(testing::ValuesIn(small_devices()), testing::Values("rom")),
                         [](const auto& one) { return name_of(one.param); });
INSTANTIATE_TEST_SUITE_P(Cpu, ArchRegisters,
                         testing::Combine(testing::ValuesIn(devices()),
                                          testing::Values("arch_registers", "arch_registers_gp", "arch_registers_16")),
                         [](const auto& one) { return name_of(one.param); });
INSTANTIATE_TEST_SUITE_P(Cpu, Compressed, testing::Combine(testing::ValuesIn(devices()), testing::Values("rvc_traps")),
                         [](const auto& one) { return name_of(one.param); });
INSTANTIATE_TEST_SUITE_P(Cpu, NoNumber,
                         testing::Combine(testing::ValuesIn(devices()),
                                          testing::Values("fail_unnumbered", "fail_number", "fail_main")),
                         [](const auto& one) { return name_of(one.param); });

}  // namespace
}  // namespace hilbert::test

// SPDX-License-Identifier: Apache-2.0
// The program hilbert as a user runs it: exit codes, messages, files.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <hilbert/file.hpp>
#include <hilbert/npy.hpp>
#include <string>

#include "support/shell.hpp"

namespace hilbert {
namespace {

namespace fs = std::filesystem;

using test::Outcome;

class Cli : public testing::Test {
 protected:
  void SetUp() override {
    write_npy(folder / "a.npy", Matrix<float>(2, 3, {1, 2, 3, 4, 5, 6}));
    write_npy(folder / "b.npy", Matrix<float>(3, 2, {7, 8, 9, 10, 11, 12}));
  }

  Outcome run(const std::string& arguments) const { return shell_.run(arguments); }
  std::string text(const std::string& name) const { return shell_.text(name); }
  /// The program must refuse with this exit code, one line of error, and this in it.
  void expect_refused(const std::string& arguments, int code, const std::string& piece) const {
    const Outcome o = run(arguments);
    EXPECT_EQ(o.code, code) << arguments << "\n" << o.err;
    EXPECT_EQ(o.err.rfind("hilbert: error: ", 0), 0u) << o.err;
    EXPECT_EQ(std::count(o.err.begin(), o.err.end(), '\n'), 1) << o.err;
    EXPECT_NE(o.err.find(piece), std::string::npos) << arguments << "\n" << o.err << "lacks: " << piece;
  }

  const test::Shell shell_{"cli"};
  const fs::path& folder = shell_.folder;
};

TEST_F(Cli, HelpAndVersion) {
  for (const char* arguments : {"--help", "gemm --help", "info -h"}) {
    const Outcome o = run(arguments);
    EXPECT_EQ(o.code, 0);
    EXPECT_EQ(o.out.rfind("usage: hilbert", 0), 0u);
    EXPECT_EQ(o.err, "");
  }
  EXPECT_NE(run("gemm --help").out.find("Examples:"), std::string::npos);
  EXPECT_EQ(run("--version").out.rfind("hilbert 0.", 0), 0u);
  EXPECT_EQ(run("").code, 2);
}

TEST_F(Cli, BadUsageIsRefusedWithASuggestion) {
  expect_refused("gemn", 2, "unknown command 'gemn', did you mean 'gemm'?");
  expect_refused("xyzzy", 2, "unknown command 'xyzzy' (hilbert --help");
  expect_refused("gemm --fromat bf16", 2, "unknown option '--fromat', did you mean '--format'?");
  expect_refused("gemm --form bf16", 2, "unknown option");
  expect_refused("gemm --a a.npy --b b.npy", 2, "'--format' is required");
  expect_refused("gemm --a a.npy --b b.npy -f bf16 --seed x", 2, "--seed");
  expect_refused("gemm a.npy b.npy -f bf16", 2, "hilbert gemm --help");
}

TEST_F(Cli, BadInputIsRefusedAndNothingWritten) {
  const std::string gemm = "gemm --a a.npy --b b.npy -o d.npy ";
  expect_refused(gemm + "-f bf17", 2, "no such number format: 'bf17'");
  expect_refused(gemm + "-f fp32", 2, "fp32 cannot be the format of operand A");
  expect_refused(gemm + "-f cf8_143", 2, "no such number format");
  expect_refused(gemm + "-f bf16 -d modle:full", 2, "modle:full");
  expect_refused(gemm + "-f bf16 -d model:huge", 2, "model:huge");
  expect_refused("gemm --a none.npy --b b.npy -o d.npy -f bf16", 2, "none.npy: cannot open: No such file");
  expect_refused("gemm --a a.npy --b a.npy -o d.npy -f bf16", 2, "the inner sizes differ");
  expect_refused("gemm --a . --b b.npy -o d.npy -f bf16", 2, "is a directory");
  expect_refused(gemm + "-c a.npy -f bf16", 2, "hilbert gemm --help");
  expect_refused(gemm + "--c a.npy -f bf16", 2, "C is 2 x 3, A * B is 2 x 2");
  write_file(folder / "bad.npy", std::string_view("PK\x03\x04"));
  expect_refused("gemm --a bad.npy --b b.npy -o d.npy -f bf16", 2, "bad.npy: is no .npy file");
  EXPECT_FALSE(fs::exists(folder / "d.npy"));
}

TEST_F(Cli, MachineFailuresLeaveNothingBehind) {
  expect_refused("gemm --a a.npy --b b.npy -o /dev/full -f bf16", 3, "/dev/full: cannot write: No space left");
  expect_refused("gemm --a a.npy --b b.npy -o no/such/d.npy -f bf16", 3, "make the folder first");
  expect_refused("gemm --a a.npy --b b.npy -f bf16 > /dev/full", 3, "cannot write to standard output");
  write_file(folder / "d.npy", std::string_view("precious"));
  expect_refused("gemm --a a.npy --b a.npy -o d.npy -f bf16", 2, "inner sizes");
  EXPECT_EQ(text("d.npy"), "precious");
  for (const auto& entry : fs::directory_iterator(folder)) {
    EXPECT_FALSE(entry.path().filename().string().starts_with(".hilbert-")) << entry.path();  // temporary files
  }
}

TEST_F(Cli, GemmComputesAndChecks) {
  const Outcome o = run("gemm --a a.npy --b b.npy -o d.npy --format bf16 --device model:small --check");
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_NE(o.out.find("all 4 results equal the reference model's"), std::string::npos) << o.out;
  EXPECT_EQ(read_npy(folder / "d.npy"), Matrix<float>(2, 2, {58, 64, 139, 154}));
  const Outcome json = run("gemm --a a.npy --b b.npy -f int8 --out-format int8 --relu --saturate --check --json");
  EXPECT_EQ(json.code, 0) << json.err;
  EXPECT_NE(json.out.find("\"flags\": \"overflow|inexact\""), std::string::npos)
      << json.out;  // 139 and 154 clamp to 127
  EXPECT_NE(run("gemm -v --a a.npy --b b.npy -f bf16").err.find("hilbert: GEMM 2x2x3"), std::string::npos);
}

TEST_F(Cli, Info) {
  EXPECT_NE(run("info").out.find("model:small"), std::string::npos);
  const Outcome o = run("info --device model:small --json");
  EXPECT_EQ(o.code, 0);
  EXPECT_NE(o.out.find("\"bank_bytes\": 2048"), std::string::npos) << o.out;
  expect_refused("info --device nonsense", 2, "nonsense");
}

}  // namespace
}  // namespace hilbert

// SPDX-License-Identifier: Apache-2.0
// hilbert firmware run, step and regs as a user runs it, with executables assembled here: exit codes, signature, trace,
// messages.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <hilbert/device.hpp>
#include <hilbert/elf_symbols.hpp>
#include <hilbert/file.hpp>
#include <string>
#include <utility>
#include <vector>

#include "small_elf.hpp"
#include "support/shell.hpp"

namespace hilbert {
namespace {

namespace fs = std::filesystem;
namespace rv = test::rv;
using test::elf, test::ending_with, test::Outcome, test::program, test::Symbols;

class CpuCli : public testing::TestWithParam<std::string> {
 protected:
  void save(const std::string& name, const std::vector<rv::Word>& code, std::uint32_t base = 0x6000'0000,
            bool named = true) {
    const Symbols symbols{{"tohost", base + 128}, {"begin_signature", base + 144}, {"end_signature", base + 152}};
    write_file(shell_.folder / name, elf(base, code, named ? symbols : Symbols{{"main", base}}));
  }
  Outcome run(const std::string& arguments) const {
    return shell_.run("firmware " + arguments + " --device " + GetParam());
  }
  std::string text(const std::string& name) const { return shell_.text(name); }

  const test::Shell shell_{"cpu_cli"};
};

INSTANTIATE_TEST_SUITE_P(Device, CpuCli, testing::ValuesIn(test::model_and_simulation()),
                         [](const auto& device) { return device.param.substr(0, device.param.find(':')); });

TEST_P(CpuCli, PassAndSignatureFromBothMemories) {
  for (const std::uint32_t base : {0x6000'0000u, 0u}) {
    save("pass.elf", ending_with(1), base);
    const Outcome o = run("run pass.elf --signature pass.sig --trace pass.trace");
    EXPECT_EQ(o.code, 0) << o.err;
    EXPECT_NE(o.out.find("passed"), std::string::npos) << o.out;
    EXPECT_EQ(text("pass.sig"), "00000123\nabcde000\n");
    const std::string trace = text("pass.trace");
    EXPECT_EQ(std::count(trace.begin(), trace.end(), '\n'), 8) << trace;
    EXPECT_NE(trace.find(base == 0 ? "00000008 12300593 x11=00000123\n" : "60000008 12300593 x11=00000123\n"),
              std::string::npos)
        << trace;
    EXPECT_EQ(run("run pass.elf").code, 0) << "not step by step";
  }
}

TEST_P(CpuCli, FailuresAreExitCodeOne) {
  save("fail.elf", ending_with(2 * 7 + 1));
  Outcome o = run("run fail.elf");
  EXPECT_EQ(o.code, 1);
  EXPECT_NE(o.err.find("failure 7"), std::string::npos) << o.err;
  save("hang.elf", program({}));
  o = run("run hang.elf --max-clocks 5000");
  EXPECT_EQ(o.code, 1);
  EXPECT_NE(o.err.find("0x60000008"), std::string::npos) << "where it hangs: " << o.err;
  save("lockup.elf", program({rv::lui(5, 0x5000'0000), rv::csrw(rv::mtvec, 5), rv::ecall}));
  o = run("run lockup.elf");
  EXPECT_EQ(o.code, 1);
  EXPECT_NE(o.err.find("locked up"), std::string::npos) << o.err;
}

/// Three instructions, of which the last stores to tohost, and a wait for ever.
std::vector<rv::Word> three(rv::Word tohost) {
  std::vector<rv::Word> code{rv::auipc(10, 0), rv::addi(11, 0, tohost), rv::sw(11, 10, 128), rv::jal(0, 0)};
  code.resize(48);
  return code;
}

/// A loop of two instructions, n times.
std::vector<rv::Word> counting(rv::Word n) {
  std::vector<rv::Word> code{rv::auipc(10, 0), rv::addi(11, 0, 1), rv::lui(5, n), rv::addi(5, 5, n & 0xFFF)};
  for (const rv::Word word : {rv::addi(5, 5, static_cast<rv::Word>(-1)), rv::bne(5, 0, static_cast<rv::Word>(-4)),
                              rv::sw(11, 10, 128), rv::jal(0, 0)}) {
    code.push_back(word);
  }
  code.resize(48);
  return code;
}

/// The program's instructions to the store to tohost, that one counted, whatever the core did before it was halted.
TEST_P(CpuCli, InstructionsAreCountedToTheStoreToTohost) {
  save("three.elf", three(1));
  EXPECT_NE(run("run three.elf").out.find(": passed after 3 instructions\n"), std::string::npos)
      << run("run three.elf").out;
  EXPECT_NE(run("run three.elf --trace t").out.find(": passed after 3 instructions\n"), std::string::npos);
  save("failed.elf", three(5));
  EXPECT_NE(run("run failed.elf").err.find("reports failure 2 after 3 instructions"), std::string::npos);
  for (const rv::Word n : {1u, 100u, 511u, 512u, 1000u, 1500u, 0x1400u, 0x4000u}) {
    save("loop.elf", counting(n));
    const Outcome o = run("run loop.elf");
    EXPECT_NE(o.out.find(": passed after " + std::to_string(4 + 2 * n + 1) + " instructions\n"), std::string::npos)
        << n << ": " << o.out << o.err;
  }
}

/// The core stands still where it was told to, not at the end of a slice.
TEST_P(CpuCli, MostClocksAreNotExceeded) {
  save("hang.elf", program({}));
  if (!abilities_of(GetParam()).time) {  // an instruction a clock
    EXPECT_NE(run("run hang.elf --max-clocks 100").err.find("100 instructions retired"), std::string::npos);
  }
}

/// A signature that cannot be one is refused before anything runs or is written.
TEST_P(CpuCli, SignaturesAreWordsOfOneMemory) {
  const std::uint32_t base = 0x6000'0000;
  const auto refuse = [&](const Symbols& symbols, std::string_view piece) {
    write_file(shell_.folder / "bad.elf", elf(base, program({}), symbols));  // would never end
    const Outcome o = run("run bad.elf --signature sig --trace trace");
    EXPECT_EQ(o.code, 2) << piece << o.out;
    EXPECT_NE(o.err.find(piece), std::string::npos) << o.err;
    EXPECT_FALSE(fs::exists(shell_.folder / "sig") || fs::exists(shell_.folder / "trace")) << piece;
  };
  const std::pair<std::string, std::uint32_t> tohost{"tohost", base + 128};
  const auto signature = [&](std::uint32_t begin, std::uint32_t end) {
    return Symbols{tohost, {"begin_signature", begin}, {"end_signature", end}};
  };
  refuse({tohost, {"end_signature", base + 152}}, "no symbol 'begin_signature'");
  refuse({tohost, {"begin_signature", base + 144}}, "no symbol 'end_signature'");
  refuse(signature(base + 144, base + 144), "the end is not behind the begin");
  refuse(signature(base + 152, base + 144), "the end is not behind the begin");
  refuse(signature(base + 146, base + 152), "not whole words");
  refuse(signature(base + 144, base + 151), "not whole words");
  refuse(signature(base + 144, 0x7000'0000), "not in one memory");
  refuse(signature(base - 4, base + 144), "not in one memory");
  refuse(signature(0x8000'0000, 0x8000'0010), "not in one memory");
}

TEST_P(CpuCli, TohostIsAWordThatTheProgramStores) {
  const std::uint32_t base = 0x6000'0000;
  for (const std::uint32_t address : {base + 130, 0x8000'0000u, base - 4, 0xFFFF'FFFCu}) {
    write_file(shell_.folder / "bad.elf", elf(base, three(1), {{"tohost", address}}));
    for (const char* command : {"run", "step", "regs"}) {
      const Outcome o = run(std::string(command) + " bad.elf");
      EXPECT_EQ(o.code, 2) << address;
      EXPECT_NE(o.err.find("tohost"), std::string::npos) << o.err;
    }
  }
  auto code = program({});
  code[32] = 1;  // what the file has at tohost is no verdict
  save("initial.elf", code);
  Outcome o = run("run initial.elf --max-clocks 5000");
  EXPECT_EQ(o.code, 1);
  EXPECT_NE(o.err.find("nothing was stored to tohost"), std::string::npos) << o.err;
  save("even.elf", three(0x40));
  o = run("run even.elf");
  EXPECT_EQ(o.code, 1);
  EXPECT_NE(o.err.find("asks a simulator's host for a service"), std::string::npos) << o.err;
}

/// e_flags: RVC is no reason to refuse; that the core then locks up is said with the reason.
TEST_P(CpuCli, CompressedCodeRunsIntoItsTrap) {
  auto code = program({0x0505'0505});  // c.addi a0, 1, twice
  auto file = elf(0x6000'0000, code, {{"tohost", 0x6000'0080}});
  file[36] |= std::byte{1};
  write_file(shell_.folder / "rvc.elf", file);
  const Outcome o = run("run rvc.elf");
  EXPECT_EQ(o.code, 1);
  EXPECT_NE(o.err.find("locked up"), std::string::npos) << o.err;
  EXPECT_NE(o.err.find("16-bit instructions"), std::string::npos) << o.err;
}

TEST_P(CpuCli, StepAndRegs) {
  save("pass.elf", ending_with(1));
  const Outcome steps = run("step pass.elf -n 3");
  EXPECT_EQ(steps.code, 0) << steps.err;
  EXPECT_EQ(steps.out,
            "60000000 00000517 x10=60000000\n60000004 08050513 x10=60000080\n60000008 12300593 x11=00000123\n");
  const Outcome registers = run("regs pass.elf -n 3");
  EXPECT_EQ(registers.code, 0) << registers.err;
  EXPECT_NE(registers.out.find("pc  6000000c  halted"), std::string::npos) << registers.out;
  EXPECT_NE(registers.out.find("x10 60000080"), std::string::npos) << registers.out;
  EXPECT_NE(registers.out.find("x11 00000123"), std::string::npos) << registers.out;
}

TEST_P(CpuCli, BadInputIsExitCodeTwoAndWritesNothing) {
  save("pass.elf", ending_with(1));
  save("stripped.elf", ending_with(1), 0x6000'0000, false);
  save("registers.elf", ending_with(1), 0x8000'0000);
  const std::pair<const char*, const char*> cases[] = {{"run missing.elf --signature sig", "missing.elf"},
                                                       {"run stripped.elf --signature sig", "tohost"},
                                                       {"run registers.elf --signature sig", "memory"},
                                                       {"rum pass.elf", "did you mean 'run'"},
                                                       {"run", "PROGRAM.elf is missing"}};
  for (const auto& [arguments, piece] : cases) {
    const Outcome o = run(arguments);
    EXPECT_EQ(o.code, 2) << arguments << "\n" << o.err;
    EXPECT_NE(o.err.find(piece), std::string::npos) << arguments << "\n" << o.err;
  }
  EXPECT_FALSE(fs::exists(shell_.folder / "sig"));
}

TEST(ElfSymbols, EveryTruncationIsRefusedOrGivesTheSame) {
  const Symbols symbols{{"tohost", 0x6000'0080}, {"main", 0x6000'0000}};
  const auto file = elf(0x6000'0000, ending_with(1), symbols);
  const auto expected = elf_symbols(file, "here");
  EXPECT_EQ(expected, (std::map<std::string, std::uint32_t>(symbols.begin(), symbols.end())));
  for (std::size_t size = 0; size < file.size(); ++size) {
    EXPECT_THROW((void)elf_symbols(std::span(file).first(size), "here"), Error) << size;
  }
}

}  // namespace
}  // namespace hilbert

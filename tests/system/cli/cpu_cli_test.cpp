// SPDX-License-Identifier: Apache-2.0
// hilbert cpu as a user runs it, with executables assembled here: exit codes, signature, trace, messages.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <hilbert/device.hpp>
#include <hilbert/elf_symbols.hpp>
#include <hilbert/file.hpp>
#include <string>
#include <utility>
#include <vector>

#include "assembler.hpp"

namespace hilbert {
namespace {

namespace fs = std::filesystem;
namespace rv = test::rv;
using Symbols = std::vector<std::pair<std::string, std::uint32_t>>;

/// An ELF-32 executable: header, one program header, the code, symbols with their names, three section headers.
std::vector<std::byte> elf(std::uint32_t base, const std::vector<rv::Word>& code, const Symbols& symbols) {
  std::vector<std::byte> file;
  const auto put = [&](std::uint32_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) file.push_back(static_cast<std::byte>(value >> 8 * i));
  };
  const auto words = [&](std::initializer_list<std::uint32_t> values) {
    for (const std::uint32_t value : values) put(value, 4);
  };
  std::string names(1, '\0');
  std::vector<std::uint32_t> name_at;
  for (const auto& [name, value] : symbols) {
    name_at.push_back(static_cast<std::uint32_t>(names.size()));
    names += name + '\0';
  }
  const auto code_bytes = static_cast<std::uint32_t>(4 * code.size()), code_at = 84u;
  const std::uint32_t symbols_at = code_at + code_bytes;
  const auto symbol_bytes = static_cast<std::uint32_t>(16 * (symbols.size() + 1));
  const std::uint32_t names_at = symbols_at + symbol_bytes;
  const std::uint32_t sections_at = names_at + static_cast<std::uint32_t>(names.size());
  words({0x464C'457F, 0x0001'0101, 0, 0, 2 | 243u << 16, 1, base, 52, sections_at, 0});
  for (const unsigned half : {52u, 32u, 1u, 40u, 3u, 2u}) put(half, 2);
  words({1, code_at, base, base, code_bytes, code_bytes, 5, 4});
  for (const rv::Word word : code) put(word, 4);
  words({0, 0, 0, 0});
  for (std::size_t i = 0; i < symbols.size(); ++i) words({name_at[i], symbols[i].second, 0, 1u << 16});
  for (const char ch : names) put(static_cast<unsigned char>(ch), 1);
  words({0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  words({0, 2, 0, 0, symbols_at, symbol_bytes, 2, 0, 4, 16});
  words({0, 3, 0, 0, names_at, static_cast<std::uint32_t>(names.size()), 0, 0, 1, 0});
  return file;
}

/// x10 = its base + 128, where tohost is, then `body`, then waiting for ever.
std::vector<rv::Word> program(const std::vector<rv::Word>& body) {
  std::vector<rv::Word> code{rv::auipc(10, 0), rv::addi(10, 10, 128)};
  code.insert(code.end(), body.begin(), body.end());
  code.push_back(rv::jal(0, 0));
  code.resize(48);
  return code;
}
std::vector<rv::Word> ending_with(rv::Word tohost) {
  return program({rv::addi(11, 0, 0x123), rv::sw(11, 10, 16), rv::lui(11, 0xABCD'E000), rv::sw(11, 10, 20),
                  rv::addi(12, 0, tohost), rv::sw(12, 10, 0)});
}

struct Outcome {
  int code = -1;
  std::string out, err;
};

class CpuCli : public testing::TestWithParam<std::string> {
 protected:
  CpuCli() : folder_(fs::temp_directory_path() / ("hilbert_cpu_cli_" + std::to_string(::getpid()))) {
    fs::create_directory(folder_);
  }
  ~CpuCli() override { fs::remove_all(folder_); }

  void save(const std::string& name, const std::vector<rv::Word>& code, std::uint32_t base = 0x6000'0000,
            bool named = true) {
    const Symbols symbols{{"tohost", base + 128}, {"begin_signature", base + 144}, {"end_signature", base + 152}};
    write_file(folder_ / name, elf(base, code, named ? symbols : Symbols{{"main", base}}));
  }
  Outcome run(const std::string& arguments) const {
    const std::string line = "cd " + folder_.string() + " && " HILBERT_PROGRAM " cpu " + arguments + " --device " +
                             GetParam() + " >out 2>err";
    const int status = std::system(line.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text("out"), text("err")};
  }
  std::string text(const std::string& name) const {
    const auto bytes = read_file(folder_ / name);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  fs::path folder_;
};

std::vector<std::string> devices() {
  const auto all = available_devices();
  std::vector<std::string> chosen{"model:full"};
  if (std::find(all.begin(), all.end(), "sim:small") != all.end()) chosen.push_back("sim:small");
  return chosen;
}
INSTANTIATE_TEST_SUITE_P(Device, CpuCli, testing::ValuesIn(devices()),
                         [](const auto& info) { return info.param.substr(0, info.param.find(':')); });

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
  o = run("run hang.elf --max-cycles 5000");
  EXPECT_EQ(o.code, 1);
  EXPECT_NE(o.err.find("0x60000008"), std::string::npos) << "where it hangs: " << o.err;
  save("lockup.elf", program({rv::lui(5, 0x5000'0000), rv::csrw(rv::mtvec, 5), rv::ecall}));
  o = run("run lockup.elf");
  EXPECT_EQ(o.code, 1);
  EXPECT_NE(o.err.find("locked up"), std::string::npos) << o.err;
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
                                                       {"run", "program"}};
  for (const auto& [arguments, piece] : cases) {
    const Outcome o = run(arguments);
    EXPECT_EQ(o.code, 2) << arguments << "\n" << o.err;
    EXPECT_NE(o.err.find(piece), std::string::npos) << arguments << "\n" << o.err;
  }
  EXPECT_FALSE(fs::exists(folder_ / "sig"));
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

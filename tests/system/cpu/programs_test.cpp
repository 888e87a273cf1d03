// SPDX-License-Identifier: Apache-2.0
// Compiled programs in lock-step: on the core alone, in random surroundings, and in the chip. Their signatures are
// judged by published values and by this machine's own arithmetic.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <hilbert/elf_symbols.hpp>
#include <hilbert/file.hpp>
#include <hilbert/regs/cpu.hpp>
#include <ostream>

#include "chip_lockstep.hpp"
#include "signatures.hpp"
#include "support/lockstep/lockstep.hpp"
#include "support/random.hpp"

namespace hilbert::test {
namespace {

namespace c = regs::cpu;

struct Program {
  explicit Program(const std::string& name, std::uint32_t code_bytes, std::uint32_t data_bytes) {
    const std::string path = std::string(PROGRAM_DIR) + "/" + name + ".elf";
    const AddressRange memory[] = {{0, data_bytes}, {controller_memory_base, code_bytes}};
    const auto file = read_file(path);
    firmware = parse_elf(file, path, memory);
    const auto symbols = elf_symbols(file, path);
    tohost = symbols.at("tohost");
    begin = symbols.at("begin_signature");
    end = symbols.at("end_signature");
  }
  Firmware firmware;
  std::uint32_t tohost = 0, begin = 0, end = 0;
};

/// The words that a segment's bytes make; segments begin and end at whole words.
std::vector<std::uint32_t> words_of(const FirmwareSegment& segment) {
  std::vector<std::uint32_t> words((segment.bytes.size() + 3) / 4);
  for (std::size_t i = 0; i < segment.bytes.size(); ++i)
    words[i / 4] |= std::to_integer<std::uint32_t>(segment.bytes[i]) << 8 * (i % 4);
  return words;
}

struct Case {
  const char* program;
  CpuKind kind;
};
void PrintTo(const Case& one, std::ostream* out) {  // NOLINT: the name that GoogleTest looks for
  *out << one.program;
}
class OnTheCore : public testing::TestWithParam<Case> {};

TEST_P(OnTheCore, EveryInstructionAsTheSimulator) {
  const auto& [name, kind] = GetParam();
  const Program program(name, Memory::bytes, Memory::bytes);
  std::uint64_t compared = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Random random(seed);
    LockStep bench(kind, seed);
    for (const FirmwareSegment& segment : program.firmware.segments) {
      ASSERT_EQ(segment.address % 4, 0u);
      bench.write(segment.address, words_of(segment));
    }
    World world;  // the first time as fast as can be
    if (seed != 1) {
      world.grant_i = 32 + random.below(225);
      world.grant_c = 32 + random.below(225);
      world.latency = 1 + random.below(6);
      world.vary = random.below(2) != 0;
    }
    bench.restart(program.firmware.entry, world);
    try {
      while (bench.word(program.tohost) == 0 && bench.compared() < 2'000'000) bench.run(100);
      bench.compare_state();
    } catch (const std::runtime_error& error) {
      FAIL() << error.what();
    }
    ASSERT_EQ(bench.word(program.tohost), 1u)
        << "failure " << (bench.word(program.tohost) >> 1) << ", pc " << fmt::format("{:#x}", bench.iss().pc());
    std::vector<std::uint32_t> signature;
    for (std::uint32_t at = program.begin; at < program.end; at += 4) signature.push_back(bench.word(at));
    EXPECT_EQ(signature_error(name, signature), "");
    compared += bench.compared();
  }
  fmt::print("{} retirements and traps compared\n", compared);
}

// mi_csr needs the counters, which the small core of this bench has not.
constexpr Case on_the_core[] = {
    {"ui_integer", CpuKind::small}, {"ui_fence_i", CpuKind::small},   {"mi_traps", CpuKind::small},
    {"sort", CpuKind::small},       {"arch_shifts", CpuKind::small},  {"divide", CpuKind::small},
    {"digest", CpuKind::small},     {"ui_integer_m", CpuKind::full},  {"ui_fence_i_m", CpuKind::full},
    {"mi_traps_m", CpuKind::full},  {"mi_csr_m", CpuKind::full},      {"um_muldiv_m", CpuKind::full},
    {"sort_m", CpuKind::full},      {"arch_shifts_m", CpuKind::full}, {"divide_m", CpuKind::full},
    {"digest_m", CpuKind::full}};
INSTANTIATE_TEST_SUITE_P(Cpu, OnTheCore, testing::ValuesIn(on_the_core),
                         [](const auto& one) { return std::string(one.param.program); });

class InTheChip : public testing::TestWithParam<const char*> {};

TEST_P(InTheChip, EveryInstructionAsTheSimulator) {
  const Program program(GetParam(), watched_cpu_bytes, watched_geometry.data_bytes());
  ChipLockStep bench;
  bench.load(program.firmware);
  Device& device = bench.device();
  const auto word = [&](std::uint32_t address) {
    std::array<std::byte, 4> bytes{};
    read_bytes(device, address, bytes);
    std::uint32_t value = 0;
    for (unsigned i = 0; i < 4; ++i) value |= std::to_integer<std::uint32_t>(bytes[i]) << 8 * i;
    return value;
  };
  device.write_register(c::base + c::ctrl, c::ctrl_run_mask);
  while (word(program.tohost) == 0 && bench.clocks < 3'000'000) device.idle(500);
  ASSERT_EQ(word(program.tohost), 1u) << "failure " << (word(program.tohost) >> 1);
  std::vector<std::uint32_t> signature;
  for (std::uint32_t at = program.begin; at < program.end; at += 4) signature.push_back(word(at));
  EXPECT_EQ(signature_error(GetParam(), signature), "");
  bench.compare_memory();
  fmt::print("{} retirements and traps compared\n{}", bench.follower().compared, bench.follower().coverage.text());
}

INSTANTIATE_TEST_SUITE_P(Cpu, InTheChip,
                         testing::Values("ui_integer", "ui_fence_i", "mi_traps", "mi_csr", "arch_shifts", "sort",
                                         "divide", "digest", "interrupts"),
                         [](const auto& one) { return std::string(one.param); });

}  // namespace
}  // namespace hilbert::test

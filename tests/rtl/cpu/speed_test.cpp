// SPDX-License-Identifier: Apache-2.0
// Clocks an instruction, with a memory that grants at once and answers loads and stores as hb_mem: two clocks after.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/assembler.hpp"
#include "support/lockstep/lockstep.hpp"

namespace hilbert::test {
namespace {

using namespace rv;

struct Kernel {
  const char* name;
  double limit;            ///< clocks an instruction
  std::vector<Word> loop;  ///< x3 and x4 point to data, x5 counts down to the end of a pass; jumps back by itself
};

/// A load or store takes 3 clocks, a jump or a taken branch ahead 2, everything else 1: the limits follow from the
/// mixes.
const std::vector<Kernel> kernels = {
    {"straight", 1.01, {}},
    {"mix: 20 instructions, 3 loads, 1 store, 2 branches, a jump",
     1.6,
     {lw(8, 3, 0),
      lw(9, 3, 4),
      op(0, 4, 10, 8, 9),
      op_imm(1, 11, 10, 5),
      op_imm(5, 12, 10, 27),
      op(0, 6, 10, 11, 12),
      beq(10, 0, 12),
      add(13, 13, 10),
      addi(14, 14, 1),
      lw(15, 4, 0),
      op(0x20, 0, 15, 15, 13),
      op_imm(7, 16, 15, 1),
      bne(16, 0, 8),
      op_imm(4, 15, 15, 0x155),
      sw(15, 4, 0),
      addi(3, 3, 4),
      addi(4, 4, 4),
      op_imm(7, 3, 3, 0x7FF),
      op_imm(7, 4, 4, 0x7FF),
      jal(0, static_cast<Word>(-4 * 19))}},
    {"the loop of hilbert bench firmware: load, store, five between registers, branch back",
     1.5,
     {lw(8, 3, 0), addi(8, 8, 1), sw(8, 3, 0), op(0, 4, 9, 9, 8), op_imm(1, 10, 9, 3), op(0, 0, 11, 11, 10),
      op_imm(4, 12, 11, 0x55), beq(0, 0, static_cast<Word>(-4 * 7))}},
    {"copy: load, store, two pointers, jump",
     2.3,
     {lw(8, 3, 0), sw(8, 4, 0), op_imm(7, 3, 3, 0x7FC), addi(4, 3, 4), jal(0, static_cast<Word>(-4 * 4))}},
    {"bit-serial CRC: shift, mask, xor, jump",
     1.5,
     {op_imm(7, 9, 8, 1), op(0x20, 0, 9, 0, 9), op(0, 7, 9, 9, 10), op_imm(5, 8, 8, 1), op(0, 4, 8, 8, 9),
      jal(0, static_cast<Word>(-4 * 5))}},
};

class Speed : public testing::TestWithParam<CpuKind> {
 protected:
  bool bench_has_m() const { return GetParam() == CpuKind::full; }
};

TEST_P(Speed, ClocksPerInstruction) {
  for (const Kernel& kernel : kernels) {
    LockStep bench(GetParam(), 1);
    std::vector<Word> words(Memory::bytes / 4, nop);
    std::copy(kernel.loop.begin(), kernel.loop.end(), words.begin() + 8);
    bench.write(Memory::code, words);
    bench.restart(Memory::code, World{});
    bench.run(100);
    const auto clocks = bench.clocks;
    bench.run(2000);
    const double cpi = static_cast<double>(bench.clocks - clocks) / 2000;
    fmt::print("{:.3f} clocks an instruction: {}\n", cpi, kernel.name);
    EXPECT_LE(cpi, kernel.limit) << kernel.name;
  }
}

/// Clocks of each instruction kind alone, as rtl/cpu/README.md has them.
TEST_P(Speed, ClocksOfEachKind) {
  const auto clocks_of = [](LockStep& bench, unsigned count) {
    bench.restart(Memory::code, World{});
    bench.run(count);
    const auto clocks = bench.clocks;
    bench.run(count);
    return static_cast<double>(bench.clocks - clocks) / count;
  };
  const auto stream = [&](Word word) {
    LockStep bench(GetParam(), 1);
    bench.write(Memory::code, std::vector<Word>(2000, word));
    return clocks_of(bench, 500);
  };
  EXPECT_EQ(stream(csrr(8, mscratch)), 3);
  EXPECT_EQ(stream(csrr(8, mie)), 3);
  EXPECT_EQ(stream(lw(8, 0, 0)), 3);
  EXPECT_EQ(stream(sw(8, 0, 0)), 3);
  EXPECT_EQ(stream(jal(0, 4)), 2);
  EXPECT_EQ(stream(bne(0, 0, 512)), 1);
  EXPECT_EQ(stream(fence), 1);
  if (bench_has_m()) {
    EXPECT_EQ(stream(op(1, 0, 8, 9, 10)), 34);
    EXPECT_EQ(stream(op(1, 4, 8, 9, 10)), 34);
  }

  {  // two jumps out of the window, to and fro
    LockStep bench(GetParam(), 1);
    bench.write(Memory::code, std::vector<Word>{jal(0, 512)});
    bench.write(Memory::code + 512, std::vector<Word>{jal(0, static_cast<Word>(-512))});
    EXPECT_EQ(clocks_of(bench, 500), 6);
  }

  // A loop of 44 runs from the window wherever it lies: one clock an instruction, one more for its jump.
  for (const unsigned length : {2u, 10u, 44u}) {
    for (unsigned start = 0; start < 16; ++start) {
      LockStep bench(GetParam(), 1);
      std::vector<Word> words(200, nop);
      words[start + length - 1] = jal(0, 4 - 4 * length);
      bench.write(Memory::code, words);
      EXPECT_EQ(clocks_of(bench, 100 * length), 1 + 1.0 / length) << length << " from " << start;
    }
  }

  // Branches that lead back are taken to be taken: none of that clock, up to 2 KiB, but out of a page of 2 KiB. One
  // that is not taken after all costs that clock.
  const auto branches = [&](unsigned first, unsigned length) {
    LockStep bench(GetParam(), 1);
    std::vector<Word> words(Memory::bytes / 4 / 2, nop);
    words[0] = jal(0, 4 * first);
    words[first + length - 1] = beq(0, 0, 4 - 4 * length);
    bench.write(Memory::code, words);
    return clocks_of(bench, 100 * length);
  };
  for (const unsigned length : {2u, 10u, 44u}) EXPECT_EQ(branches(100, length), 1) << length;
  for (const unsigned length : {2u, 10u, 44u}) EXPECT_EQ(branches(512 - length, length), 1) << length;
  for (const unsigned length : {2u, 10u, 44u})
    EXPECT_EQ(branches(512 - length + 1, length), 1 + 1.0 / length) << length;
  {
    LockStep bench(GetParam(), 1);
    bench.write(Memory::code, std::vector<Word>(2000, bne(0, 0, static_cast<Word>(-8))));
    EXPECT_EQ(clocks_of(bench, 200), 2);
  }

  // From the first clock of an ECALL to that of its handler's first instruction, which retires at once.
  LockStep bench(GetParam(), 1);
  bench.write(Memory::code, std::vector<Word>{auipc(8, 0), addi(8, 8, 24), csrw(mtvec, 8), nop, nop, ecall, nop});
  bench.restart(Memory::code, World{});
  bench.run(5);
  const auto before = bench.clocks;
  bench.run(2);
  EXPECT_EQ(bench.clocks - before, 7u) << "1 for ECALL to enter, 6 for the trap";
}

INSTANTIATE_TEST_SUITE_P(Cpu, Speed, testing::Values(CpuKind::small, CpuKind::full),
                         [](const auto& test) { return test.param == CpuKind::small ? "small" : "full"; });

}  // namespace
}  // namespace hilbert::test

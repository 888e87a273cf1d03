// SPDX-License-Identifier: Apache-2.0
// Every instruction and every cause of a trap, with results worked out by hand from the manuals: neither core nor
// simulator is believed. Encodings are hexadecimal where a mistake in assembler.hpp could hide one in the decoder.
#include <gtest/gtest.h>

#include "support/assembler.hpp"
#include "support/lockstep/lockstep.hpp"

namespace hilbert::test {
namespace {

using namespace rv;

constexpr Word code_base = Memory::code, handler_base = code_base + 0x200, data_base = 0x100;
constexpr std::uint32_t min = 0x8000'0000, max = 0x7FFF'FFFF, ones = 0xFFFF'FFFF;

class Directed : public testing::TestWithParam<CpuKind> {
 protected:
  /// A core halted at code_base with these words there; mtvec points to handler_base, where words are no-operations.
  void begin(const std::vector<Word>& words) {
    bench.write(code_base, std::vector<Word>(0x400 / 4, nop));
    bench.write(code_base + 0x100, std::vector<Word>{csrw(mtvec, 1)});
    bench.write(code_base, words);
    bench.restart(code_base + 0x100, World{});
    bench.halt();
    bench.set_x(1, handler_base);
    bench.step();
    bench.set_pc(code_base);
  }
  std::uint32_t x(unsigned i) {
    bench.dut().in.dbg_gpr = i;
    bench.clock();
    return bench.dut().out.dbg_gpr;
  }
  std::uint32_t pc() { return bench.dut().out.pc; }
  std::uint32_t read_csr(unsigned address) {
    bench.write(code_base + 0x180, std::vector<Word>{fence_i, csrr(31, address)});
    bench.set_pc(code_base + 0x180);
    bench.step();
    bench.step();
    return x(31);
  }
  /// Steps once and expects a trap.
  void expect_trap(unsigned cause, std::uint32_t tval, std::uint32_t at = code_base) {
    bench.step();
    EXPECT_TRUE(bench.last().trap);
    EXPECT_EQ(bench.last().cause, cause);
    EXPECT_EQ(bench.last().tval, tval);
    EXPECT_EQ(pc(), handler_base);
    EXPECT_EQ(read_csr(mcause), cause);
    EXPECT_EQ(read_csr(mtval), tval);
    EXPECT_EQ(read_csr(mepc), at);
  }

  LockStep bench{GetParam(), 1};
};

/// x3 = x1 op x2.
TEST_P(Directed, RegisterRegister) {
  struct Case {
    Word insn;
    std::uint32_t a, b, result;
  };
  const Case cases[] = {
      {0x002081b3, 5, 7, 12},
      {0x002081b3, max, 1, min},
      {0x402081b3, 5, 7, 0xFFFF'FFFE},  // add sub
      {0x402081b3, min, 1, max},
      {0x002091b3, 0x81, 4, 0x810},
      {0x002091b3, 1, 0xFFE1, 2},  // sll
      {0x0020a1b3, min, max, 1},
      {0x0020a1b3, max, min, 0},
      {0x0020a1b3, 3, 3, 0},  // slt
      {0x0020b1b3, min, max, 0},
      {0x0020b1b3, 0, ones, 1},
      {0x0020b1b3, 3, 3, 0},  // sltu
      {0x0020c1b3, 0xFF00, 0x0FF0, 0xF0F0},
      {0x0020d1b3, min, 31, 1},  // xor srl
      {0x0020d1b3, 0xF0, 36, 0xF},
      {0x4020d1b3, min, 31, ones},
      {0x4020d1b3, 0x7000'0000, 28, 7},  // sra
      {0x0020e1b3, 0xFF00, 0x0FF0, 0xFFF0},
      {0x0020f1b3, 0xFF00, 0x0FF0, 0x0F00},  // or and
  };
  for (const Case& c : cases) {
    begin({c.insn});
    bench.set_x(1, c.a);
    bench.set_x(2, c.b);
    bench.step();
    EXPECT_EQ(x(3), c.result) << std::hex << c.insn << " " << c.a << " " << c.b;
    EXPECT_EQ(pc(), code_base + 4);
  }
}

TEST_P(Directed, MultiplyDivide) {
  struct Case {
    unsigned funct3;
    std::uint32_t a, b, result;
  };
  const Case cases[] = {
      {0, 7, ones, 0xFFFF'FFF9},
      {0, 0x1'0001, 0x1'0001, 0x0002'0001},  // mul
      {1, min, min, 0x4000'0000},
      {1, ones, ones, 0},
      {1, ones, 1, ones},  // mulh
      {2, ones, ones, ones},
      {2, 1, ones, 0},
      {2, min, ones, min},  // mulhsu
      {3, ones, ones, 0xFFFF'FFFE},
      {3, min, 2, 1},  // mulhu
      {4, 0xFFFF'FFF9, 2, 0xFFFF'FFFD},
      {4, 7, 0, ones},
      {4, min, ones, min},
      {4, 0xFFFF'FFF9, 0, ones},  // div
      {5, 0xFFFF'FFF9, 2, 0x7FFF'FFFC},
      {5, 7, 0, ones},
      {5, min, ones, 0},  // divu
      {6, 0xFFFF'FFF9, 2, ones},
      {6, 7, 0, 7},
      {6, min, ones, 0},
      {6, 7, 0xFFFF'FFFE, 1},  // rem
      {7, 0xFFFF'FFF9, 2, 1},
      {7, 7, 0, 7},
      {7, min, ones, min},  // remu
  };
  for (const Case& c : cases) {
    const Word insn = 0x022081b3 | c.funct3 << 12;
    begin({insn});
    bench.set_x(1, c.a);
    bench.set_x(2, c.b);
    if (bench.dut().options.ext_m) {
      bench.step();
      EXPECT_EQ(x(3), c.result) << c.funct3 << std::hex << " " << c.a << " " << c.b;
    } else {
      expect_trap(2, insn);
    }
  }
}

/// Result in x3; x1 = -3 where it counts.
TEST_P(Directed, Immediates) {
  const std::pair<Word, std::uint32_t> cases[] = {
      {0xffd08193, 0xFFFF'FFFA},       // addi x3, x1, -3
      {0x7ff08193, 0x7FC},             // addi x3, x1, 2047
      {0xffe0a193, 1},                 // slti x3, x1, -2
      {0xffd0b193, 0},                 // sltiu x3, x1, -3
      {0xffe0b193, 1},                 // sltiu x3, x1, -2
      {0xfff0c193, 2},                 // xori x3, x1, -1
      {0x0010e193, 0xFFFF'FFFD},       // ori x3, x1, 1
      {0x00c0f193, 0xC},               // andi x3, x1, 12
      {0x01f09193, 0x8000'0000},       // slli x3, x1, 31
      {0x01c0d193, 0xF},               // srli x3, x1, 28
      {0x4010d193, 0xFFFF'FFFE},       // srai x3, x1, 1
      {0x800001b7, 0x8000'0000},       // lui x3, 0x80000
      {0xfffff197, code_base - 4096},  // auipc x3, 0xfffff
  };
  for (const auto& [insn, result] : cases) {
    begin({insn});
    bench.set_x(1, static_cast<std::uint32_t>(-3));
    bench.step();
    EXPECT_EQ(x(3), result) << std::hex << insn;
  }
}

TEST_P(Directed, X0StaysZero) {
  begin({addi(0, 1, 5), lui(0, ones), lw(0, 0, data_base), jal(0, 4), csr(2, 0, misa, 0), add(3, 0, 0)});
  for (int i = 0; i < 6; ++i) bench.step();
  EXPECT_EQ(x(3), 0u);
  EXPECT_EQ(x(0), 0u);
}

TEST_P(Directed, Branches) {
  struct Case {
    unsigned funct3;
    std::uint32_t a, b;
    bool taken;
  };
  const Case cases[] = {{0, 3, 3, true},     {0, 3, 4, false},     {1, 3, 3, false},   {1, 3, ones, true},
                        {4, min, max, true}, {4, max, min, false}, {4, 3, 3, false},   {5, min, max, false},
                        {5, 3, 3, true},     {6, min, max, false}, {6, 0, ones, true}, {6, 3, 3, false},
                        {7, min, max, true}, {7, 3, 3, true},      {7, 0, 1, false}};
  for (const Case& c : cases) {
    begin({0x00208463 | c.funct3 << 12});  // b.. x1, x2, .+8
    bench.set_x(1, c.a);
    bench.set_x(2, c.b);
    bench.step();
    EXPECT_EQ(pc(), code_base + (c.taken ? 8 : 4)) << c.funct3;
  }
  begin({0xfe000ee3});  // beq x0, x0, .-4
  bench.step();
  EXPECT_EQ(pc(), code_base - 4);
}

TEST_P(Directed, Jumps) {
  begin({0x0200016f});  // jal x2, .+32
  bench.step();
  EXPECT_EQ(pc(), code_base + 32);
  EXPECT_EQ(x(2), code_base + 4);
  begin({0xffdff06f});  // jal x0, .-4
  bench.step();
  EXPECT_EQ(pc(), code_base - 4);
  begin({0xffd080e7});  // jalr x1, -3(x1): the link may be the base, bit 0 of the target is cleared
  bench.set_x(1, code_base + 0x44);
  bench.step();
  EXPECT_EQ(pc(), code_base + 0x40);
  EXPECT_EQ(x(1), code_base + 4);
}

/// Memory at data_base: bytes 80 F1 7F 02, little-endian.
TEST_P(Directed, LoadsAndStores) {
  const std::tuple<unsigned, unsigned, std::uint32_t> loads[] = {
      {0, 0, 0xFFFF'FF80}, {0, 1, 0xFFFF'FFF1}, {0, 2, 0x7F}, {0, 3, 2},           {1, 0, 0xFFFF'F180}, {1, 2, 0x027F},
      {2, 0, 0x027F'F180}, {4, 0, 0x80},        {4, 1, 0xF1}, {5, 0, 0x0000'F180}, {5, 2, 0x027F}};
  for (const auto& [funct3, offset, result] : loads) {
    begin({load(funct3, 3, 1, offset)});
    bench.write(data_base, std::vector<Word>{0x027F'F180});
    bench.set_x(1, data_base);
    bench.step();
    EXPECT_EQ(x(3), result) << funct3 << " " << offset;
  }
  const std::tuple<unsigned, unsigned, std::uint32_t> stores[] = {
      {0, 0, 0x027F'F144}, {0, 1, 0x027F'4480}, {0, 2, 0x0244'F180}, {0, 3, 0x447F'F180},
      {1, 0, 0x027F'3344}, {1, 2, 0x3344'F180}, {2, 0, 0x1122'3344}};
  for (const auto& [funct3, offset, result] : stores) {
    begin({store(funct3, 2, 1, offset)});
    bench.write(data_base, std::vector<Word>{0x027F'F180});
    bench.set_x(1, data_base);
    bench.set_x(2, 0x1122'3344);
    bench.step();
    EXPECT_EQ(bench.word(data_base), result) << funct3 << " " << offset;
  }
  begin({0xfe20ae23});  // sw x2, -4(x1)
  bench.set_x(1, data_base + 4);
  bench.set_x(2, 0xABCD);
  bench.step();
  EXPECT_EQ(bench.word(data_base), 0xABCDu);
}

TEST_P(Directed, Csrs) {
  begin({0x340091f3, 0x3400a1f3, 0x3400b1f3, 0x3402d1f3, 0x340161f3, 0x3400f1f3, 0x340021f3});
  const std::uint32_t first = 0xF0F0;
  bench.set_x(1, first);
  // csrrw x3, mscratch, x1; csrrs; csrrc: mscratch becomes F0F0, F0F0, 0
  const std::uint32_t seen[] = {0, first, first, 0, 5, 7, 6};  // then csrrwi 5, csrrsi 2, csrrci 1, csrrs x0
  for (const std::uint32_t value : seen) {
    bench.step();
    EXPECT_EQ(x(3), value);
  }
  begin(
      {csrw(mepc, 1), csrw(mtvec, 1), csrw(mstatus, 1), csrw(mie, 1), csrw(mcause, 1), csrw(mtval, 1), csrw(misa, 1)});
  bench.set_x(1, ones);
  for (int i = 0; i < 7; ++i) bench.step();
  EXPECT_EQ(read_csr(mepc), 0xFFFF'FFFCu);
  EXPECT_EQ(read_csr(mtvec), 0xFFFF'FFFDu);
  EXPECT_EQ(read_csr(mstatus), 0x1888u);
  EXPECT_EQ(read_csr(mie), 0x888u);
  EXPECT_EQ(read_csr(mcause), ones);
  EXPECT_EQ(read_csr(mtval), ones);
  EXPECT_EQ(read_csr(misa), bench.dut().options.ext_m ? 0x4000'1100u : 0x4000'0100u);
  for (const unsigned zero : {0x310u, 0x320u, 0x323u, 0x33Fu, 0xB03u, 0xB9Fu, 0xF11u, 0xF12u, 0xF14u, 0xF15u}) {
    EXPECT_EQ(read_csr(zero), 0u) << zero;
  }
  EXPECT_EQ(read_csr(0xF13), 1u);
}

TEST_P(Directed, Counters) {
  // The instruction that writes minstret is not counted; mcycle counts clocks: a CSR access takes 2 and 1 more to
  // follow.
  begin({csrw(mcycle, 0), csrr(3, mcycle), csrw(minstret, 1), nop, nop, csrr(4, minstret), csrw(mcycle, 2), nop,
         csrr(5, mcycleh), csrw(minstret, 2), nop, csrr(6, minstreth), csrr(7, minstret), wfi});
  bench.set_x(1, 100);
  bench.set_x(2, ones);
  bench.resume();
  EXPECT_FALSE(bench.run(100, true));
  bench.halt();
  const bool counts = bench.dut().options.counters;
  EXPECT_EQ(x(3), counts ? 2u : 0u);
  EXPECT_EQ(x(4), counts ? 102u : 0u);
  EXPECT_EQ(x(5), counts ? 1u : 0u);
  EXPECT_EQ(x(6), counts ? 1u : 0u);
  EXPECT_EQ(x(7), counts ? 1u : 0u);
}

TEST_P(Directed, IllegalInstructions) {
  const Word illegal[] = {
      0x0000'0000, 0xFFFF'FFFF, 0x0000'0001, 0x0000'8082,  // compressed
      0x0000'305B, 0x0000'1067, 0x0020'A063, 0x0020'B063,  // custom, jalr funct3 1, branch funct3 2 and 3
      0x0000'3003, 0x0000'6003, 0x0000'7003, 0x0000'3023, 0x0000'4023, 0x0000'7023,  // ld, 6, 7; sd, 4, 7
      0x0200'9193, 0x4000'9193, 0x0200'D193, 0x8000'D193,  // slli and srli with a sixth bit or an unknown funct7
      0x4020'91B3, 0x4020'F1B3, 0x8020'81B3, 0x0420'81B3,  // funct7 of sub with sll, and; unknown funct7
      0x0000'200F,                                         // fence with funct3 2
      0x0020'0073, 0x1020'0073, 0x3020'00F3, 0x1050'8073,  // uret, sret, mret with rd, wfi with rs1
      0x0000'4073, 0x1200'0073,                            // SYSTEM funct3 4, sfence.vma
      0xC000'2073, 0x3020'2073, 0x3030'2073, 0x7A00'2073, 0x1000'2073, 0xB010'2073,
      0x3210'2073,               // CSRs that are not there
      0xF140'9073, 0xF140'E073,  // writes to mhartid
  };
  for (const Word insn : illegal) {
    begin({insn});
    SCOPED_TRACE(testing::Message() << std::hex << insn);
    expect_trap(2, insn);
  }
}

TEST_P(Directed, Exceptions) {
  begin({ecall});
  expect_trap(11, 0);
  begin({ebreak});
  expect_trap(3, code_base);
  begin({jal(2, 6)});
  bench.set_x(2, 1);
  expect_trap(0, code_base + 6);
  EXPECT_EQ(x(2), 1u) << "a jump that traps does not link";
  begin({jalr(2, 1, 1)});
  bench.set_x(1, code_base + 0x42);
  expect_trap(0, code_base + 0x42);
  begin({beq(0, 0, 10)});
  expect_trap(0, code_base + 10);
  begin({bne(0, 0, 10), ecall});
  bench.step();
  expect_trap(11, 0, code_base + 4);  // not taken: its target does not matter

  for (const auto& [funct3, address] : {std::pair{1u, 1u}, {1u, 3u}, {2u, 1u}, {2u, 2u}, {2u, 3u}, {5u, 1u}}) {
    begin({load(funct3, 3, 1, 0)});
    bench.set_x(1, data_base + address);
    bench.set_x(3, 0x77);
    expect_trap(4, data_base + address);
    EXPECT_EQ(x(3), 0x77u);
    if (funct3 > 2) continue;
    begin({store(funct3, 3, 1, 0)});
    bench.set_x(1, data_base + address);
    expect_trap(6, data_base + address);
  }

  begin({lw(3, 1, 4)});
  bench.set_x(1, 0x9000'0000);
  bench.set_x(3, 0x77);
  expect_trap(5, 0x9000'0004);
  EXPECT_EQ(x(3), 0x77u);
  begin({sw(3, 1, 4)});
  bench.set_x(1, 0x9000'0000);
  expect_trap(7, 0x9000'0004);
  begin({jalr(2, 1, 0)});
  bench.set_x(1, 0x9000'0000);
  bench.step();
  EXPECT_EQ(x(2), code_base + 4);
  expect_trap(1, 0x9000'0000, 0x9000'0000);
}

/// An uncorrectable word is met on the way but traps only who uses it.
TEST_P(Directed, Poison) {
  begin({});
  bench.write(code_base + 52, std::vector<Word>{nop, nop, jal(0, 0x80)});
  bench.set_pc(code_base + 52);
  bench.poison(code_base + 0x40);  // of the next line, fetched ahead and not executed
  bench.resume();
  bench.run(20);
  EXPECT_EQ(bench.coverage().traps(), 0u);
  bench.halt();
  bench.set_pc(code_base + 0x40);
  bench.resume();
  bench.run(1);
  EXPECT_TRUE(bench.last().trap);
  EXPECT_EQ(bench.last().cause, 1u);
  bench.halt();

  begin({sw(2, 1, 0), lw(2, 1, 0)});
  bench.poison(data_base);
  bench.set_x(1, data_base);
  expect_trap(7, data_base);
  bench.set_pc(code_base + 4);
  expect_trap(5, data_base, code_base + 4);
}

TEST_P(Directed, InterruptsAndReturn) {
  for (const Word mode : {0u, 1u}) {
    // External before software before timer, each where the mode says, and back.
    begin({csrw(mtvec, 1), csrw(mie, 2), csr(6, 0, mstatus, 8), nop});
    bench.write(handler_base, std::vector<Word>(16, mret));
    bench.set_x(1, handler_base + mode);
    bench.set_x(2, ones);
    bench.irq = 1u << 11 | 1u << 7 | 1u << 3;
    bench.step();
    bench.step();
    bench.step();
    for (const unsigned cause : {11u, 3u, 7u}) {
      bench.step();
      EXPECT_TRUE(bench.last().trap);
      EXPECT_EQ(bench.last().cause, 16 | cause);
      EXPECT_EQ(bench.last().pc, code_base + 12);
      EXPECT_EQ(pc(), handler_base + (mode ? 4 * cause : 0));
      bench.irq &= ~(1u << cause);
      bench.step();  // mret
      EXPECT_EQ(pc(), code_base + 12);
    }
    EXPECT_EQ(read_csr(mcause), 0x8000'0007u);
    EXPECT_EQ(read_csr(mstatus), 0x1888u);
  }
}

TEST_P(Directed, StatusStack) {
  begin({csr(6, 0, mstatus, 8), ecall});
  bench.step();
  bench.step();
  EXPECT_EQ(read_csr(mstatus), 0x1880u);  // MPIE = 1, MIE = 0
  bench.set_pc(code_base + 4);
  bench.step();
  EXPECT_EQ(read_csr(mstatus), 0x1800u);
  bench.write(code_base + 0x40, std::vector<Word>{fence_i, mret});
  bench.set_pc(code_base + 0x40);
  bench.step();
  bench.step();
  EXPECT_EQ(pc(), code_base + 4);
  EXPECT_EQ(read_csr(mstatus), 0x1880u);
}

TEST_P(Directed, WaitForInterrupt) {
  begin({csrw(mie, 2), wfi, nop});
  bench.set_x(2, 1u << 7);
  bench.resume();
  bench.irq = 1u << 3;  // not enabled
  EXPECT_FALSE(bench.run(10, true));
  for (int i = 0; i < 100; ++i) bench.clock();
  EXPECT_TRUE(bench.dut().out.wfi);
  EXPECT_EQ(bench.dut().out.pc, code_base + 8);
  bench.irq |= 1u << 7;  // pending and enabled in mie: wakes, though mstatus.MIE is 0 and nothing is taken
  bench.run(2);
  EXPECT_FALSE(bench.last().trap);
  EXPECT_FALSE(bench.dut().out.wfi);
}

TEST_P(Directed, FenceIShowsWhatWasStored) {
  begin({sw(2, 1, 16), fence_i, nop, nop, addi(3, 0, 1)});
  bench.set_x(1, code_base);
  bench.set_x(2, addi(3, 0, 2));
  bench.resume();
  bench.run(5);
  bench.halt();
  EXPECT_EQ(x(3), 2u);
}

TEST_P(Directed, LockUp) {
  begin({ecall});
  bench.write(handler_base, std::vector<Word>{0});
  bench.resume();
  EXPECT_FALSE(bench.run(100));
  EXPECT_TRUE(bench.locked_up());
  EXPECT_EQ(bench.coverage().traps(), 4u);
  bench.halt();
  EXPECT_EQ(pc(), handler_base);
  bench.resume();
  for (int i = 0; i < 50; ++i) bench.clock();
  EXPECT_TRUE(bench.dut().out.halted);
  begin({nop});  // a reset ends it
  EXPECT_FALSE(bench.locked_up());
  bench.step();
  EXPECT_EQ(pc(), code_base + 4);
}

TEST_P(Directed, StartsWhereTold) {
  bench.write(0x400, std::vector<Word>{addi(3, 0, 7)});
  bench.restart(0x403, World{});
  bench.run(1);
  EXPECT_EQ(bench.last().pc, 0x400u);
  EXPECT_EQ(bench.clocks, 64 + 2u) << "registers are cleared in 64 clocks";
}

INSTANTIATE_TEST_SUITE_P(Cpu, Directed, testing::Values(CpuKind::small, CpuKind::full),
                         [](const auto& test) { return test.param == CpuKind::small ? "small" : "full"; });

}  // namespace
}  // namespace hilbert::test

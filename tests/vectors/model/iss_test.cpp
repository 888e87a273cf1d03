// SPDX-License-Identifier: Apache-2.0
// The instruction-set simulator alone: a small program and what only its caller can decide (tests/rtl/cpu does the
// rest).
#include "hilbert/model/iss.hpp"

#include <gtest/gtest.h>

#include <map>

namespace hilbert::model {
namespace {

class Bus : public IssBus {
 public:
  std::optional<std::uint32_t> fetch(std::uint32_t address) override { return find(address); }
  std::optional<std::uint32_t> load(std::uint32_t address, unsigned) override { return find(address); }
  bool store(std::uint32_t address, unsigned bytes, std::uint32_t data) override {
    const auto word = words.find(address);
    if (word == words.end()) return false;
    for (unsigned i = 0; i < 4; ++i) {
      if (bytes >> i & 1) word->second = (word->second & ~(0xFFu << 8 * i)) | (data & 0xFFu << 8 * i);
    }
    return true;
  }
  std::optional<std::uint32_t> find(std::uint32_t address) const {
    const auto word = words.find(address);
    return word == words.end() ? std::nullopt : std::optional(word->second);
  }
  std::map<std::uint32_t, std::uint32_t> words;
};

/// What `riscv64-unknown-elf-as -march=rv32i` makes of a loop that adds up 1..10 and stores the sum.
TEST(Iss, AddsUp) {
  Bus bus;
  bus.words = {{0x00, 0x00a00513},  // li   a0, 10
               {0x04, 0x00000593},  // li   a1, 0
               {0x08, 0x00a585b3},  // add  a1, a1, a0
               {0x0c, 0xfff50513},  // addi a0, a0, -1
               {0x10, 0xfe051ce3},  // bnez a0, 0x08
               {0x14, 0x04b02023},  // sw   a1, 64(zero)
               {0x18, 0x04104603},  // lbu  a2, 65(zero)
               {0x40, 0xFFFFFFFF}};
  Iss iss(bus, 0, {});
  unsigned steps = 0;
  while (iss.pc() != 0x1c) {
    ASSERT_FALSE(iss.step().trap);
    ASSERT_LT(++steps, 100u);
  }
  EXPECT_EQ(steps, 2u + 3 * 10 + 2);
  EXPECT_EQ(bus.words[0x40], 55u);
  EXPECT_EQ(iss.x(12), 0u);
  const Retired end = iss.step();
  EXPECT_EQ(end, (Retired{.pc = 0x1c, .trap = true, .cause = 1, .tval = 0x1c}));
}

TEST(Iss, RecordsWhatAnInstructionDid) {
  Bus bus;
  bus.words = {{0, 0x00501123}, {4, 0x00201303}, {8, 0x00000073}};  // sh t0, 2(zero); lh t1, 2(zero); ecall
  Iss iss(bus, 0, {});
  iss.set_x(5, 0x1234'8765);
  EXPECT_EQ(iss.step(),
            (Retired{.pc = 0, .insn = 0x00501123, .mem_bytes = 0xC, .mem_write = true, .mem_data = 0x8765'0000}));
  EXPECT_EQ(bus.words[0], 0x8765'1123u);
  EXPECT_EQ(
      iss.step(),
      (Retired{
          .pc = 4, .insn = 0x00201303, .rd_we = true, .rd = 0xFFFF'8765, .mem_bytes = 0xC, .mem_data = 0x8765'0000}));
  EXPECT_EQ(iss.step(), (Retired{.pc = 8, .insn = 0x73, .trap = true, .cause = 11}));
}

TEST(Iss, InterruptsAreDueByEnableAndPriority) {
  Bus bus;
  bus.words = {{0, 0x30429073}, {4, 0x30046073}, {8, 0x30529073}};  // csrw mie, t0; csrsi mstatus, 8; csrw mtvec, t0
  Iss iss(bus, 0, {});
  iss.set_x(5, 0x889);
  iss.step();
  EXPECT_EQ(iss.due(0x888), std::nullopt);
  EXPECT_TRUE(iss.wakes(0x008));
  iss.step();
  EXPECT_EQ(iss.due(0x888), 11u);
  EXPECT_EQ(iss.due(0x088), 3u);
  EXPECT_EQ(iss.due(0x080), 7u);
  EXPECT_EQ(iss.due(0x777), std::nullopt);
  iss.step();
  EXPECT_EQ(iss.interrupt(7), (Retired{.pc = 12, .trap = true, .cause = 16 | 7}));
  EXPECT_EQ(iss.pc(), 0x888u + 4 * 7);
  EXPECT_EQ(iss.due(0x888), std::nullopt);
}

}  // namespace
}  // namespace hilbert::model

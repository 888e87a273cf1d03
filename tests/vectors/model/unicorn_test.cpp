// SPDX-License-Identifier: Apache-2.0
// The simulator against Unicorn (QEMU's RISC-V), which nobody here has written: all instructions of RV32I and M that it
// and the core have in common, with operands where arithmetic turns over. Traps and CSRs are not compared.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unicorn/unicorn.h>

#include <array>
#include <hilbert/model/iss.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/assembler.hpp"
#include "support/random.hpp"

namespace hilbert::model {
namespace {

using namespace hilbert::test::rv;

constexpr std::uint32_t code_base = 0x6000'0000, data_base = 0x1000, region = 0x1000;
constexpr unsigned pointer = 31;  // to the middle of the data

/// Code and data, with the simulator on one copy and Unicorn on another.
class BothCores : public IssBus {
 public:
  BothCores() : iss_(*this, code_base, {.ext_m = true, .counters = true}) {
    demand(uc_open(UC_ARCH_RISCV, UC_MODE_RISCV32, &engine_));
    demand(uc_mem_map(engine_, code_base, region, UC_PROT_ALL));
    demand(uc_mem_map(engine_, data_base, region, UC_PROT_READ | UC_PROT_WRITE));
  }
  ~BothCores() override { uc_close(engine_); }
  BothCores(const BothCores&) = delete;
  BothCores& operator=(const BothCores&) = delete;

  std::optional<std::uint32_t> fetch(std::uint32_t address) override { return code_.at((address - code_base) / 4); }
  std::optional<std::uint32_t> load(std::uint32_t address, unsigned) override {
    return data_.at((address - data_base) / 4);
  }
  bool store(std::uint32_t address, unsigned bytes, std::uint32_t data) override {
    Word& word = data_.at((address - data_base) / 4);
    for (unsigned i = 0; i < 4; ++i) {
      const Word mask = 0xFFu << 8 * i;
      if ((bytes >> i & 1) != 0) word = (word & ~mask) | (data & mask);
    }
    return true;
  }

  void set_data(const std::vector<Word>& data) {
    data_ = data;
    demand(uc_mem_write(engine_, data_base, data_.data(), region));
  }
  void set_register(unsigned r, Word value) {
    iss_.set_x(r, value);
    demand(uc_reg_write(engine_, UC_RISCV_REG_X0 + static_cast<int>(r), &value));
  }

  /// Puts the program to `at` and runs `count` instructions of it on both.
  void run(std::uint32_t at, const std::vector<Word>& program, unsigned count) {
    std::copy(program.begin(), program.end(), code_.begin() + (at - code_base) / 4);
    demand(uc_mem_write(engine_, at, program.data(), 4 * program.size()));
    demand(uc_ctl_remove_cache(engine_, code_base, code_base + region));
    const uc_err end = uc_emu_start(engine_, at, 0xFFFF'FFFF, 0, count);
    if (end != UC_ERR_FETCH_UNMAPPED) demand(end);  // a jump out of the code is still a jump
    iss_.set_pc(at);
    for (unsigned i = 0; i < count; ++i) ASSERT_FALSE(iss_.step().trap) << "instruction " << i;
  }

  /// What differs, "" if nothing does.
  std::string difference() {
    for (unsigned r = 0; r < 32; ++r) {
      Word value = 0;
      demand(uc_reg_read(engine_, UC_RISCV_REG_X0 + static_cast<int>(r), &value));
      if (value != iss_.x(r)) return text(fmt::format("x{}", r), value, iss_.x(r));
    }
    Word pc = 0;
    demand(uc_reg_read(engine_, UC_RISCV_REG_PC, &pc));
    if (pc != iss_.pc()) return text("pc", pc, iss_.pc());
    std::vector<Word> data(data_.size());
    demand(uc_mem_read(engine_, data_base, data.data(), region));
    for (std::size_t i = 0; i < data.size(); ++i) {
      if (data[i] != data_[i]) return text(fmt::format("data word {}", i), data[i], data_[i]);
    }
    return "";
  }

 private:
  static void demand(uc_err error) {
    if (error != UC_ERR_OK) throw std::runtime_error(fmt::format("Unicorn: {}", uc_strerror(error)));
  }
  static std::string text(const std::string& what, Word theirs, Word ours) {
    return fmt::format("{}: Unicorn {:08x}, simulator {:08x}", what, theirs, ours);
  }

  uc_engine* engine_ = nullptr;
  std::vector<Word> code_ = std::vector<Word>(region / 4, nop), data_ = std::vector<Word>(region / 4);
  Iss iss_;
};

struct Draw {
  Random random;
  Word word() { return static_cast<Word>(random.bits32()); }
  Word operand() {
    static constexpr std::array<Word, 8> turns{0, 1, 2, 31, 32, 0x7FFF'FFFF, 0x8000'0000, 0xFFFF'FFFF};
    return random.below(3) ? word() : turns[random.below(8)];
  }
  unsigned target() { return random.below(31); }  // x0 too; not the pointer
  unsigned source() { return random.below(32); }

  Word straight() {
    const unsigned funct3 = random.below(8);
    switch (random.below(8)) {
      case 0:
        return random.below(2) ? lui(target(), word()) : auipc(target(), word());
      case 1:
        return op(1, funct3, target(), source(), source());
      case 2:
      case 3:
        return op((funct3 == 0 || funct3 == 5) && random.below(2) ? 0x20 : 0, funct3, target(), source(), source());
      case 4:
      case 5:
        if (funct3 == 1 || funct3 == 5)
          return op_imm(funct3, target(), source(), random.below(32) | (funct3 == 5 && random.below(2) ? 0x400 : 0));
        return op_imm(funct3, target(), source(), word() & 0xFFF);
      default: {
        const unsigned size = random.below(3);
        const Word offset = (random.below(0x1000) - 0x800) & ~((1u << size) - 1);
        if (random.below(2)) return store(size, source(), pointer, offset & 0xFFF);
        return load(size < 2 && random.below(2) ? size | 4 : size, target(), pointer, offset & 0xFFF);
      }
    }
  }
};

class Unicorn : public testing::Test {
 protected:
  void registers() {
    for (unsigned r = 1; r < 31; ++r) cores.set_register(r, draw.operand());
    cores.set_register(pointer, data_base + region / 2);
  }
  Draw draw{Random(seed_of(1))};
  BothCores cores;
};

TEST_F(Unicorn, AgreesOnArithmeticLoadsAndStores) {
  constexpr unsigned length = 64;
  for (unsigned round = 0; round < 3000; ++round) {
    std::vector<Word> data(region / 4);
    for (Word& word : data) word = draw.word();
    cores.set_data(data);
    registers();
    std::vector<Word> program(length);
    for (Word& word : program) word = draw.straight();
    cores.run(code_base + 4 * draw.random.below(64), program, length);
    ASSERT_EQ(cores.difference(), "") << "round " << round;
  }
}

TEST_F(Unicorn, AgreesOnBranchesAndJumps) {
  static constexpr std::array<unsigned, 6> conditions{0, 1, 4, 5, 6, 7};
  for (unsigned round = 0; round < 20'000; ++round) {
    registers();
    const unsigned a = 1 + draw.random.below(14), b = 15 + draw.random.below(15);
    if (draw.random.below(3) == 0) cores.set_register(b, draw.random.below(2) ? 0x8000'0000 : 0x7FFF'FFFF);
    const Word same = draw.operand();
    if (draw.random.below(3) == 0) cores.set_register(a, same), cores.set_register(b, same);
    const std::uint32_t at = code_base + 4 * draw.random.below(region / 4);
    Word word = 0;
    switch (draw.random.below(4)) {
      case 0:
        word = jal(draw.target(), 4 * (draw.word() & 0x3FFFF));
        break;
      case 1: {
        const Word offset = draw.word() & 0xFFC;
        cores.set_register(a, 4 * draw.word() + draw.random.below(2));  // bit 0 of the sum is dropped
        word = jalr(draw.target(), a, offset);
        break;
      }
      default:
        word = branch(conditions[draw.random.below(6)], a, b, 4 * (draw.word() & 0x7FF));
    }
    cores.run(at, {word}, 1);
    ASSERT_EQ(cores.difference(), "") << "round " << round << ", instruction " << std::hex << word << " at " << at;
  }
}

}  // namespace
}  // namespace hilbert::model

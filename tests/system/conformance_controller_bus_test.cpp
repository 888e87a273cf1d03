// SPDX-License-Identifier: Apache-2.0
// What every backend must do where the controller meets its tile: access faults, poisoned words, shared words and
// registers.
#include <algorithm>

#include "conformance_controller.hpp"

namespace hilbert::conformance {

class ControllerBus : public Controller {
 protected:
  /// Runs `code` at the start of controller memory with x10 = address; what its trap reported.
  struct Trap {
    std::uint32_t cause, pc, value;
    bool operator==(const Trap&) const = default;
  };
  static constexpr std::uint32_t handler_offset = 0x200, code_offset = 0x80;
  static constexpr std::uint32_t code_at = controller_memory_base + code_offset;

  Program trapping(std::uint32_t address, std::initializer_list<rv::Word> code) {
    Program program;
    prologue(program, program.base() + handler_offset).li(10, address).li(11, 0x1357'9BDF);
    program.pad_to(code_offset).add(code);
    program.add({rv::addi(12, 0, 1)}).spin();
    program.pad_to(handler_offset);
    return report_trap(program);
  }
  Trap trap_of(std::uint32_t address, std::initializer_list<rv::Word> code) {
    set_cpu(c::ctrl, 0);
    for (unsigned i = 0; i < 4; ++i) set_cpu(c::mailbox + 4 * i, 0);
    start(trapping(address, code));
    EXPECT_TRUE(wait_mail(3, 1)) << "no trap; pc " << std::hex << cpu(c::pc);
    return {mail(0), mail(1), mail(2)};
  }
  std::uint32_t halted_gpr(unsigned index) {
    set_cpu(c::ctrl, run_bit | halt_bit);
    EXPECT_TRUE(wait_halted());
    return gpr(index);
  }
  std::uint32_t source() {
    return (read(r::poison_status) & r::poison_status_source_mask) >> r::poison_status_source_lsb;
  }
};

INSTANTIATE_TEST_SUITE_P(Device, ControllerBus, testing::ValuesIn(backends()), name_of);

TEST_P(ControllerBus, AddressesWithNothingBehindThemTrap) {
  const std::uint32_t data = geometry().data_bytes(), queue = queue_bytes(geometry());
  const std::uint32_t nowhere[] = {data,
                                   queue_base - 4,
                                   queue_base + queue,
                                   controller_memory_base - 4,
                                   controller_memory_base + device_->capabilities().controller_bytes,
                                   0x7FFF'FFFC,
                                   register_base + 0x3C,
                                   register_base + r::size,
                                   controller_register_base + 0x64,
                                   controller_register_base + c::size,
                                   register_base + 0x1'0000,
                                   0xFFFF'FFFC};
  for (const std::uint32_t address : nowhere) {
    SCOPED_TRACE(testing::Message() << "address " << std::hex << address);
    EXPECT_EQ(trap_of(address, {rv::lw(11, 10, 0)}), (Trap{5, code_at, address}));
    EXPECT_EQ(halted_gpr(11), 0x1357'9BDFu) << "rd keeps its value";
    EXPECT_EQ(trap_of(address, {rv::sw(11, 10, 0)}), (Trap{7, code_at, address}));
    EXPECT_EQ(trap_of(address, {rv::jalr(0, 10, 0)}), (Trap{1, address, address}));
  }
  for (const std::uint32_t address : {queue_base, register_base, controller_register_base}) {
    EXPECT_EQ(trap_of(address, {rv::jalr(0, 10, 0)}), (Trap{1, address, address})) << "nothing to fetch " << address;
  }
}

TEST_P(ControllerBus, RegistersAreAccessedWholeAndOnlyAsTheyAllow) {
  const std::uint32_t scratch = register_base + r::scratch;
  write(r::scratch, 0xA5A5'5A5A);
  EXPECT_EQ(trap_of(scratch, {rv::load(4, 11, 10, 0)}), (Trap{5, code_at, scratch})) << "lbu";
  EXPECT_EQ(trap_of(scratch, {rv::load(1, 11, 10, 2)}), (Trap{5, code_at, scratch + 2})) << "lh";
  EXPECT_EQ(trap_of(scratch, {rv::store(0, 11, 10, 0)}), (Trap{7, code_at, scratch})) << "sb";
  EXPECT_EQ(read(r::scratch), 0xA5A5'5A5Au);
  for (const std::uint32_t address : {register_base + r::id, register_base + r::queue_head,
                                      controller_register_base + c::cfg, controller_register_base + c::status}) {
    EXPECT_EQ(trap_of(address, {rv::sw(11, 10, 0)}), (Trap{7, code_at, address}))
        << "read only " << std::hex << address;
  }
  EXPECT_EQ(trap_of(scratch, {rv::lw(13, 10, 0), rv::sw(11, 10, 0), rv::ecall}).cause, 11u);
  EXPECT_EQ(halted_gpr(13), 0xA5A5'5A5Au);
  EXPECT_EQ(read(r::scratch), 0x1357'9BDFu);
}

TEST_P(ControllerBus, APoisonedInstructionTrapsBeforeAnythingOfItHappens) {
  write(r::scrub_interval, 0);
  // The code lies in a memory word of its own; what comes before it in execution order does not touch that word.
  for (const std::uint32_t lane : {0u, word_bytes() / 8 - 1}) {
    SCOPED_TRACE(testing::Message() << "lane " << lane);
    load(trapping(0, {rv::addi(11, 0, 1), rv::addi(12, 0, 2)}));
    ASSERT_TRUE(inject(code_at, lane, 5, 41));
    for (unsigned i = 0; i < 4; ++i) set_cpu(c::mailbox + 4 * i, 0);
    set_cpu(c::start, controller_memory_base);
    set_cpu(c::ctrl, run_bit);
    ASSERT_TRUE(wait_mail(3, 1));
    EXPECT_EQ((Trap{mail(0), mail(1), mail(2)}), (Trap{1, code_at, code_at}));
    EXPECT_EQ(halted_gpr(11), 0x1357'9BDFu);
    EXPECT_EQ(gpr(12), 0u);
    EXPECT_EQ(read(r::poison_addr), code_at);
    EXPECT_EQ(source(), 6u) << "the controller's fetch";
    set_cpu(c::ctrl, 0);
    write(r::poison_status, 3);
  }
  // One flipped bit in each lane is corrected on the way.
  load(trapping(0, {rv::addi(12, 0, 2), rv::ecall}));
  for (std::uint32_t lane = 0; lane < word_bytes() / 8; ++lane) {
    const std::uint32_t bit = below(72);
    ASSERT_TRUE(inject(code_at, lane, bit, bit));
  }
  set_cpu(c::mailbox + 12, 0);
  set_cpu(c::ctrl, run_bit);
  ASSERT_TRUE(wait_mail(3, 1));
  EXPECT_EQ(mail(0), 11u);
  EXPECT_EQ(halted_gpr(12), 2u);
  EXPECT_GE(read(r::ecc_corrected), 1u);
}

TEST_P(ControllerBus, APoisonedWordIsNeitherLoadedNorLaundered) {
  write(r::scrub_interval, 0);
  for (const std::uint32_t word :
       {geometry().data_bytes() - word_bytes(), queue_base + queue_bytes(geometry()) - word_bytes(),
        controller_memory_base + device_->capabilities().controller_bytes - word_bytes()}) {
    const std::uint32_t address = word + word_bytes() - 4;
    const Bytes data = random_bytes(word_bytes());
    device_->write_words(word, data);
    ASSERT_TRUE(inject(word, below(word_bytes() / 8), 7, 70));
    SCOPED_TRACE(testing::Message() << "address " << std::hex << address);
    EXPECT_EQ(trap_of(address, {rv::lw(11, 10, 0)}), (Trap{5, code_at, address}));
    EXPECT_EQ(halted_gpr(11), 0x1357'9BDFu);
    EXPECT_EQ(read(r::poison_addr), word);
    EXPECT_EQ(source(), 7u) << "the controller's load or store";
    for (const rv::Word store : {rv::sw(11, 10, 0), rv::store(1, 11, 10, 0), rv::store(0, 11, 10, 3)}) {
      const std::uint32_t where = address + (store >> 7 & 31);
      EXPECT_EQ(trap_of(address, {store}), (Trap{7, code_at, where}));
      Bytes back(word_bytes());
      EXPECT_THROW(device_->read_words(word, back), UncorrectableError) << "still poisoned, whatever was stored";
    }
    device_->write_words(word, data);
    EXPECT_EQ(trap_of(address, {rv::sw(11, 10, 0), rv::ecall}).cause, 11u) << "the host has healed it";
    Bytes expected = data, back(word_bytes());
    for (unsigned i = 0; i < 4; ++i) expected[word_bytes() - 4 + i] = static_cast<std::byte>(0x1357'9BDFu >> 8 * i);
    device_->read_words(word, back);
    EXPECT_EQ(back, expected);
    write(r::poison_status, 3);
  }
}

// A trap handler that heals the word at mtval, and lets the core try again what trapped.
TEST_P(ControllerBus, TheCoreHealsAWordAndGoesOn) {
  write(r::scrub_interval, 0);
  std::uint32_t healed = 0;
  for (const std::uint32_t word :
       {geometry().data_bytes() - word_bytes(), queue_base + queue_bytes(geometry()) - word_bytes(),
        controller_memory_base + device_->capabilities().controller_bytes - word_bytes()}) {
    SCOPED_TRACE(testing::Message() << "address " << std::hex << word);
    const std::uint32_t address = word + word_bytes() - 4;
    Program program;
    prologue(program, program.base() + handler_offset).li(9, register_base).li(10, address).li(11, 0x1357'9BDF);
    program.add({rv::store(0, 11, 10, 1), rv::lw(12, 10, 0), post(12, 0), rv::addi(12, 0, 1), post(12, 3)}).spin();
    program.pad_to(handler_offset);
    program.add({rv::csrr(6, rv::mtval), rv::sw(6, 9, r::heal), rv::lw(6, 9, r::heal), rv::op_imm(7, 6, 6, 1),
                 rv::bne(6, 0, static_cast<rv::Word>(-8)), rv::addi(13, 13, 1), post(13, 1), rv::mret});
    device_->write_words(word, random_bytes(word_bytes()));
    ASSERT_TRUE(inject(word, below(word_bytes() / 8), 7, 70));
    for (unsigned i = 0; i < 4; ++i) set_cpu(c::mailbox + 4 * i, 0);
    set_cpu(c::ctrl, 0);
    start(program);
    ASSERT_TRUE(wait_mail(3, 1));
    EXPECT_EQ(mail(0), 0x0000'DF00u) << "the byte, among zeros";
    EXPECT_EQ(mail(1), 1u) << "one trap";
    EXPECT_EQ(read(r::heal_count), ++healed);
    EXPECT_EQ(read(r::ecc_uncorrectable), healed) << "met once";
    Bytes expected(word_bytes());
    expected[word_bytes() - 3] = std::byte{0xDF};
    EXPECT_EQ(read_memory(word, word_bytes()), expected);
  }
}

// The core stores bytes into one 32-bit piece of a word without end; the host writes that word whole and reads it back.
// A merge that were not locked would put back bytes it read before the host's write.
TEST_P(ControllerBus, HostAndCoreWriteTheSameWordAndLoseNothing) {
  for (const std::uint32_t word : {0u, controller_memory_base + 8 * 64}) {
    const std::uint32_t piece = below(word_bytes() / 4) * 4;
    Program program;
    program.li(regs, controller_register_base).li(10, word + piece).add({rv::addi(11, 0, 0)});
    program.add({rv::addi(11, 11, 1), rv::store(0, 11, 10, 0), rv::store(0, 11, 10, 1), rv::store(1, 11, 10, 2),
                 rv::sw(11, 10, 0), post(11, 0), rv::jal(0, static_cast<rv::Word>(-24))});
    set_cpu(c::mailbox, 0);
    start(program);
    ASSERT_TRUE(wait_until([&] { return mail(0) > 2; }, 5000));
    const std::uint32_t first = mail(0);
    Bytes back(word_bytes());
    for (int i = 0; i < 600; ++i) {
      const Bytes data = random_bytes(word_bytes());
      device_->write_words(word, data);
      if (i % 3 == 0) device_->idle(below(9));
      device_->read_words(word, back);
      for (std::uint32_t b = 0; b < word_bytes(); ++b) {
        if (b / 4 * 4 == piece) continue;
        ASSERT_EQ(back[b], data[b]) << "byte " << b << ", the core's piece begins at " << piece << ", round " << i;
      }
    }
    device_->idle(100);
    EXPECT_GT(mail(0), first) << "the core was at it";
    set_cpu(c::ctrl, run_bit | halt_bit);
    ASSERT_TRUE(wait_halted());
    set_cpu(c::ctrl, 0);
  }
}

TEST_P(ControllerBus, HostAndCoreTakeTurnsAtTheRegisters) {
  // The core adds 1 to SCRATCH's companion without end: writes SEM[0], reads it back, counts differences in MAILBOX[1].
  Program program;
  program.li(regs, controller_register_base)
      .li(10, register_base + r::sem)
      .add({rv::addi(11, 0, 0), rv::addi(13, 0, 0)});
  program.add({rv::addi(11, 11, 1), rv::op_imm(7, 11, 11, 0x7FF), rv::sw(11, 10, 0), rv::lw(12, 10, 0),
               rv::beq(11, 12, 8), rv::addi(13, 13, 1), post(13, 1), post(11, 0),
               rv::jal(0, static_cast<rv::Word>(-32))});
  start(program);
  ASSERT_TRUE(wait_until([&] { return mail(0) > 2; }, 5000));
  for (int i = 0; i < 500; ++i) {
    const auto value = static_cast<std::uint32_t>(random_());
    write(r::scratch, value);
    ASSERT_EQ(read(r::scratch), value);
    ASSERT_EQ(read(r::id), r::id_value);
    ASSERT_EQ(cpu(c::id), c::id_value);
    device_->idle(below(5));
  }
  EXPECT_EQ(mail(1), 0u) << "the core read what it had written";
  const std::uint32_t seen = mail(0);
  EXPECT_TRUE(wait_until([&] { return mail(0) != seen; }, 5000));
}

TEST_P(ControllerBus, TheCoreRunsAJob) {
  // FILL of 2 rows of 3 words with a pattern: descriptor into the queue memory word by word, doorbell, wait,
  // completion.
  model::Descriptor job;
  job.opcode = model::Opcode::fill;
  job.m = 2;
  job.n = 3;
  job.tag = 0xBEEF'0001;
  job.seed = 0x1122'3344;
  job.d_at = {4 * word_bytes(), 4 * word_bytes()};
  const model::Words words = job.pack();
  Program program;
  program.li(regs, controller_register_base).li(9, register_base).li(10, descriptor_address(geometry(), 0));
  for (unsigned i = 0; i < 16; ++i) program.li(11, words[i]).add({rv::sw(11, 10, 4 * i)});
  program.add({rv::addi(11, 0, 1), rv::sw(11, 9, r::ctrl), rv::sw(11, 9, r::queue_tail), rv::lw(12, 9, r::queue_head),
               rv::bne(11, 12, static_cast<rv::Word>(-4))});
  program.li(10, completion_address(geometry(), 0))
      .add({rv::lw(12, 10, 0), post(12, 0), rv::lw(12, 10, 4), post(12, 1), post(11, 2)});
  program.spin();
  start(program);
  ASSERT_TRUE(wait_mail(2, 1));
  EXPECT_EQ(mail(0), job.tag);
  EXPECT_EQ(mail(1), std::uint32_t{4} << 24) << "OK, FILL";
  const Bytes memory = read_memory(0, 16 * word_bytes());
  for (std::uint32_t w = 0; w < 16; ++w) {
    const bool filled = (w >= 4 && w < 7) || (w >= 8 && w < 11);
    std::uint32_t value = 0;
    std::copy_n(memory.begin() + w * word_bytes() + word_bytes() - 4, 4,
                std::as_writable_bytes(std::span(&value, 1)).begin());
    EXPECT_EQ(value, filled ? job.seed : 0) << "word " << w;
  }
}

}  // namespace hilbert::conformance

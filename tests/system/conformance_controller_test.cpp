// SPDX-License-Identifier: Apache-2.0
// What every backend must do about the controller: its registers, its memory, programs, debug, interrupts, watchdog.
#include "conformance_controller.hpp"

#include <algorithm>
#include <map>

namespace hilbert::conformance {

INSTANTIATE_TEST_SUITE_P(Device, Controller, testing::ValuesIn(backends()), name_of);

TEST_P(Controller, IdentityAndConfiguration) {
  EXPECT_EQ(cpu(c::id), 0x48424350u) << "the four characters HBCP";
  EXPECT_EQ(cpu(c::version) >> 16, 1u);
  EXPECT_EQ(cpu(c::map_hash), c::hash_value);
  EXPECT_EQ(cpu(c::cfg), 1u) << "a core, RV32I";
  const std::map<std::string, std::uint32_t> documented{
      {"full", 65536}, {"node", 65536}, {"small", 32768}, {"4x8x2", 32768}, {"8x4x4", 32768}};
  const std::uint32_t bytes = documented.at(GetParam().uri.substr(GetParam().uri.find(':') + 1));
  EXPECT_EQ(cpu(c::cfg_mem_bytes), bytes);
  EXPECT_EQ(device_->capabilities().controller_bytes, bytes);
}

// Both blocks, register by register, against what the generated maps say of it.
TEST_P(Controller, EveryRegisterIsWhatTheMapSays) {
  using hilbert::regs::Access, hilbert::regs::Register;
  struct Block {
    std::uint32_t base, size;
    std::span<const Register> registers;
    std::vector<std::uint32_t> busy;  // of what these hold or start a test of their own tells
  };
  const Block blocks[] = {{register_base, r::size, r::registers, {r::ctrl, r::queue_tail, r::inject_go, r::heal}},
                          {controller_register_base, c::size, c::registers, {c::ctrl, c::pc, c::gpr_data, c::mtime}}};
  for (const Block& block : blocks) {
    std::uint32_t end = 0;
    for (const Register& entry : block.registers) {
      SCOPED_TRACE(testing::Message() << entry.name << ", block " << std::hex << block.base);
      for (; end < entry.offset; end += 4) {
        EXPECT_EQ(error_of([&] { (void)device_->read_register(block.base + end); }), ExitCode::bad_input) << "a hole";
      }
      const bool busy = std::ranges::find(block.busy, entry.offset) != block.busy.end();
      for (std::uint32_t i = 0; i < entry.count; ++i, end += 4) {
        const std::uint32_t address = block.base + end;
        const std::uint32_t before = device_->read_register(address);
        const auto written = static_cast<std::uint32_t>(random_());
        if (entry.access == Access::constant || entry.access == Access::ro) {
          EXPECT_EQ(error_of([&] { device_->write_register(address, written); }), ExitCode::bad_input);
          const std::uint32_t after = device_->read_register(address);
          EXPECT_TRUE(entry.access == Access::ro || after == before);
        } else if (entry.access == Access::wo) {
          EXPECT_EQ(before, 0u);
        } else if (!busy) {
          EXPECT_EQ(before, entry.reset);
          device_->write_register(address, written);
          const bool clears = entry.access == Access::w1c;
          EXPECT_EQ(device_->read_register(address), clears ? 0 : written & entry.writable) << std::hex << written;
          device_->write_register(address, entry.reset);
        }
      }
    }
    EXPECT_EQ(end, block.size);
  }
}

TEST_P(Controller, RegistersAfterReset) {
  EXPECT_EQ(cpu(c::start), 0x6000'0000u);
  for (const std::uint32_t offset : {c::mtimecmp, c::mtimecmp + 4}) EXPECT_EQ(cpu(offset), 0xFFFF'FFFFu);
  for (const std::uint32_t offset : {c::ctrl, c::status, c::gpr_index, c::gpr_data, c::reset_reason, c::msip,
                                     c::wdt_period, c::wdt_kick, c::doorbell, c::doorbell_clear, c::host_irq,
                                     c::host_irq_clear, c::irq_pending, c::irq_enable, c::instret, c::instret + 4}) {
    EXPECT_EQ(cpu(offset), 0u) << std::hex << offset;
  }
  for (unsigned i = 0; i < 16; ++i) EXPECT_EQ(mail(i), 0u);
  EXPECT_FALSE(device_->interrupt());
}

TEST_P(Controller, ReadWriteRegisters) {
  struct Case {
    std::uint32_t offset, bits;
  };
  std::vector<Case> cases{{c::start, 0xFFFF'FFFC},    {c::gpr_index, 31},     {c::msip, 1},
                          {c::mtimecmp, 0xFFFF'FFFF}, {c::mtimecmp + 4, ~0u}, {c::wdt_period, 0xFFFF'FFFF},
                          {c::irq_enable, 7}};
  for (std::uint32_t i = 0; i < 16; ++i) cases.push_back({c::mailbox + 4 * i, 0xFFFF'FFFF});
  std::vector<std::uint32_t> last;
  for (const Case& k : cases) {
    for (int i = 0; i < 3; ++i) {
      const auto value = static_cast<std::uint32_t>(random_());
      set_cpu(k.offset, value);
      ASSERT_EQ(cpu(k.offset), value & k.bits) << "offset " << std::hex << k.offset;
    }
    last.push_back(cpu(k.offset));
  }
  for (std::size_t i = 0; i < cases.size(); ++i) EXPECT_EQ(cpu(cases[i].offset), last[i]) << "registers are apart";
}

TEST_P(Controller, DoorbellAndHostInterruptAreSetAndClearedByBit) {
  set_cpu(c::doorbell, 0x0000'00F0);
  set_cpu(c::doorbell, 0x8000'0001);
  EXPECT_EQ(cpu(c::doorbell), 0x8000'00F1u);
  EXPECT_EQ(cpu(c::irq_pending), c::irq_pending_doorbell_mask);
  set_cpu(c::doorbell_clear, 0x8000'0030);
  EXPECT_EQ(cpu(c::doorbell), 0x0000'00C1u);
  set_cpu(c::doorbell_clear, ~0u);
  EXPECT_EQ(cpu(c::irq_pending), 0u);
  EXPECT_FALSE(device_->interrupt()) << "the doorbell is the core's";
  set_cpu(c::host_irq, 4);
  EXPECT_TRUE(device_->interrupt());
  set_cpu(c::host_irq, 8);
  set_cpu(c::host_irq_clear, 4);
  EXPECT_EQ(cpu(c::host_irq), 8u);
  EXPECT_TRUE(device_->interrupt());
  set_cpu(c::host_irq_clear, 8);
  EXPECT_FALSE(device_->interrupt());
}

TEST_P(Controller, RegistersThatCannotBeWrittenOrAreNotThereAreRefused) {
  for (const std::uint32_t offset : {c::id, c::version, c::map_hash, c::cfg, c::cfg_mem_bytes, c::status,
                                     c::reset_reason, c::irq_pending, c::instret, c::instret + 4}) {
    EXPECT_EQ(error_of([&] { set_cpu(offset, 1); }), ExitCode::bad_input) << std::hex << offset;
  }
  for (const std::uint32_t offset : {0x64u, 0x7Cu, c::size, 0x802u, 0xFFCu, 1u}) {
    EXPECT_EQ(error_of([&] { (void)cpu(offset); }), ExitCode::bad_input) << std::hex << offset;
    EXPECT_EQ(error_of([&] { set_cpu(offset, 1); }), ExitCode::bad_input) << std::hex << offset;
  }
}

TEST_P(Controller, TimeIsHeldWhileItIsRead) {
  set_cpu(c::mtime + 4, 7);
  set_cpu(c::mtime, 0xFFFF'FF00);
  EXPECT_GE(cpu(c::mtime), 0xFFFF'FF00u);
  device_->idle(300);
  EXPECT_EQ(cpu(c::mtime + 4), 7u) << "the high word that went with the low one";
  EXPECT_LT(cpu(c::mtime), 1000u);
  EXPECT_EQ(cpu(c::mtime + 4), 8u) << "the carry has arrived";
}

TEST_P(Controller, MemoryIsOneMoreProtectedMemory) {
  const std::uint32_t bytes = device_->capabilities().controller_bytes, word = word_bytes();
  write(r::scrub_interval, 0);
  EXPECT_EQ(read_memory(controller_memory_base, bytes), Bytes(bytes)) << "zero after opening";
  const Bytes data = random_bytes(bytes);
  device_->write_words(controller_memory_base, data);
  EXPECT_EQ(read_memory(controller_memory_base, bytes), data);
  EXPECT_EQ(read_memory(0, geometry().data_bytes()), Bytes(geometry().data_bytes())) << "and no other";
  EXPECT_EQ(read_memory(queue_base, queue_bytes(geometry())), Bytes(queue_bytes(geometry())));
  for (const std::uint32_t address :
       {controller_memory_base - word, controller_memory_base + bytes, controller_memory_base + 4, 0x7000'0000u}) {
    Bytes buffer(word);
    EXPECT_EQ(error_of([&] { device_->read_words(address, buffer); }), ExitCode::bad_input) << std::hex << address;
    EXPECT_EQ(error_of([&] { device_->write_words(address, buffer); }), ExitCode::bad_input) << std::hex << address;
  }
  EXPECT_FALSE(inject(controller_memory_base + bytes, 0, 0, 0));

  const std::uint32_t last = controller_memory_base + bytes - word;
  for (const std::uint32_t address : {controller_memory_base, last}) {
    ASSERT_TRUE(inject(address, 0, 17, 17));
    EXPECT_EQ(read_memory(address, word), Bytes(data.begin() + (address - controller_memory_base),
                                                data.begin() + (address - controller_memory_base + word)));
  }
  EXPECT_EQ(read(r::ecc_corrected), 2u);
  const std::uint32_t passes = read(r::scrub_passes);
  write(r::scrub_interval, 16);
  const std::uint32_t words = (geometry().data_bytes() + queue_bytes(geometry()) + bytes) / word;
  ASSERT_TRUE(wait_until([&] { return read(r::scrub_passes) >= passes + 2; }, 2ull * 40 * words));
  write(r::scrub_interval, 0);
  EXPECT_EQ(read(r::ecc_scrubbed), 2u);

  ASSERT_TRUE(inject(last, 0, 1, 2));
  Bytes buffer(word);
  EXPECT_THROW(device_->read_words(last, buffer), UncorrectableError);
  EXPECT_EQ(read(r::poison_addr), last);
  device_->write_words(last, buffer);
  EXPECT_NO_THROW(device_->read_words(last, buffer)) << "writing heals";
}

TEST_P(Controller, RunsAProgramFromEachMemory) {
  for (const std::uint32_t base : {controller_memory_base, 0u, geometry().bank_bytes}) {
    SCOPED_TRACE(testing::Message() << "program at " << std::hex << base);
    // x10 = 1 + 2 + ... + 100; stored as word, half and bytes into data memory behind the program; read back; posted.
    Program program(base);
    program.li(regs, controller_register_base).add({rv::addi(10, 0, 0), rv::addi(11, 0, 100)});
    const std::uint32_t at = base + 256;  // beyond the window of fetched lines? no: data is not fetched from it
    program.add(
        {rv::add(10, 10, 11), rv::addi(11, 11, static_cast<rv::Word>(-1)), rv::bne(11, 0, static_cast<rv::Word>(-8))});
    program.li(12, at).add({rv::sw(10, 12, 0), rv::store(1, 10, 12, 4), rv::store(0, 10, 12, 6),
                            rv::store(0, 10, 12, 7), rv::lw(13, 12, 0), rv::lw(14, 12, 4), post(13, 0), post(14, 1),
                            rv::addi(6, 0, 77), rv::sw(6, regs, c::host_irq)});
    program.spin();
    const std::uint64_t before = cpu(c::instret);
    start(program);
    ASSERT_TRUE(wait_until([&] { return device_->interrupt(); }, 20'000)) << "status " << cpu(c::status);
    EXPECT_EQ(mail(0), 5050u);
    EXPECT_EQ(mail(1), 0xBABA'13BAu) << "5050 = 0x13BA";
    EXPECT_EQ(cpu(c::host_irq), 77u);
    EXPECT_TRUE(status(c::status_running_mask));
    EXPECT_GE(cpu(c::instret), before + 4 + 300 + 12);
    set_cpu(c::ctrl, run_bit | halt_bit);
    ASSERT_TRUE(wait_halted());
    EXPECT_EQ(cpu(c::pc), program.here() - 4) << "the loop at the end";
    EXPECT_EQ(gpr(10), 5050u);
    EXPECT_EQ(gpr(11), 0u);
    EXPECT_EQ(gpr(0), 0u);
    const std::uint32_t retired = cpu(c::instret);
    device_->idle(200);
    EXPECT_EQ(cpu(c::instret), retired) << "halted";
    std::uint32_t stored = 0;
    read_bytes(*device_, at, std::as_writable_bytes(std::span(&stored, 1)));
    EXPECT_EQ(stored, 5050u);
    set_cpu(c::ctrl, 0);
    EXPECT_EQ(cpu(c::status), 0u);
    set_cpu(c::host_irq_clear, ~0u);
    set_cpu(c::mailbox, 0);
    set_cpu(c::mailbox + 4, 0);
  }
}

TEST_P(Controller, HaltStepAndTheRegistersOfTheCore) {
  Program program;
  program.add({rv::addi(1, 0, 5), rv::addi(2, 1, 6), rv::jal(3, 8), rv::addi(2, 0, 0), rv::sw(2, 4, 0), rv::nop});
  program.spin();
  start(program, halt_bit);
  ASSERT_TRUE(wait_halted());
  EXPECT_EQ(cpu(c::pc), program.base()) << "nothing has run";
  EXPECT_EQ(cpu(c::status), c::status_halted_mask);
  for (unsigned i = 0; i < 32; ++i) EXPECT_EQ(gpr(i), 0u) << "cleared, x" << i;
  step();
  EXPECT_EQ(cpu(c::pc), program.base() + 4);
  EXPECT_EQ(gpr(1), 5u);
  EXPECT_EQ(gpr(2), 0u);
  step();
  EXPECT_EQ(gpr(2), 11u);
  step();
  EXPECT_EQ(cpu(c::pc), program.base() + 16) << "jumped";
  EXPECT_EQ(gpr(3), program.base() + 12);
  std::vector<std::uint32_t> values(32);
  for (unsigned i = 0; i < 32; ++i) set_gpr(i, values[i] = i == 0 ? 0 : static_cast<std::uint32_t>(random_()));
  set_gpr(0, 1);
  for (unsigned i = 0; i < 32; ++i) EXPECT_EQ(gpr(i), values[i]);
  set_gpr(4, controller_register_base + c::mailbox);
  set_gpr(2, 0xCAFE'0123);
  step();
  EXPECT_EQ(mail(0), 0xCAFE'0123u);
  set_cpu(c::pc, program.base() + 4);
  EXPECT_EQ(cpu(c::pc), program.base() + 4);
  step();
  EXPECT_EQ(gpr(2), values[1] + 6);
  EXPECT_EQ(cpu(c::instret), 5u);
  set_cpu(c::pc, program.base());
  set_cpu(c::ctrl, run_bit);
  ASSERT_TRUE(wait_until([&] { return cpu(c::pc) == program.here() - 4; }, 1000)) << "runs on";
  EXPECT_EQ(gpr(1), 0u) << "not while it runs";
  set_cpu(c::ctrl, run_bit | halt_bit);
  ASSERT_TRUE(wait_halted());
  EXPECT_EQ(gpr(1), 5u);
}

TEST_P(Controller, AStepMayBeAskedForBeforeTheCoreHasHalted) {
  Program program;
  program.add({rv::addi(1, 0, 5), rv::addi(1, 1, 5), rv::addi(1, 1, 5)}).spin();
  start(program, halt_bit | step_bit);
  ASSERT_TRUE(wait_halted());
  device_->idle(200);
  EXPECT_EQ(cpu(c::pc), program.base() + 4);
  EXPECT_EQ(gpr(1), 5u);
  EXPECT_EQ(cpu(c::instret), 1u);
}

TEST_P(Controller, TimerSoftwareAndDoorbellInterrupts) {
  // The handler counts by cause in MAILBOX[cause] and takes the cause away.
  Program program;
  const std::uint32_t handler = program.base() + 0x100;
  prologue(program, handler);
  program.li(5, 1u << 11 | 1u << 7 | 1u << 3).add({rv::csrw(rv::mie, 5), rv::addi(5, 0, 8), rv::csrw(rv::mstatus, 5)});
  program.add({rv::addi(6, 0, 1), post(6, 15)});
  program.sleep();
  program.pad_to(0x100);
  program.add({rv::csrr(6, rv::mcause), rv::op_imm(1, 6, 6, 2), rv::add(6, 6, regs),  // 4 * cause + registers
               rv::lw(7, 6, c::mailbox), rv::addi(7, 7, 1), rv::sw(7, 6, c::mailbox)});
  program.add({rv::sw(0, regs, c::msip), rv::addi(7, 0, static_cast<rv::Word>(-1)), rv::sw(7, regs, c::mtimecmp),
               rv::sw(7, regs, c::mtimecmp + 4), rv::lw(9, regs, c::doorbell), rv::sw(9, regs, c::doorbell_clear),
               post(9, 12), rv::mret});
  start(program);
  ASSERT_TRUE(wait_mail(15, 1));
  ASSERT_TRUE(wait_until([&] { return status(c::status_wfi_mask); }, 1000));
  device_->idle(300);
  set_cpu(c::mtimecmp, 0);  // its high word is still all ones
  device_->idle(300);
  set_cpu(c::mtimecmp, ~0u);
  for (const unsigned cause : {3u, 7u, 11u}) EXPECT_EQ(mail(cause), 0u) << "no cause, no interrupt";

  set_cpu(c::msip, 1);
  ASSERT_TRUE(wait_mail(3, 1));
  const std::uint32_t now = cpu(c::mtime);
  set_cpu(c::mtimecmp + 4, 0);
  set_cpu(c::mtimecmp, now + 500);
  EXPECT_EQ(mail(7), 0u) << "not yet";
  ASSERT_TRUE(wait_mail(7, 1));
  EXPECT_GE(cpu(c::mtime), now + 500);
  set_cpu(c::doorbell, 0x10);
  device_->idle(300);
  EXPECT_EQ(mail(11), 0u) << "not enabled in IRQ_ENABLE";
  set_cpu(c::irq_enable, c::irq_pending_doorbell_mask);
  ASSERT_TRUE(wait_mail(11, 1));
  ASSERT_TRUE(wait_mail(12, 0x10));
  EXPECT_EQ(cpu(c::doorbell), 0u);
  for (std::uint32_t bell = 1; bell < 20; ++bell) {
    set_cpu(c::doorbell, bell << 8);
    ASSERT_TRUE(wait_mail(12, bell << 8));
  }
  EXPECT_EQ(mail(11), 20u);
  EXPECT_EQ(mail(3), 1u);
  EXPECT_EQ(mail(7), 1u);
  EXPECT_FALSE(status(c::status_lockup_mask));
}

TEST_P(Controller, QueueAndPoisonInterruptTheCore) {
  Program program;
  prologue(program, program.base() + 0x100);
  program.li(5, 1u << 11)
      .add({rv::csrw(rv::mie, 5), rv::addi(5, 0, 8), rv::csrw(rv::mstatus, 5), rv::addi(6, 0, 1), post(6, 15)});
  program.sleep();
  program.pad_to(0x100);  // IRQ_PENDING to the host, and no more of it
  program.add({rv::lw(6, regs, c::irq_pending), post(6, 0), rv::sw(0, regs, c::irq_enable), rv::mret});
  start(program);
  ASSERT_TRUE(wait_mail(15, 1));
  set_cpu(c::irq_enable, 7);
  enable();
  model::Descriptor job;
  job.irq = true;
  run(job.pack());
  ASSERT_TRUE(wait_mail(0, c::irq_pending_queue_mask));
  write(r::irq_status, 7);
  EXPECT_EQ(cpu(c::irq_pending), 0u);
  set_cpu(c::irq_enable, 7);
  write(r::scrub_interval, 0);
  ASSERT_TRUE(inject(0, 0, 3, 4));
  Bytes buffer(word_bytes());
  EXPECT_THROW(device_->read_words(0, buffer), UncorrectableError);
  ASSERT_TRUE(wait_mail(0, c::irq_pending_poison_mask));
}

TEST_P(Controller, WatchdogResetsTheCoreAloneAndSaysSo) {
  // Counts its starts in MAILBOX[0], kicks as often as MAILBOX[1] says, then hangs.
  Program program;
  program.li(regs, controller_register_base).add({rv::lw(5, regs, c::mailbox), rv::addi(5, 5, 1), post(5, 0)});
  program.li(6, 0x600D'D061);
  program.add({rv::lw(7, regs, c::mailbox + 4), rv::beq(7, 0, 16), rv::sw(6, regs, c::wdt_kick),
               rv::addi(7, 7, static_cast<rv::Word>(-1)), rv::bne(7, 0, static_cast<rv::Word>(-8))});
  program.spin();
  const Bytes data = random_bytes(4 * word_bytes());
  device_->write_words(0, data);
  write(r::scratch, 0x1234);
  start(program);
  device_->idle(2000);
  EXPECT_EQ(mail(0), 1u) << "no period, no watchdog";
  EXPECT_EQ(cpu(c::reset_reason), 0u);

  set_cpu(c::wdt_period, 1000);
  ASSERT_TRUE(wait_mail(0, 2));
  EXPECT_EQ(cpu(c::reset_reason), c::reset_reason_watchdog_mask | 1u << c::reset_reason_count_lsb);
  EXPECT_EQ(cpu(c::host_irq), 1u << 30);
  EXPECT_TRUE(device_->interrupt());
  ASSERT_TRUE(wait_mail(0, 3)) << "again and again";
  EXPECT_EQ(cpu(c::reset_reason) >> 16, 2u);

  set_cpu(c::wdt_period, 3000);
  set_cpu(c::mailbox + 4, 2000);  // kicks of 3 instructions each, once it starts anew
  ASSERT_TRUE(wait_mail(0, 4));
  const std::uint32_t resets = cpu(c::reset_reason) >> 16;
  device_->idle(5000);
  EXPECT_EQ(cpu(c::reset_reason) >> 16, resets) << "kicked in time";
  set_cpu(c::mailbox + 4, 0);

  set_cpu(c::wdt_period, 0);
  set_cpu(c::wdt_kick, 0x600D'D061);
  const std::uint32_t starts = mail(0);
  device_->idle(4000);
  EXPECT_EQ(mail(0), starts);
  set_cpu(c::wdt_kick, 0x600D'D060);
  ASSERT_TRUE(wait_mail(0, starts + 1)) << "a wrong kick resets at once";
  set_cpu(c::ctrl, run_bit | halt_bit);
  ASSERT_TRUE(wait_halted());
  set_cpu(c::wdt_period, 100);
  device_->idle(1000);
  EXPECT_EQ(mail(0), starts + 1) << "does not count while halted";
  const std::uint32_t bites = cpu(c::reset_reason) >> 16;
  set_cpu(c::wdt_period, 5000);
  device_->idle(6000);
  set_cpu(c::ctrl, run_bit);
  device_->idle(500);
  EXPECT_EQ(cpu(c::reset_reason) >> 16, bites) << "nor has it counted when the core goes on";
  EXPECT_EQ(read_memory(0, data.size()), data);
  EXPECT_EQ(read(r::scratch), 0x1234u) << "the tile was not reset";
  set_cpu(c::wdt_period, 0);
  set_cpu(c::ctrl, 0);
  set_cpu(c::ctrl, run_bit);
  EXPECT_EQ(cpu(c::reset_reason) & c::reset_reason_watchdog_mask, 0u) << "the host did it";
  EXPECT_NE(cpu(c::reset_reason) >> 16, 0u) << "still counted";
}

TEST_P(Controller, LockUpIsReportedAndTheWatchdogEndsIt) {
  Program program;
  program.li(regs, controller_register_base).add({rv::lw(5, regs, c::mailbox), rv::addi(5, 5, 1), post(5, 0)});
  program.li(5, 0x5000'0000).add({rv::csrw(rv::mtvec, 5), rv::ecall});
  start(program);
  ASSERT_TRUE(wait_until([&] { return status(c::status_lockup_mask); }, 5000));
  EXPECT_TRUE(status(c::status_halted_mask));
  EXPECT_EQ(cpu(c::host_irq), 1u << 31);
  EXPECT_TRUE(device_->interrupt());
  device_->idle(500);
  EXPECT_EQ(mail(0), 1u);
  set_cpu(c::wdt_period, 500);
  ASSERT_TRUE(wait_mail(0, 2));
  EXPECT_EQ(cpu(c::host_irq), 3u << 30);
}

TEST_P(Controller, ResetForgetsTheController) {
  Program program;
  program.li(regs, controller_register_base)
      .add({rv::addi(5, 5, 1), post(5, 0), rv::jal(0, static_cast<rv::Word>(-8))});
  start(program);
  ASSERT_TRUE(wait_until([&] { return mail(0) > 3; }, 5000));
  set_cpu(c::host_irq, 1);
  set_cpu(c::wdt_period, 1'000'000);
  device_->reset();
  EXPECT_EQ(cpu(c::ctrl), 0u);
  EXPECT_EQ(cpu(c::status), 0u);
  EXPECT_EQ(cpu(c::start), 0x6000'0000u);
  EXPECT_EQ(cpu(c::wdt_period), 0u);
  EXPECT_EQ(cpu(c::instret), 0u);
  EXPECT_FALSE(device_->interrupt());
  for (unsigned i = 0; i < 16; ++i) EXPECT_EQ(mail(i), 0u);
  EXPECT_EQ(read_memory(controller_memory_base, 4 * word_bytes()), Bytes(4 * word_bytes()));
}

}  // namespace hilbert::conformance

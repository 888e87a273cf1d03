// SPDX-License-Identifier: Apache-2.0
// The monitor, as it is shipped, doing its work on the chip, every instruction compared with the simulator.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <hilbert/model/layout.hpp>
#include <hilbert/monitor.hpp>
#include <hilbert/regs/cpu.hpp>
#include <hilbert/regs/tile.hpp>

#include "chip_lockstep.hpp"
#include "support/random.hpp"

namespace hilbert::test {
namespace {

namespace c = regs::cpu;
namespace t = regs::tile;

class FirmwareLockStep : public testing::Test {
 protected:
  void SetUp() override {
    const AddressRange memory[] = {{controller_memory_base, watched_cpu_bytes}};
    bench_.load(read_elf(MONITOR_ELF, memory));
  }
  void TearDown() override {
    if (!HasFatalFailure()) bench_.compare_memory();
    const Follower& f = bench_.follower();
    fmt::print("{} retirements and traps in {} clocks, {} starts; {} loads and faults taken from the core's record\n{}",
               f.compared, bench_.clocks, bench_.restarts, bench_.believed, f.coverage.text());
  }

  Device& device() { return bench_.device(); }
  std::uint64_t compared() const { return bench_.follower().compared; }
  void control(std::uint32_t bits) { device().write_register(c::base + c::ctrl, bits); }
  void poison(std::uint32_t address) {
    device().write_register(t::base + t::inject_addr, address);
    device().write_register(t::base + t::inject_bits, 3u | 17u << t::inject_bits_bit1_lsb);
    device().write_register(t::base + t::inject_go, 1);
    while ((device().read_register(t::base + t::inject_go) & 1u) != 0) device().idle(1);
  }

  ChipLockStep bench_;
};

TEST_F(FirmwareLockStep, SelfTests) {
  start_monitor(device(), {.tests = MONITOR_TEST_ALL});
  Monitor monitor(device(), {.hang_clocks = 20'000'000});
  EXPECT_EQ(monitor.report()[MONITOR_REP_RUN], MONITOR_TEST_ALL);
  EXPECT_EQ(monitor.report()[MONITOR_REP_FAILED], 0u);
  EXPECT_GT(compared(), 1'000'000u);
}

TEST_F(FirmwareLockStep, Commands) {
  start_monitor(device(), {.tests = 0});
  Monitor monitor(device());
  Random random(seed_of(1));
  const model::FormatSpec formats[] = {{model::Format::bf16, 0}, {model::Format::cf8_143, 7}, {model::Format::int8, 0}};
  for (unsigned round = 0; round < 150; ++round) {
    EXPECT_EQ(monitor.ping(round), round);
    MonitorJob job;
    job.opcode = static_cast<model::Opcode>(1 + random.below(4));
    job.a = job.b = formats[random.below(3)];
    job.d = {model::Format::fp32, 0};
    job.m = 1 + random.below(12), job.n = 1 + random.below(12), job.k = 1 + random.below(12);
    // Panels of 1 KiB: whatever the job needs.
    job.a_at = {0, 1024}, job.b_at = {0x2000, 1024}, job.d_at = {0x4000, 1024};
    if (job.opcode == model::Opcode::convert) job.b = {}, job.k = 0, job.b_at = {};
    if (job.opcode == model::Opcode::copy) job.a = job.b = job.d = {}, job.k = 0, job.b_at = {};
    if (job.opcode == model::Opcode::fill)
      job.a = job.b = job.d = {}, job.k = 0, job.a_at = job.b_at = {}, job.seed = random.below(0xFFFFFFFF);
    if (job.opcode == model::Opcode::gemm) job.block_m = random.below(3) * 2, job.block_k = random.below(3) * 2;
    EXPECT_EQ(describe(monitor.wait(monitor.submit(job))), "OK") << "round " << round;
    if (round % 8 == 0) {
      MonitorWords nonsense{};
      for (auto& word : nonsense) word = random.below(4) == 0 ? random.below(0xFFFFFFFF) : random.below(64);
      (void)monitor.wait(monitor.submit(nonsense));
      device().idle(20'000);  // it goes to sleep
    }
  }
  EXPECT_GT(compared(), 500'000u);
}

/// A poisoned operand, poisoned answers, and commands whose guarded load traps; then the watchdog resets the core,
/// twice.
TEST_F(FirmwareLockStep, PoisonAndRestart) {
  start_monitor(device(), {.tests = 0, .watchdog_clocks = 200'000});
  Monitor monitor(device());
  MonitorJob copy;
  copy.opcode = model::Opcode::copy;
  copy.m = 1, copy.n = 2, copy.d_at = {0x400, 0};
  poison(8);
  EXPECT_EQ(monitor.wait(monitor.submit(copy)).status, MONITOR_POISONED);
  for (unsigned i = 0; i < 8; ++i) {
    poison(monitor.base() + MONITOR_ANSWER_AT(monitor.slots(), i) + 8);
    EXPECT_EQ(monitor.ping(i), i);
  }
  for (unsigned i = 0; i < 4; ++i) {
    control(c::ctrl_run_mask | c::ctrl_halt_mask);
    const auto slot = static_cast<std::uint32_t>(monitor.submitted()) % monitor.slots();
    const MonitorTicket ticket = monitor.submit(MonitorWords{});
    poison(monitor.base() + MONITOR_COMMAND_AT(slot) + 8 * i);
    control(c::ctrl_run_mask);
    EXPECT_EQ(monitor.wait(ticket).status, MONITOR_UNREADABLE);
  }
  for (unsigned i = 0; i < 2; ++i) {
    device().write_register(c::base + c::wdt_kick, 0);
    EXPECT_EQ(monitor.ping(77 + i), 77 + i);
  }
  EXPECT_EQ(bench_.restarts, 3u);
}

}  // namespace
}  // namespace hilbert::test

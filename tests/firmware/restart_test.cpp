// SPDX-License-Identifier: Apache-2.0
// The core dies at any of its accesses; the watchdog restarts it; no command is lost.
#include <algorithm>
#include <array>
#include <cstring>
#include <hilbert/regs/cpu.hpp>
#include <set>

#include "apps/monitor/monitor.h"
#include "rig.hpp"

namespace hilbert::firmware {
namespace {

using model::Opcode;

class Restart : public FirmwareTest {
 protected:
  static constexpr std::uint32_t commands = 6;

  /// Fills of different patterns in blocks, two of them on the same words, and a PING.
  static std::vector<MonitorWords> work(std::uint32_t word) {
    std::vector<MonitorWords> list;
    for (std::uint32_t i = 0; i + 1 < commands; ++i) {
      MonitorJob fill;
      fill.opcode = Opcode::fill;
      fill.m = 1, fill.n = 4, fill.seed = 0x1000 + i, fill.block_n = 1;
      fill.d_at = {i / 2 * 4 * word, 0};
      list.push_back(fill.pack());
    }
    MonitorWords ping{};
    ping[MONITOR_CMD_OPCODE] = MONITOR_PING;
    ping[MONITOR_CMD_ARGUMENT] = 0xABCD;
    list.push_back(ping);
    return list;
  }
};
INSTANTIATE_TEST_SUITE_P(Firmware, Restart, testing::Values("model:small"), rig_name);

TEST_P(Restart, DyingAtAnyAccessLosesNoCommand) {
  Rig rig(GetParam());
  // How many accesses the work takes, without a death.
  Monitor& counted = rig.start({.tests = 0, .watchdog_clocks = 20'000});
  const std::uint64_t before = rig.controller().accesses();
  for (const MonitorWords& w : work(rig.word())) counted.submit(w);
  counted.drain();
  const std::uint64_t total = rig.controller().accesses() - before;
  ASSERT_GT(total, 100u);
  ASSERT_EQ(monitor_health(rig.controller()).watchdog_resets, 0u);

  std::uint32_t restarted = 0, unharmed = 0;
  for (std::uint64_t death = 1; death <= total; ++death) {
    SCOPED_TRACE(testing::Message() << "death at access " << death << " of " << total);
    Monitor& monitor = rig.start({.tests = 0, .watchdog_clocks = 20'000});
    const std::uint32_t resets = monitor_health(rig.controller()).watchdog_resets;
    const std::uint64_t fatal = rig.controller().accesses() + death;
    rig.controller().on_access = [&](std::uint64_t number, std::uint32_t, bool) {
      if (number == fatal) throw NativeController::CoreDied{};
    };
    const auto list = work(rig.word());
    const MonitorTicket first = monitor.submitted();
    const std::uint32_t number = monitor.wait(first - 1).sequence;
    for (const MonitorWords& w : list) monitor.submit(w);
    ASSERT_NO_THROW(monitor.drain());
    // A death after the last answer: the watchdog comes when nobody waits any more.
    for (int i = 0; i < 1000 && monitor_health(rig.controller()).watchdog_resets == resets; ++i) {
      rig.controller().idle(64);
    }
    rig.controller().on_access = nullptr;
    bool any = false;
    for (std::uint32_t i = 0; i < commands; ++i) {
      const MonitorAnswer& a = monitor.wait(first + i);
      ASSERT_EQ(a.sequence, number + 1 + i);
      ASSERT_TRUE(a.status == MONITOR_OK || a.status == MONITOR_RESTARTED) << describe(a);
      any = any || a.status == MONITOR_RESTARTED;
      if (a.status != MONITOR_OK) continue;
      if (i == commands - 1) {
        ASSERT_EQ(a.result[0], 0xABCDu);
      }
      // What was answered with OK is there, unless a later command on the same words has begun.
      const bool overwritten = i % 2 == 0 && i + 1 < commands - 1;
      if (i + 1 < commands && !overwritten) {
        const std::array<std::uint32_t, 1> pattern{0x1000 + i};
        Bytes right(4 * rig.word());
        for (std::size_t at = 0; at < right.size(); at += 4) std::memcpy(&right[at], pattern.data(), 4);
        ASSERT_EQ(rig.read(i / 2 * 4 * rig.word(), right.size()), right) << "command " << i;
      }
    }
    const MonitorHealth health = monitor_health(rig.controller());
    ASSERT_EQ(health.phase, MONITOR_READY);
    ASSERT_EQ(health.watchdog_resets, resets + 1);
    restarted += any;
    unharmed += !any;
    ASSERT_EQ(monitor.ping(3), 3u);
  }
  EXPECT_GT(restarted, 0u);
  EXPECT_GT(unharmed, 0u) << "a death between commands harms none";
  std::cout << total << " deaths: " << restarted << " ended commands with RESTARTED, " << unharmed << " harmed none\n";
}

TEST_P(Restart, AMonitorThatWorksIsNotRestarted) {
  Rig rig(GetParam());
  const std::uint32_t period = 5'000;
  Monitor& monitor = rig.start({.tests = 0, .watchdog_clocks = period});
  const auto now = [&] { return rig.controller().read_register(regs::cpu::base + regs::cpu::mtime); };
  for (const std::uint32_t begin = now(); now() - begin < 20 * period;) monitor.ping(1);
  EXPECT_EQ(monitor_health(rig.controller()).watchdog_resets, 0u);
}

TEST_P(Restart, ItSaysWhy) {
  Rig rig(GetParam());
  Monitor& monitor = rig.start({.tests = 0, .watchdog_clocks = 10'000});
  rig.controller().kill();
  EXPECT_EQ(monitor.ping(9), 9u);
  const MonitorHealth health = monitor_health(rig.controller());
  EXPECT_EQ(health.watchdog_resets, 1u);
  const auto log = monitor.log();
  ASSERT_GE(log.size(), 2u);
  EXPECT_EQ(log.front().code, MONITOR_LOG_STARTED);
  EXPECT_EQ(log.front().value0 & 1u, 0u);
  EXPECT_TRUE(std::any_of(log.begin(), log.end(), [](const MonitorLogEntry& e) {
    return e.code == MONITOR_LOG_STARTED && (e.value0 & 1u) != 0 && e.restarts == 1;
  }));
}

TEST_P(Restart, AFatalTrapLeavesWordAndRestarts) {
  Rig rig(GetParam());
  Monitor& monitor = rig.start();
  bool trapped = false;
  rig.controller().on_access = [&](std::uint64_t, std::uint32_t, bool) {
    if (trapped) return;
    trapped = true;
    monitor_fatal(5, 0x60001234, 0x00000040);  // ends in CoreDied: the reset of the core
  };
  EXPECT_EQ(monitor.ping(1), 1u);
  const MonitorHealth health = monitor_health(rig.controller());
  EXPECT_EQ(health.last_trap, (std::array<std::uint32_t, 3>{5, 0x60001234, 0x40}));
  EXPECT_EQ(health.watchdog_resets, 1u);
  const auto log = monitor.log();
  EXPECT_TRUE(std::any_of(log.begin(), log.end(), [](const MonitorLogEntry& e) {
    return e.code == MONITOR_LOG_FATAL && e.value0 == 5 && e.value1 == 0x60001234;
  }));
}

TEST_P(Restart, ALoopOfRestartsEnds) {
  Rig rig(GetParam());
  Monitor& monitor = rig.start({.tests = 0, .watchdog_clocks = 5'000});
  const std::uint32_t stop = 0x80001000 + regs::cpu::doorbell;  // every slice dies early
  rig.controller().on_access = [&](std::uint64_t, std::uint32_t address, bool) {
    if (address == stop) throw NativeController::CoreDied{};
  };
  EXPECT_THROW(monitor.ping(1), Error);
  EXPECT_EQ(monitor_health(rig.controller()).phase, MONITOR_DEAD);
  EXPECT_EQ(monitor_health(rig.controller()).watchdog_resets, MONITOR_RESTART_LIMIT + 1);
  rig.controller().on_access = nullptr;
  EXPECT_EQ(rig.start().ping(2), 2u);
}

TEST_P(Restart, ALoopOfRestartsEndsThoughCommandsAreAnswered) {
  Rig rig(GetParam());
  Monitor& monitor = rig.start({.tests = 0, .watchdog_clocks = 5'000});
  const std::uint32_t stop = regs::tile::base + regs::tile::queue_tail;  // no job is ever submitted
  rig.controller().on_access = [&](std::uint64_t, std::uint32_t address, bool write) {
    if (address == stop && write) throw NativeController::CoreDied{};
  };
  const MonitorWords fill = work(rig.word()).front();
  EXPECT_THROW(
      {
        for (int i = 0; i < 50; ++i) (void)monitor.wait(monitor.submit(fill));
      },
      Error);
  EXPECT_EQ(monitor_health(rig.controller()).phase, MONITOR_DEAD);
}

TEST_P(Restart, DyingTwiceWhileItRecovers) {
  Rig rig(GetParam());
  for (std::uint64_t round = 0; round < 120; ++round) {
    const std::uint64_t gap = 1 + round % 12 * 10, when = 40 + round * 2;
    SCOPED_TRACE(testing::Message() << "deaths at access " << when << " and " << gap << " later");
    Monitor& monitor = rig.start({.tests = 0, .watchdog_clocks = 20'000});
    std::set<std::uint64_t> deaths{rig.controller().accesses() + when, rig.controller().accesses() + when + gap};
    const std::uint32_t begun_box = regs::cpu::base + regs::cpu::mailbox + 4 * MONITOR_BOX_BEGUN;
    std::uint32_t begun = 0;
    rig.controller().on_access = [&](std::uint64_t number, std::uint32_t, bool) {
      const std::uint32_t now = rig.controller().read_register(begun_box);
      EXPECT_GE(now, begun) << "what has begun stays begun";
      begun = now;
      if (deaths.erase(number) != 0) throw NativeController::CoreDied{};
    };
    const MonitorTicket first = monitor.submitted();
    const auto list = work(rig.word());
    for (const MonitorWords& w : list) monitor.submit(w);
    ASSERT_NO_THROW(monitor.drain());
    rig.controller().on_access = nullptr;
    for (std::uint32_t i = 0; i < commands; ++i) {
      const MonitorAnswer& a = monitor.wait(first + i);
      ASSERT_TRUE(a.status == MONITOR_OK || a.status == MONITOR_RESTARTED) << describe(a);
    }
  }
}

TEST_P(Restart, ARecordOfAnEarlierSessionIsNotRunAgain) {
  Rig rig(GetParam());
  Monitor& monitor = rig.start();
  for (const MonitorWords& w : work(rig.word())) monitor.submit(w);
  monitor.drain();
  const Bytes later = rig.random().bytes(12 * rig.word());
  rig.inner().write_words(0, later);
  // Somebody starts the core again; the host of the old session does not know yet.
  rig.controller().write_register(regs::cpu::base + regs::cpu::ctrl, 0);
  rig.controller().write_register(regs::cpu::base + regs::cpu::ctrl, regs::cpu::ctrl_run_mask);
  const MonitorTicket ticket = monitor.submit(MonitorWords{});
  for (int slices = 0; slices < 200; ++slices) rig.controller().idle(16);
  EXPECT_EQ(rig.read(0, later.size()), later);
  EXPECT_THROW((void)monitor.done(ticket), Error);
}

TEST_P(Restart, WithoutAWatchdogTheHostIsTold) {
  Rig rig(GetParam());
  Monitor& monitor = rig.start({.tests = 0, .watchdog_clocks = 0});
  Monitor impatient(rig.controller(), {.hang_seconds = 0.05});
  rig.controller().kill();
  try {
    impatient.ping(1);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::machine);
    EXPECT_NE(std::string(error.what()).find("heart stands still"), std::string::npos) << error.what();
  }
  (void)monitor;
}

}  // namespace
}  // namespace hilbert::firmware

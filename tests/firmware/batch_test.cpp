// SPDX-License-Identifier: Apache-2.0
// Batches: descriptors of the host through the monitor, natively, against the reference tile.
#include <hilbert/model/tile.hpp>
#include <hilbert/regs/cpu.hpp>

#include "rig.hpp"

namespace hilbert::firmware {
namespace {

using model::Descriptor;
using model::Opcode;
using model::Words;

class Batches : public FirmwareTest {
 protected:
  Rig rig{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Firmware, Batches, testing::ValuesIn(rig_devices()), rig_name);

/// A row of words, all in one of the places 0, 1, 2 ...
constexpr std::uint32_t row_words = 2;
std::uint32_t place(Rig& rig, std::uint32_t number) { return number * row_words * rig.word(); }

Words fill(Rig& rig, std::uint32_t to, std::uint32_t pattern) {
  Descriptor d;
  d.opcode = Opcode::fill;
  d.m = 1, d.n = row_words, d.seed = pattern;
  d.d_at = {place(rig, to), row_words * rig.word()};
  return d.pack();
}
Words copy(Rig& rig, std::uint32_t from, std::uint32_t to) {
  Descriptor d;
  d.opcode = Opcode::copy;
  d.m = 1, d.n = row_words;
  d.a_at = {place(rig, from), 0}, d.d_at = {place(rig, to), row_words * rig.word()};
  return d.pack();
}
/// A product of one block that adds to place `to` in place, operands in place 0.
Words add(Rig& rig, std::uint32_t to) {
  const model::Geometry& g = rig.geometry();
  Descriptor d;
  d.opcode = Opcode::gemm;
  d.a = d.b = {model::Format::int8, 0};
  d.accumulate = true;
  d.m = static_cast<std::uint16_t>(g.rows), d.n = 1, d.k = 1;
  d.c_at = d.d_at = {place(rig, to), 16 * rig.word()};
  return d.pack();
}
Bytes pattern(Rig& rig, std::uint32_t value) {
  Bytes bytes(std::size_t{row_words} * rig.word());
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(value >> 8 * (i % 4));
  return bytes;
}
Bytes content(Rig& rig, std::uint32_t number) {
  return rig.read(place(rig, number), std::size_t{row_words} * rig.word());
}
std::uint32_t failed_number(const MonitorAnswer& a) { return a.result[MONITOR_ANS_FAILED - MONITOR_ANS_RESULT]; }

TEST_P(Batches, RunInOrderAmongThemselvesAndWithCommands) {
  Monitor& monitor = rig.start();
  ASSERT_EQ(monitor.batch_limit(), 4u);
  MonitorJob command;
  command.opcode = Opcode::copy;
  command.m = 1, command.n = row_words, command.block_n = 1;
  MonitorTicket last = 0;
  for (std::uint32_t round = 0; round < 12; ++round) {
    const std::vector<Words> batch{fill(rig, 1, round), copy(rig, 1, 2), copy(rig, 2, 3), copy(rig, 3, 4)};
    monitor.submit(batch, round);
    command.a_at = {place(rig, 4), 0}, command.d_at = {place(rig, 5 + round), row_words * rig.word()};
    monitor.submit(command);
    last = monitor.submit(std::vector<Words>{copy(rig, 5 + round, 20 + round), fill(rig, 4, ~0u)}, 100 + round);
  }
  const MonitorAnswer& answer = monitor.wait(last);
  EXPECT_EQ(describe(answer), "OK");
  EXPECT_EQ(answer.jobs, 2u);
  EXPECT_EQ(answer.tag, 111u);
  EXPECT_FALSE(MonitorBatch::failed(answer));
  for (std::uint32_t round = 0; round < 12; ++round) EXPECT_EQ(content(rig, 20 + round), pattern(rig, round));
}

TEST_P(Batches, EachDescriptorHasItsFlags) {
  Monitor& monitor = rig.start();
  const model::Geometry& g = rig.geometry();
  model::Tile tile(g);
  const Bytes noise = rig.random().bytes(64 * rig.word());
  std::copy(noise.begin(), noise.end(), tile.memory().begin());
  rig.inner().write_words(0, noise);
  std::vector<Words> batch;
  std::vector<model::Flags> flags;
  for (const model::Format to : {model::Format::e4m3, model::Format::int8, model::Format::fp32}) {
    Descriptor d;
    d.opcode = Opcode::convert;
    d.a = {model::Format::bf16, 0}, d.d = {to, 0};
    d.m = static_cast<std::uint16_t>(g.rows), d.n = static_cast<std::uint16_t>(2 * g.depth);
    d.a_at = {0, 64 * rig.word()},
    d.d_at = {static_cast<std::uint32_t>(80 + 16 * batch.size()) * rig.word(), 64 * rig.word()};
    batch.push_back(d.pack());
    flags.push_back(tile.run(batch.back())->flags);
  }
  const MonitorAnswer answer = monitor.wait(monitor.submit(batch));
  EXPECT_EQ(describe(answer), "OK");
  model::Flags all;
  for (unsigned i = 0; i < batch.size(); ++i) {
    EXPECT_EQ(MonitorBatch::flags(answer, i), flags[i]) << i;
    all |= flags[i];
  }
  EXPECT_EQ(answer.flags, all);
}

TEST_P(Batches, TheFirstThatIsWrongIsNamed) {
  Monitor& monitor = rig.start();
  Words area = fill(rig, 1, 1);
  area[8] = monitor.base() - rig.word();  // its last word is the area's first
  Words below = area;
  below[8] -= rig.word();
  Words misaligned = fill(rig, 2, 1);
  misaligned[8] = 2;
  Words send = copy(rig, 1, 2);
  send[0] = 6;
  Words far = copy(rig, 1, 2);
  far[8] = rig.geometry().data_bytes();
  struct Case {
    Words bad;
    monitor_status status;
    std::uint32_t field;
  };
  const Case cases[] = {{area, MONITOR_PROTECTED, 8},
                        {misaligned, MONITOR_MISALIGNED, 8},
                        {send, MONITOR_BAD_OPCODE, 0},
                        {Words{}, MONITOR_BAD_OPCODE, 0},
                        {far, MONITOR_OUT_OF_RANGE, 8}};
  for (const Case& c : cases) {
    for (unsigned at = 0; at < 3; ++at) {
      std::vector<Words> batch(3, fill(rig, 3, 0x11 * (at + 1)));
      batch[at] = c.bad;
      const MonitorAnswer answer = monitor.wait(monitor.submit(batch, 9));
      EXPECT_EQ(answer.status, c.status) << describe(answer);
      EXPECT_EQ(answer.field, c.field);
      EXPECT_EQ(failed_number(answer), at + 1);
      EXPECT_EQ(MonitorBatch::failed(answer), at);
      EXPECT_EQ(answer.tag, 9u);
      if (at != 0) {
        EXPECT_EQ(content(rig, 3), pattern(rig, 0x11 * (at + 1))) << "those before it have run";
      }
      EXPECT_THROW(require_ok(answer), Error);
    }
  }
  EXPECT_EQ(describe(monitor.wait(monitor.submit(std::vector<Words>{below}))), "OK") << "up to the area is allowed";
  EXPECT_EQ(monitor.ping(3), 3u);
  const std::uint32_t refused = rig.register_at(regs::tile::perf_errors);
  EXPECT_EQ(monitor.wait(monitor.submit(std::vector<Words>{send})).status, MONITOR_BAD_OPCODE);
  EXPECT_EQ(rig.register_at(regs::tile::perf_errors), refused) << "chips with links would have run it";
}

/// The batch makes the poisoned word good; a block before it that is run again must not see that.
TEST_P(Batches, WaitForBlocksThatAreRunAgain) {
  Monitor& monitor = rig.start();
  rig.inner().write_words(0, Bytes(40 * rig.word()));
  inject(rig.inner(), 0, 1, 9);
  MonitorJob command;
  command.opcode = Opcode::copy;
  command.m = 1, command.n = row_words;
  command.a_at = {0, 0}, command.d_at = {place(rig, 1), row_words * rig.word()};
  const MonitorTicket poisoned = monitor.submit(command);
  const MonitorTicket healing = monitor.submit(std::vector<Words>{fill(rig, 0, 5)});
  EXPECT_EQ(monitor.wait(poisoned).status, MONITOR_POISONED);
  EXPECT_EQ(monitor.wait(poisoned).retries, 2u);
  EXPECT_EQ(describe(monitor.wait(healing)), "OK");
}

TEST_P(Batches, LongerThanTheQueueAreNotOvertaken) {
  Monitor& monitor = rig.start({.tests = 0, .base = rig.geometry().data_bytes() - 1024, .slots = 2});
  ASSERT_EQ(monitor.batch_limit(), 16u);
  std::vector<Words> batch;
  for (std::uint32_t i = 0; i < 16; ++i) batch.push_back(fill(rig, 1, i));
  MonitorJob command;
  command.opcode = Opcode::copy;
  command.m = 1, command.n = row_words;
  command.a_at = {place(rig, 1), 0}, command.d_at = {place(rig, 2), row_words * rig.word()};
  for (int round = 0; round < 3; ++round) {
    const MonitorTicket all = monitor.submit(batch);
    monitor.run(command);
    EXPECT_EQ(describe(monitor.wait(all)), "OK");
    EXPECT_EQ(content(rig, 2), pattern(rig, 15));
    rig.inner().write_words(place(rig, 2), Bytes(std::size_t{row_words} * rig.word()));
  }
}

TEST_P(Batches, CommandsThatAreNone) {
  Monitor& monitor = rig.start();
  EXPECT_THROW(monitor.submit(std::vector<Words>{}), Error);
  EXPECT_THROW(monitor.submit(std::vector<Words>(monitor.batch_limit() + 1, fill(rig, 1, 1))), Error);
  for (const auto& [opcode, count, status, field] :
       {std::tuple{MONITOR_BATCH | 0u, 0u, MONITOR_BAD_SIZE, MONITOR_CMD_COUNT},
        {MONITOR_BATCH | 0u, 5u, MONITOR_BAD_SIZE, MONITOR_CMD_COUNT},
        {MONITOR_BATCH | 0u, ~0u, MONITOR_BAD_SIZE, MONITOR_CMD_COUNT},
        {MONITOR_BATCH | 0x100u, 1u, MONITOR_BAD_OPTION, MONITOR_CMD_OPCODE}}) {
    MonitorWords w{};
    w[MONITOR_CMD_OPCODE] = opcode;
    w[MONITOR_CMD_COUNT] = count;
    const MonitorAnswer answer = monitor.wait(monitor.submit(w));
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.field, field);
    EXPECT_EQ(failed_number(answer), 0u);
    EXPECT_EQ(answer.jobs, 0u);
  }
  EXPECT_EQ(rig.start({.tests = 0, .base = 0, .slots = 2}).batch_limit(), MONITOR_MOST_BATCH);
}

TEST_P(Batches, ADescriptorThatCannotBeReadIsNotRun) {
  Monitor& monitor = rig.start();
  const MonitorAnswer before = monitor.wait(monitor.submit(std::vector<Words>{fill(rig, 1, 1), fill(rig, 2, 2)}));
  const std::uint32_t next = (before.sequence + 1) % monitor.slots();
  const std::uint32_t at = controller_memory_base + (next * monitor.batch_limit() + 1) * MONITOR_DESCRIPTOR_BYTES;
  const MonitorTicket poisoned = monitor.submit(std::vector<Words>{fill(rig, 1, 3), fill(rig, 2, 4)});
  inject(rig.inner(), at, 1, 9);
  const MonitorAnswer answer = monitor.wait(poisoned);
  EXPECT_EQ(answer.status, MONITOR_UNREADABLE);
  EXPECT_EQ(answer.detail, at);
  EXPECT_EQ(failed_number(answer), 2u);
  EXPECT_EQ(content(rig, 1), pattern(rig, 3));
  EXPECT_EQ(content(rig, 2), pattern(rig, 2));
  EXPECT_EQ(describe(monitor.wait(monitor.submit(std::vector<Words>{fill(rig, 2, 5)}))), "OK");
}

/// Poisoned: the last of all is run again, whatever has others behind it, adds in place or took a semaphore is not.
TEST_P(Batches, OnlyWhatNobodyCanHaveUsedIsRunAgain) {
  struct Case {
    const char* what;
    std::vector<Words> batch;
    std::uint32_t failed, retries;
  };
  Words signalled = copy(rig, 0, 1);
  signalled[15] = 1u << 24;
  const Case cases[] = {{"alone", {copy(rig, 0, 1)}, 1, 2},
                        {"last", {fill(rig, 2, 7), copy(rig, 0, 1)}, 2, 2},
                        {"another behind it", {copy(rig, 0, 1), fill(rig, 2, 7)}, 1, 0},
                        {"in place", {add(rig, 8)}, 1, 0},
                        {"semaphore", {signalled}, 1, 0}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    Monitor& monitor = rig.start();
    rig.inner().write_words(0, Bytes(40 * rig.word()));
    inject(rig.inner(), 0, 1, 9);
    const MonitorAnswer answer = monitor.wait(monitor.submit(c.batch));
    EXPECT_EQ(answer.status, MONITOR_POISONED);
    EXPECT_EQ(failed_number(answer), c.failed);
    EXPECT_EQ(answer.retries, c.retries);
    EXPECT_EQ(answer.detail, 0u);
    EXPECT_EQ(answer.jobs, c.batch.size() + c.retries);
  }
}

/// A restart ends what had begun; descriptors of what had not are still there.
TEST_P(Batches, ThatHaveNotBegunSurviveARestart) {
  Monitor& monitor = rig.start();
  const MonitorTicket first = monitor.submit(std::vector<Words>{fill(rig, 1, 1)});
  const MonitorTicket second = monitor.submit(std::vector<Words>{fill(rig, 2, 2), copy(rig, 2, 3)});
  rig.controller().write_register(regs::cpu::base + regs::cpu::wdt_kick, 1);  // the core has seen neither
  EXPECT_EQ(describe(monitor.wait(first)), "OK");
  EXPECT_EQ(describe(monitor.wait(second)), "OK");
  EXPECT_EQ(content(rig, 3), pattern(rig, 2));
  EXPECT_EQ(monitor_health(rig.controller()).watchdog_resets, 1u);
}

}  // namespace
}  // namespace hilbert::firmware

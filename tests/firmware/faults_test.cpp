// SPDX-License-Identifier: Apache-2.0
// Memory errors while the monitor works: retried where that can help, reported where not, and always alive after.
#include <algorithm>

#include "rig.hpp"

namespace hilbert::firmware {
namespace {

using model::Format;
using model::Opcode;

class Faults : public FirmwareTest {
 protected:
  Rig rig{GetParam()};

  MonitorJob copy(std::uint32_t from, std::uint32_t to, std::uint32_t words) const {
    MonitorJob job;
    job.opcode = Opcode::copy;
    job.m = 1, job.n = words;
    job.a_at = {from * rig.word(), 0};
    job.d_at = {to * rig.word(), 0};
    return job;
  }
  /// Writes a word as soon as the monitor writes a log entry: that of the retry is the first.
  void heal_on_retry(std::uint32_t where, Bytes good) {
    rig.controller().on_access = [this, where, good, healed = false](std::uint64_t, std::uint32_t address,
                                                                     bool write) mutable {
      const std::uint32_t log = rig.monitor().base() + MONITOR_LOG_AT(rig.monitor().slots());
      if (healed || !write || address < log || address >= queue_base) return;
      healed = true;
      rig.inner().write_words(where, good);
    };
  }
  bool logged(monitor_log_code code) {
    const auto log = rig.monitor().log();
    return std::any_of(log.begin(), log.end(), [&](const MonitorLogEntry& e) { return e.code == code; });
  }
};
INSTANTIATE_TEST_SUITE_P(Firmware, Faults, testing::ValuesIn(rig_devices()), rig_name);

TEST_P(Faults, APoisonedOperandIsRetriedThenReported) {
  Monitor& monitor = rig.start();
  const std::uint32_t word = rig.word();
  inject(rig.inner(), 2 * word, 3, 17);
  const MonitorAnswer bad = monitor.wait(monitor.submit(copy(0, 16, 4)));
  EXPECT_EQ(bad.status, MONITOR_POISONED);
  EXPECT_EQ(bad.detail, 2 * word);
  EXPECT_EQ(bad.retries, 2u);
  EXPECT_EQ(bad.jobs, 3u);
  EXPECT_THROW(require_ok(bad), Error);
  EXPECT_TRUE(logged(MONITOR_LOG_RETRY));
  rig.controller().idle(1);
  EXPECT_TRUE(logged(MONITOR_LOG_POISON));
  rig.inner().write_words(2 * word, Bytes(word));
  EXPECT_EQ(monitor.wait(monitor.submit(copy(0, 16, 4))).retries, 0u);
}

TEST_P(Faults, OnlyTheBlockThatNeedsItIsRunAgain) {
  // The operand is healed between the first attempt and the second: the command ends well, most blocks ran once.
  Monitor& monitor = rig.start();
  const std::uint32_t word = rig.word();
  rig.inner().write_words(0, rig.random().bytes(12 * word));
  const Bytes right = rig.read(0, 12 * word);
  MonitorJob job = copy(0, 16, 12);
  job.block_n = 1;
  inject(rig.inner(), 9 * word, 3, 17);
  heal_on_retry(9 * word, Bytes(right.begin() + 9 * word, right.begin() + 10 * word));
  const MonitorAnswer answer = monitor.wait(monitor.submit(job));
  rig.controller().on_access = nullptr;
  EXPECT_EQ(describe(answer), "OK");
  EXPECT_EQ(answer.retries, 1u);
  EXPECT_GT(answer.jobs, 12u);
  EXPECT_EQ(rig.read(16 * word, 12 * word), right);
}

TEST_P(Faults, ALaterCommandWaitsForABlockThatIsRunAgain) {
  // The second command overwrites a word that the first reads, or one that it writes; the first has to go back.
  Monitor& monitor = rig.start();
  const std::uint32_t word = rig.word(), words = 6;
  namespace r = regs::tile;
  for (const bool over_result : {false, true}) {
    SCOPED_TRACE(over_result ? "two writers" : "a reader and a writer");
    rig.inner().write_words(0, rig.random().bytes(words * word));
    Bytes right = rig.read(0, words * word);
    MonitorJob job = copy(0, 16, words), over;
    job.block_n = 1;
    over.opcode = Opcode::fill;
    over.m = over.n = 1;
    over.d_at = {(over_result ? 20 : 5) * word, 0};
    inject(rig.inner(), 1 * word, 3, 17);
    heal_on_retry(1 * word, Bytes(right.begin() + word, right.begin() + 2 * word));
    // The tile holds still until all that the monitor may submit is in its queue.
    rig.inner().write_register(r::base + r::ctrl, 0);
    const MonitorTicket first = monitor.submit(job);
    monitor.submit(over);
    for (int slices = 0; slices < 12; ++slices) rig.controller().idle(1);
    rig.inner().write_register(r::base + r::ctrl, r::ctrl_enable_mask);
    monitor.drain();
    rig.controller().on_access = nullptr;
    EXPECT_EQ(monitor.wait(first).retries, 1u);
    if (over_result) std::fill_n(right.begin() + 4 * word, word, std::byte{0});
    EXPECT_EQ(rig.read(16 * word, words * word), right);
    EXPECT_EQ(rig.read(over.d_at.base, word), Bytes(word));
  }
}

TEST_P(Faults, ACutSumBeginsAgainFromItsFirstStep) {
  Monitor& monitor = rig.start();
  const model::Geometry& g = rig.geometry();
  MonitorJob job;
  job.a = job.b = {Format::int8, 0};
  job.m = g.rows, job.n = g.cols, job.k = 8 * g.depth;
  const auto a = rig.layout(job.m, job.k, g.rows, Format::int8), b = rig.layout(job.n, job.k, g.cols, Format::int8),
             d = rig.layout(job.m, job.n, g.rows, Format::fp32);
  job.a_at = {0, static_cast<std::uint32_t>(a.panel_bytes())};
  job.b_at = {g.bank_bytes, static_cast<std::uint32_t>(b.panel_bytes())};
  job.d_at = {2 * g.bank_bytes, static_cast<std::uint32_t>(d.panel_bytes())};
  job.block_k = 2 * g.depth;
  const Bytes dense_a = rig.random().bytes(std::size_t{job.m} * job.k),
              dense_b = rig.random().bytes(std::size_t{job.k} * job.n);
  rig.put(a, job.a_at, dense_a);
  rig.put(b, job.b_at, dense_b, model::Order::transposed);
  const std::uint32_t spot = 2 * rig.word();  // of A, in the third of four steps
  const Bytes good = rig.read(spot, rig.word());
  inject(rig.inner(), spot, 3, 17);
  heal_on_retry(spot, good);
  const MonitorAnswer answer = monitor.wait(monitor.submit(job));
  rig.controller().on_access = nullptr;
  EXPECT_EQ(describe(answer), "OK");
  EXPECT_EQ(answer.retries, 1u);
  model::Gemm gemm;
  gemm.m = job.m, gemm.n = job.n, gemm.k = job.k;
  gemm.a = job.a, gemm.b = job.b, gemm.depth = g.depth;
  EXPECT_EQ(rig.get(d, job.d_at), model::gemm(gemm, dense_a, dense_b).d);
}

TEST_P(Faults, AnInPlaceSumIsNeverRunAgain) {
  Monitor& monitor = rig.start();
  const model::Geometry& g = rig.geometry();
  MonitorJob job;
  job.a = job.b = {Format::bf16, 0};
  job.accumulate = true;
  job.m = g.rows, job.n = g.cols, job.k = g.depth;
  job.a_at = {0, rig.word()};
  job.b_at = {g.bank_bytes, rig.word()};
  job.c_at = job.d_at = {2 * g.bank_bytes, 4 * rig.word() * 16};
  for (const bool known : {false, true}) {
    if (known) {
      rig.inner().write_words(0, Bytes(rig.word()));
      for (unsigned i = 0; i < 4; ++i) monitor.run(job);  // the monitor still has their plan
    }
    inject(rig.inner(), 0, 3, 17);
    const MonitorAnswer answer = monitor.wait(monitor.submit(job));
    EXPECT_EQ(answer.status, MONITOR_POISONED) << known;
    EXPECT_EQ(answer.retries, 0u) << known;
    EXPECT_EQ(answer.jobs, 1u) << known;
  }
}

TEST_P(Faults, APoisonedCommandIsUnreadable) {
  Monitor& monitor = rig.start();
  monitor.ping(0);
  const auto sequence = static_cast<std::uint32_t>(monitor.submitted());
  const MonitorTicket ticket = monitor.submit(MonitorWords{});
  inject(rig.inner(), monitor.base() + MONITOR_COMMAND_AT(sequence % monitor.slots()), 3, 17);
  EXPECT_EQ(monitor.wait(ticket).status, MONITOR_UNREADABLE);
  for (std::uint32_t i = 0; i < 2 * monitor.slots(); ++i) EXPECT_EQ(monitor.ping(i), i) << "its slot is good again";
}

TEST_P(Faults, APoisonedAnswerSlotIsHealed) {
  Monitor& monitor = rig.start();
  const auto sequence = static_cast<std::uint32_t>(monitor.submitted());
  MonitorWords ping{};
  ping[MONITOR_CMD_OPCODE] = MONITOR_PING;
  ping[MONITOR_CMD_ARGUMENT] = 77;
  const MonitorTicket ticket = monitor.submit(ping);
  inject(rig.inner(), monitor.base() + MONITOR_ANSWER_AT(monitor.slots(), sequence % monitor.slots()), 3, 17);
  const MonitorAnswer& answer = monitor.wait(ticket);
  EXPECT_EQ(describe(answer), "OK");
  EXPECT_EQ(answer.result[0], 77u);
  EXPECT_TRUE(logged(MONITOR_LOG_HEALED));
}

TEST_P(Faults, APoisonedQueueSlotIsHealed) {
  Monitor& monitor = rig.start();
  inject(rig.inner(), queue_base + 2 * slot_bytes, 3, 17);
  MonitorJob job = copy(0, 64, 1);
  job.n = 20, job.block_n = 1;
  const MonitorAnswer answer = monitor.wait(monitor.submit(job));
  EXPECT_EQ(describe(answer), "OK");
  EXPECT_EQ(answer.jobs, 20u);
  EXPECT_EQ(answer.retries, 0u);
  EXPECT_TRUE(logged(MONITOR_LOG_BAD_SLOT));
  EXPECT_EQ(rig.register_at(regs::tile::perf_jobs), 20u);
  EXPECT_EQ(rig.register_at(regs::tile::heal_count), 1u);
}

TEST_P(Faults, CorrectedErrorsAreLoggedAndScrubbedFaster) {
  Monitor& monitor = rig.start();
  inject(rig.inner(), 0, 5, 5);
  monitor.run(copy(0, 16, 2));
  for (int i = 0; i < 20; ++i) rig.controller().idle(1);
  EXPECT_TRUE(logged(MONITOR_LOG_CORRECTED));
  EXPECT_EQ(rig.register_at(regs::tile::scrub_interval), regs::tile::scrub_interval_reset / 8);
  if (GetParam() != "model:small") return;  // two whole passes take long elsewhere
  for (int i = 0; i < 400; ++i) rig.controller().idle(4096);
  EXPECT_EQ(rig.register_at(regs::tile::scrub_interval), regs::tile::scrub_interval_reset);
  EXPECT_EQ(rig.register_at(regs::tile::ecc_scrubbed), 1u);
}

TEST_P(Faults, AJobThatSomebodyElsePutInItsPlaceEndsTheCommand) {
  Monitor& monitor = rig.start();
  namespace r = regs::tile;
  rig.inner().write_register(r::base + r::ctrl, 0);  // the tile holds still
  const std::uint32_t slot = rig.register_at(r::queue_tail) % rig.geometry().queue_slots;
  const MonitorTicket ticket = monitor.submit(copy(0, 64, 1));
  for (int slices = 0; slices < 4; ++slices) rig.controller().idle(1);
  const std::uint32_t tag[] = {0xBAD};
  write_bytes(rig.inner(), queue_base + slot * slot_bytes + 4, std::as_bytes(std::span(tag)));
  rig.inner().write_register(r::base + r::ctrl, r::ctrl_enable_mask);
  EXPECT_EQ(monitor.wait(ticket).status, MONITOR_RESTARTED);
  EXPECT_EQ(describe(monitor.run(copy(0, 64, 1))), "OK");
}

TEST_P(Faults, SomebodyElseUsingTheQueueEndsCommandsNotTheMonitor) {
  Monitor& monitor = rig.start();
  monitor.ping(1);
  MonitorJob job = copy(0, 64, 40);
  job.block_n = 1;
  const MonitorTicket ticket = monitor.submit(job);
  rig.controller().idle(1);
  rig.controller().idle(1);
  namespace r = regs::tile;
  rig.inner().write_register(r::base + r::ctrl, r::ctrl_abort_mask);
  for (int i = 0; i < 100; ++i) rig.inner().idle(16);
  rig.inner().write_register(r::base + r::ctrl, r::ctrl_queue_reset_mask);
  rig.inner().write_register(r::base + r::ctrl, r::ctrl_enable_mask);
  const MonitorAnswer& answer = monitor.wait(ticket);
  EXPECT_TRUE(answer.status == MONITOR_RESTARTED || answer.status == MONITOR_ABORTED) << describe(answer);
  EXPECT_EQ(describe(monitor.run(copy(0, 64, 3))), "OK");
}

}  // namespace
}  // namespace hilbert::firmware

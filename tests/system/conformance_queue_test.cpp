// SPDX-License-Identifier: Apache-2.0
// What every backend must do with its queue: order, limits, semaphores, abort, interrupts, counters.
#include "conformance.hpp"

namespace hilbert::conformance {

namespace {

using model::Completion;
using model::Descriptor;
using model::Opcode;
using model::Status;

Descriptor tagged(std::uint32_t tag) {
  Descriptor job;
  job.tag = tag;
  return job;
}

Descriptor waiting_for(std::uint8_t semaphore, std::uint8_t count) {
  Descriptor job;
  job.wait_semaphore = semaphore;
  job.wait_count = count;
  return job;
}

Descriptor signalling(std::uint8_t semaphore, std::uint8_t count) {
  Descriptor job;
  job.signal_semaphore = semaphore;
  job.signal_count = count;
  return job;
}

Descriptor refused() {
  Descriptor job;
  job.m = 1;  // SYNC has no size
  return job;
}

}  // namespace

class Queue : public Conformance {
 protected:
  std::uint32_t semaphore(std::uint32_t index) { return read(r::sem + 4 * index); }
  void post(std::uint32_t index, std::uint32_t count) { write(r::sem_post, index | count << 16); }
  bool waits() {
    return wait_until([&] { return (read(r::status) & r::status_waiting_mask) != 0; }, 10'000);
  }
};

INSTANTIATE_TEST_SUITE_P(Device, Queue, testing::ValuesIn(backends()), name_of);

TEST_P(Queue, CompletesInOrderAroundTheSlots) {
  enable();
  std::uint32_t submitted = 0;
  while (submitted < 5 * geometry().queue_slots) {
    const std::uint32_t chunk = 1 + below(geometry().queue_slots);
    for (std::uint32_t i = 0; i < chunk; ++i) put(tagged(1000 + submitted + i).pack());
    ring();
    wait_for_all();
    for (std::uint32_t i = submitted; i < submitted + chunk; ++i) {
      const Completion done = completion(i);
      EXPECT_EQ(done.tag, 1000 + i);
      EXPECT_EQ(done.sequence, i);
      EXPECT_EQ(done.status, Status::ok);
      EXPECT_EQ(done.opcode, 5);
    }
    submitted += chunk;
  }
  EXPECT_EQ(read(r::queue_head), submitted);
  EXPECT_EQ(read(r::queue_tail), submitted);
  EXPECT_EQ(read(r::perf_jobs), submitted);
  EXPECT_EQ(read(r::status) & (r::status_busy_mask | r::status_job_error_mask), 0u);
}

TEST_P(Queue, DoesNothingUntilEnabled) {
  put(tagged(1).pack());
  ring();
  device_->idle(500);
  EXPECT_EQ(read(r::queue_head), 0u);
  EXPECT_EQ(read(r::queue_tail), 1u);
  EXPECT_EQ(read(r::status) & r::status_busy_mask, 0u);
  enable();
  wait_for_all();
  EXPECT_EQ(completion(0).tag, 1u);
}

TEST_P(Queue, TakesAllSlotsAndRefusesOneMore) {
  const std::uint32_t slots = geometry().queue_slots;
  for (std::uint32_t i = 0; i < slots; ++i) put(tagged(i).pack());
  write(r::queue_tail, slots + 1);
  EXPECT_NE(read(r::status) & r::status_queue_error_mask, 0u);
  EXPECT_NE(read(r::irq_status) & r::irq_status_error_mask, 0u);
  EXPECT_EQ(read(r::queue_tail), 0u) << "a refused tail changes nothing";
  write(r::queue_tail, 0xFFFF);
  EXPECT_EQ(read(r::queue_tail), 0u);
  ring();
  EXPECT_EQ(read(r::queue_tail), slots);
  enable();
  wait_for_all();
  for (std::uint32_t i = 0; i < slots; ++i) EXPECT_EQ(completion(i).tag, i);
}

TEST_P(Queue, ResetOfTheQueueStartsFromSlotZero) {
  enable();
  run(tagged(1).pack());
  run(refused().pack());
  write(r::queue_tail, geometry().queue_slots + 3);
  EXPECT_NE(read(r::status) & r::status_queue_error_mask, 0u);
  EXPECT_NE(read(r::status) & r::status_job_error_mask, 0u);
  write(r::ctrl, r::ctrl_enable_mask | r::ctrl_queue_reset_mask);
  EXPECT_EQ(read(r::queue_head), 2u) << "only while disabled";
  enable(false);
  write(r::ctrl, r::ctrl_queue_reset_mask);
  EXPECT_EQ(read(r::queue_head), 0u);
  EXPECT_EQ(read(r::queue_tail), 0u);
  EXPECT_EQ(read(r::status) & (r::status_queue_error_mask | r::status_job_error_mask), 0u);
  EXPECT_EQ(read(r::ctrl), 0u);
  put_ = 0;
  enable();
  EXPECT_EQ(run(tagged(7).pack()).tag, 7u);
}

TEST_P(Queue, CountersGoAroundAt65536) {
  if (!GetParam().uri.ends_with(":small") || GetParam().stall_probability > 0) {
    GTEST_SKIP() << "65,536 jobs: on the small chip alone, the counters are the same in all";
  }
  enable();
  const std::uint32_t slots = geometry().queue_slots;
  for (std::uint32_t i = 0; i < slots; ++i) put(tagged(i).pack());
  std::uint32_t submitted = slots;
  write(r::queue_tail, submitted);
  for (; submitted <= 65536 + slots; submitted += slots) {
    ASSERT_TRUE(wait_until([&] { return read(r::queue_head) == (submitted & 0xFFFF); }, 100'000)) << submitted;
    write(r::queue_tail, submitted + slots);
  }
  ASSERT_TRUE(wait_until([&] { return read(r::queue_head) == (submitted & 0xFFFF); }, 100'000));
  EXPECT_EQ(completion(submitted - 1).sequence, submitted - 1) << "the sequence number has 32 bits";
  EXPECT_EQ(read(r::status) & r::status_queue_error_mask, 0u);
}

TEST_P(Queue, WaitsForItsSemaphoreAndTakesTheCount) {
  enable();
  put(waiting_for(2, 3).pack());
  ring();
  EXPECT_TRUE(waits());
  EXPECT_EQ(read(r::status) & r::status_busy_mask, r::status_busy_mask);
  EXPECT_EQ((read(r::status) & r::status_opcode_mask) >> r::status_opcode_lsb, 5u);
  EXPECT_NE(describe_activity(*device_).find("semaphore"), std::string::npos);
  post(2, 2);
  post(1, 9);
  device_->idle(200);
  EXPECT_EQ(read(r::queue_head), 0u) << "2 is not 3";
  post(2, 5);
  wait_for_all();
  EXPECT_EQ(semaphore(2), 4u);
  EXPECT_EQ(semaphore(1), 9u);
  if (timed()) {
    EXPECT_GT(completion(0).wait_semaphore, 200u);
  }
}

TEST_P(Queue, WritingASemaphoreEndsTheWaitToo) {
  enable();
  put(waiting_for(7, 255).pack());
  ring();
  EXPECT_TRUE(waits());
  write(r::sem + 28, 255);
  wait_for_all();
  EXPECT_EQ(semaphore(7), 0u);
}

TEST_P(Queue, SignalsAddAndSaturate) {
  enable();
  write(r::sem + 20, 65530);
  EXPECT_EQ(run(signalling(5, 3).pack()).status, Status::ok);
  EXPECT_EQ(semaphore(5), 65533u);
  run(signalling(5, 255).pack());
  EXPECT_EQ(semaphore(5), 65535u);
}

TEST_P(Queue, OneJobFeedsTheNext) {
  enable();
  put(signalling(0, 2).pack());
  put(waiting_for(0, 2).pack());
  put(waiting_for(0, 1).pack());
  ring();
  EXPECT_TRUE(waits());
  EXPECT_EQ(read(r::queue_head), 2u);
  post(0, 1);
  wait_for_all();
  EXPECT_EQ(semaphore(0), 0u);
}

TEST_P(Queue, RefusedJobNeitherWaitsNorSignals) {
  enable();
  Descriptor job = refused();
  job.wait_count = 1;
  job.signal_semaphore = 3;
  job.signal_count = 9;
  EXPECT_EQ(run(job.pack()).status, Status::bad_size);
  EXPECT_EQ(semaphore(3), 0u);
}

TEST_P(Queue, AbortEndsAWaitAndNothingElse) {
  enable();
  write(r::ctrl, r::ctrl_enable_mask | r::ctrl_abort_mask);
  EXPECT_EQ(run(tagged(1).pack()).status, Status::ok) << "an abort with nothing to abort is forgotten";
  Descriptor stuck = waiting_for(4, 1);
  stuck.tag = 77;
  stuck.signal_semaphore = 6;
  stuck.signal_count = 1;
  put(stuck.pack());
  put(tagged(78).pack());
  ring();
  EXPECT_TRUE(waits());
  write(r::ctrl, r::ctrl_enable_mask | r::ctrl_abort_mask);
  wait_for_all();
  EXPECT_EQ(completion(1).status, Status::aborted);
  EXPECT_EQ(completion(1).tag, 77u);
  EXPECT_EQ(completion(2).status, Status::ok);
  EXPECT_EQ(completion(2).tag, 78u);
  EXPECT_EQ(semaphore(6), 0u) << "an aborted job does not signal";
  EXPECT_EQ(read(r::last_error), 11u | 5u << 24);
}

TEST_P(Queue, AbortEndsARunningJob) {
  if (!timed()) GTEST_SKIP() << "a job takes no time here";
  enable();
  const model::Geometry& g = geometry();
  // A GEMM of many steps in little memory: all panels of A are the same one (stride 0).
  Descriptor job;
  job.opcode = Opcode::gemm;
  job.a = job.b = job.d = {model::Format::int8, 0};
  job.k = static_cast<std::uint16_t>(g.bank_bytes / std::max(g.rows, g.cols));
  const std::uint32_t d_panel = std::max(g.rows * g.cols, g.word_bytes());
  const std::uint32_t panels = g.bank_bytes / d_panel;
  job.m = static_cast<std::uint16_t>(panels * g.rows);
  job.n = static_cast<std::uint16_t>(g.cols);
  job.b_at = {g.bank_bytes, 0};
  job.d_at = {2 * g.bank_bytes, d_panel};
  put(job.pack());
  put(tagged(5).pack());
  ring();
  device_->idle(1000);
  ASSERT_EQ(read(r::queue_head), 0u) << "the job was to be longer";
  const std::uint64_t before = device_->clocks();
  write(r::ctrl, r::ctrl_enable_mask | r::ctrl_abort_mask);
  wait_for_all();
  EXPECT_LT(device_->clocks() - before, 600u) << "an abort takes effect at once";
  const Completion done = completion(0);
  EXPECT_EQ(done.status, Status::aborted) << model::to_string(done.status);
  EXPECT_LT(done.busy, panels * (job.k / g.depth));
  EXPECT_EQ(completion(1).status, Status::ok);
  job.m = static_cast<std::uint16_t>(g.rows);
  EXPECT_EQ(run(job.pack()).status, Status::ok) << "the array is clean again";
}

TEST_P(Queue, InterruptsAreAskedForEnabledAndCleared) {
  enable();
  Descriptor quiet;
  Descriptor loud;
  loud.irq = true;
  run(quiet.pack());
  EXPECT_EQ(read(r::irq_status), 0u);
  run(loud.pack());
  EXPECT_EQ(read(r::irq_status), r::irq_status_done_mask);
  EXPECT_FALSE(device_->interrupt()) << "not enabled";
  write(r::irq_enable, r::irq_status_error_mask);
  EXPECT_FALSE(device_->interrupt());
  write(r::irq_enable, r::irq_status_done_mask);
  EXPECT_TRUE(device_->interrupt());
  write(r::irq_status, r::irq_status_error_mask | r::irq_status_uncorrectable_mask);
  EXPECT_TRUE(device_->interrupt()) << "another cause was cleared";
  write(r::irq_status, r::irq_status_done_mask);
  EXPECT_FALSE(device_->interrupt());
  EXPECT_EQ(read(r::irq_status), 0u);
  write(r::irq_enable, r::irq_status_error_mask);
  run(refused().pack());
  EXPECT_TRUE(device_->interrupt());
  write(r::irq_status, r::irq_status_error_mask);
  EXPECT_FALSE(device_->interrupt());
}

TEST_P(Queue, CountersOfJobs) {
  enable();
  run(tagged(0).pack());
  run(refused().pack());
  EXPECT_EQ(read(r::perf_jobs), 2u);
  EXPECT_EQ(read(r::perf_errors), 1u);
  const std::uint32_t beats = read(r::perf_host_beats);
  read_memory(0, 5 * word_bytes());
  const std::uint32_t moved = read(r::perf_host_beats) - beats;
  EXPECT_TRUE(moved == 5 || moved == 6) << moved << ": 5 words, and perhaps the register that is read";
  write(r::ctrl, r::ctrl_enable_mask | r::ctrl_perf_clear_mask);
  EXPECT_EQ(read(r::perf_jobs), 0u);
  EXPECT_EQ(read(r::perf_errors), 0u);
  EXPECT_EQ(read(r::ctrl), r::ctrl_enable_mask) << "PERF_CLEAR reads 0";
}

TEST_P(Queue, CountersOfAGemm) {
  enable();
  const model::Geometry& g = geometry();
  Descriptor job;
  job.opcode = Opcode::gemm;
  job.a = job.b = job.d = {model::Format::int8, 0};
  job.m = static_cast<std::uint16_t>(2 * g.rows + 1);
  job.n = static_cast<std::uint16_t>(g.cols + 1);
  job.k = static_cast<std::uint16_t>(3 * g.depth + (g.depth > 1 ? 1 : 0));
  const std::uint32_t steps = 3 * 2 * ((job.k + g.depth - 1) / g.depth);
  const std::uint32_t stride = 64 * word_bytes();
  if (3 * stride > g.bank_bytes) GTEST_SKIP();
  job.a_at = {0, stride};
  job.b_at = {g.bank_bytes, stride};
  job.d_at = {2 * g.bank_bytes, stride};
  const Completion done = run(job.pack());
  ASSERT_EQ(done.status, Status::ok);
  (void)read(r::perf_cycles);
  EXPECT_EQ(read(r::perf_macs), std::uint32_t{job.m} * job.n * job.k);
  EXPECT_EQ(read(r::perf_macs + 4), 0u);
  if (!timed()) return;
  EXPECT_EQ(read(r::perf_steps), steps);
  EXPECT_EQ(done.busy, steps);
  EXPECT_GE(done.clocks, done.busy);
  EXPECT_GE(read(r::perf_busy), done.clocks);
  EXPECT_EQ(read(r::perf_stall_operand), done.wait_operands);
  EXPECT_EQ(read(r::perf_stall_result), done.wait_result);
  EXPECT_EQ(read(r::perf_stall_c), 0u);
}

TEST_P(Queue, ItsClocksAreTheTiles) {
  if (!timed()) {
    EXPECT_EQ(device_->clocks(), 0u);
    return;
  }
  const std::uint64_t host_before = device_->clocks();
  const std::uint32_t tile_before = read(r::perf_cycles);
  device_->idle(1234);
  const std::uint32_t tile_after = read(r::perf_cycles);
  const std::uint64_t host_after = device_->clocks();
  const std::uint32_t elapsed = tile_after - tile_before;
  EXPECT_GE(elapsed, 1234u);
  EXPECT_LE(elapsed, host_after - host_before);
  EXPECT_EQ(read(r::perf_cycles + 4), 0u);
}

}  // namespace hilbert::conformance

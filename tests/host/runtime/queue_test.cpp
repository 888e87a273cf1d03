// SPDX-License-Identifier: Apache-2.0
// The job queue on a device that misbehaves on request.
#include <gtest/gtest.h>

#include <hilbert/queue.hpp>
#include <vector>

#include "support/errors.hpp"
#include "support/saboteur.hpp"

namespace hilbert {
namespace {

model::Descriptor sync(std::uint32_t tag) {
  model::Descriptor job;
  job.tag = tag;
  return job;
}

QueueOptions impatient() {
  QueueOptions options;
  options.hang_seconds = 0.05;
  return options;
}

TEST(JobQueue, CompletesInOrderPastEveryWrap) {
  Saboteur device("model:small");
  JobQueue queue(device);
  const int jobs = 70000;  // the counters have 16 bits, the slots are 8
  for (int i = 0; i < jobs; ++i)
    ASSERT_EQ(queue.submit(sync(static_cast<std::uint32_t>(i) * 3)), static_cast<Ticket>(i));
  queue.drain();
  EXPECT_EQ(queue.completed(), static_cast<Ticket>(jobs));
  for (int i = jobs - 100; i < jobs; ++i) {
    EXPECT_EQ(queue.wait(static_cast<Ticket>(i)).tag, static_cast<std::uint32_t>(i) * 3);
    EXPECT_EQ(queue.wait(static_cast<Ticket>(i)).sequence, static_cast<std::uint32_t>(i));
  }
  expect_error(ExitCode::bad_input, "no longer kept", [&] { (void)queue.wait(5); });
  expect_error(ExitCode::bad_input, "there is no job 70000", [&] { (void)queue.wait(70000); });
}

TEST(JobQueue, NeverMoreInFlightThanSlots) {
  Saboteur device("model:small");
  JobQueue queue(device);
  std::uint32_t head = 0;
  device.on_head = [&](std::uint32_t) { return head; };  // completions become visible only when the test says so
  std::uint32_t looks = 0;
  for (int i = 0; i < 8; ++i) queue.submit(sync(1));
  EXPECT_EQ(queue.completed(), 0u);
  device.on_head = [&](std::uint32_t) { return ++looks < 3 ? 0u : 1u; };
  queue.submit(sync(2));  // waits for the first
  EXPECT_EQ(queue.completed(), 1u);
  EXPECT_EQ(looks, 3u);
}

TEST(JobQueue, RefusedJobsNameStatusFieldAndTag) {
  Saboteur device("model:small");
  JobQueue queue(device);
  model::Descriptor job;
  job.opcode = model::Opcode::fill;
  job.tag = 0xABC;
  job.m = 1, job.n = 1;
  job.d_at = {4, 8};
  const model::Completion& completion = queue.wait(queue.submit(job));
  EXPECT_EQ(completion.status, model::Status::misaligned);
  expect_error(ExitCode::bad_input, "FILL job with tag 0xabc ended with MISALIGNED in word 8 (base of D)",
               [&] { require_ok(completion); });
  queue.run(sync(7));  // the queue goes on
}

TEST(JobQueue, AHungJobIsReportedWithWhatTheTileDoes) {
  Saboteur device("model:small");
  JobQueue queue(device, impatient());
  model::Descriptor job = sync(0x77);
  job.wait_semaphore = 3;
  job.wait_count = 1;
  const Ticket ticket = queue.submit(job);
  queue.submit(sync(0x78));
  EXPECT_FALSE(queue.done(ticket));
  expect_error(ExitCode::machine, "SYNC job with tag 0x77 did not end", [&] { (void)queue.wait(ticket); });
  expect_error(ExitCode::machine, "1 job waits behind it", [&] { (void)queue.wait(ticket); });
  expect_error(ExitCode::machine, "semaphore", [&] { (void)queue.wait(ticket); });
  // Still alive: signalling lets it end; a new queue would have aborted it.
  device.write_register(register_base + regs::tile::sem_post, 3u | 1u << regs::tile::sem_post_count_lsb);
  EXPECT_EQ(queue.wait(ticket).status, model::Status::ok);
}

TEST(JobQueue, ANewQueueAbortsWhatItFinds) {
  Saboteur device("model:small");
  {
    JobQueue queue(device);
    model::Descriptor job = sync(1);
    job.wait_count = 1;
    queue.submit(job);
  }
  JobQueue queue(device);
  EXPECT_EQ(queue.run(sync(2)).tag, 2u);
}

TEST(JobQueue, AWrongTagIsTheDevicesFault) {
  Saboteur device("model:small");
  JobQueue queue(device);
  device.after_read = [](std::uint32_t address, std::span<std::byte> out) {
    if (address >= queue_base) out[0] ^= std::byte{1};
  };
  expect_error(ExitCode::machine, "has tag 0x11 instead of 0x10", [&] { queue.run(sync(0x10)); });
}

TEST(JobQueue, AResetBehindItsBackIsNoticed) {
  Saboteur device("model:small");
  JobQueue queue(device);
  for (std::uint32_t i = 0; i < 3; ++i) queue.run(sync(i));
  device.on_head = [](std::uint32_t) { return 0u; };
  expect_error(ExitCode::machine, "reset or lost count", [&] { queue.run(sync(9)); });
}

TEST(JobQueue, APoisonedDescriptorAndAPoisonedCompletionArePoisonedJobs) {
  Saboteur device("model:small");
  JobQueue queue(device);
  device.before_doorbell = [](Device& inner) { poison(inner, queue_base + 16); };
  const model::Completion descriptor = queue.wait(queue.submit(sync(1)));
  device.before_doorbell = nullptr;
  EXPECT_EQ(descriptor.status, model::Status::poisoned);
  EXPECT_EQ(descriptor.field, 255);
  expect_error(ExitCode::machine, "uncorrectable word at 0x40000010 (the descriptor)", [&] { require_ok(descriptor); });

  const std::uint32_t completions = queue_base + 64 * 8;
  const Ticket ticket = queue.submit(sync(2));
  poison(device, completions + 64 + 8);  // slot 1, after the device wrote it
  const model::Completion completion = queue.wait(ticket);
  EXPECT_EQ(completion.status, model::Status::poisoned);
  EXPECT_EQ(completion.tag, 2u);
  EXPECT_EQ(completion.poison_address, completions + 64 + 8);
  EXPECT_EQ(queue.run(sync(3)).tag, 3u);
}

}  // namespace
}  // namespace hilbert

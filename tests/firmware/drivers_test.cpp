// SPDX-License-Identifier: Apache-2.0
// The drivers alone, over a device.
#include <algorithm>
#include <array>

#include "rig.hpp"

extern "C" {
#include <apps/monitor/plan.h>
#include <controller.h>
#include <counters.h>
#include <ecc.h>
#include <queue.h>
#include <tile.h>
}
#include <mmio.h>

namespace hilbert::firmware {
namespace {

namespace r = regs::tile;

class Drivers : public FirmwareTest {
 protected:
  Rig rig{GetParam()};

  static std::array<std::uint32_t, QUEUE_WORDS> fill(std::uint32_t tag, std::uint32_t address, std::uint32_t pattern) {
    return {MONITOR_FILL, tag, 0, 1u | 1u << 16, 0, 0, 0, 0, address, 0, 0, 0, 0, pattern, 0, 0};
  }
};
INSTANTIATE_TEST_SUITE_P(Firmware, Drivers, testing::ValuesIn(rig_devices()), rig_name);

TEST_P(Drivers, GeometryIsRead) {
  EXPECT_TRUE(tile_identify());
  const tile_geometry g = tile_read_geometry();
  EXPECT_EQ(g.rows, rig.geometry().rows);
  EXPECT_EQ(g.cols, rig.geometry().cols);
  EXPECT_EQ(g.depth, rig.geometry().depth);
  EXPECT_EQ(g.data_bytes, rig.geometry().data_bytes());
  EXPECT_EQ(g.word_bytes, rig.word());
  EXPECT_EQ(g.queue_slots, rig.geometry().queue_slots);
}

TEST_P(Drivers, QueuePastEveryWrap) {
  const bool fast = GetParam() == "model:small";
  const std::uint32_t jobs = fast ? 70000 : 100;  // the counters have 16 bits, the slots are 8
  ASSERT_TRUE(queue_reset(rig.geometry().queue_slots));
  std::uint32_t submitted = 0, taken = 0;
  while (taken < jobs) {
    while (submitted < jobs && queue_submit(fill(submitted * 3, 0, submitted).data())) ++submitted;
    queue_completion c{};
    const queue_event event = queue_take(&c);
    ASSERT_NE(event, QUEUE_LOST);
    if (event == QUEUE_NOTHING) continue;
    ASSERT_EQ(queue_tag(&c), taken * 3);
    ASSERT_EQ(queue_status(&c), MONITOR_OK);
    ++taken;
  }
  EXPECT_TRUE(queue_idle());
}

TEST_P(Drivers, AQueueSlotThatIsUncorrectableIsHealed) {
  ASSERT_TRUE(queue_reset(rig.geometry().queue_slots));
  rig.inner().write_words(0, Bytes(rig.word()));
  inject(rig.inner(), queue_base + 32, 3, 17);  // the middle of slot 0
  ASSERT_TRUE(queue_submit(fill(5, 0, 0xAAAAAAAA).data()));
  EXPECT_EQ(queue_take_bad_slot(), queue_base);
  EXPECT_EQ(queue_take_bad_slot(), 0u);
  queue_completion c{};
  queue_event event = QUEUE_NOTHING;
  for (int looks = 0; looks < 1000 && event == QUEUE_NOTHING; ++looks) event = queue_take(&c);
  EXPECT_EQ(event, QUEUE_COMPLETED);
  EXPECT_EQ(queue_tag(&c), 5u);
  EXPECT_EQ(queue_status(&c), MONITOR_OK);
  EXPECT_EQ(rig.register_at(r::perf_jobs), 1u);
  EXPECT_EQ(rig.register_at(r::heal_count), 1u);
}

TEST_P(Drivers, ADescriptorWhoseSlotCannotBeHealedNeverRuns) {
  ASSERT_TRUE(queue_reset(rig.geometry().queue_slots));
  const Bytes before = rig.random().bytes(16 * rig.word());
  rig.inner().write_words(0, before);
  const std::uint32_t bad = (queue_base + 32) / rig.word() * rig.word();
  inject(rig.inner(), bad, 3, 17);
  rig.controller().on_access = [&](std::uint64_t, std::uint32_t address, bool) {
    if (address == r::base + r::queue_tail) return;
    try {
      Bytes word(rig.word());
      rig.inner().read_words(bad, word);
    } catch (const UncorrectableError&) {
      return;
    }
    inject(rig.inner(), bad, 3, 17);  // whatever healed it
  };
  ASSERT_TRUE(queue_submit(fill(5, 8 * rig.word(), 0xAAAAAAAA).data()));
  rig.controller().on_access = nullptr;
  queue_completion c{};
  for (int looks = 0; looks < 1000 && queue_take(&c) == QUEUE_NOTHING; ++looks) continue;
  EXPECT_EQ(queue_tag(&c), 5u);
  EXPECT_EQ(queue_status(&c), JOB_ST_POISONED);
  EXPECT_EQ(rig.read(0, before.size()), before);
}

TEST_P(Drivers, HealingTouchesUncorrectableWordsAlone) {
  const Bytes before = rig.random().bytes(4 * rig.word());
  rig.inner().write_words(0, before);
  inject(rig.inner(), 1 * rig.word(), 3, 17);
  inject(rig.inner(), 2 * rig.word(), 5, 5);
  ecc_heal(0, 4 * rig.word());
  Bytes after = before;
  std::fill_n(after.begin() + rig.word(), rig.word(), std::byte{0});
  EXPECT_EQ(rig.read(0, after.size()), after);
  const std::uint32_t value = 77;
  EXPECT_EQ(ecc_store(0, &value, 1), ECC_STORED);
  inject(rig.inner(), 0, 3, 17);
  EXPECT_EQ(ecc_store(0, &value, 1), ECC_HEALED);
  EXPECT_EQ(rig.read(0, 4), (Bytes{std::byte{77}, std::byte{0}, std::byte{0}, std::byte{0}}));
}

TEST_P(Drivers, LoadsAndStoresSayPoison) {
  std::array<std::uint32_t, 4> words{1, 2, 3, 4}, found{};
  EXPECT_TRUE(mmio_store(100, words.data(), 4));
  EXPECT_TRUE(mmio_load(100, found.data(), 4));
  EXPECT_EQ(found, words);
  inject(rig.inner(), 0, 3, 17);
  EXPECT_FALSE(mmio_load(0, found.data(), 1));
  EXPECT_FALSE(mmio_store(0, words.data(), 1)) << "a merge must not launder it";
  EXPECT_FALSE(mmio_load(0, found.data(), 1));
  ecc_poison poison{};
  ASSERT_TRUE(ecc_take_poison(&poison));
  EXPECT_EQ(poison.address, 0u);
  EXPECT_FALSE(ecc_take_poison(&poison));
  EXPECT_GE(ecc_read_counts().uncorrectable, 1u);
}

TEST_P(Drivers, InjectionIsRefusedWhereThereIsNothing) {
  EXPECT_TRUE(ecc_inject(0, 0, 71, 71));
  EXPECT_FALSE(ecc_inject(0, 0, 72, 72));
  EXPECT_FALSE(ecc_inject(rig.geometry().data_bytes(), 0, 1, 1));
}

TEST_P(Drivers, CountersAndTimer) {
  ASSERT_TRUE(queue_reset(rig.geometry().queue_slots));
  counters_clear();
  ASSERT_TRUE(queue_submit(fill(1, 0, 1).data()));
  queue_completion c{};
  for (int looks = 0; looks < 1000 && queue_take(&c) == QUEUE_NOTHING; ++looks) continue;
  const counters now = counters_read();
  EXPECT_EQ(now.jobs, 1u);
  EXPECT_EQ(now.errors, 0u);
  EXPECT_EQ(now.macs, 0u);
  const std::uint64_t before = timer_now64();
  EXPECT_GT(timer_now64(), before);
  timer_wake_at(0x123456789ABCDEF0u);
  EXPECT_EQ(rig.controller().read_register(0x80001040), 0x12345678u);
}

TEST_P(Drivers, BlocksPastTheFieldsOfADescriptor) {
  // Sizes that no device of this build holds: the plan alone, for a tile with 64 MiB. Every descriptor it makes must
  // pass the reference model's checks, and together they must cover the job once.
  const tile_geometry g{2, 2, 2, 4, 1u << 24, 1u << 26, 8, 8};
  const model::Geometry geometry{2, 2, 2, 4, 1u << 24, 8};
  MonitorJob job;
  job.a = job.b = {model::Format::int8, 0};
  job.m = 3, job.n = 5, job.k = 200'001;
  const std::uint32_t stride = 400'008;
  job.a_at = {0, stride}, job.b_at = {1u << 24, stride}, job.d_at = {1u << 25, 64};
  plan p{};
  MonitorWords words = job.pack();
  ASSERT_EQ(plan_make(&g, words.data(), {0, 0}, &p).status, MONITOR_OK);
  EXPECT_LE(p.block_k, 65535u);
  plan_position at{0, 0, 0};
  std::uint64_t macs = 0, jobs = 0;
  do {
    model::Words d{};
    plan_descriptor(&g, &p, &at, 0, d.data());
    const auto check = model::check(d, geometry);
    ASSERT_EQ(model::to_string(check.status), "OK") << int{check.field};
    const auto one = model::Descriptor::unpack(d);
    macs += std::uint64_t{one.m} * one.n * one.k;
    ++jobs;
  } while (plan_advance(&p, &at));
  EXPECT_EQ(macs, std::uint64_t{3} * 5 * 200'001);
  EXPECT_GE(jobs, 4u);
  // The same with a converted result and no room for sums cannot be cut.
  job.d = {model::Format::bf16, 0};
  words = job.pack();
  const plan_verdict v = plan_make(&g, words.data(), {0, 0}, &p);
  EXPECT_EQ(v.status, MONITOR_BAD_SIZE);
  EXPECT_EQ(v.field, MONITOR_CMD_K);
}

}  // namespace
}  // namespace hilbert::firmware

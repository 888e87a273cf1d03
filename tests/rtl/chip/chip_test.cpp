// SPDX-License-Identifier: Apache-2.0
// Chips through their host port: jobs against the model in every configuration; on the small one semaphores, queue,
// abort, poison, interrupts, registers.
#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hilbert/regs/tile.hpp>
#include "hilbert/model/descriptor.hpp"
#include "hilbert/model/tile.hpp"
#include "hilbert/tb/chip.hpp"
#include "hilbert/tb/host_port.hpp"
#include "support/descriptors.hpp"
#include "support/random.hpp"

namespace hilbert::test {
namespace {

namespace r = regs::tile;
using model::Completion;
using model::Descriptor;
using model::Format;
using model::Opcode;
using model::Status;
using model::Words;

constexpr std::uint32_t queue_base = 0x40000000;
constexpr std::uint32_t ctrl_reset = r::ctrl_queue_reset_mask, ctrl_enable = r::ctrl_enable_mask;

class ChipTest : public ::testing::Test {
 protected:
  explicit ChipTest(std::string_view configuration) : chip_(tb::Chip::make(configuration)) {
    const std::uint32_t array = get(r::cfg_array), memory = get(r::cfg_mem);
    geometry_ = {array & 0xFF,  array >> 8 & 0xFF,      array >> 16 & 0xFF,
                 memory & 0xFF, get(r::cfg_bank_bytes), memory >> 16 & 0xFF};
    geometry_.links = (get(r::cfg_features) & r::cfg_features_network_mask) != 0 ? 4 : 0;
  }

  std::unique_ptr<tb::Chip> chip_;
  tb::HostPort port_{*chip_, {.seed = run_seed(), .stall_probability = 0.1}};
  model::Geometry geometry_;
  std::uint16_t tail_ = 0;

  std::uint32_t get(std::uint32_t offset) {
    std::uint32_t value = 0;
    EXPECT_EQ(port_.read_registers(r::base + offset, {&value, 1}), PortResult{}) << "offset " << offset;
    return value;
  }
  void set(std::uint32_t offset, std::uint32_t value) {
    EXPECT_EQ(port_.write_registers(r::base + offset, {&value, 1}), PortResult{}) << "offset " << offset;
  }
  void write(std::uint32_t address, std::span<const std::byte> data) {
    ASSERT_EQ(port_.write(address, data), PortResult{});
  }
  std::vector<std::byte> read(std::uint32_t address, std::size_t bytes) {
    std::vector<std::byte> data(bytes);
    EXPECT_EQ(port_.read(address, data), PortResult{});
    return data;
  }
  static std::vector<std::byte> random_bytes(std::size_t count, Random& random) {
    std::vector<std::byte> bytes(count);
    for (auto& b : bytes) b = static_cast<std::byte>(random());
    return bytes;
  }

  void put_descriptor(std::uint16_t number, const Words& words) {
    write(queue_base + 64u * (number % geometry_.queue_slots), std::as_bytes(std::span(words)));
  }
  /// Writes the descriptor and rings the doorbell; the number of the job.
  std::uint16_t submit(const Words& words) {
    put_descriptor(tail_, words);
    set(r::queue_tail, static_cast<std::uint16_t>(tail_ + 1));
    return tail_++;
  }
  bool wait_until(const std::function<bool()>& condition, int polls = 3000) {
    for (; polls > 0; --polls) {
      if (condition()) return true;
      port_.idle(20);
    }
    return false;
  }
  Completion completion(std::uint16_t number) {
    EXPECT_TRUE(wait_until([&] { return static_cast<std::int16_t>(get(r::queue_head) - number) > 0; }))
        << "job " << number << " hangs, STATUS " << std::hex << get(r::status);
    Words words;
    const auto bytes = read(queue_base + 64u * (geometry_.queue_slots + number % geometry_.queue_slots), 64);
    std::memcpy(words.data(), bytes.data(), 64);
    for (int i = 11; i < 16; ++i) EXPECT_EQ(words[i], 0u);
    return Completion::unpack(words);
  }
  Completion run(const Descriptor& job) { return completion(submit(job.pack())); }
};

class SmallChip : public ChipTest {
 protected:
  SmallChip() : ChipTest("small") {}

  /// Flips two bits of a word: uncorrectable.
  void poison(std::uint32_t address) {
    set(r::inject_addr, address);
    set(r::inject_bits, 5 | 40 << r::inject_bits_bit1_lsb);
    set(r::inject_go, 1);
    ASSERT_TRUE(wait_until([&] { return get(r::inject_go) == 0; }));
  }

  static Descriptor sync() { return Descriptor{}; }
  static Descriptor fill(std::uint32_t base, std::uint16_t rows, std::uint16_t words, std::uint32_t pattern) {
    Descriptor d;
    d.opcode = Opcode::fill;
    d.m = rows, d.n = words, d.seed = pattern, d.d_at = {base, words * 8u};
    return d;
  }
  /// 64 x 64 x 8 in int8: thousands of clocks.
  static Descriptor long_gemm() {
    Descriptor d;
    d.opcode = Opcode::gemm;
    d.a = d.b = d.d = {Format::int8, 0};
    d.m = d.n = 40, d.k = 40;
    d.a_at = {0, 80}, d.b_at = {2048, 80}, d.d_at = {4096, 80};
    return d;
  }
};

class EveryChip : public ChipTest, public ::testing::WithParamInterface<std::string_view> {
 protected:
  EveryChip() : ChipTest(GetParam()) {}
};

TEST_P(EveryChip, JobsAreTheModels) {
  Random random(run_seed());
  model::Geometry without = geometry_;
  without.links = 0;  // transfers end some time after their jobs: tests/rtl/net
  Maker maker(without, random);
  model::Tile tile(geometry_);
  set(r::ctrl, ctrl_enable);
  for (std::uint32_t s = 0; s < 8; ++s) {
    set(r::sem + 4 * s, 40000);
    tile.semaphores()[s] = 40000;
  }
  std::uint16_t number = 0;
  std::map<std::pair<Status, unsigned>, int> seen;  // status and opcode
  // Filling and reading the memory takes most of the time.
  const int batches = geometry_.data_bytes() > 16384 ? 40 : 200;
  for (int batch = 0; batch < batches; ++batch) {
    const auto image = random_bytes(geometry_.data_bytes(), random);
    std::memcpy(tile.memory().data(), image.data(), image.size());
    write(0, image);
    std::vector<Words> jobs(1 + random() % geometry_.queue_slots);
    for (Words& job : jobs) {
      do {
        job = maker.make();
        for (unsigned m = maker.random().below(3); m > 0; --m) maker.mutate(job);
      } while ((job[0] & 0xFF) > static_cast<unsigned>(Opcode::sync) && check(job, geometry_).status == Status::ok);
    }
    // All at once, so that the fetch runs ahead of the job.
    for (const Words& job : jobs) put_descriptor(tail_++, job);
    set(r::queue_tail, tail_);
    ASSERT_TRUE(wait_until([&] { return get(r::queue_head) == tail_; }, 100'000));
    for (const Words& job : jobs) {
      const auto expected = tile.run(job);
      ASSERT_TRUE(expected);
      Completion got = completion(number++);
      ++seen[{expected->status, expected->opcode}];
      EXPECT_GE(got.clocks, got.busy + got.wait_operands + got.wait_result + got.wait_c);
      got.clocks = got.busy = got.wait_operands = got.wait_result = got.wait_c = 0;
      ASSERT_EQ(got.wait_semaphore, 0u);
      ASSERT_EQ(got.pack(), expected->pack())
          << "HILBERT_SEED=" << run_seed() << " batch " << batch << ": " << print(job) << "\n got      "
          << print(got.pack()) << "\n expected " << print(expected->pack());
    }
    const auto memory = read(0, geometry_.data_bytes());
    ASSERT_EQ(std::memcmp(memory.data(), tile.memory().data(), memory.size()), 0)
        << "memory differs, HILBERT_SEED=" << run_seed() << " batch " << batch;
  }
  for (std::uint32_t s = 0; s < 8; ++s) EXPECT_EQ(get(r::sem + 4 * s), tile.semaphores()[s]);
  EXPECT_EQ(get(r::perf_jobs), number);
  for (unsigned opcode = 1; opcode <= 5; ++opcode) {
    EXPECT_GE((seen[{Status::ok, opcode}]), 5) << "opcode " << opcode << " hardly ran";
  }
}

INSTANTIATE_TEST_SUITE_P(Configurations, EveryChip, ::testing::ValuesIn(tb::Chip::configurations()),
                         [](const auto& configuration) { return "chip_" + std::string(configuration.param); });

TEST_F(SmallChip, SemaphoreHoldsAJobAndIsTaken) {
  set(r::ctrl, ctrl_enable);
  Descriptor waits = fill(0, 1, 1, 0x11111111);
  waits.wait_semaphore = 3, waits.wait_count = 5;
  waits.signal_semaphore = 6, waits.signal_count = 200;
  const auto job = submit(waits.pack());
  ASSERT_TRUE(wait_until([&] { return (get(r::status) & r::status_waiting_mask) != 0; }));
  set(r::sem_post, 3 | 4u << 16);
  port_.idle(200);
  EXPECT_EQ(get(r::queue_head), job);
  EXPECT_EQ(get(r::status) >> r::status_stall_lsb & 8, 8u);
  EXPECT_EQ(get(r::sem + 12), 4u);
  set(r::sem_post, 3 | 3u << 16);
  const Completion done = completion(job);
  EXPECT_EQ(done.status, Status::ok);
  EXPECT_GT(done.wait_semaphore, 200u);
  EXPECT_GE(get(r::perf_wait_sem), done.wait_semaphore);
  EXPECT_EQ(get(r::sem + 12), 2u);
  EXPECT_EQ(get(r::sem + 24), 200u);
  set(r::sem_post, 6 | 65335u << 16);
  EXPECT_EQ(get(r::sem + 24), 65535u);
  set(r::sem_post, 6 | 1u << 16);
  EXPECT_EQ(get(r::sem + 24), 65535u) << "SEM_POST does not saturate";
  waits.wait_count = 2, waits.signal_count = 255;
  EXPECT_EQ(run(waits).status, Status::ok);
  EXPECT_EQ(get(r::sem + 12), 0u);
  EXPECT_EQ(get(r::sem + 24), 65535u) << "a job's signal does not saturate";
  EXPECT_EQ(get(r::sem_post), 0u);
  // A refused job neither waits nor signals.
  waits.seed = 1, waits.m = 0, waits.wait_count = 1;
  set(r::sem + 24, 7);
  EXPECT_EQ(run(waits).status, Status::bad_size);
  EXPECT_EQ(get(r::sem + 24), 7u);
}

TEST_F(SmallChip, AbortEndsAWaitAndARunningJob) {
  set(r::ctrl, ctrl_enable);
  set(r::irq_enable, 2);
  set(r::ctrl, ctrl_enable | r::ctrl_abort_mask);  // no job: nothing
  Descriptor waits = sync();
  waits.wait_semaphore = 1, waits.wait_count = 1, waits.signal_semaphore = 2, waits.signal_count = 1, waits.tag = 77;
  const auto first = submit(waits.pack());
  ASSERT_TRUE(wait_until([&] { return (get(r::status) & r::status_waiting_mask) != 0; }));
  EXPECT_EQ(chip_->host().irq, 0);
  set(r::ctrl, ctrl_enable | r::ctrl_abort_mask);
  Completion done = completion(first);
  EXPECT_EQ(done.status, Status::aborted);
  EXPECT_EQ(done.tag, 77u);
  EXPECT_EQ(get(r::sem + 8), 0u) << "an aborted job has signalled";
  EXPECT_EQ(chip_->host().irq, 1);
  EXPECT_EQ(get(r::irq_status), 2u);
  set(r::irq_status, 2);
  EXPECT_EQ(chip_->host().irq, 0);

  const auto second = submit(long_gemm().pack());
  ASSERT_TRUE(wait_until([&] { return (get(r::status) >> r::status_seq_state_lsb & 7) == 3; }));
  const std::uint64_t before = chip_->clocks();
  set(r::ctrl, ctrl_enable | r::ctrl_abort_mask);
  done = completion(second);
  EXPECT_LT(chip_->clocks() - before, 300u);
  EXPECT_EQ(done.status, Status::aborted);
  EXPECT_EQ(get(r::last_error), 1u << 24 | 11u);
  // The engine is whole again.
  Random random(run_seed());
  model::Tile tile(geometry_);
  const auto image = random_bytes(geometry_.data_bytes(), random);
  std::memcpy(tile.memory().data(), image.data(), image.size());
  write(0, image);
  ASSERT_EQ(run(long_gemm()).status, Status::ok);
  tile.run(long_gemm().pack());
  const auto memory = read(0, geometry_.data_bytes());
  EXPECT_EQ(std::memcmp(memory.data(), tile.memory().data(), memory.size()), 0);
  EXPECT_EQ(get(r::perf_errors), 2u);
  EXPECT_EQ(get(r::perf_jobs), 3u);
}

TEST_F(SmallChip, PoisonedOperandAndDescriptor) {
  set(r::ctrl, ctrl_enable);
  set(r::irq_enable, 4);
  poison(160);  // panel 2 of A
  Descriptor job = long_gemm();
  job.signal_count = 9;
  Completion done = run(job);
  EXPECT_EQ(done.status, Status::poisoned);
  EXPECT_EQ(done.field, 0);
  EXPECT_EQ(done.poison_address, 160u);
  EXPECT_EQ(get(r::sem), 0u) << "a poisoned job has signalled";
  EXPECT_EQ(get(r::poison_addr), 160u);
  EXPECT_EQ(get(r::poison_status) & 0x71u, 0x01u);  // VALID, met by A
  EXPECT_GE(get(r::ecc_uncorrectable), 1u);
  EXPECT_EQ(chip_->host().irq, 1);
  EXPECT_EQ(get(r::irq_status), 6u);
  write(160, std::vector<std::byte>(8));  // heals
  set(r::poison_status, r::poison_status_valid_mask);
  EXPECT_EQ(get(r::poison_status) & 3u, 0u);
  set(r::irq_status, 7);
  EXPECT_EQ(run(job).status, Status::ok);
  EXPECT_EQ(get(r::sem), 9u);
  EXPECT_EQ(chip_->host().irq, 0);

  // A descriptor that is poisoned before it is fetched: its fifth word of 8 bytes.
  put_descriptor(tail_, sync().pack());
  const std::uint32_t bad = queue_base + 64u * (tail_ % geometry_.queue_slots) + 32;
  poison(bad);
  set(r::queue_tail, static_cast<std::uint16_t>(tail_ + 1));
  done = completion(tail_++);
  EXPECT_EQ(done.status, Status::poisoned);
  EXPECT_EQ(done.field, 255);
  EXPECT_EQ(done.poison_address, bad);
  EXPECT_EQ(get(r::poison_addr), bad);
  EXPECT_EQ(get(r::poison_status) >> 4 & 7, 5u);
  EXPECT_EQ(get(r::inject_count), 2u);
  EXPECT_EQ(run(sync()).status, Status::ok);
}

TEST_F(SmallChip, CorrectableErrorsAreCorrectedAndCounted) {
  set(r::ctrl, ctrl_enable);
  set(r::scrub_interval, 0);
  set(r::inject_addr, 8);
  set(r::inject_bits, 71 | 71 << 8);
  set(r::inject_go, 1);
  ASSERT_TRUE(wait_until([&] { return get(r::inject_go) == 0; }));
  Descriptor job = long_gemm();
  job.m = 2, job.n = 2;
  const Completion done = run(job);
  EXPECT_EQ(done.status, Status::ok);
  EXPECT_EQ(done.corrected, 1u);
  EXPECT_EQ(get(r::ecc_corrected), 1u);
  EXPECT_EQ(get(r::ecc_scrubbed), 0u);
  set(r::scrub_interval, 16);
  ASSERT_TRUE(wait_until([&] { return get(r::scrub_passes) >= 2; }, 20'000));
  EXPECT_EQ(get(r::ecc_scrubbed), 1u);
  set(r::ctrl, ctrl_enable | r::ctrl_perf_clear_mask);
  EXPECT_EQ(get(r::ecc_corrected), 0u);
  EXPECT_EQ(get(r::ecc_scrubbed), 0u);
  EXPECT_EQ(run(job).corrected, 0u);
}

TEST_F(SmallChip, QueueRefusesATailTooFarAndStartsAgainAfterReset) {
  for (std::uint16_t i = 0; i < 8; ++i) put_descriptor(i, fill(0, 1, 1, i).pack());
  set(r::queue_tail, 9);
  EXPECT_EQ(get(r::status) & r::status_queue_error_mask, r::status_queue_error_mask);
  EXPECT_EQ(get(r::queue_tail), 0u);
  EXPECT_EQ(get(r::irq_status), 2u);
  set(r::ctrl, ctrl_enable);
  port_.idle(300);
  EXPECT_EQ(get(r::queue_head), 0u) << "a refused tail has started a job";
  set(r::queue_tail, 8);
  ASSERT_TRUE(wait_until([&] { return get(r::queue_head) == 8; }));
  set(r::queue_tail, 7);  // behind
  EXPECT_EQ(get(r::queue_tail), 8u);
  port_.idle(300);
  EXPECT_EQ(get(r::queue_head), 8u);
  set(r::ctrl, ctrl_enable | ctrl_reset);  // refused: enabled
  EXPECT_EQ(get(r::queue_head), 8u);
  set(r::ctrl, 0);
  set(r::ctrl, ctrl_reset);
  EXPECT_EQ(get(r::ctrl), 0u);
  EXPECT_EQ(get(r::queue_head), 0u);
  EXPECT_EQ(get(r::queue_tail), 0u);
  EXPECT_EQ(get(r::status), 0u);
  set(r::ctrl, ctrl_enable);
  const Completion done = run(fill(0, 1, 1, 5));
  EXPECT_EQ(done.status, Status::ok);
  EXPECT_EQ(done.sequence, 8u) << "the sequence number counts from reset";
}

TEST_F(SmallChip, DisabledNothingStartsAndDescriptorsAreFetchedAgain) {
  set(r::ctrl, ctrl_enable);
  Descriptor waits = sync();
  waits.wait_count = 1;
  const auto first = submit(waits.pack());
  const auto second = submit(fill(64, 1, 1, 0x22222222).pack());
  ASSERT_TRUE(wait_until([&] { return get(r::status) >> r::status_seq_state_lsb == (8 | 1 | 8 << 4 | 5 << 8); }));
  port_.idle(200);  // the second job has been fetched
  set(r::ctrl, 0);
  put_descriptor(second, fill(64, 1, 1, 0x33333333).pack());
  set(r::sem, 1);
  EXPECT_EQ(completion(first).status, Status::ok);
  port_.idle(200);
  EXPECT_EQ(get(r::queue_head), second);
  EXPECT_EQ(get(r::status) & r::status_busy_mask, 0u);
  set(r::ctrl, ctrl_enable);
  EXPECT_EQ(completion(second).status, Status::ok);
  EXPECT_EQ(read(64, 8), std::vector<std::byte>(8, std::byte{0x33}));
}

TEST_F(SmallChip, DisablingForgetsADescriptorHalfFetched) {
  set(r::ctrl, ctrl_enable);
  Descriptor waits = sync(), job = sync();
  waits.wait_count = 1;
  for (unsigned delay = 0; delay < 100; delay += 2) {
    submit(waits.pack());
    ASSERT_TRUE(wait_until([&] { return (get(r::status) & r::status_waiting_mask) != 0; }));
    job.tag = 1;
    const auto second = submit(job.pack());  // is fetched now, in about 70 clocks
    port_.idle(delay);
    set(r::ctrl, 0);
    job.tag = 2;
    put_descriptor(second, job.pack());
    set(r::ctrl, ctrl_enable);
    set(r::sem, 1);
    ASSERT_EQ(completion(second).tag, 2u) << "disabled " << delay << " clocks after the doorbell";
  }
}

TEST_F(SmallChip, QueueNumbersWrap) {
  set(r::ctrl, ctrl_enable);
  const Words job = sync().pack();
  for (std::uint16_t i = 0; i < 8; ++i) put_descriptor(i, job);
  for (int i = 0; i < 65536 / 8 + 3; ++i) {
    tail_ = static_cast<std::uint16_t>(tail_ + 8);
    set(r::queue_tail, tail_);
    while (get(r::queue_head) != tail_) port_.idle(50);
  }
  const Completion done = completion(static_cast<std::uint16_t>(tail_ - 1));
  EXPECT_EQ(done.sequence, 65536u + 23u);
  EXPECT_EQ(get(r::perf_jobs), 65536u + 24u);
  EXPECT_EQ(get(r::status) & r::status_queue_error_mask, 0u);
}

TEST_F(SmallChip, InterruptOnCompletion) {
  set(r::ctrl, ctrl_enable);
  Descriptor job = sync();
  ASSERT_EQ(run(job).status, Status::ok);
  EXPECT_EQ(get(r::irq_status), 0u);
  job.irq = true;
  ASSERT_EQ(run(job).status, Status::ok);
  EXPECT_EQ(get(r::irq_status), 1u);
  EXPECT_EQ(chip_->host().irq, 0) << "an interrupt that is not enabled";
  set(r::irq_enable, 1);
  EXPECT_EQ(chip_->host().irq, 1);
  set(r::irq_status, 6);
  EXPECT_EQ(get(r::irq_status), 1u);
  set(r::irq_status, 1);
  EXPECT_EQ(chip_->host().irq, 0);
}

TEST_F(SmallChip, RegistersAreTheMaps) {
  EXPECT_EQ(get(r::id), r::id_value);
  EXPECT_EQ(get(r::version), r::version_value);
  EXPECT_EQ(get(r::map_hash), r::hash_value);
  EXPECT_EQ(get(r::cfg_array), 28u << 24 | 2 << 16 | 2 << 8 | 2);
  EXPECT_EQ(get(r::cfg_mem), 8u << 24 | 8 << 16 | 8 << 8 | 4);
  EXPECT_EQ(get(r::cfg_bank_bytes), 2048u);
  EXPECT_EQ(get(r::cfg_features), 7u);
  EXPECT_EQ(get(r::scrub_interval), 1024u);

  // What exists, and what of it may be written.
  std::set<std::uint32_t> exists, writable;
  for (const hilbert::regs::Register& entry : r::registers) {
    for (std::uint32_t i = 0; i < entry.count; ++i) {
      exists.insert(entry.offset + 4 * i);
      const bool fixed = entry.access == hilbert::regs::Access::constant || entry.access == hilbert::regs::Access::ro;
      if (!fixed) writable.insert(entry.offset + 4 * i);
    }
  }
  for (std::uint32_t a = 0; a < 0x200; a += 4) {
    std::uint32_t value = 0;
    const PortResult refused{PortStatus::bad_address, r::base + a};
    EXPECT_EQ(port_.read_registers(r::base + a, {&value, 1}), exists.count(a) ? PortResult{} : refused)
        << std::hex << a;
    value = 0;
    EXPECT_EQ(port_.write_registers(r::base + a, {&value, 1}), writable.count(a) ? PortResult{} : refused)
        << std::hex << a;
  }
  set(r::scratch, 0x12345678);
  EXPECT_EQ(get(r::scratch), 0x12345678u);
  set(r::inject_bits, 0xFFFFFFFF);
  EXPECT_EQ(get(r::inject_bits), 0x00077F7Fu);
  set(r::irq_enable, 0xFFFFFFFF);
  EXPECT_EQ(get(r::irq_enable), 7u);
  set(r::sem + 8, 0xFFFF1234);
  EXPECT_EQ(get(r::sem + 8), 0x1234u);
}

TEST_F(SmallChip, InjectionRefusesWhatIsNotThere) {
  const auto refused = [&](std::uint32_t address, std::uint32_t bits) {
    set(r::inject_addr, address);
    set(r::inject_bits, bits);
    set(r::inject_go, 1);
    port_.idle(20);
    return get(r::inject_go) == r::inject_go_error_mask;
  };
  read(0, 8);  // the memory has cleared itself
  EXPECT_FALSE(refused(0, 0));
  EXPECT_FALSE(refused(8191, 71 | 71 << 8));
  EXPECT_FALSE(refused(queue_base + 1023, 70 | 70 << 8));
  EXPECT_EQ(get(r::inject_count), 3u);
  EXPECT_TRUE(refused(8192, 0));
  EXPECT_TRUE(refused(queue_base - 1, 0));
  EXPECT_TRUE(refused(queue_base + 1024, 0));
  EXPECT_TRUE(refused(0x80000000, 0));
  EXPECT_TRUE(refused(0, 72));
  EXPECT_TRUE(refused(0, 72 << 8));
  EXPECT_TRUE(refused(0, 1 << 16));  // words of 8 bytes have one lane
  EXPECT_EQ(get(r::inject_count), 3u);
  EXPECT_FALSE(refused(0, 0));
}

TEST_F(SmallChip, CountersAddUp) {
  std::uint32_t t[4];
  ASSERT_EQ(port_.read_registers(r::base + r::perf_cycles, t), PortResult{});
  const std::uint64_t since_reset = chip_->clocks();
  EXPECT_LE(t[0], since_reset);
  EXPECT_GE(t[0] + 100, since_reset);
  EXPECT_EQ(t[1], 0u);
  set(r::ctrl, ctrl_enable | r::ctrl_perf_clear_mask);
  const Completion done = run(long_gemm());
  ASSERT_EQ(port_.read_registers(r::base + r::perf_cycles, t), PortResult{});
  EXPECT_EQ(t[2], 40u * 40 * 40);
  EXPECT_EQ(t[3], 0u);
  EXPECT_GT(t[0], done.clocks);
  EXPECT_EQ(done.busy, 20u * 20 * 20);
  EXPECT_EQ(get(r::perf_steps), done.busy);
  EXPECT_EQ(get(r::perf_stall_operand), done.wait_operands);
  EXPECT_EQ(get(r::perf_stall_result), done.wait_result);
  EXPECT_EQ(get(r::perf_stall_c), done.wait_c);
  EXPECT_EQ(get(r::perf_jobs), 1u);
  EXPECT_EQ(get(r::perf_errors), 0u);
  EXPECT_GE(get(r::perf_busy), done.clocks);
  EXPECT_LT(get(r::perf_busy), done.clocks + 200);
  const std::uint32_t beats = get(r::perf_host_beats);
  EXPECT_EQ(get(r::perf_host_beats), beats + 1);
  RecordProperty("utilisation_percent", std::to_string(100.0 * done.busy / done.clocks));
}

}  // namespace
}  // namespace hilbert::test

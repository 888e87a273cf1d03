// SPDX-License-Identifier: Apache-2.0
// The image of the monitor on the core itself: the instruction-set simulator of `model:`, the RTL of `sim:`.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <hilbert/device.hpp>
#include <hilbert/model/gemm.hpp>
#include <hilbert/model/layout.hpp>
#include <hilbert/monitor.hpp>
#include <hilbert/regs/cpu.hpp>
#include <hilbert/regs/tile.hpp>
#include <iostream>

#include "support/random.hpp"

namespace hilbert::firmware {
namespace {

namespace r = regs::cpu;
using Bytes = std::vector<std::byte>;

/// One device with enough controller memory, the image loaded; started by start().
class Core : public testing::TestWithParam<const char*> {
 protected:
  Core() : device_(open_device(GetParam())), g_(device_->capabilities().geometry) {
    const std::uint32_t bytes = controller(r::cfg_mem_bytes);
    const AddressRange memory[] = {{0x6000'0000, bytes}};
    image_ = read_elf(MONITOR_ELF, memory);
    load_firmware(*device_, image_);
  }
  void TearDown() override {
    if (!HasFailure()) return;
    std::cout << "monitor: " << describe(monitor_health(*device_)) << '\n';
  }

  Monitor start(const MonitorStart& how = {.tests = 0, .watchdog_clocks = 400'000}) {
    start_monitor(*device_, how);
    return Monitor(*device_, {.hang_seconds = 10.0});
  }
  std::uint32_t controller(std::uint32_t offset) { return device_->read_register(r::base + offset); }

  std::unique_ptr<Device> device_;
  model::Geometry g_;
  Firmware image_;
};
INSTANTIATE_TEST_SUITE_P(Firmware, Core, testing::Values(CORE_DEVICES),
                         [](const testing::TestParamInfo<const char*>& device) {
                           std::string name = device.param;
                           std::replace(name.begin(), name.end(), ':', '_');
                           return name;
                         });

TEST_P(Core, PingAndSleep) {
  Monitor monitor = start();
  EXPECT_EQ(monitor.ping(0x1234), 0x1234u);
  for (int i = 0; i < 100 && (controller(r::status) & r::status_wfi_mask) == 0; ++i) device_->idle(100);
  EXPECT_NE(controller(r::status) & r::status_wfi_mask, 0u) << "with nothing to do it sleeps";
  EXPECT_EQ(monitor.ping(0x5678), 0x5678u) << "and the doorbell wakes it";
  EXPECT_EQ(monitor_health(*device_).watchdog_resets, 0u);
}

TEST_P(Core, GemmInBlocksEqualsTheModel) {
  Monitor monitor = start();
  Random random(seed_of(1));
  MonitorJob job;
  job.a = job.b = {model::Format::bf16, 0};
  job.m = 3 * g_.rows - 1, job.n = 2 * g_.cols + 1, job.k = 5 * g_.depth;
  const auto layout = [&](std::uint32_t rows, std::uint32_t cols, std::uint32_t panel, std::uint32_t bytes) {
    return model::PanelLayout{rows, cols, panel, g_.depth, bytes, g_.word_bytes()};
  };
  const auto a = layout(job.m, job.k, g_.rows, 2), b = layout(job.n, job.k, g_.cols, 2),
             d = layout(job.m, job.n, g_.rows, 4);
  const auto stride = [](const model::PanelLayout& l) { return static_cast<std::uint32_t>(l.panel_bytes()); };
  job.a_at = {0, stride(a)}, job.b_at = {g_.bank_bytes, stride(b)}, job.d_at = {2 * g_.bank_bytes, stride(d)};
  job.block_m = g_.rows, job.block_n = g_.cols, job.block_k = 2 * g_.depth;
  const auto numbers = [&](std::size_t count) {
    Bytes bytes(2 * count);
    for (std::size_t i = 0; i < count; ++i) {  // finite bf16
      bytes[2 * i] = static_cast<std::byte>(random());
      bytes[2 * i + 1] = static_cast<std::byte>(0x3F | (random() & 0x80));
    }
    return bytes;
  };
  const Bytes dense_a = numbers(std::size_t{job.m} * job.k), dense_b = numbers(std::size_t{job.k} * job.n);
  Bytes image_a(a.extent(stride(a))), image_b(b.extent(stride(b))), image_d(d.extent(stride(d)));
  model::pack_panels(a, dense_a, image_a, stride(a));
  model::pack_panels(b, dense_b, image_b, stride(b), model::Order::transposed);
  device_->write_words(job.a_at.base, image_a);
  device_->write_words(job.b_at.base, image_b);
  const MonitorAnswer answer = monitor.run(job);
  EXPECT_EQ(answer.jobs, 3u * 3u * 3u);
  device_->read_words(job.d_at.base, image_d);
  Bytes result(std::size_t{job.m} * job.n * 4);
  model::unpack_panels(d, image_d, result, stride(d));
  model::Gemm gemm;
  gemm.m = job.m, gemm.n = job.n, gemm.k = job.k;
  gemm.a = job.a, gemm.b = job.b, gemm.depth = g_.depth;
  EXPECT_EQ(result, model::gemm(gemm, dense_a, dense_b).d);
}

TEST_P(Core, SelfTestsPass) {
  // The march over all memories of the larger chips takes minutes on the RTL: everything else there.
  const bool short_one = !device_->capabilities().can.time || std::string(GetParam()) == "sim:small";
  const std::uint32_t tests = short_one ? MONITOR_TEST_ALL : MONITOR_TEST_ALL & ~MONITOR_TEST_MARCH;
  Monitor monitor = start({.tests = tests, .watchdog_clocks = 4'000'000});
  EXPECT_EQ(monitor_health(*device_).failed_tests, 0u) << describe(monitor.log().back());
  EXPECT_EQ(monitor.report()[MONITOR_REP_RUN], tests);
  EXPECT_EQ(monitor_health(*device_).watchdog_resets, 0u);
}

TEST_P(Core, APoisonedOperandAndAPoisonedCommandAreSurvived) {
  Monitor monitor = start();
  const auto poison = [&](std::uint32_t address) {
    namespace t = regs::tile;
    device_->write_register(t::base + t::inject_addr, address);
    device_->write_register(t::base + t::inject_bits, 3u | 17u << t::inject_bits_bit1_lsb);
    device_->write_register(t::base + t::inject_go, 1);
    while ((device_->read_register(t::base + t::inject_go) & 1u) != 0) device_->idle(1);
  };
  MonitorJob copy;
  copy.opcode = model::Opcode::copy;
  copy.m = 1, copy.n = 2, copy.d_at = {16 * g_.word_bytes(), 0};
  poison(g_.word_bytes());
  const MonitorAnswer bad = monitor.wait(monitor.submit(copy));
  EXPECT_EQ(bad.status, MONITOR_POISONED);
  EXPECT_EQ(bad.detail, g_.word_bytes());

  // A load that traps: the ring's record, poisoned while the core is halted.
  device_->write_register(r::base + r::ctrl, r::ctrl_run_mask | r::ctrl_halt_mask);
  const auto sequence = static_cast<std::uint32_t>(monitor.submitted());
  const MonitorTicket ticket = monitor.submit(MonitorWords{});
  poison(monitor.base() + MONITOR_COMMAND_AT(sequence % monitor.slots()));
  device_->write_register(r::base + r::ctrl, r::ctrl_run_mask);
  EXPECT_EQ(monitor.wait(ticket).status, MONITOR_UNREADABLE);
  EXPECT_EQ(monitor_health(*device_).watchdog_resets, 0u) << "the trap handler went on";
  EXPECT_EQ(monitor.ping(3), 3u);
}

TEST_P(Core, AFatalTrapRestartsIt) {
  Monitor monitor = start();
  monitor.ping(1);
  // An illegal instruction where it will go on.
  device_->write_register(r::base + r::ctrl, r::ctrl_run_mask | r::ctrl_halt_mask);
  for (int i = 0; i < 1000 && (controller(r::status) & r::status_halted_mask) == 0; ++i) device_->idle(1);
  device_->write_register(r::base + r::pc, 0x7000'0000);  // where there is no memory
  device_->write_register(r::base + r::ctrl, r::ctrl_run_mask);
  EXPECT_EQ(monitor.ping(2), 2u);
  const MonitorHealth health = monitor_health(*device_);
  EXPECT_EQ(health.watchdog_resets, 1u);
  EXPECT_EQ(health.last_trap[0], 1u) << "instruction access fault";
  EXPECT_EQ(health.last_trap[1], 0x7000'0000u);
}

TEST_P(Core, AHungCoreIsRestartedWithCommandsInFlight) {
  Monitor monitor = start({.tests = 0, .watchdog_clocks = 30'000});
  for (std::uint32_t gap = 100; gap < 4000; gap += 700) {
    SCOPED_TRACE(gap);
    MonitorJob fill;
    fill.opcode = model::Opcode::fill;
    fill.m = 1, fill.n = 8, fill.block_n = 1, fill.seed = gap;
    const MonitorTicket first = monitor.submitted();
    for (int i = 0; i < 5; ++i) monitor.submit(fill);
    device_->idle(gap);
    device_->write_register(r::base + r::ctrl, r::ctrl_run_mask | r::ctrl_halt_mask);
    for (int i = 0; i < 1000 && (controller(r::status) & r::status_halted_mask) == 0; ++i) device_->idle(1);
    // A loop to itself, between .bss and the stack: j .
    const std::uint32_t loop = 0x0000'006F, place = 0x6000'0000 + controller(r::cfg_mem_bytes) - 2048;
    Bytes words(g_.word_bytes());
    std::memcpy(words.data(), &loop, 4);
    device_->write_words(place, words);
    device_->write_register(r::base + r::pc, place);
    device_->write_register(r::base + r::ctrl, r::ctrl_run_mask);
    ASSERT_NO_THROW(monitor.drain());
    for (int i = 0; i < 5; ++i) {
      const MonitorAnswer& a = monitor.wait(first + static_cast<MonitorTicket>(i));
      EXPECT_TRUE(a.status == MONITOR_OK || a.status == MONITOR_RESTARTED) << describe(a);
    }
    EXPECT_EQ(monitor.ping(gap), gap);
  }
  EXPECT_EQ(monitor_health(*device_).watchdog_resets, 6u);
}

}  // namespace
}  // namespace hilbert::firmware

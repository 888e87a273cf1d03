// SPDX-License-Identifier: Apache-2.0
// The runtime's path through the firmware: the same bits, and what it does when the firmware is hit.
#include <gtest/gtest.h>

#include <cstring>
#include <hilbert/elf_symbols.hpp>
#include <hilbert/monitor_image.hpp>
#include <hilbert/regs/cpu.hpp>
#include <hilbert/runtime.hpp>

#include "support/errors.hpp"
#include "support/random.hpp"
#include "support/saboteur.hpp"

namespace hilbert {
namespace {

namespace r = regs::cpu;

class FirmwarePath : public testing::Test {
 protected:
  struct Problem {
    model::Gemm job;
    std::vector<std::byte> a, b;
    [[nodiscard]] std::vector<std::byte> expected() const { return model::gemm(job, a, b).d; }
  };
  static Problem problem(std::uint32_t m, std::uint32_t n, std::uint32_t k, unsigned depth = 4) {
    Random random(m * 7 + n * 5 + k);
    const auto codes = [&](std::size_t bytes) {
      std::vector<std::byte> all(bytes);
      for (auto& byte : all) byte = static_cast<std::byte>(random.bits32());
      return all;
    };
    Problem p;
    p.job.m = m, p.job.n = n, p.job.k = k, p.job.depth = depth;
    p.job.a = p.job.b = {model::Format::cf8_143, 7};
    p.a = codes(std::size_t{m} * k);
    p.b = codes(std::size_t{k} * n);
    return p;
  }
  static RuntimeOptions demanding() {
    RuntimeOptions options;
    options.path = JobPath::firmware;
    options.firmware.watchdog_clocks = 20'000;
    options.firmware.monitor.hang_clocks = 200'000;
    options.firmware.monitor.hang_seconds = 0.02;
    return options;
  }
  /// A word of memory that the core will run into: a jump to itself.
  static void write_loop(Device& device, std::uint32_t address) {
    const std::uint32_t loop = 0x0000'006F;
    std::vector<std::byte> word(device.capabilities().geometry.word_bytes());
    for (std::size_t i = 0; i < word.size(); i += 4) std::memcpy(word.data() + i, &loop, 4);
    device.write_words(address - address % device.capabilities().geometry.word_bytes(), word);
  }
};

TEST_F(FirmwarePath, IsTheDefaultWhereTheMonitorFits) {
  EXPECT_EQ(Runtime("model:full").path(), JobPath::firmware);
  EXPECT_EQ(Runtime("model:8x8x4?controller_bytes=0").path(), JobPath::direct);
  EXPECT_EQ(Runtime("model:8x8x4?controller_bytes=4096").path(), JobPath::direct);
  expect_error(ExitCode::bad_input, "the device has no controller",
               [] { Runtime rt("model:8x8x4?controller_bytes=0", {.path = JobPath::firmware}); });
  expect_error(ExitCode::bad_input, "the controller has 4096 bytes of memory, the firmware needs",
               [] { Runtime rt("model:8x8x4?controller_bytes=4096", {.path = JobPath::firmware}); });
}

TEST_F(FirmwarePath, EachPathOwnsWhatItUses) {
  Runtime direct("model:full", {.path = JobPath::direct}), firmware("model:full");
  expect_error(ExitCode::bad_input, "the firmware owns the queue", [&] { (void)firmware.queue(); });
  expect_error(ExitCode::bad_input, "no firmware runs", [&] { (void)direct.monitor(); });
  EXPECT_EQ(firmware.monitor().ping(7), 7u);
  // The shared area is not the runtime's to give away.
  EXPECT_EQ(direct.memory().free_bytes() - firmware.memory().free_bytes(),
            MONITOR_AREA_BYTES(firmware.monitor().slots()));
  const Problem p = problem(70, 50, 90);
  const CodesResult result = firmware.gemm_codes(p.job, p.a, p.b);
  EXPECT_EQ(result.d, p.expected());
  EXPECT_EQ(result.report.path, JobPath::firmware);
  EXPECT_EQ(firmware.totals().path, JobPath::firmware);
  EXPECT_EQ(direct.gemm_codes(p.job, p.a, p.b).report.path, JobPath::direct);
}

TEST_F(FirmwarePath, SmallJobs) {
  Runtime rt("model:full", demanding());
  const Matrix<float> values(3, 5, {1, -2, 3.5f, 1000, -0.0f, 0.3f, -0.3f, 7, 8, 9, 10, 11, 1e-9f, 13, 14});
  const DeviceMatrix from = rt.place(3, 5, "fp32", Role::d), to = rt.place(3, 5, "e4m3", Role::a);
  rt.upload(from, encode_matrix(values, "fp32").codes);
  EncodeOptions options;
  options.saturate = true;
  options.rounding = model::Rounding::stochastic;
  options.seed = 5, options.row0 = 65535, options.col0 = 3;
  const model::Flags flags = rt.convert(from, to, options);
  const CodeMatrix expected = encode_matrix(values, "e4m3", options);
  EXPECT_EQ(rt.download(to), expected.codes);
  EXPECT_EQ(model::to_string(flags), model::to_string(expected.flags));
  const DeviceMatrix other = rt.place(3, 5, "fp32", Role::d);
  rt.copy(from, other);
  EXPECT_EQ(rt.download(other), rt.download(from));
  rt.fill(other, 0x3F800000);
  EXPECT_EQ(rt.download(other), encode_matrix(Matrix<float>(3, 5, std::vector<float>(15, 1.0f)), "fp32").codes);
  poison(rt.device(), from.buffer.address());
  expect_error(ExitCode::machine, "POISONED", [&] { rt.copy(from, other); });
}

/// Another job may have used what it made, so the monitor does not run it again; fresh operands come from the host.
TEST_F(FirmwarePath, APoisonedOperandIsWrittenAgain) {
  const Problem p = problem(100, 60, 64);
  auto device = std::make_unique<Saboteur>("model:full");
  int doorbells = 0;
  device->before_doorbell = [&](Device& inner) {
    if (++doorbells == 3) poison(inner, 0);  // the runtime's greeting, announced, released
  };
  Runtime rt(std::move(device), demanding());
  const CodesResult result = rt.gemm_codes(p.job, p.a, p.b);
  EXPECT_EQ(result.d, p.expected());
  EXPECT_EQ(result.report.retries, 1u);
  EXPECT_EQ(result.report.block_retries, 0u);
}

/// The core hangs with commands in flight: the watchdog restarts it, what had begun is computed again.
TEST_F(FirmwarePath, AHungCoreIsRestartedByTheWatchdog) {
  const Problem p = problem(200, 100, 400);
  for (int victim = 2; victim < 6; ++victim) {
    SCOPED_TRACE(victim);
    auto device = std::make_unique<Saboteur>("model:full");
    int doorbells = 0;
    device->before_doorbell = [&](Device& inner) {
      if (++doorbells != victim) return;
      inner.write_register(r::base + r::ctrl, r::ctrl_run_mask | r::ctrl_halt_mask);
      const std::uint32_t place = controller_memory_base + inner.capabilities().controller_bytes - 4096;
      write_loop(inner, place);
      inner.write_register(r::base + r::pc, place);
      inner.write_register(r::base + r::ctrl, r::ctrl_run_mask);
    };
    Runtime rt(std::move(device), demanding());
    const CodesResult result = rt.gemm_codes(p.job, p.a, p.b);
    EXPECT_EQ(result.d, p.expected());
    EXPECT_EQ(result.report.reloads, 0u);
    EXPECT_EQ(monitor_health(rt.device()).watchdog_resets, 1u);
  }
}

/// The image itself is damaged: restarts do not help, loading it again does.
TEST_F(FirmwarePath, ADamagedImageIsLoadedAgain) {
  const Problem p = problem(200, 100, 400);
  const std::uint32_t entry = elf_symbols(monitor_image(), "the image").at("_start");
  auto device = std::make_unique<Saboteur>("model:full");
  int doorbells = 0;
  device->before_doorbell = [&](Device& inner) {
    if (++doorbells != 3) return;
    write_loop(inner, entry);                            // every restart ends here
    inner.write_register(r::base + r::wdt_kick, 0xBAD);  // and this is one
  };
  RuntimeOptions options = demanding();
  Runtime rt(std::move(device), options);
  const CodesResult result = rt.gemm_codes(p.job, p.a, p.b);
  EXPECT_EQ(result.d, p.expected());
  EXPECT_EQ(result.report.reloads, 1u);
  EXPECT_GT(result.report.retries, 0u);
  EXPECT_EQ(rt.gemm_codes(p.job, p.a, p.b).report.reloads, 0u);
}

TEST_F(FirmwarePath, ACoreThatNeverComesUpEndsInAnError) {
  const Problem p = problem(20, 20, 20);
  auto owned = std::make_unique<Saboteur>("model:full");
  Saboteur& device = *owned;
  RuntimeOptions options = demanding();
  options.firmware.max_reloads = 2;
  Runtime rt(std::move(owned), options);
  int starts = 0;
  device.on_write_register = [&](std::uint32_t address, std::uint32_t value) {
    if (address != r::base + r::ctrl || value != r::ctrl_run_mask) return;
    ++starts;
    device.inner().write_register(r::base + r::start, 0x7000'0000);  // where there is no memory
  };
  device.write_register(r::base + r::ctrl, 0);
  device.write_register(r::base + r::ctrl, r::ctrl_run_mask);
  expect_error(ExitCode::machine, "the firmware was lost 3 times in a row",
               [&] { (void)rt.gemm_codes(p.job, p.a, p.b); });
  EXPECT_EQ(starts, 3);
  device.on_write_register = nullptr;
  EXPECT_EQ(rt.gemm_codes(p.job, p.a, p.b).d, p.expected()) << "still usable";
}

TEST(MonitorTests, EveryTestHasItsNameOnce) {
  std::uint32_t bits = 0;
  for (const MonitorTest& test : monitor_tests()) {
    EXPECT_EQ(bits & test.bit, 0u) << test.name;
    bits |= test.bit;
  }
  EXPECT_EQ(bits, MONITOR_TEST_ALL);
}

/// Segments that end and begin within a memory word, as the linker's AT> makes them, do not erase each other.
TEST(LoadFirmware, SegmentsMayShareAMemoryWord) {
  const auto device = open_device("model:full");
  const std::uint32_t word = device->capabilities().geometry.word_bytes();
  Firmware firmware;
  firmware.entry = controller_memory_base;
  std::vector<std::byte> expected(3 * word);
  const auto add = [&](std::uint32_t at, std::size_t size) {
    FirmwareSegment& segment = firmware.segments.emplace_back();
    segment.address = controller_memory_base + at;
    for (std::size_t i = 0; i < size; ++i) segment.bytes.push_back(static_cast<std::byte>(at + i + 1));
    std::ranges::copy(segment.bytes, expected.begin() + at);
  };
  add(0, 3), add(4, 1), add(word - 2, 4), add(word + 2, word), add(2 * word + 8, 4);
  load_firmware(*device, firmware);
  std::vector<std::byte> found(expected.size());
  device->read_words(controller_memory_base, found);
  EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace hilbert

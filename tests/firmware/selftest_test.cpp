// SPDX-License-Identifier: Apache-2.0
// The self-test passes on a good device and finds what a bad one does wrong.
#include <algorithm>
#include <cstring>

#include "rig.hpp"

namespace hilbert::firmware {
namespace {

class SelfTest : public FirmwareTest {};
INSTANTIATE_TEST_SUITE_P(Firmware, SelfTest, testing::ValuesIn(rig_devices()), rig_name);

TEST_P(SelfTest, GoodAtPowerOnAndOnCommand) {
  Rig rig(GetParam());
  Monitor& monitor = rig.start({.tests = MONITOR_TEST_ALL, .watchdog_clocks = 4'000'000});
  MonitorHealth health = monitor_health(rig.controller());
  EXPECT_EQ(health.failed_tests, 0u) << monitor.log().back().value1;
  EXPECT_EQ(health.watchdog_resets, 0u);
  EXPECT_EQ(monitor.report()[MONITOR_REP_RUN], MONITOR_TEST_ALL);
  const MonitorAnswer answer = monitor.self_test(MONITOR_TEST_MATRIX | MONITOR_TEST_REGISTERS);
  EXPECT_EQ(describe(answer), "OK");
  EXPECT_EQ(answer.result[0], MONITOR_TEST_MATRIX | MONITOR_TEST_REGISTERS);
  EXPECT_EQ(monitor.ping(4), 4u);
  EXPECT_EQ(rig.register_at(regs::tile::scrub_interval), regs::tile::scrub_interval_reset) << "the scrubber goes on";
}

/// A device of which one thing is broken.
class Broken : public Device {
 public:
  explicit Broken(std::string_view uri) : inner_(open_device(uri)) {}

  std::uint32_t stuck_address = ~0u;  ///< of a byte
  std::byte stuck_mask{}, stuck_value{};
  bool coupled = false;         ///< a write of word 5 flips a bit of word 4
  bool coupled_rising = false;  ///< a bit of word 5 that rises sets the same bit of word 4: hidden from an upward march
  std::uint32_t register_address = 0, register_mask = 0;  ///< bits that read 0
  std::uint32_t wrong_result = 0;  ///< added to every fp32 in D of a job, seen by the reader of that address
  bool deaf_to_injection = false;

  const Capabilities& capabilities() const override { return inner_->capabilities(); }
  void read_words(std::uint32_t address, std::span<std::byte> out) override {
    inner_->read_words(address, out);
    if (stuck_address >= address && stuck_address - address < out.size()) {
      std::byte& b = out[stuck_address - address];
      b = (b & ~stuck_mask) | (stuck_value & stuck_mask);
    }
  }
  void write_words(std::uint32_t address, std::span<const std::byte> in) override {
    const std::uint32_t word = capabilities().geometry.word_bytes();
    std::vector<std::byte> neighbour(word), before(word);
    const bool aggressor = address == 5 * word && (coupled || coupled_rising);
    if (aggressor) inner_->read_words(address, before);
    inner_->write_words(address, in);
    if (!aggressor) return;
    inner_->read_words(address - word, neighbour);
    neighbour[0] = coupled ? neighbour[0] ^ std::byte{1} : neighbour[0] | (~before[0] & in[0] & std::byte{1});
    inner_->write_words(address - word, neighbour);
  }
  std::uint32_t read_register(std::uint32_t address) override {
    const std::uint32_t value = inner_->read_register(address);
    return address == register_address ? value & ~register_mask : value;
  }
  void write_register(std::uint32_t address, std::uint32_t value) override {
    if (deaf_to_injection && address == regs::tile::base + regs::tile::inject_go) return;
    inner_->write_register(address, value);
  }
  void idle(std::uint32_t clocks) override { inner_->idle(clocks); }
  std::uint64_t clocks() const override { return inner_->clocks(); }
  bool interrupt() override { return inner_->interrupt(); }
  void reset() override { inner_->reset(); }

 private:
  std::unique_ptr<Device> inner_;
};

/// The self-test's answer on a broken model:small.
MonitorAnswer test_broken(const std::function<void(Broken&)>& break_it, std::uint32_t tests = MONITOR_TEST_ALL) {
  auto device = std::make_unique<Broken>("model:small");
  Broken& broken = *device;
  Rig rig(std::move(device));
  Monitor& monitor = rig.start();
  break_it(broken);
  const MonitorAnswer answer = monitor.self_test(tests);
  EXPECT_EQ(answer.status == MONITOR_SELFTEST_FAILED, answer.result[1] != 0);
  if (answer.status == MONITOR_SELFTEST_FAILED) {
    EXPECT_THROW(require_ok(answer), Error);
    EXPECT_EQ(monitor_health(rig.controller()).failed_tests, answer.result[1]);
  }
  EXPECT_EQ(monitor.ping(8), 8u) << "it serves on";
  return answer;
}

TEST(SelfTestFinds, AStuckBitOfAnyValueAtEveryPlace) {
  for (const std::uint32_t address : {0u, 1u, 7u, 2047u, 2048u, 4100u, 6143u}) {
    for (const bool one : {false, true}) {
      const MonitorAnswer a = test_broken(
          [&](Broken& b) {
            b.stuck_address = address;
            b.stuck_mask = std::byte{0x10};
            b.stuck_value = one ? std::byte{0x10} : std::byte{0};
          },
          MONITOR_TEST_MARCH);
      EXPECT_EQ(a.result[1], MONITOR_TEST_MARCH) << address << one;
      EXPECT_EQ(a.result[4], address & ~3u) << describe(a);
      EXPECT_EQ(a.result[3], one ? 1u : 2u) << "the first element that reads the other value";
    }
  }
}

TEST(SelfTestFinds, AStuckBitInQueueAndControllerMemory) {
  for (const std::uint32_t address :
       {queue_base + 5, queue_base + 1023, controller_memory_base + 2056, controller_memory_base + 32767}) {
    const MonitorAnswer a = test_broken(
        [&](Broken& b) {
          b.stuck_address = address;
          b.stuck_mask = std::byte{0x10};
        },
        MONITOR_TEST_MARCH);
    EXPECT_EQ(a.result[1], MONITOR_TEST_MARCH) << std::hex << address;
    EXPECT_EQ(a.result[4], address & ~3u) << describe(a);
  }
}

TEST(SelfTestFinds, CoupledCells) {
  const MonitorAnswer a = test_broken([](Broken& b) { b.coupled = true; }, MONITOR_TEST_MARCH);
  EXPECT_EQ(a.result[1], MONITOR_TEST_MARCH);
  EXPECT_EQ(a.result[4], 4u * 8u);
}

TEST(SelfTestFinds, CouplingThatOnlyADownwardElementShows) {
  const MonitorAnswer a = test_broken([](Broken& b) { b.coupled_rising = true; }, MONITOR_TEST_MARCH);
  EXPECT_EQ(a.result[1], MONITOR_TEST_MARCH);
  EXPECT_EQ(a.result[3], 3u) << "down(r0,w1)";
  EXPECT_EQ(a.result[4], 4u * 8u);
}

TEST(SelfTestFinds, ABrokenRegister) {
  for (std::uint32_t bit = 0; bit < 32; bit += 5) {
    const MonitorAnswer a = test_broken([&](Broken& b) {
      b.register_address = regs::tile::base + regs::tile::scratch;
      b.register_mask = 1u << bit;
    });
    EXPECT_EQ(a.result[1], MONITOR_TEST_REGISTERS);
    EXPECT_EQ(a.result[4], regs::tile::base + regs::tile::scratch);
  }
  const MonitorAnswer a = test_broken([](Broken& b) {
    b.register_address = regs::tile::base + regs::tile::sem + 12;
    b.register_mask = 0x8000;
  });
  EXPECT_EQ(a.result[1], MONITOR_TEST_REGISTERS);
  EXPECT_EQ(a.result[4], regs::tile::base + regs::tile::sem + 12);
}

TEST(SelfTestFinds, EccThatDoesNotCount) {
  for (const std::uint32_t offset :
       {regs::tile::ecc_corrected, regs::tile::ecc_uncorrectable, regs::tile::poison_addr}) {
    const MonitorAnswer a = test_broken([&](Broken& b) {
      b.register_address = regs::tile::base + offset;
      b.register_mask = 0xFFFFFFFF;
    });
    // Bank 0's first word has address 0, which a POISON_ADDR of 0 gets right; the next bank's does not.
    EXPECT_EQ(a.result[1], MONITOR_TEST_ECC) << std::hex << offset << ' ' << describe(a);
  }
}

TEST(SelfTestFinds, EccThatCannotBeTested) {
  const MonitorAnswer a = test_broken([](Broken& b) { b.deaf_to_injection = true; });
  EXPECT_EQ(a.result[1], MONITOR_TEST_ECC);
}

TEST(SelfTestFinds, AWrongProduct) {
  // D of the known answers: the result's lowest bit of the exponent of the first element reads 0.
  const MonitorAnswer a = test_broken(
      [](Broken& b) {
        b.stuck_address = 3 * 512 + 2;
        b.stuck_mask = std::byte{0x80};
        b.stuck_value = std::byte{0};
      },
      MONITOR_TEST_MATRIX);
  EXPECT_EQ(a.result[1], MONITOR_TEST_MATRIX);
  EXPECT_EQ(a.result[4], 3u * 512u);
}

TEST_P(SelfTest, FindsAnUpsetUnderTheMarch) {
  if (GetParam() == "model:full") GTEST_SKIP() << "the small ones show it, in less time";
  for (const bool two : {false, true}) {
    Rig rig(GetParam());
    Monitor& monitor = rig.start();
    MonitorWords command{};
    command[MONITOR_CMD_OPCODE] = MONITOR_SELFTEST;
    command[MONITOR_CMD_ARGUMENT] = MONITOR_TEST_MARCH;
    const MonitorTicket ticket = monitor.submit(command);
    const std::uint32_t address = 3000 / rig.word() * rig.word();
    // Into the second element: before the first, a word may be as it likes.
    const std::uint32_t slice = 32 * rig.word();
    const std::uint32_t bytes =
        rig.geometry().data_bytes() + queue_bytes(rig.geometry()) + rig.inner().capabilities().controller_bytes;
    for (std::uint32_t at = 0; at < bytes + 8 * slice; at += slice) rig.controller().idle(1);
    ASSERT_EQ(monitor_health(rig.controller()).phase, MONITOR_TESTING);
    inject(rig.inner(), address, 11, two ? 44 : 11);
    const MonitorAnswer& answer = monitor.wait(ticket);
    ASSERT_EQ(answer.status, MONITOR_SELFTEST_FAILED) << (two ? "two bits" : "a corrected bit counts too");
    EXPECT_EQ(answer.result[2], MONITOR_TEST_MARCH);
    if (two) {
      EXPECT_EQ(answer.result[4], address);
    } else {
      EXPECT_GE(answer.result[3], 17u) << "a correction, not wrong data";
    }
    EXPECT_EQ(describe(monitor.self_test(MONITOR_TEST_MARCH)), "OK") << "the march has healed it";
  }
}

}  // namespace
}  // namespace hilbert::firmware

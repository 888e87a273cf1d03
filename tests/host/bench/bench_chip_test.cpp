// SPDX-License-Identifier: Apache-2.0
// Recorded pins give back what was recorded; a saturated device is saturated.
#include <gtest/gtest.h>

#include <hilbert/tb/host_port.hpp>

#include "bench/recording.hpp"
#include "bench/saturated_device.hpp"

namespace hilbert::bench {
namespace {

std::string a_chip() { return std::string(tb::Chip::configurations().back()); }

/// Writes `first`, `first` + 1, ... to memory, lets clocks pass, and reads them back.
void talk(tb::HostPort& port, unsigned first) {
  std::vector<std::byte> image(16 * port.word_bytes()), back(image.size());
  for (std::size_t i = 0; i < image.size(); ++i) image[i] = static_cast<std::byte>(first + i);
  (void)port.write(0, image);
  port.idle(100);
  port.idle(50);
  (void)port.read(0, back);
  ASSERT_EQ(back, image);
}

struct Recorded {
  explicit Recorded(unsigned first) : chip(a_chip()) {
    tb::HostPort port(chip, {.seed = 3, .stall_probability = 0.3});
    talk(port, first);
    half = chip.recording().mark();
    talk(port, first);
    end = chip.recording().mark();
  }
  RecordingChip chip;
  Recording::Mark half, end;
};

TEST(Recording, ReplayTakesTheSameClocksAndGetsTheSameResponses) {
  Recorded recorded(7);
  const auto bare = tb::Chip::make(a_chip());
  EXPECT_EQ(recorded.chip.recording().replay(*bare, 0, recorded.end), recorded.chip.clocks());
  EXPECT_EQ(bare->clocks(), recorded.chip.clocks());
  const auto watched = tb::Chip::make(a_chip());
  EXPECT_EQ(recorded.chip.recording().replay_watching(*watched, 0, recorded.end), recorded.chip.responses());
  EXPECT_EQ(watched->clocks(), recorded.chip.clocks());
}

TEST(Recording, PiecesReplayAsTheWhole) {
  Recorded recorded(7);
  const auto bare = tb::Chip::make(a_chip());
  const std::uint64_t first = recorded.chip.recording().replay(*bare, 0, recorded.half);
  EXPECT_GT(first, 150u);
  EXPECT_EQ(first + recorded.chip.recording().replay(*bare, recorded.half, recorded.end), recorded.chip.clocks());
}

TEST(Recording, OtherPinsGetOtherResponses) {
  Recorded seven(7), eight(8);
  EXPECT_EQ(seven.chip.clocks(), eight.chip.clocks());
  EXPECT_NE(seven.chip.responses(), eight.chip.responses());
  const auto chip = tb::Chip::make(a_chip());
  EXPECT_NE(seven.chip.recording().replay_watching(*chip, 0, seven.half), seven.chip.responses());
}

TEST(SaturatedDevice, TheArrayHasWorkInAllButAFewClocks) {
  SaturatedDevice device("sim:" + a_chip());
  for (int i = 0; i < 2; ++i) {
    device.refill();
    const SaturatedDevice::Work work = device.run();
    const model::Geometry& g = device.capabilities().geometry;
    const double used = work.macs / (work.clocks * g.rows * g.cols * g.depth);
    EXPECT_GT(used, 0.95);
    EXPECT_LE(used, 1.0);
  }
}

}  // namespace
}  // namespace hilbert::bench

// SPDX-License-Identifier: Apache-2.0
// The allocator against a byte map that knows who owns what.
#include <gtest/gtest.h>

#include <hilbert/memory.hpp>
#include <vector>

#include "support/errors.hpp"
#include "support/random.hpp"

namespace hilbert {
namespace {

constexpr model::Geometry small{2, 2, 2, 4, 2048, 8};

TEST(DeviceMemory, RandomUseNeverOverlapsAndGivesEverythingBack) {
  Random random(seed_of(1));
  DeviceMemory memory(small);
  std::vector<Buffer> buffers;
  std::vector<int> owner(small.data_bytes(), 0);
  std::uint32_t used = 0;
  for (int round = 0; round < 20000; ++round) {
    if (buffers.empty() || random.bits32() % 5 < 3) {
      const std::uint32_t bytes = 1 + random.bits32() % 700;
      const std::uint32_t bank = random.bits32() % 4;
      try {
        Buffer buffer = memory.allocate(bytes, bank);
        ASSERT_EQ(buffer.address() % 8, 0u);
        ASSERT_GE(buffer.bytes(), bytes);
        ASSERT_LE(buffer.address() + buffer.bytes(), small.data_bytes());
        for (std::uint32_t i = 0; i < buffer.bytes(); ++i) ASSERT_EQ(owner[buffer.address() + i]++, 0);
        used += buffer.bytes();
        buffers.push_back(std::move(buffer));
      } catch (const Error&) {
        for (std::uint32_t b = 0; b < 4; ++b) ASSERT_LT(memory.largest_free(b), bytes);  // refused only if nothing fits
      }
    } else {
      const std::size_t victim = random.bits32() % buffers.size();
      for (std::uint32_t i = 0; i < buffers[victim].bytes(); ++i) --owner[buffers[victim].address() + i];
      used -= buffers[victim].bytes();
      std::swap(buffers[victim], buffers.back());
      buffers.pop_back();
    }
    ASSERT_EQ(memory.free_bytes(), small.data_bytes() - used);
  }
  buffers.clear();
  for (std::uint32_t b = 0; b < 4; ++b) EXPECT_EQ(memory.largest_free(b), 2048u);
  EXPECT_EQ(memory.allocate(small.data_bytes()).bytes(), small.data_bytes());  // one range again
}

TEST(DeviceMemory, KeepsToTheBankWhileItHasRoom) {
  DeviceMemory memory(small);
  const Buffer first = memory.allocate(1000, 2), second = memory.allocate(1000, 2), third = memory.allocate(1000, 2);
  EXPECT_EQ(first.address() / 2048, 2u);
  EXPECT_EQ(second.address() / 2048, 2u);
  EXPECT_EQ(third.address() / 2048, 0u);            // bank 2 is full: another single bank
  EXPECT_EQ(memory.allocate(3000).bytes(), 3000u);  // larger than a bank: across banks
}

TEST(DeviceMemory, RefusalsSayWhatIsFree) {
  DeviceMemory memory(small);
  expect_error(ExitCode::bad_input, "8192 of 8192 are free", [&] { (void)memory.allocate(8193); });
  expect_error(ExitCode::bad_input, "bytes do not fit", [&] { (void)memory.allocate(std::uint64_t{1} << 40); });
  expect_error(ExitCode::bad_input, "there is no bank 4", [&] { (void)memory.allocate(8, 4); });
}

TEST(DeviceMemory, BuffersMoveAndMayOutliveTheirMemory) {
  Buffer kept;
  {
    DeviceMemory memory(small);
    Buffer buffer = memory.allocate(64);
    Buffer moved = std::move(buffer);
    EXPECT_EQ(memory.free_bytes(), 8192u - 64u);
    kept = std::move(moved);
    EXPECT_EQ(memory.free_bytes(), 8192u - 64u);
  }
  EXPECT_EQ(kept.bytes(), 64u);
}

TEST(DeviceMemory, NothingBeyondItsEnd) {
  const model::Geometry g{};
  DeviceMemory memory(g, g.data_bytes() - 2048);
  EXPECT_EQ(memory.free_bytes(), g.data_bytes() - 2048);
  EXPECT_EQ(memory.largest_free(g.banks - 1), g.bank_bytes - 2048);
  const Buffer all = memory.allocate(memory.free_bytes());
  EXPECT_EQ(all.address() + all.bytes(), g.data_bytes() - 2048);
  EXPECT_THROW((void)memory.allocate(1), Error);
}

}  // namespace
}  // namespace hilbert

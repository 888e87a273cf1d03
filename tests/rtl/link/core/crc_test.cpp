// SPDX-License-Identifier: Apache-2.0
// hb_link_crc against the published examples and against an implementation that goes bit by bit.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <vector>

#include "Vlink_crc.h"
#include "support/random.hpp"
#include "words.hpp"

namespace link_core {
namespace {

/// CRC-32C register after `bytes` bytes of a word, low byte first, one bit at a time.
constexpr std::uint32_t crc32c_bits(std::uint32_t crc, std::uint64_t word, unsigned bytes) {
  for (unsigned i = 0; i < 8 * bytes; i++) {
    const bool feedback = ((crc ^ (word >> i)) & 1U) != 0;
    crc = (crc >> 1) ^ (feedback ? 0x82F63B78U : 0U);
  }
  return crc;
}

class Crc {
 public:
  std::uint32_t step(std::uint32_t crc, std::uint64_t word, bool half) {
    model_.crc_i = crc;
    model_.word_i = word;
    model_.half_i = half;
    model_.eval();
    return model_.crc_o;
  }
  /// Of a multiple of 4 bytes.
  std::uint32_t of(const std::vector<std::uint8_t>& bytes) {
    std::uint32_t crc = ~0U;
    for (std::size_t i = 0; i < bytes.size(); i += 8) {
      std::uint64_t word = 0;
      for (std::size_t j = 0; j < 8 && i + j < bytes.size(); j++) word |= std::uint64_t{bytes[i + j]} << (8 * j);
      crc = step(crc, word, bytes.size() - i < 8);
    }
    return ~crc;
  }

 private:
  VerilatedContext context_;
  Vlink_crc model_{&context_};
};

// RFC 3720, appendix B.4 (there in transmission order, lowest byte first).
TEST(LinkCrc, PublishedExamples) {
  Crc crc;
  std::vector<std::uint8_t> zeros(32, 0), ones(32, 0xFF), up(32), down(32);
  for (unsigned i = 0; i < 32; i++) {
    up[i] = static_cast<std::uint8_t>(i);
    down[i] = static_cast<std::uint8_t>(31 - i);
  }
  EXPECT_EQ(crc.of(zeros), 0x8A9136AAU);
  EXPECT_EQ(crc.of(ones), 0x62A8AB43U);
  EXPECT_EQ(crc.of(up), 0x46DD794EU);
  EXPECT_EQ(crc.of(down), 0x113FDB5CU);
  std::vector<std::uint8_t> read(48, 0);  // an iSCSI read (10) command
  read[0] = 0x01;
  read[1] = 0xC0;
  read[16] = 0x14;
  read[22] = 0x04;
  read[27] = 0x14;
  read[31] = 0x18;
  read[32] = 0x28;
  read[40] = 0x02;
  EXPECT_EQ(crc.of(read), 0xD9963A56U);
}

TEST(LinkCrc, EveryBitAndRandomWordsAsBitByBit) {
  Crc crc;
  for (unsigned i = 0; i < 96; i++) {
    const std::uint32_t reg = i < 32 ? 1U << i : 0;
    const std::uint64_t word = i < 32 ? 0 : std::uint64_t{1} << (i - 32);
    ASSERT_EQ(crc.step(reg, word, false), crc32c_bits(reg, word, 8)) << i;
    ASSERT_EQ(crc.step(reg, word, true), crc32c_bits(reg, word, 4)) << i;
  }
  hilbert::Random random(hilbert::seed_of(1));
  for (unsigned i = 0; i < 10000; i++) {
    const auto reg = static_cast<std::uint32_t>(random());
    const std::uint64_t word = random();
    ASSERT_EQ(crc.step(reg, word, false), crc32c_bits(reg, word, 8));
    ASSERT_EQ(crc.step(reg, word, true), crc32c_bits(reg, word, 4));
    ASSERT_EQ(crc32c(reg, word, 8), crc32c_bits(reg, word, 8));
  }
}

}  // namespace
}  // namespace link_core

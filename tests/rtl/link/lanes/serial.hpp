// SPDX-License-Identifier: Apache-2.0
// CRC-16, scrambler and PRBS-31 a bit at a time, written from their definitions and not from the RTL.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

namespace hilbert::test {

/// CRC-16/CCITT-FALSE: long division by x^16 + x^12 + x^5 + 1, the register preset to ones, high bit first.
inline std::uint16_t serial_crc16(std::string_view bytes) {
  std::uint32_t remainder = 0xFFFF;
  for (const char byte : bytes) {
    for (int bit = 7; bit >= 0; --bit) {
      const bool feedback =
          (remainder >> 15 & 1) != (static_cast<unsigned>(static_cast<unsigned char>(byte)) >> bit & 1);
      remainder = remainder << 1 & 0xFFFF;
      if (feedback) remainder ^= 1U << 12 | 1U << 5 | 1U;
    }
  }
  return static_cast<std::uint16_t>(remainder);
}

/// The scrambler of PCI Express 3.0: 23 cells in a row, the last one is the output and feeds cells 0, 2, 5, 8, 16
/// and 21.
class GaloisScrambler {
 public:
  explicit GaloisScrambler(unsigned lane) {
    const std::array<std::uint32_t, 4> seeds{0x1DBFBC, 0x0607BB, 0x1EC760, 0x18C0DB};
    for (unsigned i = 0; i < cells_.size(); ++i) cells_[i] = seeds.at(lane) >> i & 1;
  }
  bool bit() {
    const bool out = cells_[22];
    for (unsigned i = 22; i > 0; --i) cells_[i] = cells_[i - 1];
    cells_[0] = false;
    for (const unsigned tap : {0U, 2U, 5U, 8U, 16U, 21U}) cells_[tap] = cells_[tap] != out;
    return out;
  }
  std::uint16_t symbol() {
    unsigned value = 0;
    for (unsigned b = 0; b < 16; ++b) value |= unsigned{bit()} << b;
    return static_cast<std::uint16_t>(value);
  }

 private:
  std::array<bool, 23> cells_{};
};

/// PRBS-31 of ITU-T O.150: a shift register of 31 stages, the outputs of stages 28 and 31 added and fed to the first;
/// inverted.
class SerialPrbs31 {
 public:
  explicit SerialPrbs31(std::uint32_t state) {
    for (unsigned i = 0; i < 31; ++i) stages_.push_back(state >> i & 1);
  }
  /// Goes on after bits that were sent, the last 31 of them at the end of `sent`'s first 31.
  explicit SerialPrbs31(const std::vector<bool>& sent) {
    for (unsigned i = 0; i < 31; ++i) stages_.push_front(!sent.at(i));
  }
  bool bit() {
    const bool next = stages_[27] != stages_[30];
    stages_.push_front(next);
    stages_.pop_back();
    return !next;
  }
  std::uint16_t symbol() {
    unsigned value = 0;
    for (unsigned b = 0; b < 16; ++b) value |= unsigned{bit()} << b;
    return static_cast<std::uint16_t>(value);
  }

 private:
  std::deque<bool> stages_;  ///< stage 1 first
};

}  // namespace hilbert::test

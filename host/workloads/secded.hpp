// SPDX-License-Identifier: Apache-2.0
// The (72,64) code of the chip's memories, as the host must decode it that looks at stored bits:
// rtl/prim/hb_secded_pkg.sv has the table, and says why; tests/host/workloads compares.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace hilbert::workloads::secded {

/// Data bits that a check bit covers, row 0 first.
inline constexpr std::array<std::uint64_t, 8> row_mask{
    0x1111'10a4'7f91'8a1f, 0x2222'2298'3ff9'11e0, 0x31a8'df88'b0c4'6888, 0x488b'085f'f862'444c,
    0xc7fa'2145'1146'2312, 0xfe84'8d11'4458'8631, 0xc8c5'f222'84a7'1223, 0x4454'4462'2688'ffc4};
inline constexpr std::uint8_t inverted = 0xAA;

constexpr std::uint8_t check_bits(std::uint64_t data) {
  std::uint8_t check = inverted;
  for (unsigned r = 0; r < 8; ++r) check ^= static_cast<std::uint8_t>((std::popcount(data & row_mask[r]) & 1) << r);
  return check;
}

enum class Found : std::uint8_t { good, corrected, uncorrectable };

struct Decoded {
  std::uint64_t data = 0;  ///< corrected; as stored if that cannot be
  Found found = Found::good;
};

constexpr Decoded decode(std::uint64_t data, std::uint8_t check) {
  const auto syndrome = static_cast<std::uint8_t>(check_bits(data) ^ check);
  if (syndrome == 0) return {data, Found::good};
  if (std::has_single_bit(syndrome)) return {data, Found::corrected};  // a check bit
  for (unsigned bit = 0; bit < 64; ++bit) {
    std::uint8_t column = 0;
    for (unsigned r = 0; r < 8; ++r) column |= static_cast<std::uint8_t>((row_mask[r] >> bit & 1) << r);
    if (column == syndrome) return {data ^ std::uint64_t{1} << bit, Found::corrected};
  }
  return {data, Found::uncorrectable};
}

}  // namespace hilbert::workloads::secded

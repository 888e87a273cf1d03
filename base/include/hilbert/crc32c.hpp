// SPDX-License-Identifier: Apache-2.0
// CRC-32C (Castagnoli), as links carry it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace hilbert {

/// The register of CRC-32C (RFC 3720, appendix B.4: polynomial 0x1EDC6F41, reflected) after the lowest `bytes` bytes of
/// `word`, lowest first. It begins as ~0; what is sent is its complement.
constexpr std::uint32_t crc32c(std::uint32_t crc, std::uint64_t word, unsigned bytes) {
  constexpr auto table = [] {
    std::array<std::uint32_t, 256> rows{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      rows[i] = i;
      for (int bit = 0; bit < 8; ++bit) rows[i] = (rows[i] >> 1) ^ ((rows[i] & 1) != 0 ? 0x82F6'3B78U : 0U);
    }
    return rows;
  }();
  for (unsigned i = 0; i < bytes; ++i) crc = (crc >> 8) ^ table[(crc ^ (word >> 8 * i)) & 0xFF];
  return crc;
}

/// The checksum of bytes: 0xE3069283 of "123456789".
constexpr std::uint32_t crc32c(std::span<const std::byte> bytes) {
  std::uint32_t crc = ~0U;
  for (const std::byte b : bytes) crc = crc32c(crc, std::to_integer<std::uint64_t>(b), 1);
  return ~crc;
}

}  // namespace hilbert

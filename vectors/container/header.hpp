// SPDX-License-Identifier: Apache-2.0
// The first 64 bytes of a vector file.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <zlib.h>

#include "bytes.hpp"
#include "hilbert/vectors/file.hpp"

namespace hilbert::vectors {

/// As a PNG file's: a transfer that changes line ends or clears bit 7 is seen at once.
inline constexpr std::array<std::byte, 8> kMagic{std::byte{0x89}, std::byte{'H'},  std::byte{'B'},  std::byte{'V'},
                                                 std::byte{'\r'}, std::byte{'\n'}, std::byte{0x1A}, std::byte{'\n'}};

/// CRC-32 as in zlib, gzip and PNG (polynomial 0x04C11DB7 reflected), carried on from `crc` (0 to begin).
inline std::uint32_t crc32_of(std::uint32_t crc, std::span<const std::byte> bytes) {
  if (bytes.empty()) return crc;  // zlib takes a null pointer for a wish to begin
  return static_cast<std::uint32_t>(::crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace hilbert::vectors

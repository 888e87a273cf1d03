// SPDX-License-Identifier: Apache-2.0
// The first 64 bytes of a vector file.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <hilbert/little_endian.hpp>
#include <span>

#include "hilbert/vectors/file.hpp"

namespace hilbert::vectors {

/// As a PNG file's: a transfer that changes line ends or clears bit 7 is seen at once.
inline constexpr std::array<std::byte, 8> magic_bytes{std::byte{0x89}, std::byte{'H'},  std::byte{'B'},
                                                      std::byte{'V'},  std::byte{'\r'}, std::byte{'\n'},
                                                      std::byte{0x1A}, std::byte{'\n'}};

}  // namespace hilbert::vectors

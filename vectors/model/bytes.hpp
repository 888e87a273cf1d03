// SPDX-License-Identifier: Apache-2.0
// Little-endian codes of 1, 2 or 4 bytes in byte arrays, on any machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace hilbert::model {

inline std::uint32_t load_code(std::span<const std::byte> bytes, std::size_t index, std::size_t code_bytes) {
  std::uint32_t code = 0;
  for (std::size_t i = 0; i < code_bytes; ++i)
    code |= std::to_integer<std::uint32_t>(bytes[index * code_bytes + i]) << (8 * i);
  return code;
}

inline void store_code(std::span<std::byte> bytes, std::size_t index, std::size_t code_bytes, std::uint32_t code) {
  for (std::size_t i = 0; i < code_bytes; ++i)
    bytes[index * code_bytes + i] = static_cast<std::byte>(code >> (8 * i) & 0xFFu);
}

}  // namespace hilbert::model

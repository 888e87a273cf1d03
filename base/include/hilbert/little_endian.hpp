// SPDX-License-Identifier: Apache-2.0
// Little-endian numbers appended to and taken from byte strings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace hilbert {

template <typename T>
void append_number(std::vector<std::byte>& to, T value) {
  static_assert(std::is_unsigned_v<T>);
  for (unsigned i = 0; i < sizeof(T); ++i) to.push_back(static_cast<std::byte>(value >> (8 * i) & 0xFFu));
}

template <typename T>
void put_number(std::span<std::byte> to, std::size_t offset, T value) {
  static_assert(std::is_unsigned_v<T>);
  for (unsigned i = 0; i < sizeof(T); ++i) to[offset + i] = static_cast<std::byte>(value >> (8 * i) & 0xFFu);
}

template <typename T>
T number_at(std::span<const std::byte> bytes, std::size_t offset) {
  static_assert(std::is_unsigned_v<T>);
  T value = 0;
  for (unsigned i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(value | static_cast<T>(std::to_integer<T>(bytes[offset + i]) << (8 * i)));
  }
  return value;
}

}  // namespace hilbert

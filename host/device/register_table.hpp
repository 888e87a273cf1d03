// SPDX-License-Identifier: Apache-2.0
// The tile's registers as a table: what the generated offsets do not say, name by name, and how to find one by address.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace hilbert::device {

enum class Access : std::uint8_t { constant, ro, rw, w1c, w1s, wo };

struct Register {
  std::string_view name;
  std::uint32_t offset;  ///< from register_base
  std::uint32_t count;   ///< registers of an array, 4 bytes apart
  Access access;
  std::uint32_t writable;  ///< rw, w1c, w1s: bits that keep what is written, or that it clears or sets
  std::uint32_t reset;     ///< rw: value after reset
};

/// Of the tile and of its controller, ascending by offset.
std::span<const Register> registers();
std::span<const Register> cpu_registers();

/// The register at a byte offset; nullptr where there is none, or the offset is not a multiple of 4.
const Register* find_register(std::uint32_t offset);

/// "SEM[3]" or "address 0x8000003c, where there is no register".
std::string register_name(std::uint32_t address);

}  // namespace hilbert::device

// SPDX-License-Identifier: Apache-2.0
// What the generated headers say of a register beside its offset and fields.
#pragma once

#include <cstdint>
#include <string_view>

namespace hilbert::regs {

enum class Access : std::uint8_t { constant, ro, rw, w1c, w1s, wo };

struct Register {
  std::string_view name;
  std::uint32_t offset;  ///< in its block
  std::uint32_t count;   ///< registers of an array, 4 bytes apart
  Access access;
  std::uint32_t writable;  ///< rw, w1c, w1s: bits that keep what is written, or that it clears or sets
  std::uint32_t reset;     ///< rw: value after reset
};

}  // namespace hilbert::regs

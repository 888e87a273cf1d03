// SPDX-License-Identifier: Apache-2.0
// The sticky status flags of a job (vectors/README.md section 5).
#pragma once

#include <cstdint>
#include <hilbert/regs/job.hpp>
#include <string>

namespace hilbert::model {

/// Bit positions; the completion carries them in the same order.
using regs::job::Flag;

/// A set of flags. Flags are only ever raised; a job starts from the empty set.
struct Flags {
  std::uint8_t bits = 0;

  constexpr void raise(Flag f) { bits = static_cast<std::uint8_t>(bits | 1u << static_cast<unsigned>(f)); }
  constexpr void raise_if(Flag f, bool condition) {
    if (condition) raise(f);
  }
  constexpr bool has(Flag f) const { return (bits >> static_cast<unsigned>(f) & 1u) != 0; }
  constexpr Flags& operator|=(Flags other) {
    bits = static_cast<std::uint8_t>(bits | other.bits);
    return *this;
  }
  constexpr bool operator==(const Flags&) const = default;
};

/// "invalid|inexact", or "none".
inline std::string to_string(Flags flags) {
  std::string text;
  for (const regs::Value& flag : regs::job::flag_values) {
    if (!flags.has(static_cast<Flag>(flag.value))) continue;
    if (!text.empty()) text += '|';
    text += flag.name;
  }
  return text.empty() ? "none" : text;
}

}  // namespace hilbert::model

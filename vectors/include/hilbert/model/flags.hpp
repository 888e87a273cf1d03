// SPDX-License-Identifier: Apache-2.0
// The sticky status flags of a job (vectors/README.md section 5).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace hilbert::model {

/// Bit positions; the completion carries them in the same order.
enum class Flag : std::uint8_t { invalid = 0, denormal, overflow, underflow, inexact, int_range };

inline constexpr std::array<std::string_view, 6> kFlagNames{"invalid",   "denormal", "overflow",
                                                            "underflow", "inexact",  "int_range"};

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
  for (unsigned i = 0; i < kFlagNames.size(); ++i) {
    if (!flags.has(static_cast<Flag>(i))) continue;
    if (!text.empty()) text += '|';
    text += kFlagNames[i];
  }
  return text.empty() ? "none" : text;
}

}  // namespace hilbert::model

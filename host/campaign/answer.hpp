// SPDX-License-Identifier: Apache-2.0
// What is known of an experiment: its verdict, or which other one it is the same as.
#pragma once

#include <cstdint>

#include "campaign/outcome.hpp"
#include "campaign/state.hpp"

namespace hilbert::campaign {

/// A verdict; or that an experiment is the upset of `bit` in `clock`, which has the same.
class Answer {
 public:
  Answer() = default;  ///< not known yet
  static Answer of(const Verdict& v) { return {static_cast<std::uint8_t>(v.outcome), v.end, v.detail}; }
  static Answer same(std::uint32_t clock, StateBit bit) { return {alias_code, clock, bit}; }

  [[nodiscard]] bool is_alias() const { return code_ == alias_code; }
  [[nodiscard]] bool is_open() const { return code_ == open_code; }
  /// Of an alias.
  [[nodiscard]] std::uint32_t clock() const { return a_; }
  [[nodiscard]] StateBit bit() const { return b_; }
  /// Of any other.
  [[nodiscard]] Verdict verdict() const { return {static_cast<Outcome>(code_), a_, b_}; }

  bool operator==(const Answer&) const = default;

 private:
  static constexpr std::uint8_t alias_code = 0xFF, open_code = 0xFE;
  Answer(std::uint8_t code, std::uint32_t a, std::uint32_t b) : code_(code), a_(a), b_(b) {}
  std::uint8_t code_ = open_code;
  std::uint32_t a_ = 0, b_ = 0;
};

}  // namespace hilbert::campaign

// SPDX-License-Identifier: Apache-2.0
// What is known of each experiment of a sweep: a verdict, or another one that it came to be.
#pragma once

#include <cstdint>
#include <hilbert/error.hpp>
#include <string>
#include <utility>
#include <vector>

#include "campaign/answer.hpp"
#include "campaign/outcome.hpp"

namespace hilbert::campaign {

/// Number of an experiment in a sweep.
using Id = std::uint32_t;
inline constexpr Id no_id = ~Id{0};

class Ledger {
 public:
  /// `count` experiments more; returns the first one's number.
  Id add(std::size_t count) {
    const std::size_t first = answers_.size();
    if (first + count > alias_limit) {
      throw Error(ExitCode::bad_input, "too many experiments in one block", {}, "take fewer columns a block");
    }
    answers_.resize(first + count);
    return static_cast<Id>(first);
  }
  void decide(Id id, const Verdict& verdict) { answers_[id] = Answer::of(verdict); }
  /// From now on the same as `other`.
  void alias(Id id, Id other) { answers_[id] = Answer::same(inside, other); }
  /// The same as an upset that another block holds.
  void outside(Id id, std::uint32_t clock, StateBit bit) { answers_[id] = Answer::same(clock, bit); }

  /// What stands at the end of a chain of aliases, which always lead on.
  Answer resolve(Id id) {
    Id last = id;
    while (leads_on(last)) last = answers_[last].bit();
    if (answers_[last].is_open()) {
      throw Error(ExitCode::machine, "experiment " + std::to_string(last) + " was left without a verdict", {},
                  "this is a fault of the sweep: please report it");
    }
    while (leads_on(id)) id = std::exchange(answers_[id], answers_[last]).bit();
    return answers_[last];
  }

 private:
  static constexpr std::size_t alias_limit = no_id;
  static constexpr std::uint32_t inside = ~std::uint32_t{0};  ///< no clock
  [[nodiscard]] bool leads_on(Id id) const { return answers_[id].is_alias() && answers_[id].clock() == inside; }

  std::vector<Answer> answers_;
};

}  // namespace hilbert::campaign

// SPDX-License-Identifier: Apache-2.0
// Upsets of flip-flops that nobody asked for, but that others came to be.
#pragma once

#include <utility>
#include <vector>

#include "campaign/sweep.hpp"

namespace hilbert::campaign {

/// In each clock begin_all() comes before all else: what happens in it leads to the next one.
class Followed {
 public:
  explicit Followed(Sweep& sweep, std::uint32_t flip_flops) : sweep_(sweep), next_(flip_flops, no_id) {}

  /// Experiment `id` is the upset of a flip-flop in the next clock.
  void follow(Id id, std::uint32_t flip_flop) {
    if (next_[flip_flop] == no_id) {
      next_[flip_flop] = sweep_.ledger().add(1);
      wanted_.push_back(flip_flop);
    }
    sweep_.ledger().alias(id, next_[flip_flop]);
  }
  void begin_all() {
    std::vector<std::pair<std::uint32_t, Id>> wanted;
    for (const std::uint32_t f : wanted_) wanted.emplace_back(f, std::exchange(next_[f], no_id));
    wanted_.clear();
    for (const auto& [f, id] : wanted) sweep_.begin(id, {&f, 1}, {});
  }
  [[nodiscard]] bool empty() const { return wanted_.empty(); }

 private:
  Sweep& sweep_;
  std::vector<Id> next_;  ///< by flip-flop
  std::vector<std::uint32_t> wanted_;
};

}  // namespace hilbert::campaign

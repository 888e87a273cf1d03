// SPDX-License-Identifier: Apache-2.0
// The flip-flops of a word, run by run instead of flip-flop by flip-flop.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "campaign/word.hpp"

namespace hilbert::campaign {

/// Much faster for many lanes than to look at each row for each lane.
class LaneColumns {
 public:
  void build(const Word& word);

  /// Hashes of all that differs, memories included, lane after lane: equal for equal states.
  [[nodiscard]] std::array<std::uint64_t, lane_count> hashes(const Word& word) const;
  /// Whether two lanes differ in the same flip-flops.
  [[nodiscard]] bool same(unsigned lane, const LaneColumns& other, unsigned other_lane) const;
  /// All that differs in a lane, in ascending order.
  [[nodiscard]] std::vector<StateBit> bits_of(const Word& word, unsigned lane, const StateBits& bits) const;

 private:
  /// Of 64 flip-flops: [lane % 64][lane / 64] has a bit of each.
  using Block = std::array<Lanes, 64>;
  [[nodiscard]] std::uint64_t piece(std::size_t block, unsigned lane) const {
    return blocks_[block][lane % 64][lane / 64];
  }
  std::vector<Block> blocks_;
};

}  // namespace hilbert::campaign

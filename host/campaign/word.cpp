// SPDX-License-Identifier: Apache-2.0
// 512 runs between two clocks.
#include "campaign/word.hpp"

#include <algorithm>

namespace hilbert::campaign {

unsigned Word::enter(Id id) {
  unsigned lane = 0;
  while (live_[lane / 64] == ~std::uint64_t{0}) lane += 64;
  lane += static_cast<unsigned>(std::countr_one(live_[lane / 64]));
  set(live_, lane);
  ++count_;
  ids_[lane] = id;
  return lane;
}

unsigned Word::leave(const Lanes& lanes) {
  const unsigned left = campaign::count(lanes & live_);
  if (left == 0) return 0;
  live_ &= ~lanes;
  count_ -= left;
  for (Lanes& row : rows_) row &= ~lanes;
  memories_.erase(lanes);
  std::erase_if(forces_, [&](const Lasting& force) { return test(lanes, force.lane); });
  return left;
}

std::vector<StateBit> Word::bits_of(unsigned lane, const StateBits& bits) const {
  std::vector<StateBit> found;
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    if (test(rows_[i], lane)) found.push_back(i);
  }
  const std::vector<StateBit> memory = memories_.bits_of(lane, bits);
  found.insert(found.end(), memory.begin(), memory.end());
  return found;
}

}  // namespace hilbert::campaign

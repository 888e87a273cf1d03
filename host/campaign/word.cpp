// SPDX-License-Identifier: Apache-2.0
// 512 runs between two clocks.
#include "campaign/word.hpp"

#include <algorithm>
#include <utility>

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
  unsigned left = 0;
  for_each(lanes, [&](unsigned) { ++left; });
  if (left == 0) return 0;
  live_ &= ~lanes;
  count_ -= left;
  for (const std::uint32_t i : active_) flip_flops_[i] &= ~lanes;
  for (auto& [key, bits] : words_) {
    for (Lanes& differs : bits) differs &= ~lanes;
  }
  std::erase_if(words_, [](const auto& entry) { return std::ranges::none_of(entry.second, any); });
  return left;
}

void Word::flip(std::uint32_t flip_flop, unsigned lane) {
  if (std::exchange(listed_[flip_flop], 1) == 0) active_.push_back(flip_flop);
  set(flip_flops_[flip_flop], lane);
}

void Word::flip(std::uint32_t memory, std::uint32_t word, std::uint32_t bit, std::uint32_t width, unsigned lane) {
  auto& bits = words_[word_key(memory, word)];
  if (bits.empty()) bits.assign(width, no_lanes());
  set(bits[bit], lane);
}

void Word::give(Differences& clock) {
  clock.begin(live_);
  for (const std::uint32_t i : active_) {
    if (any(flip_flops_[i])) clock.differ(i, flip_flops_[i]);
    flip_flops_[i] = no_lanes();
    listed_[i] = 0;
  }
  active_.clear();
  clock.words() = std::move(words_);
}

void Word::take(Differences& clock) {
  for (const auto& [flip_flop, lanes] : clock.next()) {
    flip_flops_[flip_flop] = lanes;
    listed_[flip_flop] = 1;
    active_.push_back(flip_flop);
  }
  words_ = std::move(clock.words());
}

}  // namespace hilbert::campaign

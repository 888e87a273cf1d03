// SPDX-License-Identifier: Apache-2.0
// Injected bit flips of a SECDED memory.
#include "fault_map.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace hilbert::device {

void FaultMap::flip(std::uint32_t word, unsigned lane, unsigned bit) {
  Lane& flips = words_[word].at(lane);
  if (bit < 64) {
    flips.data ^= std::uint64_t{1} << bit;
  } else {
    flips.check = static_cast<std::uint8_t>(flips.check ^ 1u << (bit - 64));
  }
  if (words_[word] == Word{}) words_.erase(word);
}

WordState FaultMap::state(std::uint32_t word) const {
  const auto found = words_.find(word);
  if (found == words_.end()) return WordState::good;
  int worst = 0;
  for (const Lane& lane : found->second) worst = std::max(worst, std::popcount(lane.data) + std::popcount(lane.check));
  return worst > 1 ? WordState::uncorrectable : WordState::corrected;
}

void FaultMap::heal(std::uint32_t first, std::uint64_t bytes) {
  auto it = words_.lower_bound(first);
  while (it != words_.end() && it->first - first < bytes) it = words_.erase(it);
}

void FaultMap::disturb(std::uint32_t word, std::span<std::byte> contents) const {
  const auto found = words_.find(word);
  if (found == words_.end()) return;
  for (std::size_t lane = 0; lane < contents.size() / 8; ++lane) {
    const Lane& flips = found->second[lane];
    if (std::popcount(flips.data) + std::popcount(flips.check) < 2) continue;
    std::uint64_t stored = 0;
    std::memcpy(&stored, contents.data() + 8 * lane, 8);
    stored ^= flips.data;
    std::memcpy(contents.data() + 8 * lane, &stored, 8);
  }
}

}  // namespace hilbert::device

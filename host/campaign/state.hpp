// SPDX-License-Identifier: Apache-2.0
// State bits of a netlist, numbered: flip-flops, then the memories' bits.
#pragma once

#include <algorithm>
#include <cstdint>
#include <hilbert/tb/netlist.hpp>
#include <vector>

namespace hilbert::campaign {

using StateBit = std::uint32_t;

/// A bit of a memory.
struct MemoryBit {
  std::uint32_t memory = 0, word = 0, bit = 0;
};

class StateBits {
 public:
  explicit StateBits(const tb::Netlist& netlist) : flip_flops_(static_cast<std::uint32_t>(netlist.flip_flops.size())) {
    std::uint32_t next = flip_flops_;
    for (const tb::Memory& memory : netlist.memories) {
      first_.push_back(next);
      width_.push_back(memory.width);
      next += memory.width * memory.words;
    }
    count_ = next;
  }

  [[nodiscard]] std::uint32_t flip_flops() const { return flip_flops_; }
  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] bool is_flip_flop(StateBit bit) const { return bit < flip_flops_; }
  [[nodiscard]] StateBit of(const MemoryBit& b) const { return first_[b.memory] + b.word * width_[b.memory] + b.bit; }
  [[nodiscard]] MemoryBit memory_bit(StateBit bit) const {
    const auto memory = static_cast<std::uint32_t>(std::ranges::upper_bound(first_, bit) - first_.begin() - 1);
    const std::uint32_t offset = bit - first_[memory];
    return {memory, offset / width_[memory], offset % width_[memory]};
  }

 private:
  std::uint32_t flip_flops_, count_ = 0;
  std::vector<std::uint32_t> first_, width_;  ///< of each memory
};

}  // namespace hilbert::campaign

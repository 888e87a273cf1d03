// SPDX-License-Identifier: Apache-2.0
// Rows turned into columns, 64 at a time.
#include "campaign/columns.hpp"

#include <algorithm>
#include <bit>
#include <hilbert/random.hpp>

namespace hilbert::campaign {

void LaneColumns::build(const Word& word) {
  const auto rows = word.rows();
  blocks_.resize((rows.size() + 63) / 64);
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    Block& block = blocks_[b];
    const std::size_t count = std::min<std::size_t>(64, rows.size() - 64 * b);
    std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(64 * b), count, block.begin());
    std::fill(block.begin() + static_cast<std::ptrdiff_t>(count), block.end(), no_lanes());
    transpose(block);
  }
}

std::array<std::uint64_t, lane_count> LaneColumns::hashes(const Word& word) const {
  std::array<Lanes, 64> sums{};
  const auto add = [&](const Block& block, std::uint64_t key) {
    for (unsigned i = 0; i < 64; ++i) {
      const Lanes product = (block[i] ^ block[i] >> 29) * key;
      sums[i] += product ^ product >> 32;
    }
  };
  for (std::size_t b = 0; b < blocks_.size(); ++b) add(blocks_[b], Rng::mix(b + 1) | 1);
  Block block;
  for (const auto& entry : word.memories().entries()) {
    const auto rows = word.memories().rows(entry);
    for (std::uint32_t first = 0; first < rows.size(); first += 64) {
      const std::size_t count = std::min<std::size_t>(64, rows.size() - first);
      std::copy_n(rows.begin() + first, count, block.begin());
      std::fill(block.begin() + static_cast<std::ptrdiff_t>(count), block.end(), no_lanes());
      transpose(block);
      add(block, Rng::mix(Rng::mix(std::uint64_t{entry.memory} << 32 | entry.word) + first) | 1);
    }
  }
  std::array<std::uint64_t, lane_count> hashes;
  for (unsigned lane = 0; lane < lane_count; ++lane) hashes[lane] = sums[lane % 64][lane / 64];
  return hashes;
}

bool LaneColumns::same(unsigned lane, const LaneColumns& other, unsigned other_lane) const {
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    if (piece(b, lane) != other.piece(b, other_lane)) return false;
  }
  return true;
}

std::vector<StateBit> LaneColumns::bits_of(const Word& word, unsigned lane, const StateBits& bits) const {
  std::vector<StateBit> found;
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    for (std::uint64_t rest = piece(b, lane); rest != 0; rest &= rest - 1)
      found.push_back(static_cast<StateBit>(64 * b + static_cast<unsigned>(std::countr_zero(rest))));
  }
  const std::vector<StateBit> memory = word.memories().bits_of(lane, bits);
  found.insert(found.end(), memory.begin(), memory.end());
  return found;
}

}  // namespace hilbert::campaign

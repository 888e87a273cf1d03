// SPDX-License-Identifier: Apache-2.0
// 512 runs side by side: a bit a run.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace hilbert::campaign {

inline constexpr unsigned lane_count = 512;

/// A bit of each of 512 runs; & | ^ ~ work on all of them. The compiler splits it where the processor is narrower.
using Lanes = std::uint64_t __attribute__((vector_size(lane_count / 8)));

inline Lanes no_lanes() { return Lanes{}; }
inline Lanes all_lanes() { return ~Lanes{}; }
inline Lanes spread(bool bit) { return bit ? all_lanes() : no_lanes(); }

inline bool any(const Lanes& lanes) {
  std::uint64_t sum = 0;
  for (unsigned i = 0; i < lane_count / 64; ++i) sum |= lanes[i];
  return sum != 0;
}
inline bool test(const Lanes& lanes, unsigned lane) { return (lanes[lane / 64] >> lane % 64 & 1) != 0; }
inline void set(Lanes& lanes, unsigned lane) { lanes[lane / 64] |= std::uint64_t{1} << lane % 64; }
inline void clear(Lanes& lanes, unsigned lane) { lanes[lane / 64] &= ~(std::uint64_t{1} << lane % 64); }

/// Calls `visit` with the number of each lane that is set, the lowest first.
template <class Visit>
void for_each(const Lanes& lanes, Visit visit) {
  for (unsigned i = 0; i < lane_count / 64; ++i) {
    for (std::uint64_t rest = lanes[i]; rest != 0; rest &= rest - 1) {
      visit(i * 64 + static_cast<unsigned>(std::countr_zero(rest)));
    }
  }
}

/// Number of lanes that are set.
inline unsigned count(const Lanes& lanes) {
  unsigned sum = 0;
  for (unsigned i = 0; i < lane_count / 64; ++i) sum += static_cast<unsigned>(std::popcount(lanes[i]));
  return sum;
}

/// Bit j of m[i] becomes bit i of m[j] (Warren, Hacker's Delight, section 7-3); of Lanes: in each 64 of them alike.
template <class Piece>
void transpose(std::array<Piece, 64>& m) {
  std::uint64_t mask = 0x0000'0000'FFFF'FFFF;
  for (unsigned j = 32; j != 0; j >>= 1, mask ^= mask << j) {
    for (unsigned k = 0; k < 64; k = (k + j + 1) & ~j) {
      const Piece t = (m[k] >> j ^ m[k + j]) & mask;
      m[k + j] ^= t;
      m[k] ^= t << j;
    }
  }
}

}  // namespace hilbert::campaign

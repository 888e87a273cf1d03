// SPDX-License-Identifier: Apache-2.0
// Bounds from the length of wires.
#include "patience.hpp"

#include <algorithm>
#include <hilbert/regs/link.hpp>
#include <hilbert/regs/net.hpp>

namespace hilbert::board {

std::uint64_t way(const Wires& wires) {
  const bool shifted = std::ranges::max(wires.bit_offset) != 0;  // the last bits come with the next symbol
  return std::uint64_t{wires.latency} + std::ranges::max(wires.skew) + (shifted ? 1 : 0);
}

LinkBounds link_bounds(std::uint64_t way) {
  namespace r = regs::link;
  const auto there_and_back = static_cast<std::uint32_t>(2 * way);
  return {r::replay_timeout_reset + there_and_back, r::hunt_timeout_reset + there_and_back,
          static_cast<std::uint32_t>(r::train_timeout_reset + training_ways * way)};
}

Patience::Patience(const BoardFile& file) {
  for (const BoardLink& link : file.links) way_ = std::max(way_, board::way(link.wires));
  hops_ = std::max(1U, file.width() - 1 + file.height() - 1);
}

Patience::Patience(Board& board) : Patience(board.file()) {
  if (!board.device(0).capabilities().can.time) way_ = 0;
}

std::uint64_t Patience::emptying() const {
  constexpr std::uint64_t hop = 1'000;  // more than a longest flit takes through one: rtl/link/README.md, Figures
  return hops_ * (hop + way_) + link_bounds(way_).replay_timeout;
}

std::uint32_t Patience::get_timeout() const {
  return static_cast<std::uint32_t>(stillness(regs::net::get_timeout_reset));
}

}  // namespace hilbert::board

// SPDX-License-Identifier: Apache-2.0
// Which chips of a board reach which, as its routers go: first along x, then along y (rtl/net/README.md).
#pragma once

#include <array>
#include <cstdint>
#include <hilbert/board.hpp>
#include <vector>

namespace hilbert::board {

class Reach {
 public:
  /// Of each chip: where it is, and a bit a port that leads to the neighbour it should.
  Reach(std::vector<Place> places, const std::vector<std::uint32_t>& ports);
  /// As the chips have it now: PLACE, PORTS, and links that are not down.
  explicit Reach(Board& board);

  [[nodiscard]] Place place(std::size_t chip) const { return places_[chip]; }
  /// Whether what `from` sends comes to `to`. The way back is another one.
  [[nodiscard]] bool operator()(std::size_t from, std::size_t to) const;
  /// All others that `from` reaches.
  [[nodiscard]] std::vector<std::size_t> from(std::size_t from) const;

 private:
  void join(const std::vector<std::uint32_t>& ports);

  std::vector<Place> places_;
  std::vector<std::array<std::size_t, board_ports>> beside_;  ///< of each chip and port, the next chip
};

}  // namespace hilbert::board

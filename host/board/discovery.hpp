// SPDX-License-Identifier: Apache-2.0
// From what every end of every link hears to a map of the board, and how it differs from the board file.
#pragma once

#include <array>
#include <cstdint>
#include <hilbert/board.hpp>
#include <optional>
#include <vector>

namespace hilbert::board {

/// What software writes into NODE of an end: not 0, which is what an end hears that hears nobody.
[[nodiscard]] constexpr std::uint32_t node_number(BoardEnd end) {
  return static_cast<std::uint32_t>(1 + board_ports * end.chip + end.port);
}

using Findings = std::vector<std::array<LinkEnd, board_ports>>;  ///< of each chip, after training

struct Discovery {
  std::vector<std::optional<Place>> places;  ///< nothing: no way leads there from chip 0
  std::vector<std::uint32_t> ports;          ///< of each chip, a bit a port that leads to the neighbour it should
  std::vector<BoardProblem> problems;
};

/// Chip 0, to which the host holds on, is where the file says; all others are where the links lead. `lanes`: of a link.
[[nodiscard]] Discovery discover(const BoardFile& file, const Findings& found, unsigned lanes);

}  // namespace hilbert::board

// SPDX-License-Identifier: Apache-2.0
// From chips that were just powered on to a board that is known and routes.
#pragma once

#include <hilbert/board.hpp>
#include <vector>

namespace hilbert::board {

/// Numbers the ends of all links and opens them, finds out over them who is joined to whom, and writes PLACE and PORTS
/// of every chip. What is not as the file says; without options.tolerant, Error(machine) if that is anything.
[[nodiscard]] std::vector<BoardProblem> start_up(Board& board, const BoardOptions& options);

}  // namespace hilbert::board

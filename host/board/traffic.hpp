// SPDX-License-Identifier: Apache-2.0
// Random transfers between the chips of a board, every byte checked.
#pragma once

#include <cstdint>
#include <hilbert/board.hpp>

namespace hilbert::board {

struct Traffic {
  std::uint64_t transfers = 0, bytes = 0;
  std::uint64_t clocks = 0;  ///< of the board, loading and reading of memories included
};

/// `rounds` times, every chip sends a block of random data to a random other chip, all at once; then the host compares.
/// Takes the data memory, semaphore 0 and the queue of every chip, which must be idle. Error: check_failed that names
/// the transfer, round and seed for data that does not arrive as it was sent, or not within `patience` clocks.
Traffic exchange(Board& board, unsigned rounds, std::uint64_t seed, std::uint64_t patience = 1'000'000);

}  // namespace hilbert::board

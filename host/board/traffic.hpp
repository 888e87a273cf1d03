// SPDX-License-Identifier: Apache-2.0
// Random transfers between the chips of a board, every byte checked.
#pragma once

#include <cstdint>
#include <functional>
#include <hilbert/board.hpp>

namespace hilbert::board {

inline constexpr unsigned most_rounds = 1'000'000;

struct Traffic {
  std::uint64_t transfers = 0, bytes = 0;
  std::uint64_t clocks = 0;  ///< of the board, loading and reading of memories included
  std::size_t senders = 0;   ///< chips that reach another; the others send nothing
  std::uint64_t pairs = 0;   ///< of a sender and a chip that it reaches: all of them on a board that is whole
};

/// `rounds` times, every chip sends a block of random data to a random other chip that routing leads to, all at once;
/// then the host compares. Takes the data memory, semaphore 0 and the queue of every chip, which must be idle.
/// `progress` is told how many transfers have arrived, and of how many. Error: check_failed that names the transfer,
/// round and seed for data that does not arrive as it was sent, or when nothing moves any more (Patience::stillness)
/// though not all has come; for a board on which no chip reaches another. bad_input for no rounds or more than
/// most_rounds, and for a board of one chip.
Traffic exchange(Board& board, unsigned rounds, std::uint64_t seed,
                 const std::function<void(std::uint64_t done, std::uint64_t all)>& progress = {});

}  // namespace hilbert::board

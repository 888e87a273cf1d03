// SPDX-License-Identifier: Apache-2.0
// How long to wait for what travels over the wires of a board: the one place where bounds follow from their length.
//
// A wire may be as short as a clock or as long as 65,536 of them, so no bound on waiting is a number alone: each is
// what it is on short wires plus what travelling adds. In ways, the time from one end of a link to the other:
//
//     an acknowledgement, or the answer to a nack         2   there and back
//     a training: each end hears the other; hears what
//       it wishes; hears that it is granted; hears data   4   and 8 are given, so that an end which begins late counts
//     a flit from chip to chip over h hops                h   and h for what comes back: a credit, a signal, an answer
#pragma once

#include <cstdint>
#include <hilbert/board.hpp>

namespace hilbert::board {

inline constexpr std::uint64_t training_ways = 8;

/// Clocks from a symbol's leaving one end to its last bit's coming to the other on the slowest lane.
[[nodiscard]] std::uint64_t way(const Wires& wires);

/// What registers of both ends of a link are to hold.
struct LinkBounds {
  std::uint32_t replay_timeout = 0, hunt_timeout = 0;  ///< 20 bits each
  std::uint32_t train_timeout = 0;                     ///< once the board is known
};
/// The values after reset, which are for short wires, and a way there and back; for training its ways.
[[nodiscard]] LinkBounds link_bounds(std::uint64_t way);

/// Of a whole board, whose wires may differ.
class Patience {
 public:
  explicit Patience(const BoardFile& file);
  /// The same; chips without clocks have no wires.
  explicit Patience(Board& board);

  /// The longest way of one link.
  [[nodiscard]] std::uint64_t way() const { return way_; }
  /// Clocks in which links that can train have trained, where on short wires `clocks` are enough.
  [[nodiscard]] std::uint64_t training(std::uint64_t clocks) const { return clocks + training_ways * way_; }
  /// Clocks in which something moves on a board that works, where on short wires it does within `clocks`: a job ends,
  /// or a word leaves a tile or comes to one. Nothing may move while a flit goes through the whole board, what it is
  /// waited for comes back, and a link trains again meanwhile.
  [[nodiscard]] std::uint64_t stillness(std::uint64_t clocks) const {
    return clocks + 2 * hops_ * way_ + training_ways * way_;
  }
  /// Clocks after which a network into which nothing is put is empty, if nothing came out of it meanwhile: a flit goes
  /// through the whole board, and is lost once and sent again.
  [[nodiscard]] std::uint64_t emptying() const;
  /// What GET_TIMEOUT of the network is to hold: its value after reset, and stillness().
  [[nodiscard]] std::uint32_t get_timeout() const;
  /// Clocks from one look at the board to the next, where on short wires `clocks` are right.
  [[nodiscard]] std::uint64_t glance(std::uint64_t clocks) const { return clocks + way_ / 16; }

 private:
  std::uint64_t way_ = 0;
  std::uint64_t hops_ = 1;  ///< between the two chips that are furthest apart, in dimension order
};

}  // namespace hilbert::board

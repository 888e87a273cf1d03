// SPDX-License-Identifier: Apache-2.0
// Proof that runs will never be done.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "campaign/lanes.hpp"
#include "campaign/moment.hpp"
#include "campaign/program.hpp"
#include "campaign/word.hpp"

namespace hilbert::campaign {

/// Lanes in which fewer than 32 flip-flops change from the moment's clock to the next: what hangs, is rarely busy.
/// `before` and `after`: where each flip-flop differs.
Lanes quiet(const Moment& moment, std::span<const Lanes> before, std::span<const Lanes> after);

/// In each lane, the smallest box of states that holds the run's own and that the clock does not lead out of: a box
/// says of each state bit that it is 0, that it is 1, or that it may be either (a counter that runs on). If no watched
/// net can tell anything in a box, the run hangs.
///
/// Why that is a proof: with pins that do not change any more, what a clock makes of a state depends on the state
/// alone. Logic of three values gives of each net all levels that it can have in any state of a box, and maybe more; so
/// the next state of each of them is in the box that the three-valued edge gives. A box is widened by that until
/// nothing is new in it: then all later states are in it, by induction.
class Stuck {
 public:
  Stuck(const Moment& moment, const Program& program);

  /// Lanes of the word that are proven to hang, from now on until the budget. None before Trace::steady_from().
  Lanes prove(const Word& word);

 private:
  /// May be one, may be zero.
  struct Level {
    Lanes one, zero;
  };
  void evaluate(const Program::Step& step);
  void read(const Program::Step& step, const Word& word, const Lanes& live);
  [[nodiscard]] Lanes tells() const;
  [[nodiscard]] Lanes widen_flip_flops();
  [[nodiscard]] Lanes widen_memories();
  [[nodiscard]] const Level& at(Net net) const { return levels_[program_.place[net]]; }

  const Moment& moment_;
  const tb::Netlist& netlist_;
  const Program& program_;
  std::vector<Level> levels_;  ///< by place
  std::vector<Level> states_;  ///< of flip-flops
  /// Of flip-flops: what the last three rounds added, the last one first.
  std::vector<std::array<Lanes, 3>> fresh_;
  /// Registers, bit 0 first. A counter's bits would become unknown one a round: where three have, the rest follow at
  /// once. A box may be widened by anything.
  std::vector<std::vector<std::uint32_t>> vectors_;
  std::vector<Lanes> unknown_;  ///< of memories: lanes in which all their words may be anything
  std::vector<Lanes> data_;
};

}  // namespace hilbert::campaign

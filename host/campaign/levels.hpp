// SPDX-License-Identifier: Apache-2.0
// One clock of 512 disturbed runs, every gate evaluated: cheaper than events where much differs.
#pragma once

#include <cstdint>
#include <vector>

#include "campaign/moment.hpp"
#include "campaign/program.hpp"
#include "campaign/word.hpp"

namespace hilbert::campaign {

class Levels {
 public:
  /// `moment` goes on from clock to clock outside.
  explicit Levels(const Moment& moment);

  [[nodiscard]] const Program& program() const { return program_; }

  /// The clock's levels from what differs at its start.
  void settle(const Word& word);
  /// Where a watched net, or one that an edge needs, differs.
  [[nodiscard]] Lanes at(Net net) const { return values_[program_.place[net]] ^ moment_.mask(net); }
  /// The edge. Only `live` lanes of the word differ afterwards.
  void clock(Word& word, const Lanes& live);

 private:
  /// Flip-flops with the same enable and reset.
  struct Group {
    tb::FlipFlop like;
    std::uint32_t first, last;  ///< in members_
  };
  struct Member {
    std::uint32_t flip_flop;
    Program::Place d;
    bool reset_to;
  };
  /// Half the size: the list of operations is read as a whole in every clock.
  struct ShortOperation {
    std::uint16_t a, b, s, y;
  };
  template <class Operation>
  void evaluate(const Program::Step& step, const Operation* operations);
  void clock_flip_flops(Word& word, const Lanes& live) const;

  const Moment& moment_;
  const tb::Netlist& netlist_;
  Program program_;
  std::vector<ShortOperation> short_;  ///< the program's, if there are few places
  std::vector<Lanes> values_;          ///< by place
  std::vector<Lanes> data_;
  std::vector<Group> groups_;
  std::vector<Member> members_;
};

}  // namespace hilbert::campaign

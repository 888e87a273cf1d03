// SPDX-License-Identifier: Apache-2.0
// One clock of up to 512 disturbed runs at once, as differences from the undisturbed run: events, not values.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "campaign/fault.hpp"
#include "campaign/lanes.hpp"
#include "campaign/memory_rows.hpp"
#include "campaign/moment.hpp"

namespace hilbert::campaign {

/// The order of calls in a clock: begin, differ, force, settle, at, clock; then next() and the memories are the state
/// at its end.
class Differences {
 public:
  /// `moment` goes on from clock to clock outside.
  explicit Differences(const Moment& moment);

  /// Nothing differs but words of memories.
  void begin(MemoryRows& memories);
  /// The state of a flip-flop differs in one lane; in `lanes` too.
  void differ(std::uint32_t flip_flop, unsigned lane);
  void differ(std::uint32_t flip_flop, const Lanes& lanes);
  /// A net is forced in one lane, after what else was forced upon it.
  void force(Net net, Force::Level level, unsigned lane);

  /// Spreads what differs through gates and read ports. Only `live` lanes may differ.
  void settle(const Lanes& live);
  [[nodiscard]] const Lanes& at(Net net) const { return nets_[net]; }

  /// The edge: flip-flops and memories take what differs.
  void clock();
  /// Flip-flops that differ after it.
  [[nodiscard]] const std::vector<std::pair<std::uint32_t, Lanes>>& next() const { return next_; }

  /// Gates and read ports evaluated by the last settle(), and so far.
  [[nodiscard]] std::uint64_t last_evaluations() const { return last_evaluations_; }
  [[nodiscard]] std::uint64_t evaluations() const { return evaluations_; }

 private:
  /// level & keep ^ flip
  struct Forced {
    Net net;
    Lanes keep, flip;
    Lanes state;  ///< of the flip-flop behind it: where that differs
  };
  void touch(Net net, const Lanes& lanes);
  void schedule(std::uint32_t node) {
    pending_[node / 64] |= std::uint64_t{1} << node % 64;
    pending_words_[node / 4096] |= std::uint64_t{1} << node / 64 % 64;
  }
  void evaluate(const Circuit::Node& node);
  void evaluate_read(std::uint32_t memory, std::uint32_t port);
  [[nodiscard]] Lanes forced(Net net, const Lanes& lanes) const;
  [[nodiscard]] Lanes held(const tb::FlipFlop& f) const;
  void clock_flip_flops();
  void clock_memories();
  /// Most nets that a gate reads do not differ: then their row need not come from memory.
  [[nodiscard]] const Lanes& row(Net net) const { return *(listed_[net] != 0 ? &nets_[net] : &nothing_); }
  [[nodiscard]] Lanes level(Net net) const { return row(net) ^ moment_.mask(net); }

  const Moment& moment_;
  const Circuit& circuit_;
  MemoryRows* memories_ = nullptr;
  Lanes live_ = no_lanes();
  std::vector<Lanes> nets_;  ///< of nets that are not listed: nothing
  Lanes nothing_ = no_lanes();
  std::vector<std::uint8_t> listed_;  ///< by net: whether it is among touched_
  std::vector<Net> touched_;          ///< nets that may differ
  std::vector<std::uint32_t> force_;  ///< by net: place in forces_, plus 1
  std::vector<Forced> forces_;
  std::vector<std::uint64_t> pending_, pending_words_;
  std::vector<std::pair<std::uint32_t, Lanes>> next_;
  std::vector<std::uint32_t> taken_, writing_;  ///< by flip-flop, by memory: the clock in which it was last looked at
  std::vector<std::uint32_t> written_;          ///< memories to be clocked
  std::vector<Lanes> data_;                     ///< of a read port
  std::uint32_t stamp_ = 0;
  std::uint64_t evaluations_ = 0, last_evaluations_ = 0;
};

}  // namespace hilbert::campaign

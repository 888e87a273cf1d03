// SPDX-License-Identifier: Apache-2.0
// One clock of up to 512 disturbed runs at once, as differences from the golden run: events, not values.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "campaign/circuit.hpp"
#include "campaign/golden.hpp"
#include "campaign/lanes.hpp"
#include "campaign/state.hpp"

namespace hilbert::campaign {

/// Words of memories that differ: by memory << 32 | word, a Lanes a bit.
using WordDifferences = std::unordered_map<std::uint64_t, std::vector<Lanes>>;

inline std::uint64_t word_key(std::uint32_t memory, std::uint32_t word) { return std::uint64_t{memory} << 32 | word; }

/// The order of calls in a clock: begin, differ and words() for the state at its start, settle, at, clock; then next()
/// and words() are the state at its end.
class Differences {
 public:
  /// `golden` goes on from clock to clock outside.
  Differences(const Circuit& circuit, const Golden& golden);

  /// Nothing differs, and only `live` lanes will.
  void begin(const Lanes& live);
  /// The output of a flip-flop differs in `lanes`.
  void differ(std::uint32_t flip_flop, const Lanes& lanes);
  /// Words that differ, to be filled, or taken.
  [[nodiscard]] WordDifferences& words() { return words_; }
  [[nodiscard]] const WordDifferences& words() const { return words_; }

  /// Spreads what differs through gates and read ports.
  void settle();
  [[nodiscard]] const Lanes& at(Net net) const { return nets_[net]; }

  /// The edge: flip-flops and memories take what differs.
  void clock();
  /// Flip-flops that differ after it.
  [[nodiscard]] const std::vector<std::pair<std::uint32_t, Lanes>>& next() const { return next_; }

  /// Gates and read ports evaluated so far, of all lanes of a word at once.
  [[nodiscard]] std::uint64_t evaluations() const { return evaluations_; }

 private:
  void touch(Net net, const Lanes& lanes);
  void schedule(std::uint32_t node) {
    pending_[node / 64] |= std::uint64_t{1} << node % 64;
    pending_words_[node / 4096] |= std::uint64_t{1} << node / 64 % 64;
  }
  void evaluate(const Circuit::Node& node);
  void evaluate_read(std::uint32_t memory, std::uint32_t port);
  void clock_flip_flops();
  void clock_memory(std::uint32_t memory);
  void clock_port(std::uint32_t memory, std::uint32_t port);
  [[nodiscard]] Lanes other_address(const std::vector<Net>& address) const;
  [[nodiscard]] std::uint32_t lane_word(const tb::Memory& memory, const std::vector<Net>& address, unsigned lane) const;
  [[nodiscard]] Lanes level(Net net) const { return nets_[net] ^ spread(golden_.value(net) != 0); }
  std::vector<Lanes>& word(std::uint32_t memory, std::uint32_t word);

  const Circuit& circuit_;
  const Golden& golden_;
  Lanes live_ = no_lanes();
  std::vector<Lanes> nets_;
  std::vector<Net> touched_;  ///< nets that may differ
  std::vector<std::uint64_t> pending_, pending_words_;
  WordDifferences words_;
  std::vector<std::pair<std::uint32_t, Lanes>> next_;
  std::vector<std::uint32_t> taken_, writing_;  ///< by flip-flop, by memory: the clock in which it was last looked at
  std::uint32_t stamp_ = 0;
  std::uint64_t evaluations_ = 0;
};

}  // namespace hilbert::campaign

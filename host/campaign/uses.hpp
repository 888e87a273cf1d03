// SPDX-License-Identifier: Apache-2.0
// In which clocks it matters to the undisturbed run what a word of a memory holds.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "campaign/circuit.hpp"
#include "campaign/outcome.hpp"

namespace hilbert::campaign {

struct WordAt {
  std::uint32_t memory = 0, word = 0;

  bool operator==(const WordAt&) const = default;
};

/// A run that differs in words of memories alone does what the undisturbed run does, until one of them is used:
/// written, or read so that it may be seen. A word at a read port is not seen if its bits could be anything (x) and yet
/// no flip-flop, no write and no watched net would take another value than a known one: nothing behind it is enabled.
class Uses {
 public:
  static constexpr std::uint32_t never = ~std::uint32_t{0};

  Uses(const Circuit& circuit, const std::vector<Watch>& watches);

  /// What the design does in the next clock; `masks`: of each net, all ones or all zeros.
  void add(std::span<const std::uint64_t> masks);
  /// No clock comes any more.
  void finish();

  /// Words used in a clock.
  [[nodiscard]] std::span<const WordAt> in(std::uint32_t clock) const {
    return std::span(used_).subspan(used_first_[clock], used_first_[clock + 1] - used_first_[clock]);
  }
  /// The first clock from `clock` on in which one of the words is used, or two of them are read, which may matter
  /// although neither would alone; `never` if there is none.
  [[nodiscard]] std::uint32_t next(std::span<const WordAt> words, std::uint32_t clock) const;

 private:
  [[nodiscard]] std::uint32_t word_at(std::span<const std::uint64_t> masks, std::uint32_t memory,
                                      const std::vector<Net>& address) const;
  void taint(Net net, std::uint64_t lanes);
  void spread(std::span<const std::uint64_t> masks);
  [[nodiscard]] std::uint64_t seen(std::span<const std::uint64_t> masks) const;
  [[nodiscard]] std::uint32_t list_of(const WordAt& at) const { return first_word_[at.memory] + at.word; }

  const Circuit& circuit_;
  std::vector<Net> watched_;
  std::vector<std::uint32_t> first_word_;                                   ///< of each memory, among all words
  std::vector<WordAt> used_;                                                ///< clock by clock
  std::vector<std::uint32_t> used_first_{0};                                ///< of each clock
  std::vector<std::pair<std::uint32_t, std::uint32_t>> used_at_, read_at_;  ///< (word, clock)
  Lists used_clocks_, read_clocks_;                                         ///< by word
  // Which nets could be anything, if a word at the read ports could: a lane a word.
  std::vector<std::uint64_t> nets_, source_, pending_;
  std::vector<Net> touched_;
};

}  // namespace hilbert::campaign

// SPDX-License-Identifier: Apache-2.0
// All runs that live on, in words of 512; equal ones go on as one.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "campaign/columns.hpp"
#include "campaign/ledger.hpp"
#include "campaign/word.hpp"

namespace hilbert::campaign {

class Survivors {
 public:
  Survivors(const tb::Netlist& netlist, const StateBits& bits) : netlist_(netlist), bits_(bits) {}

  struct Place {
    Word* word = nullptr;
    unsigned lane = 0;
  };
  /// A lane for a run, in which nothing differs yet.
  Place enter(Id id, bool forced);
  /// The same, with its differences.
  void enter(Id id, std::span<const StateBit> bits);

  /// Inverts bits in a lane.
  void place(const Place& place, std::span<const StateBit> bits) const;

  [[nodiscard]] std::size_t count() const;
  /// Those without forces, and those with.
  [[nodiscard]] const std::vector<std::unique_ptr<Word>>& words() const { return words_; }
  [[nodiscard]] const std::vector<std::unique_ptr<Word>>& forced() const { return forced_; }

  /// Lanes of words() whose states are equal go on as one: found by a hash, compared bit by bit. Returns how many
  /// ended.
  std::uint64_t merge(Ledger& ledger, std::uint64_t hash_bits);
  /// As few words as will do.
  void compact();

 private:
  const tb::Netlist& netlist_;
  const StateBits& bits_;
  std::vector<std::unique_ptr<Word>> words_, forced_;
  LaneColumns moving_;                ///< of a word that is given up, in compact()
  std::vector<LaneColumns> columns_;  ///< of words_, in merge()
};

}  // namespace hilbert::campaign

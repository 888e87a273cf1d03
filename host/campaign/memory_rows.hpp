// SPDX-License-Identifier: Apache-2.0
// Words of memories that differ from the undisturbed run's in some of 512 lanes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "campaign/circuit.hpp"
#include "campaign/lanes.hpp"
#include "campaign/state.hpp"

namespace hilbert::campaign {

class MemoryRows {
 public:
  explicit MemoryRows(const tb::Netlist& netlist);

  /// Lanes in which anything differs; in which a memory does.
  [[nodiscard]] const Lanes& any_lanes() const { return any_; }
  [[nodiscard]] const Lanes& lanes_of(std::uint32_t memory) const { return of_memory_[memory]; }

  struct Entry {
    std::uint32_t memory = 0, word = 0;
    std::uint32_t first = 0;  ///< of its rows
    Lanes lanes;              ///< in which a bit differs
  };
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  /// Null if no lane differs there.
  [[nodiscard]] const Entry* find(std::uint32_t memory, std::uint32_t word) const;
  /// In which lanes each bit differs.
  [[nodiscard]] std::span<const Lanes> rows(const Entry& entry) const {
    return std::span(rows_).subspan(entry.first, width_[entry.memory]);
  }

  /// All that differs in a lane, in ascending order.
  [[nodiscard]] std::vector<StateBit> bits_of(unsigned lane, const StateBits& bits) const;
  /// Whether two lanes differ in the same bits.
  [[nodiscard]] bool same(unsigned lane, const MemoryRows& other, unsigned other_lane, const StateBits& bits) const {
    const bool differs = campaign::test(any_, lane);
    if (differs != campaign::test(other.any_, other_lane)) return false;
    return !differs || bits_of(lane, bits) == other.bits_of(other_lane, bits);
  }

  /// Rows to be changed; valid until the next call. Then tidy().
  std::span<Lanes> change(std::uint32_t memory, std::uint32_t word);
  void flip(std::uint32_t memory, std::uint32_t word, std::uint32_t bit, unsigned lane) {
    Lanes& row = change(memory, word)[bit];
    row[lane / 64] ^= std::uint64_t{1} << lane % 64;
  }
  /// After changes: who differs, and where nobody does.
  void tidy();
  /// Nothing differs in these lanes any more.
  void erase(const Lanes& lanes);
  void clear();

 private:
  [[nodiscard]] std::uint32_t slot(std::uint32_t memory, std::uint32_t word) const;
  void index();

  std::vector<std::uint32_t> width_;  ///< of each memory
  std::vector<Entry> entries_;
  std::vector<std::uint8_t> changed_;  ///< by entry
  std::vector<std::uint32_t> changes_;
  std::vector<std::uint32_t> table_;  ///< of entries, open addressing, a power of 2 long
  std::vector<Lanes> rows_;
  std::vector<std::vector<std::uint32_t>> free_;  ///< of each memory: first rows
  Lanes any_ = no_lanes();
  std::vector<Lanes> of_memory_;
};

}  // namespace hilbert::campaign

// SPDX-License-Identifier: Apache-2.0
// A table of differing words.
#include "campaign/memory_rows.hpp"

#include <algorithm>
#include <hilbert/random.hpp>
#include <utility>

namespace hilbert::campaign {
namespace {

constexpr std::uint32_t none = ~std::uint32_t{0};

}  // namespace

MemoryRows::MemoryRows(const tb::Netlist& netlist)
    : table_(64, none), free_(netlist.memories.size()), of_memory_(netlist.memories.size(), no_lanes()) {
  for (const tb::Memory& memory : netlist.memories) width_.push_back(memory.width);
}

/// Where a word is in the table, or would be.
std::uint32_t MemoryRows::slot(std::uint32_t memory, std::uint32_t word) const {
  const auto mask = static_cast<std::uint32_t>(table_.size() - 1);
  auto at = static_cast<std::uint32_t>(Rng::mix(std::uint64_t{memory} << 32 | word)) & mask;
  while (table_[at] != none && (entries_[table_[at]].memory != memory || entries_[table_[at]].word != word))
    at = (at + 1) & mask;
  return at;
}

const MemoryRows::Entry* MemoryRows::find(std::uint32_t memory, std::uint32_t word) const {
  if (entries_.empty()) return nullptr;
  const std::uint32_t found = table_[slot(memory, word)];
  return found == none ? nullptr : &entries_[found];
}

void MemoryRows::index() {
  std::ranges::fill(table_, none);
  for (std::uint32_t i = 0; i < entries_.size(); ++i) table_[slot(entries_[i].memory, entries_[i].word)] = i;
}

std::vector<StateBit> MemoryRows::bits_of(unsigned lane, const StateBits& bits) const {
  std::vector<StateBit> found;
  if (!campaign::test(any_, lane)) return found;
  std::vector<std::pair<StateBit, const Entry*>> words;
  for (const Entry& entry : entries_) {
    if (campaign::test(entry.lanes, lane)) words.emplace_back(bits.of({entry.memory, entry.word, 0}), &entry);
  }
  std::ranges::sort(words);
  for (const auto& [first, entry] : words) {
    const auto entry_rows = rows(*entry);
    for (std::uint32_t i = 0; i < entry_rows.size(); ++i) {
      if (campaign::test(entry_rows[i], lane)) found.push_back(first + i);
    }
  }
  return found;
}

std::span<Lanes> MemoryRows::change(std::uint32_t memory, std::uint32_t word) {
  std::uint32_t at = slot(memory, word);
  if (table_[at] == none) {
    if (2 * (entries_.size() + 1) > table_.size()) {
      table_.resize(2 * table_.size());
      index();
      at = slot(memory, word);
    }
    table_[at] = static_cast<std::uint32_t>(entries_.size());
    auto first = static_cast<std::uint32_t>(rows_.size());
    if (free_[memory].empty()) {
      rows_.resize(rows_.size() + width_[memory], no_lanes());
    } else {
      first = free_[memory].back();
      free_[memory].pop_back();
    }
    entries_.push_back({memory, word, first, no_lanes()});
    changed_.push_back(0);
  }
  const std::uint32_t entry = table_[at];
  if (std::exchange(changed_[entry], 1) == 0) changes_.push_back(entry);
  return std::span(rows_).subspan(entries_[entry].first, width_[memory]);
}

void MemoryRows::tidy() {
  if (changes_.empty()) return;
  bool gone = false;
  for (const std::uint32_t i : changes_) {
    Lanes lanes = no_lanes();
    for (const Lanes& row : rows(entries_[i])) lanes |= row;
    entries_[i].lanes = lanes;
    changed_[i] = 0;
    gone = gone || !any(lanes);
  }
  changes_.clear();
  if (gone) {
    for (const Entry& entry : entries_) {
      if (!any(entry.lanes)) free_[entry.memory].push_back(entry.first);
    }
    std::erase_if(entries_, [](const Entry& entry) { return !any(entry.lanes); });
    changed_.resize(entries_.size());
    index();
  }
  any_ = no_lanes();
  std::ranges::fill(of_memory_, no_lanes());
  for (const Entry& entry : entries_) {
    any_ |= entry.lanes;
    of_memory_[entry.memory] |= entry.lanes;
  }
}

void MemoryRows::erase(const Lanes& lanes) {
  if (!any(any_ & lanes)) return;
  for (const Entry& entry : entries_) {
    if (!any(entry.lanes & lanes)) continue;
    for (Lanes& row : change(entry.memory, entry.word)) row &= ~lanes;
  }
  tidy();
}

void MemoryRows::clear() {
  if (entries_.empty()) return;
  for (const Entry& entry : entries_) {
    std::ranges::fill(std::span(rows_).subspan(entry.first, width_[entry.memory]), no_lanes());
    free_[entry.memory].push_back(entry.first);
  }
  std::ranges::fill(table_, none);
  entries_.clear();
  changed_.clear();
  changes_.clear();
  any_ = no_lanes();
  std::ranges::fill(of_memory_, no_lanes());
}

}  // namespace hilbert::campaign

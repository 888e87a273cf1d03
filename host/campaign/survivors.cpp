// SPDX-License-Identifier: Apache-2.0
// Words that are filled, merged and emptied.
#include "campaign/survivors.hpp"

#include <algorithm>
#include <functional>
#include <unordered_map>

namespace hilbert::campaign {

Survivors::Place Survivors::enter(Id id, bool forced) {
  auto& words = forced ? forced_ : words_;
  for (auto& word : words) {
    if (word->count() < lane_count) return {word.get(), word->enter(id)};
  }
  words.push_back(std::make_unique<Word>(netlist_));
  return {words.back().get(), words.back()->enter(id)};
}

void Survivors::enter(Id id, std::span<const StateBit> bits) {
  const Place free = enter(id, false);
  place(free, bits);
}

std::size_t Survivors::count() const {
  std::size_t sum = 0;
  for (const auto* words : {&words_, &forced_}) {
    for (const auto& word : *words) sum += word->count();
  }
  return sum;
}

std::uint64_t Survivors::merge(Ledger& ledger, std::uint64_t hash_bits) {
  struct Known {
    std::size_t word;
    unsigned lane;
  };
  std::uint64_t merged = 0;
  std::unordered_map<std::uint64_t, Known> known;
  known.reserve(count());
  columns_.resize(words_.size());
  for (std::size_t w = 0; w < words_.size(); ++w) {
    Word& word = *words_[w];
    if (word.count() == 0) continue;
    columns_[w].build(word);
    const auto hashes = columns_[w].hashes(word);
    Lanes gone = no_lanes();
    for_each(word.live(), [&](unsigned lane) {
      const auto [found, fresh] = known.try_emplace(hashes[lane] & hash_bits, Known{w, lane});
      if (fresh) return;
      const Known& other = found->second;
      const Word& other_word = *words_[other.word];
      if (!columns_[w].same(lane, columns_[other.word], other.lane)) return;
      if (!word.memories().same(lane, other_word.memories(), other.lane, bits_)) return;
      ledger.alias(word.id(lane), other_word.id(other.lane));
      set(gone, lane);
    });
    merged += word.leave(gone);
  }
  return merged;
}

void Survivors::compact() {
  for (auto* words : {&words_, &forced_}) {
    std::erase_if(*words, [](const auto& word) { return word->count() == 0; });
  }
  std::size_t living = 0;
  for (const auto& word : words_) living += word->count();
  std::ranges::sort(words_, std::ranges::greater{}, [](const auto& word) { return word->count(); });
  while (words_.size() > (living + lane_count - 1) / lane_count) {
    const Word& last = *words_.back();
    std::size_t at = 0;
    LaneColumns& columns = moving_;
    columns.build(last);
    for_each(last.live(), [&](unsigned lane) {
      while (words_[at]->count() == lane_count) ++at;
      place({words_[at].get(), words_[at]->enter(last.id(lane))}, columns.bits_of(last, lane, bits_));
    });
    words_.pop_back();
  }
}

void Survivors::place(const Place& place, std::span<const StateBit> bits) const {
  for (const StateBit bit : bits) {
    if (bits_.is_flip_flop(bit)) {
      place.word->flip(bit, place.lane);
    } else {
      const MemoryBit b = bits_.memory_bit(bit);
      place.word->memories().flip(b.memory, b.word, b.bit, place.lane);
    }
  }
  place.word->memories().tidy();
}

}  // namespace hilbert::campaign

// SPDX-License-Identifier: Apache-2.0
// Words that are filled, merged and emptied.
#include "campaign/survivors.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <hilbert/random.hpp>
#include <unordered_map>

namespace hilbert::campaign {
namespace {

/// Hashes of 512 states, a slice a bit of them: each state bit inverts five of the 64, chosen by its number. Where two
/// states have the same, they are compared.
class Hashes {
 public:
  void add(StateBit bit, const Lanes& lanes) {
    std::uint64_t key = Rng(bit).next();
    for (unsigned i = 0; i < 5; ++i, key >>= 6) slices_[key % 64] ^= lanes;
  }
  /// Lane after lane.
  [[nodiscard]] std::array<std::uint64_t, lane_count> get() const {
    std::array<std::uint64_t, lane_count> hashes;
    for (unsigned group = 0; group < lane_count / 64; ++group) {
      const std::span<std::uint64_t, 64> part(&hashes[64 * group], 64);
      for (unsigned i = 0; i < 64; ++i) part[i] = slices_[i][group];
      transpose(part);
    }
    return hashes;
  }

 private:
  std::array<Lanes, 64> slices_{};
};

std::array<std::uint64_t, lane_count> hashes_of(const Word& word, const StateBits& bits) {
  Hashes hashes;
  const auto rows = word.rows();
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    if (any(rows[i])) hashes.add(i, rows[i]);
  }
  for (const auto& entry : word.memories().entries()) {
    const StateBit first = bits.of({entry.memory, entry.word, 0});
    const auto memory_rows = word.memories().rows(entry);
    for (std::uint32_t i = 0; i < memory_rows.size(); ++i) {
      if (any(memory_rows[i])) hashes.add(first + i, memory_rows[i]);
    }
  }
  return hashes.get();
}

}  // namespace

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

std::uint64_t Survivors::merge(Ledger& ledger) {
  std::uint64_t merged = 0;
  std::unordered_map<std::uint64_t, Place> known;
  known.reserve(count());
  for (auto& word : words_) {
    if (word->count() == 0) continue;
    const auto hashes = hashes_of(*word, bits_);
    Lanes gone = no_lanes();
    for_each(word->live(), [&](unsigned lane) {
      const auto [found, fresh] = known.try_emplace(hashes[lane], Place{word.get(), lane});
      if (fresh) return;
      const Place& other = found->second;
      if (word->bits_of(lane, bits_) != other.word->bits_of(other.lane, bits_)) return;
      ledger.alias(word->id(lane), other.word->id(other.lane));
      set(gone, lane);
    });
    merged += word->leave(gone);
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
    for_each(last.live(), [&](unsigned lane) {
      while (words_[at]->count() == lane_count) ++at;
      place({words_[at].get(), words_[at]->enter(last.id(lane))}, last.bits_of(lane, bits_));
    });
    words_.pop_back();
  }
}

void Survivors::place(const Place& place, std::span<const StateBit> bits) {
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

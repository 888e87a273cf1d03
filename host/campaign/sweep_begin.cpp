// SPDX-License-Identifier: Apache-2.0
// The first clock of a run: most are gone after it, or are exactly an upset of the next one.
#include <algorithm>
#include <array>

#include "campaign/sweep_clock.hpp"

namespace hilbert::campaign {

void Sweep::begin(Id id, std::span<const StateBit> flips, std::span<const Force> forces) {
  live_on();
  if (begun_.size() == lane_count) flush();
  if (begun_.empty()) {
    memories_.clear();
    events_.begin(memories_);
  }
  const auto lane = static_cast<unsigned>(begun_.size());
  begun_.push_back({id, flips_.size(), flips_.size() + flips.size(), 0});
  for (const StateBit bit : flips) {
    flips_.push_back(bit);
    if (bits_.is_flip_flop(bit)) {
      events_.differ(bit, lane);
    } else {
      const MemoryBit b = bits_.memory_bit(bit);
      memories_.flip(b.memory, b.word, b.bit, lane);
    }
  }
  for (const Force& force : forces) {
    events_.force(force.net, force.level, lane);
    const std::uint32_t until = force.clocks == 0 || force.clocks > for_ever - now() ? for_ever : now() + force.clocks;
    if (until <= now() + 1) continue;
    forces_.push_back({lane, force.net, force.level, until});
    begun_.back().forced_until = std::max(begun_.back().forced_until, until);
  }
}

void Sweep::flush() {
  if (begun_.empty()) return;
  statistics_.begun += begun_.size();
  Lanes live = no_lanes(), forced = no_lanes();
  for (unsigned lane = 0; lane < begun_.size(); ++lane) {
    set(live, lane);
    if (begun_[lane].forced_until != 0) set(forced, lane);
  }
  const auto id_of = [&](unsigned lane) { return begun_[lane].id; };
  memories_.tidy();
  events_.settle(live);
  live &= ~ended(
      live, [&](Net net) { return events_.at(net); },
      [&](unsigned lane) {
        std::vector<StateBit> bits(flips_.begin() + static_cast<std::ptrdiff_t>(begun_[lane].first_flip),
                                   flips_.begin() + static_cast<std::ptrdiff_t>(begun_[lane].last_flip));
        std::ranges::sort(bits);
        return bits;
      },
      id_of);
  events_.clock();
  const Lanes many = retire(
      live & ~forced, memories_.any_lanes(),
      [&](auto visit) {
        for (const auto& [flip_flop, lanes] : events_.next()) visit(flip_flop, lanes);
      },
      [&](unsigned lane) { return memories_.bits_of(lane, bits_); }, id_of);
  settle_in(many | (live & forced));
  begun_.clear();
  flips_.clear();
  forces_.clear();
}

/// These live on.
void Sweep::settle_in(const Lanes& left) {
  if (!any(left)) return;
  std::array<Survivors::Place, lane_count> places;
  for_each(left, [&](unsigned lane) {
    places[lane] = survivors_.enter(begun_[lane].id, begun_[lane].forced_until != 0);
    ++statistics_.simulated;
  });
  for (const auto& [flip_flop, lanes] : events_.next()) {
    for_each(lanes & left, [&, i = flip_flop](unsigned lane) { places[lane].word->flip(i, places[lane].lane); });
  }
  for (const auto& entry : memories_.entries()) {
    if (!any(entry.lanes & left)) continue;
    const auto rows = memories_.rows(entry);
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      for_each(rows[i] & left, [&](unsigned lane) {
        places[lane].word->memories().flip(entry.memory, entry.word, i, places[lane].lane);
      });
    }
  }
  for (const auto& force : forces_) {
    if (!test(left, force.lane)) continue;
    const Survivors::Place& place = places[force.lane];
    place.word->forces().push_back({place.lane, force.net, force.level, force.until});
  }
  for_each(left, [&](unsigned lane) { places[lane].word->memories().tidy(); });
}

}  // namespace hilbert::campaign

// SPDX-License-Identifier: Apache-2.0
// One pass forward in time: runs that live on, in words of 512, and runs that wait for a use of a memory.
#include <algorithm>
#include <bit>
#include <utility>

#include "campaign/sweep_clock.hpp"

namespace hilbert::campaign {
Sweep::Sweep(const Trace& trace, const Tuning& tuning)
    : trace_(trace),
      tuning_(tuning),
      bits_(trace.bits()),
      moment_(trace),
      events_(moment_),
      levels_(moment_),
      stuck_(moment_, levels_.program()),
      verdicts_(trace),
      survivors_(trace.netlist(), bits_),
      memories_(trace.netlist()) {}

// ---- memories alone

/// Differs in these bits of memories alone, at the start of the next clock: until one of their words is used, it does
/// what the undisturbed run does.
void Sweep::park(Id id, std::vector<StateBit> bits) {
  std::vector<WordAt> words;
  for (const StateBit bit : bits) {
    const MemoryBit b = bits_.memory_bit(bit);
    if (const WordAt at{b.memory, b.word}; words.empty() || words.back() != at) words.push_back(at);
  }
  const std::uint32_t use = trace_.uses().next(words, now() + 1);
  if (use == Uses::never) {
    ledger_.decide(id, verdicts_.at_end(bits));
    return;
  }
  const auto [found, fresh] = parked_[use].try_emplace(std::move(bits), id);
  if (!fresh) ledger_.alias(id, found->second);
}

void Sweep::wake() {
  const auto found = parked_.find(now());
  if (found == parked_.end()) return;
  const auto parked = std::move(found->second);
  parked_.erase(found);
  for (const auto& [bits, id] : parked) {
    const Id same = bits.size() == 1 ? of_memory_bit(bits[0]) : no_id;
    if (same != no_id) {
      ledger_.alias(id, same);
    } else {
      begin(id, bits, {});
    }
  }
}

// ---- those that live on

void Sweep::live_on() {
  if (std::exchange(lived_, true)) return;
  for (const auto& word : survivors_.words()) step_word(*word);
  for (const auto& word : survivors_.forced()) step_word(*word);
}

/// Lanes that are still forced in the next clock.
Lanes Sweep::lasting(Word& word) const {
  std::erase_if(word.forces(), [&](const Word::Lasting& force) { return force.until <= now() + 1; });
  Lanes lanes = no_lanes();
  for (const auto& force : word.forces()) set(lanes, force.lane);
  return lanes;
}

void Sweep::step_word(Word& word) {
  const Lanes before = word.live();
  if (word.count() == 0) return;
  statistics_.lane_clocks += word.count();
  const auto id_of = [&](unsigned lane) { return word.id(lane); };
  // At the start of the clock, and at its end in memories alone.
  bool built = false;
  const auto bits_before = [&](unsigned lane) {
    if (!std::exchange(built, true)) columns_.build(word);
    return columns_.bits_of(word, lane, bits_);
  };
  const auto rows = word.rows();
  const bool was_forced = !word.forces().empty();
  Lanes live = before;
  if (was_forced || word.count() < tuning_.few_lanes) {
    settle_events(word);
    live &= ~ended(
        before, [&](Net net) { return events_.at(net); }, bits_before, id_of);
    events_.clock();
    std::ranges::fill(rows, no_lanes());
    for (const auto& [flip_flop, lanes] : events_.next()) rows[flip_flop] = lanes & live;
  } else {
    ++statistics_.passes;
    const bool look = tuning_.prove_every != 0 && now() % tuning_.prove_every == tuning_.prove_every - 1 &&
                      now() <= trace_.end() && now() >= trace_.steady_from();
    if (look) rows_before_.assign(rows.begin(), rows.end());
    levels_.settle(word);
    live &= ~ended(
        before, [&](Net net) { return levels_.at(net); }, bits_before, id_of);
    levels_.clock(word, live);
    if (look) quiet_.emplace_back(&word, quiet(moment_, rows_before_, rows) & live);
  }
  const Lanes forced = was_forced ? lasting(word) & live : no_lanes();
  const Lanes many = retire(
      live & ~forced, word.memories().any_lanes(),
      [&](auto visit) {
        for (std::uint32_t i = 0; i < rows.size(); ++i) visit(i, rows[i]);
      },
      [&](unsigned lane) { return word.memories().bits_of(lane, bits_); }, id_of);
  word.leave(before & ~many & ~forced);
  if (was_forced) free_unforced(word, many);
}

void Sweep::settle_events(Word& word) {
  events_.begin(word.memories());
  const auto rows = word.rows();
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    if (any(rows[i])) events_.differ(i, rows[i]);
  }
  for (const auto& force : word.forces()) events_.force(force.net, force.level, force.lane);
  events_.settle(word.live());
}

/// Of a word with forces: these lanes have none any more.
void Sweep::free_unforced(Word& word, const Lanes& lanes) {
  for_each(lanes, [&](unsigned lane) { survivors_.enter(word.id(lane), word.bits_of(lane, bits_)); });
  word.leave(lanes);
}

void Sweep::step() {
  live_on();
  wake();
  flush();
  if (const auto found = as_golden_.find(now()); found != as_golden_.end()) {
    for (const Id id : found->second) ledger_.decide(id, verdicts_.done(moment_, {}));
    as_golden_.erase(found);
  }
  if (now() + 1 == trace_.budget()) return end_all();
  if (now() % tuning_.merge_every == 0 && quiet_.empty()) {  // those keep their places
    statistics_.merged += survivors_.merge(ledger_, tuning_.hash_bits);
    survivors_.compact();
  }
  moment_.go(now() + 1);
  lived_ = false;
  prove_quiet();
  if (now() > trace_.end() && std::has_single_bit(now() - trace_.end() + 2)) prove_hangs();
}

/// Before the end: few of many lanes hang, so those that look like it are tried side by side.
void Sweep::prove_quiet() {
  if (quiet_.empty()) return;
  std::vector<Survivors::Place> places;
  Word probe(trace_.netlist());
  const auto prove = [&] {
    for_each(stuck_.prove(probe), [&](unsigned lane) {
      const auto& [word, at] = places[lane];
      ledger_.decide(word->id(at), {Outcome::hang, trace_.budget(), 0});
      Lanes one = no_lanes();
      set(one, at);
      statistics_.proven += word->leave(one);
    });
    probe.leave(all_lanes());
    places.clear();
  };
  for (const auto& [word, lanes] : quiet_) {
    columns_.build(*word);
    for_each(lanes & word->live(), [&, word = word](unsigned lane) {
      if (places.size() == lane_count) prove();
      places.push_back({word, lane});
      survivors_.place({&probe, probe.enter(word->id(lane))}, columns_.bits_of(*word, lane, bits_));
    });
  }
  if (!places.empty()) prove();
  quiet_.clear();
}

/// At the start of a clock.
void Sweep::prove_hangs() {
  for (const auto& word : survivors_.words()) {
    if (word->count() == 0) continue;
    const Lanes proven = stuck_.prove(*word);
    for_each(proven, [&](unsigned lane) { ledger_.decide(word->id(lane), {Outcome::hang, trace_.budget(), 0}); });
    statistics_.proven += word->leave(proven);
  }
  survivors_.compact();
}

/// The budget is used up.
void Sweep::end_all() {
  for (const auto* words : {&survivors_.words(), &survivors_.forced()}) {
    for (const auto& word : *words) {
      for_each(word->live(), [&](unsigned lane) {
        ledger_.decide(word->id(lane), {Outcome::hang, trace_.budget(), 0});
      });
      word->leave(all_lanes());
    }
  }
}

bool Sweep::busy() const { return survivors_.count() != 0 || !parked_.empty() || !as_golden_.empty(); }

void Sweep::finish() {
  while (busy()) step();
}

SweepStatistics Sweep::statistics() const {
  SweepStatistics statistics = statistics_;
  statistics.evaluations = events_.evaluations();
  return statistics;
}

}  // namespace hilbert::campaign

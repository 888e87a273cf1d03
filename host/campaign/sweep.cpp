// SPDX-License-Identifier: Apache-2.0
// The sweep: one pass forward in time. In each clock all upsets of that clock make their first step; most of them are
// then gone, or are exactly an upset of the next clock. The others live on in words of 512, where equal states merge.
#include "campaign/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/error.hpp>
#include <hilbert/random.hpp>
#include <memory>
#include <optional>
#include <unordered_map>

#include "campaign/differences.hpp"
#include "campaign/word.hpp"

namespace hilbert::campaign {
namespace {

constexpr Id no_id = ~Id{0};

/// A run's state at the start of a clock whose logic has settled.
class Lane final : public LaneState {
 public:
  Lane(const Golden& golden, const Differences& clock, unsigned lane) : golden_(golden), clock_(clock), lane_(lane) {}
  [[nodiscard]] bool flip_flop(std::uint32_t index) const override {
    const Net q = golden_.netlist().flip_flops[index].q;
    return (golden_.value(q) != 0) != test(clock_.at(q), lane_);
  }
  [[nodiscard]] bool memory_bit(std::uint32_t memory, std::uint32_t word, std::uint32_t bit) const override {
    const auto found = clock_.words().find(word_key(memory, word));
    const bool differs = found != clock_.words().end() && test(found->second[bit], lane_);
    return (golden_.bit(memory, word, bit) != 0) != differs;
  }
  [[nodiscard]] bool word_differs(std::uint32_t memory, std::uint32_t word) const override {
    return clock_.words().contains(word_key(memory, word));
  }

 private:
  const Golden& golden_;
  const Differences& clock_;
  unsigned lane_;
};

/// The golden run with one memory bit, or nothing, inverted.
class OneBit final : public LaneState {
 public:
  OneBit(const Golden& golden, std::optional<MemoryBit> bit) : golden_(golden), bit_(bit) {}
  [[nodiscard]] bool flip_flop(std::uint32_t index) const override {
    return golden_.value(golden_.netlist().flip_flops[index].q) != 0;
  }
  [[nodiscard]] bool memory_bit(std::uint32_t memory, std::uint32_t word, std::uint32_t bit) const override {
    const bool differs = bit_ && bit_->memory == memory && bit_->word == word && bit_->bit == bit;
    return (golden_.bit(memory, word, bit) != 0) != differs;
  }
  [[nodiscard]] bool word_differs(std::uint32_t memory, std::uint32_t word) const override {
    return bit_ && bit_->memory == memory && bit_->word == word;
  }

 private:
  const Golden& golden_;
  std::optional<MemoryBit> bit_;
};

/// Of a state bit in the hash of a state.
std::uint64_t key_of(StateBit bit) { return Rng(bit).next(); }

class Sweep {
 public:
  Sweep(const Circuit& circuit, const tb::GateSimulator& start, const Recording& recording,
        const std::vector<Watch>& watches, const Judge& judge, const SweepOptions& options, std::uint32_t most_clocks)
      : circuit_(circuit),
        bits_(circuit.netlist()),
        watches_(watches),
        judge_(judge),
        options_(options),
        golden_(start, recording),
        clock_(circuit, golden_) {
    find_end(start, recording, most_clocks);
    if (options_.budget == 0) options_.budget = default_budget(end_);
    options_.budget = std::max(options_.budget, end_ + 1);
    entries_.resize((std::size_t{end_} + 1) * bits_.flip_flops());
    if (options_.memories) untouched_since_.resize(bits_.count());
  }

  SweepResult run() {
    if (end_ == 0) return collect();
    for (std::uint32_t t = 0; t < options_.budget; ++t, golden_.advance()) {
      if (t == end_ && judge_.judge(OneBit(golden_, std::nullopt), t).outcome != Outcome::masked) {
        throw Error(ExitCode::bad_input, "the undisturbed run is not judged to be right", circuit_.netlist().top);
      }
      if (t <= end_) {
        if (options_.memories) upset_memories();
        upset_flip_flops();
      } else if (living_ == 0 && as_golden_.empty()) {
        break;
      } else {
        judge_as_golden();
      }
      live_on();
      settle_newcomers();
      if (options_.merge_every != 0 && t % options_.merge_every == 0) merge();
      if (t > end_) compact();
    }
    for (const auto& word : words_) {
      for_each(word->live(), [&](unsigned lane) { decide(word->id(lane), {Outcome::hang, options_.budget}); });
    }
    for (const Id id : as_golden_) decide(id, {Outcome::hang, options_.budget});
    return collect();
  }

 private:
  static constexpr std::uint32_t undecided = ~std::uint32_t{0};
  struct Entry {
    Id alias = no_id;  ///< the upset that it became
    Verdict verdict{Outcome::hang, undecided};
  };
  struct Newcomer {
    Id id;
    std::vector<StateBit> bits;
  };

  void find_end(tb::GateSimulator simulator, const Recording& recording, std::uint32_t most_clocks) {
    for (end_ = 0; end_ < most_clocks; ++end_) {
      set_pins(simulator, recording, end_);
      simulator.settle();
      if (done(simulator)) return;
      simulator.edge();
    }
    throw Error(ExitCode::bad_input, fmt::format("the undisturbed run has no end within {} clocks", most_clocks),
                circuit_.netlist().top, "record more clocks, or watch another net");
  }

  [[nodiscard]] bool done(const tb::GateSimulator& simulator) const {
    return std::ranges::any_of(watches_, [&](const Watch& watch) {
      return watch.then == Watch::Then::done && simulator.value(watch.net) != 0;
    });
  }
  [[nodiscard]] std::uint32_t now() const { return golden_.clock(); }
  [[nodiscard]] Id id_of(std::uint32_t clock, std::uint32_t flip_flop) const {
    return clock * bits_.flip_flops() + flip_flop;
  }
  void decide(Id id, const Verdict& verdict) { entries_[id].verdict = verdict; }

  // ---- the first clock of upsets

  void upset_flip_flops() {
    for (std::uint32_t first = 0; first < bits_.flip_flops(); first += lane_count) {
      const unsigned lanes = std::min(lane_count, bits_.flip_flops() - first);
      Lanes live = no_lanes();
      for (unsigned lane = 0; lane < lanes; ++lane) set(live, lane);
      clock_.begin(live);
      for (unsigned lane = 0; lane < lanes; ++lane) {
        Lanes one = no_lanes();
        set(one, lane);
        clock_.differ(first + lane, one);
      }
      first_step(live, [&](unsigned lane) { return id_of(now(), first + lane); });
    }
  }

  /// Upsets of a memory bit are looked at in the clocks in which its word is read or written; until then they wait.
  void upset_memories() {
    const std::vector<MemoryBit> seen = bits_in_sight();
    const auto first_id = static_cast<Id>(entries_.size());
    entries_.resize(entries_.size() + seen.size());
    // Before anything of this clock waits: that is for a later one.
    for (std::size_t i = 0; i < seen.size(); ++i) wake(bits_.of(seen[i]), first_id + static_cast<Id>(i));
    if (now() == end_) judge_untouched();
    for (std::size_t first = 0; first < seen.size(); first += lane_count) {
      const auto lanes = static_cast<unsigned>(std::min<std::size_t>(lane_count, seen.size() - first));
      Lanes live = no_lanes();
      for (unsigned lane = 0; lane < lanes; ++lane) set(live, lane);
      clock_.begin(live);
      for (unsigned lane = 0; lane < lanes; ++lane) {
        const MemoryBit& b = seen[first + lane];
        auto& bits = clock_.words()[word_key(b.memory, b.word)];
        if (bits.empty()) bits.assign(circuit_.netlist().memories[b.memory].width, no_lanes());
        set(bits[b.bit], lane);
      }
      first_step(live, [&](unsigned lane) { return first_id + static_cast<Id>(first) + lane; });
    }
  }

  /// Of the words that the golden run reads or writes in this clock.
  [[nodiscard]] std::vector<MemoryBit> bits_in_sight() const {
    std::vector<MemoryBit> seen;
    const tb::Netlist& netlist = circuit_.netlist();
    for (std::uint32_t m = 0; m < netlist.memories.size(); ++m) {
      const tb::Memory& memory = netlist.memories[m];
      std::vector<std::uint32_t> words;
      for (const auto& port : memory.reads) words.push_back(golden_.simulator().word_at(memory, port.address));
      for (std::uint32_t p = 0; p < memory.writes.size(); ++p) {
        if (golden_.write(m, p).writes) words.push_back(golden_.write(m, p).word);
      }
      std::ranges::sort(words);
      words.erase(std::unique(words.begin(), words.end()), words.end());
      std::erase(words, tb::Memory::nowhere);
      for (const std::uint32_t word : words) {
        for (std::uint32_t bit = 0; bit < memory.width; ++bit) seen.push_back({m, word, bit});
      }
    }
    return seen;
  }

  /// Whoever waited for this bit is the upset `id`.
  void wake(StateBit bit, Id id) {
    std::uint32_t& since = untouched_since_[bit];
    const std::uint32_t last = std::min(now(), end_ - 1);
    if (since <= last) stretches_.push_back({bit, since, last, id});
    since = now() + 1;
    if (const auto found = waiting_.find(bit); found != waiting_.end()) {
      for (const Id waits : found->second) entries_[waits].alias = id;
      waiting_.erase(found);
    }
  }

  /// Memory bits that nobody has looked at until the end.
  void judge_untouched() {
    for (StateBit bit = bits_.flip_flops(); bit < bits_.count(); ++bit) {
      const auto found = waiting_.find(bit);
      if (untouched_since_[bit] >= end_ && found == waiting_.end()) continue;
      const Outcome outcome = judge_.judge(OneBit(golden_, bits_.memory_bit(bit)), now()).outcome;
      const auto id = static_cast<Id>(entries_.size());
      entries_.push_back({no_id, {outcome == Outcome::masked ? Outcome::latent : outcome, now()}});
      if (untouched_since_[bit] < end_) stretches_.push_back({bit, untouched_since_[bit], end_ - 1, id});
      if (found != waiting_.end()) {
        for (const Id waits : found->second) entries_[waits].alias = id;
      }
    }
    waiting_.clear();
  }

  /// Runs that missed their end, and since then do what the golden run does after its own: it may say again that it is
  /// done.
  void judge_as_golden() {
    if (as_golden_.empty() || !done(golden_.simulator())) return;
    const Outcome outcome = judge_.judge(OneBit(golden_, std::nullopt), now()).outcome;
    for (const Id id : as_golden_) decide(id, {outcome == Outcome::masked ? Outcome::latent : outcome, now()});
    as_golden_.clear();
  }

  template <class IdOf>
  void first_step(const Lanes& live, IdOf id_of_lane) {
    Lanes left = step(live, id_of_lane);
    for_each_survivor(left, id_of_lane);
  }

  // ---- one clock of a word

  /// Settles and clocks what has been given to clock_; returns the lanes that have not ended.
  template <class IdOf>
  Lanes step(Lanes live, IdOf id_of_lane) {
    clock_.settle();
    for (const Watch& watch : watches_) {
      const bool done = watch.then == Watch::Then::done;
      const Lanes differs = clock_.at(watch.net);
      const Lanes hit = (done ? differs ^ spread(golden_.value(watch.net) != 0) : differs) & live;
      for_each(hit, [&](unsigned lane) { decide(id_of_lane(lane), {ended_with(watch.then, lane), now()}); });
      live &= ~hit;
    }
    clock_.clock();
    return live;
  }

  Outcome ended_with(Watch::Then then, unsigned lane) const {
    if (then != Watch::Then::done) return outcome_of(then);
    // Whoever differs in nothing has been retired before.
    const Outcome outcome = judge_.judge(Lane(golden_, clock_, lane), now()).outcome;
    return outcome == Outcome::masked ? Outcome::latent : outcome;
  }

  /// After a clock: ends the lanes of `live` that differ in nothing, or in one bit; the others become newcomers.
  template <class IdOf>
  void for_each_survivor(const Lanes& live, IdOf id_of_lane) {
    const Lanes many = retire(live, id_of_lane);
    std::array<std::uint32_t, lane_count> place;
    for_each(many, [&](unsigned lane) {
      place[lane] = static_cast<std::uint32_t>(newcomers_.size());
      newcomers_.push_back({id_of_lane(lane), {}});
    });
    each_after([&](StateBit bit, const Lanes& lanes) {
      for_each(lanes & many, [&](unsigned lane) { newcomers_[place[lane]].bits.push_back(bit); });
    });
  }

  /// All that differs after the edge.
  template <class Visit>
  void each_after(Visit visit) const {
    for (const auto& [flip_flop, lanes] : clock_.next()) visit(flip_flop, lanes);
    for (const auto& [key, bits] : clock_.words()) {
      const MemoryBit first{static_cast<std::uint32_t>(key >> 32), static_cast<std::uint32_t>(key), 0};
      for (std::uint32_t bit = 0; bit < bits.size(); ++bit) visit(bits_.of(first) + bit, bits[bit]);
    }
  }

  /// Ends those that need no further clock of their own; returns the others.
  template <class IdOf>
  Lanes retire(const Lanes& live, IdOf id_of_lane) {
    Lanes once = no_lanes(), twice = no_lanes();
    each_after([&](StateBit, const Lanes& lanes) {
      twice |= once & lanes;
      once |= lanes;
    });
    for_each(live & ~once, [&](unsigned lane) {
      if (now() < end_) {
        decide(id_of_lane(lane), {Outcome::masked, now() + 1});
      } else {
        as_golden_.push_back(id_of_lane(lane));
      }
    });
    Lanes single = live & once & ~twice;
    if (now() >= end_) return live & once;  // no upsets any more that it could be
    each_after([&](StateBit bit, const Lanes& lanes) {
      const bool flip_flop = bits_.is_flip_flop(bit);
      if (!flip_flop && !options_.memories) {
        single &= ~lanes;
        return;
      }
      for_each(lanes & single, [&](unsigned lane) {
        if (flip_flop) {
          entries_[id_of_lane(lane)].alias = id_of(now() + 1, bit);
        } else {
          waiting_[bit].push_back(id_of_lane(lane));
        }
      });
    });
    return live & once & ~single;
  }

  // ---- the lanes that live on

  void live_on() {
    for (auto& word : words_) {
      const auto id = [&](unsigned lane) { return word->id(lane); };
      const Lanes before = word->live();
      word->give(clock_);
      const Lanes many = retire(step(before, id), id);
      word->take(clock_);
      living_ -= word->leave(before & ~many);
    }
  }

  void settle_newcomers() {
    std::size_t at = 0;
    for (const Newcomer& newcomer : newcomers_) {
      while (at < words_.size() && words_[at]->count() == lane_count) ++at;
      if (at == words_.size()) words_.push_back(std::make_unique<Word>(bits_.flip_flops()));
      settle_in(*words_[at], newcomer);
      ++living_;
      ++simulated_;
    }
    newcomers_.clear();
  }
  void settle_in(Word& word, const Newcomer& newcomer) {
    const unsigned lane = word.enter(newcomer.id);
    for (const StateBit bit : newcomer.bits) {
      if (bits_.is_flip_flop(bit)) {
        word.flip(bit, lane);
      } else {
        const MemoryBit b = bits_.memory_bit(bit);
        word.flip(b.memory, b.word, b.bit, circuit_.netlist().memories[b.memory].width, lane);
      }
    }
  }

  template <class Visit>
  void each_of(const Word& word, Visit visit) const {
    word.each(visit, [&](std::uint32_t memory, std::uint32_t w, std::uint32_t bit, const Lanes& lanes) {
      visit(bits_.of({memory, w, bit}), lanes);
    });
  }
  [[nodiscard]] std::vector<StateBit> bits_of(const Word& word, unsigned lane) const {
    std::vector<StateBit> found;
    each_of(word, [&](StateBit bit, const Lanes& lanes) {
      if (test(lanes, lane)) found.push_back(bit);
    });
    std::ranges::sort(found);
    return found;
  }

  /// Lanes whose states are equal go on as one: found by a hash, compared bit by bit.
  void merge() {
    std::unordered_map<std::uint64_t, std::pair<Word*, unsigned>> known;
    known.reserve(living_);
    std::array<std::uint64_t, lane_count> hash;
    for (auto& word : words_) {
      hash.fill(0);
      each_of(*word, [&](StateBit bit, const Lanes& lanes) {
        for_each(lanes, [&, key = key_of(bit)](unsigned lane) { hash[lane] ^= key; });
      });
      Lanes gone = no_lanes();
      for_each(word->live(), [&](unsigned lane) {
        const auto [found, fresh] = known.try_emplace(hash[lane], word.get(), lane);
        if (fresh) return;
        auto& [other, other_lane] = found->second;
        if (bits_of(*word, lane) != bits_of(*other, other_lane)) return;
        entries_[word->id(lane)].alias = other->id(other_lane);
        set(gone, lane);
        ++merged_;
      });
      living_ -= word->leave(gone);
    }
  }

  /// When no upsets come any more: as few words as will do.
  void compact() {
    std::ranges::sort(words_, std::ranges::greater{}, [](const auto& word) { return word->count(); });
    while (!words_.empty() && words_.back()->count() == 0) words_.pop_back();
    while (words_.size() > (living_ + lane_count - 1) / lane_count) {
      Word& last = *words_.back();
      std::size_t at = 0;
      for_each(Lanes(last.live()), [&](unsigned lane) {
        while (words_[at]->count() == lane_count) ++at;
        settle_in(*words_[at], {last.id(lane), bits_of(last, lane)});
      });
      words_.pop_back();
    }
  }

  // ---- the end

  /// The verdict at the end of a chain of aliases, which always lead to later runs.
  const Verdict& resolve(Id id) {
    Id last = id;
    while (entries_[last].alias != no_id) last = entries_[last].alias;
    if (entries_[last].verdict.end == undecided) {
      throw Error(ExitCode::machine, fmt::format("upset {} was left without a verdict", last), circuit_.netlist().top,
                  "this is a fault of the sweep: please report it");
    }
    while (entries_[id].alias != no_id) id = std::exchange(entries_[id].alias, last);
    return entries_[last].verdict;
  }

  SweepResult collect() {
    SweepResult result;
    result.clocks = end_;
    result.flip_flop_count = bits_.flip_flops();
    result.flip_flops.reserve(std::size_t{end_} * bits_.flip_flops());
    for (Id id = 0; id < end_ * bits_.flip_flops(); ++id) result.flip_flops.push_back(resolve(id));
    for (const Stretch& s : stretches_) result.memories.push_back({s.bit, s.first, s.last, resolve(s.id)});
    std::ranges::sort(result.memories, {}, [](const MemoryUpsets& m) { return std::pair(m.bit, m.first); });
    result.simulated = simulated_;
    result.merged = merged_;
    result.evaluations = clock_.evaluations();
    return result;
  }

  struct Stretch {
    StateBit bit;
    std::uint32_t first, last;
    Id id;
  };

  const Circuit& circuit_;
  StateBits bits_;
  const std::vector<Watch>& watches_;
  const Judge& judge_;
  SweepOptions options_;
  Golden golden_;
  Differences clock_;
  std::uint32_t end_ = 0;       ///< the clock in which the golden run is done
  std::vector<Entry> entries_;  ///< flip-flops in clocks 0 to end_, then memory bits as they are looked at
  std::vector<std::unique_ptr<Word>> words_;
  std::vector<Newcomer> newcomers_;
  std::size_t living_ = 0;
  std::vector<Id> as_golden_;                              ///< runs that differ in nothing, but have missed their end
  std::unordered_map<StateBit, std::vector<Id>> waiting_;  ///< runs that differ in this memory bit alone
  std::vector<std::uint32_t> untouched_since_;             ///< by state bit: the first clock not in a stretch
  std::vector<Stretch> stretches_;
  std::uint64_t simulated_ = 0, merged_ = 0;
};

}  // namespace

SweepResult sweep(const Circuit& circuit, const tb::GateSimulator& start, const Recording& recording,
                  const std::vector<Watch>& watches, const Judge& judge, const SweepOptions& options,
                  std::uint32_t most_clocks) {
  return Sweep(circuit, start, recording, watches, judge, options, most_clocks).run();
}

}  // namespace hilbert::campaign

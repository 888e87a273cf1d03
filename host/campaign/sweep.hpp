// SPDX-License-Identifier: Apache-2.0
// The sweep: one pass forward in time, in which all runs that differ go side by side.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

#include "campaign/differences.hpp"
#include "campaign/ledger.hpp"
#include "campaign/levels.hpp"
#include "campaign/moment.hpp"
#include "campaign/stuck.hpp"
#include "campaign/survivors.hpp"
#include "campaign/tuning.hpp"
#include "campaign/verdicts.hpp"

namespace hilbert::campaign {

/// In each clock: begin() all that begins in it, then step(). Whatever has not ended after step() lives on by itself.
class Sweep {
 public:
  explicit Sweep(const Trace& trace, const Tuning& tuning = {});

  [[nodiscard]] Ledger& ledger() { return ledger_; }
  [[nodiscard]] const Verdicts& verdicts() const { return verdicts_; }
  [[nodiscard]] std::uint32_t now() const { return moment_.clock(); }

  /// An experiment that differs in one flip-flop alone at the start of `clock`: to become an alias.
  std::function<void(Id id, std::uint32_t clock, std::uint32_t flip_flop)> on_single;
  /// The experiment that inverts this memory bit now, if there is one; or no_id.
  std::function<Id(StateBit bit)> of_memory_bit = [](StateBit) { return no_id; };

  /// An experiment begins in this clock. Each flip counts once.
  void begin(Id id, std::span<const StateBit> flips, std::span<const Force> forces);
  /// All that lives makes a clock; then it is the next one.
  void step();
  /// Goes on until nothing lives any more.
  void finish();

  [[nodiscard]] SweepStatistics statistics() const;

 private:
  static constexpr std::uint32_t for_ever = ~std::uint32_t{0};

  void live_on();
  void step_word(Word& word);
  void settle_events(Word& word);
  [[nodiscard]] Lanes lasting(Word& word) const;
  void free_unforced(Word& word, const Lanes& lanes);
  void wake();
  void flush();
  void settle_in(const Lanes& left);
  void park(Id id, std::vector<StateBit> bits);
  void prove_quiet();
  void prove_hangs();
  void end_all();
  [[nodiscard]] bool busy() const;

  /// Ends those whose watched nets say so; returns the lanes.
  template <class Nets, class BitsOf, class IdOf>
  Lanes ended(const Lanes& live, Nets nets, BitsOf bits_of, IdOf id_of);
  /// After a clock: ends those that need no further one of their own; returns the others.
  template <class EachRow, class BitsOf, class IdOf>
  Lanes retire(const Lanes& live, const Lanes& in_memory, EachRow each_row, BitsOf bits_of, IdOf id_of);

  const Trace& trace_;
  Tuning tuning_;
  const StateBits& bits_;
  Moment moment_;
  Differences events_;
  Levels levels_;
  LaneColumns columns_;
  Stuck stuck_;
  std::vector<Lanes> rows_before_;
  std::vector<std::pair<Word*, Lanes>> quiet_;  ///< lanes that may have come to hang
  Verdicts verdicts_;
  Ledger ledger_;
  Survivors survivors_;

  // What begins in this clock, up to 512 at once.
  struct Begun {
    Id id;
    std::size_t first_flip, last_flip;
    std::uint32_t forced_until;
  };
  std::vector<Begun> begun_;
  std::vector<StateBit> flips_;
  std::vector<Word::Lasting> forces_;
  MemoryRows memories_;
  bool lived_ = false;  ///< what lives has made this clock

  struct HashBits {
    std::size_t operator()(const std::vector<StateBit>& bits) const {
      std::size_t hash = bits.size();
      for (const StateBit bit : bits) hash = (hash ^ bit) * 0x9E37'79B9'7F4A'7C15u;
      return hash ^ hash >> 32;
    }
  };
  std::map<std::uint32_t, std::unordered_map<std::vector<StateBit>, Id, HashBits>>
      parked_;                                          ///< by clock: differ in memories alone until it
  std::map<std::uint32_t, std::vector<Id>> as_golden_;  ///< by clock: have missed their end, do as the undisturbed run
  SweepStatistics statistics_;
};

}  // namespace hilbert::campaign

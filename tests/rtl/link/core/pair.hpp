// SPDX-License-Identifier: Apache-2.0
// Two cores back to back: damaged words between them, training and sessions in short, clients, and a scoreboard.
#pragma once

#include <cstdint>
#include <deque>
#include <stdexcept>
#include <string>
#include <vector>

#include "core.hpp"
#include "support/random.hpp"
#include "words.hpp"

namespace link_core {

/// A flit lost, doubled, out of order or changed, or a word that breaks the contract. Says where.
struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Settings {
  Configuration configuration = configurations[0];
  std::uint64_t seed = 1;
  unsigned latency = 8;                   // clocks of a word from sender to receiver, at least 1
  unsigned take_every = 1;                // the wire takes a word in so many clocks
  double bit_error_rate = 0;              // of single bits
  double burst_rate = 0;                  // bursts a word; half of their bits are wrong
  unsigned burst_bits = 1000;             // longest
  double retrain_rate = 0;                // interruptions of data mode from outside, a clock
  double session_rate = 0;                // one-sided new sessions or resets, a clock
  double offer = 1.0;                     // probability, a clock, that an idle client offers a flit
  double stall = 0.0;                     // probability that the receiving client stands still, a clock
  double block_rate = 0.0;                // probability, a clock, that one channel stands still for a long time
  unsigned min_words = 1, max_words = 0;  // of a flit; 0: the configuration's
  unsigned words[2] = {0, 0};             // of every flit of a channel; 0: as above
  std::vector<std::uint64_t> corrupt[2];  // words of each end that arrive wrong, by their numbers since the start
  bool forge = false;                     // payload looks like resyncs
  unsigned nack_interval = 64, replay_timeout = 2000, retrain_after = 8, hunt_timeout = 20000;
};

/// Words in one direction. Keeps order; may change bits.
class Wire {
 public:
  Wire(const Settings& s, unsigned end, std::uint64_t seed);
  void clear();
  /// One clock: what arrives in it, if anything.
  bool clock(bool given, std::uint64_t word, std::uint64_t& arrived);
  bool damage = true;
  std::uint64_t damaged = 0;  // words

 private:
  std::uint64_t corrupt(std::uint64_t word);
  struct Slot {
    bool valid = false;
    std::uint64_t word = 0;
  };
  const Settings& settings_;
  unsigned end_;
  std::uint64_t number_ = 0;  // of the next word
  hilbert::Random random_;
  std::vector<Slot> slots_;
  std::size_t at_ = 0;
  std::uint64_t gap_;  // bits until the next wrong one
  unsigned burst_ = 0;
};

/// The content of a flit follows from its number.
struct Flit {
  std::uint64_t number;
  unsigned len;
  unsigned session;
  bool thrown = false;  // the sender said so
};

std::uint64_t payload(const Settings& s, unsigned channel, std::uint64_t number, unsigned word);

class Pair {
 public:
  explicit Pair(const Settings& settings);

  void clock();
  /// Lets nothing more be damaged or offered, waits until all is delivered. Throws Broken if it is not.
  void drain(std::uint64_t limit_clocks = 2'000'000);
  [[nodiscard]] std::uint64_t delivered() const { return flits_delivered_; }
  [[nodiscard]] std::uint64_t delivered_words() const { return words_delivered_; }
  [[nodiscard]] std::uint64_t clocks() const { return clocks_; }
  [[nodiscard]] std::uint64_t count(Event event) const { return ends_[0].counts[event] + ends_[1].counts[event]; }
  [[nodiscard]] std::uint64_t damaged() const { return ends_[0].wire.damaged + ends_[1].wire.damaged; }
  std::uint64_t delivered_on[2] = {0, 0};  // flits of each channel
  std::uint64_t trainings = 0, resets = 0, lost_at_reset = 0, retrain_requests = 0;
  bool offering = true;
  bool silent[2] = {false, false};  // the client of an end that offers nothing
  unsigned blocked[2] = {0, 0};     // channels each end's receiving client leaves alone, bit a channel

 private:
  struct Sender {  // of one channel
    bool offered = false;
    std::uint64_t next_number = 0;
    unsigned len = 0, at = 0;
    std::deque<Flit> sent;  // not yet received
    bool word_taken = false;
  };
  struct Receiver {
    unsigned at = 0;
    Flit flit{};
  };
  struct End {
    End(const Settings& s, unsigned which, std::uint64_t seed)
        : wire(s, which, seed), checker(s.configuration.max_words) {}
    std::unique_ptr<Core> core;
    Wire wire;  // from this end
    WireChecker checker;
    Sender senders[2];
    Receiver receivers[2];
    unsigned session = 0, down_for = 0, blocked_for = 0, blocked_channel = 0;
    int until_active = 0;  // clocks until data mode of the sender
    bool fresh = true;     // no data mode yet in this session
    bool started = false;  // data mode of the sender has lasted a clock
    bool open = false;     // a new session begins in the next clock
    std::uint64_t counts[events] = {};
  };

  void train();
  void compare_sessions();
  void one_sided_reset(End& end);
  void drive(End& end);
  void sample(End& end, unsigned which);
  void received(End& end, unsigned which, unsigned v, std::uint64_t word, unsigned len, bool last);
  [[noreturn]] void fail(const std::string& what) const;

  Settings settings_;
  hilbert::Random random_;
  End ends_[2];
  std::uint64_t clocks_ = 0, flits_delivered_ = 0, words_delivered_ = 0;
  unsigned max_words_;
  unsigned compare_in_ = 0;  // clocks
  bool quiet_ = false;
};

}  // namespace link_core

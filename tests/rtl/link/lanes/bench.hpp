// SPDX-License-Identifier: Apache-2.0
// Two ends of hb_link_lanes back to back over two C++ channels, with a word side that knows what it put in.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hilbert/tb/faults.hpp"
#include "hilbert/tb/link_channel.hpp"
#include "support/random.hpp"

namespace hilbert::test {

using tb::ChannelOptions;
using tb::LaneFault;
using tb::LinkChannel;
using tb::Symbols;

enum Mode : unsigned { off = 0, normal = 1, bert = 2 };
enum State : unsigned { st_off, st_hello, st_ready, st_go, st_active, st_down, st_bert };
enum Reason : unsigned {
  none,
  no_partner,
  crossed,
  not_heard,
  settings,
  partner_down,
  partner_reset,
  deskew,
  no_progress,
  train_timeout
};

/// Ports of hb_link_lanes, whatever the number of lanes.
struct Inputs {
  bool rst_n = true;
  unsigned mode = normal;
  bool open = false, reopen = false;
  unsigned lane_enable = 0xF;
  std::uint16_t node = 0;
  unsigned retrains_max = 4;
  std::uint32_t train_timeout = 20'000;
  unsigned inject = 0;
  bool bound = false, progress = false, retrain = false, hunting = true;
  std::uint8_t expected = 0;
  std::uint64_t tx_word = 0;
  bool take = true, give = true;
  std::uint64_t phy_rx = 0;
};
struct Outputs {
  unsigned state = 0, reason = 0, tx_lanes = 0, rx_lanes = 0, heard = 0, crossed = 0, partner_heard = 0;
  bool up = false, down = false, retrained = false, session = false;
  std::uint16_t partner_node = 0;
  std::uint32_t partner_settings = 0;
  unsigned bad_set = 0, bert_locked = 0, bert_symbol = 0;
  std::uint32_t bert_errors = 0;
  unsigned partner_buffer = 0;
  bool tx_data = false, tx_take = false, rx_data = false, rx_give = false;
  std::uint64_t rx_word = 0, phy_tx = 0;
};

/// A verilated end. Per clock: settle() shows outputs for these inputs, edge() takes the inputs.
class Dut {
 public:
  virtual ~Dut() = default;
  virtual unsigned lanes() const = 0;
  virtual Outputs settle(const Inputs& in) = 0;
  virtual std::uint64_t edge() = 0;  ///< phy_tx_o from now on
  virtual tb::Faults* faults() = 0;  ///< of four_upsets; else none
};

enum class Kind { one, two, four, one_small, four_upsets };  ///< the last has faults()
std::unique_ptr<Dut> make_dut(Kind kind);
Kind kind_of(unsigned lanes);

/// One end and its words: every word taken is written down, every word given is compared, position for position, with
/// what the other end put in since its data began.
class End {
 public:
  End(Kind kind, std::uint64_t seed);

  void settle();
  void edge(const End& other);
  /// Chooses words: called with the number of the word in its data session, and a random one that may be as well.
  std::function<std::uint64_t(std::size_t at, std::uint64_t random)> choose_word;
  void upset(const tb::BitName& bit) { dut_->faults()->flip(bit); }

  Inputs in;
  Outputs out;
  bool hunts_give_up = true;  ///< ask for a training after hunt_timeout clocks without a good word
  unsigned hunt_timeout = 300;
  bool makes_progress = true;  ///< a good word is progress
  unsigned lanes;

  std::vector<std::vector<std::uint64_t>> sent;                         ///< by data session
  std::uint64_t good = 0, wrong = 0, trainings = 0, good_since_up = 0;  ///< words; times data mode began to be received
  std::uint64_t outside = 0;  ///< words given or taken outside data mode: never
  std::uint64_t retrainings = 0, sessions = 0, bad_sets = 0;
  std::array<std::uint64_t, 4> bert_bits{}, bert_errors{};
  bool ever_down = false;

 private:
  std::unique_ptr<Dut> dut_;
  Random random_;
  bool tx_data_ = false, rx_data_ = false;
  std::size_t session_ = 0, at_ = 0;  ///< what is being received: session of the other end, word of it
  unsigned hunted_ = 0;
};

struct PairOptions {
  Kind a = Kind::four, b = Kind::four;
  ChannelOptions ab, ba;
  unsigned rate = 1;          ///< the PHY takes and gives a symbol in one of so many clocks
  bool random_rate = false;   ///< or at random, one of `rate` on average
  unsigned starts_later = 0;  ///< clocks that b stays in reset longer than a
  std::uint64_t seed = run_seed();
};

class Pair {
 public:
  explicit Pair(PairOptions options);
  ~Pair();  ///< no word may have been given or taken outside data mode
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  void step();
  void run(unsigned clocks) {
    for (unsigned i = 0; i < clocks; ++i) step();
  }
  /// Runs until both ends have data in both directions and have seen `words` good words in a row since; false after
  /// `limit` clocks, or as soon as one is down.
  bool train(unsigned limit = 40'000, unsigned words = 20);
  /// Runs until an end is down; false after `limit` clocks.
  bool until_down(const End& end, unsigned limit = 60'000);
  std::string describe() const;

  PairOptions options;
  End a, b;
  LinkChannel ab, ba;
  std::uint64_t clock = 0;
  bool cut_ab = false, cut_ba = false;    ///< nothing but zeros arrives
  bool reset_a = false, reset_b = false;  ///< held in reset
  /// What arrives at b (of a) may be changed on its way; called once a symbol.
  std::function<void(Symbols&)> tamper_ab;

 private:
  static constexpr unsigned reset_clocks = 3;
  void carry(End& from, End& to, LinkChannel& channel, std::deque<Symbols>& waiting, bool cut);

  Random random_;
  std::deque<Symbols> to_a_, to_b_;
};

/// A channel with everything that training must find out for itself, from a seed.
ChannelOptions any_channel(unsigned lanes, Random& random);

/// Of the lanes that work, those to use: all four, else the lowest two, else the one.
unsigned chosen(unsigned working);

}  // namespace hilbert::test

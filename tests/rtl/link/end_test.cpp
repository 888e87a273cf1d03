// SPDX-License-Identifier: Apache-2.0
// A link as software sees it: registers, interrupt, counters, the bit-error-rate test; and what it carries.
#include <gtest/gtest.h>

#include <functional>
#include <hilbert/regs/link.hpp>

#include <hilbert/regs/register_map.hpp>
#include "links.hpp"

namespace hilbert::test {
namespace {

namespace r = regs::link;
using regs::Access;
using tb::LinkPair;

constexpr std::uint32_t mode_off = 0, mode_normal = 1, mode_bert = 2;  // CTRL.MODE
constexpr std::uint32_t state_off = 0, state_active = 4, state_down = 5, state_bert = 6;
constexpr std::uint32_t no_partner = 1, partner_reset = 6, no_progress = 8;  // REASON

class Pair : public LinkPair {
 public:
  explicit Pair(const std::string& name) : Pair(name, wires(name)) {}
  Pair(const std::string& name, const Options& options) : LinkPair(link_maker(name), options) {
    for (unsigned e = 0; e < 2; ++e) hold(e, true);
  }

  static Options wires(const std::string& name) {
    Options o;
    for (unsigned e = 0; e < 2; ++e) {
      o.channel[e].lanes = name == "small" ? 1 : tb::max_lanes;
      o.channel[e].skew = {0, 3, 1, 2};
      o.channel[e].bit_offset = {5, 0, 15, 8};
      o.channel[e].seed = e + 1;
    }
    return o;
  }

  std::uint32_t status(unsigned e, std::uint32_t mask, std::uint32_t lsb) { return (read(e, r::status) & mask) >> lsb; }
  std::uint32_t state(unsigned e) { return status(e, r::status_state_mask, r::status_state_lsb); }
  bool up(unsigned e) { return status(e, r::status_up_mask, r::status_up_lsb) != 0; }

  void train() {
    for (unsigned e = 0; e < 2; ++e) write(e, r::ctrl, mode_normal);
    until([&] { return up(0) && up(1); });
  }

  template <class Done>
  void until(Done done, std::uint64_t limit = 50'000) {
    const std::uint64_t end = clocks() + limit;
    while (!done()) {
      ASSERT_LT(clocks(), end) << "STATUS " << std::hex << read(0, r::status) << " " << read(1, r::status);
      run(4);
    }
  }

  /// Random flits for so many clocks, `amid` in the middle of them, then until all are out.
  void talk(
      std::uint64_t clocks, const tb::FlitMix& mix, const std::function<void()>& amid = [] {}) {
    for (unsigned e = 0; e < 2; ++e) {
      for (unsigned v = 0; v < tb::link_vcs; ++v) sender(e, v).set_mix(mix);
      hold(e, false);
    }
    run(clocks / 2);
    amid();
    run(clocks - clocks / 2);
    for (unsigned e = 0; e < 2; ++e) hold(e, true);
    until([&] { return drained(); });
    run(200);
  }
};

class LinkEnd : public testing::TestWithParam<std::string> {};

TEST_P(LinkEnd, SaysWhatItIs) {
  Pair pair(GetParam());
  const tb::LinkParameters& p = pair.link(0).parameters();
  EXPECT_EQ(pair.read(0, r::id), r::id_value);
  EXPECT_EQ(pair.read(0, r::version), r::version_value);
  EXPECT_EQ(pair.read(0, r::map_hash), r::hash_value);
  const std::uint32_t cfg = pair.read(0, r::cfg), buffers = pair.read(0, r::cfg_buffers);
  const auto field = [](std::uint32_t value, std::uint32_t mask, std::uint32_t lsb) { return (value & mask) >> lsb; };
  EXPECT_EQ(field(cfg, r::cfg_lanes_mask, r::cfg_lanes_lsb), p.lanes);
  EXPECT_EQ(field(cfg, r::cfg_protocol_mask, r::cfg_protocol_lsb), 1U);
  EXPECT_EQ(field(cfg, r::cfg_max_words_mask, r::cfg_max_words_lsb), p.max_words);
  EXPECT_EQ(field(cfg, r::cfg_window_mask, r::cfg_window_lsb), p.window);
  EXPECT_EQ(field(buffers, r::cfg_buffers_buffer_words_mask, r::cfg_buffers_buffer_words_lsb), p.buffer_words);
  EXPECT_EQ(field(buffers, r::cfg_buffers_replay_words_mask, r::cfg_buffers_replay_words_lsb), p.replay_words);
}

// Every register of the map is as the map says, and nothing else is there.
TEST_P(LinkEnd, RegistersAreThoseOfTheMap) {
  Pair pair(GetParam());
  const std::uint32_t lanes = (1U << pair.link(0).parameters().lanes) - 1;
  const auto refused = [&](auto access) { EXPECT_THROW(access(), tb::LinkViolation); };
  std::uint32_t next = 0;
  for (const regs::Register& reg : r::registers) {
    for (; next < reg.offset; next += 4) refused([&] { pair.read(0, next); });
    for (std::uint32_t i = 0; i < reg.count; ++i, next += 4) {
      SCOPED_TRACE(std::string(reg.name) + "[" + std::to_string(i) + "]");
      const std::uint32_t at = reg.offset + 4 * i, before = pair.read(0, at);
      const std::uint32_t writable = reg.offset == r::lane_enable ? lanes : reg.writable;
      switch (reg.access) {
        case Access::constant:
        case Access::ro:
          refused([&] { pair.write(0, at, ~before); });
          break;
        case Access::rw: {
          EXPECT_EQ(before, reg.reset & writable);
          const bool ctrl = reg.offset == r::ctrl;  // a mode that is none is off
          for (const std::uint32_t value : {0xFFFFFFFFU, 0U, 0xA5A5A5A5U, 0x5A5A5A5AU}) {
            pair.write(0, at, value);
            const bool no_mode = ctrl && (value & r::ctrl_mode_mask) == 3;
            EXPECT_EQ(pair.read(0, at), value & writable & ~(no_mode ? r::ctrl_mode_mask : 0));
          }
          pair.write(0, at, reg.reset);
          break;
        }
        case Access::w1c:
        case Access::w1s:
        case Access::wo:
          EXPECT_EQ(before, 0U);
          pair.write(0, at, 0);
          EXPECT_EQ(pair.read(0, at), 0U);
          break;
      }
    }
  }
  for (; next < 0x400; next += 4) {
    refused([&] { pair.read(0, next); });
    refused([&] { pair.write(0, next, 0); });
  }
  refused([&] { pair.read(0, 2); });
}

TEST_P(LinkEnd, ComesUpAndShowsThePartner) {
  Pair pair(GetParam());
  const tb::LinkParameters& p = pair.link(0).parameters();
  EXPECT_EQ(pair.state(0), state_off);
  pair.write(0, r::node, 0x1234);
  pair.write(1, r::node, 0xBEEF);
  for (unsigned e = 0; e < 2; ++e) pair.write(e, r::irq_enable, r::irq_status_up_mask);
  EXPECT_FALSE(pair.link(0).out.irq);
  pair.train();
  EXPECT_EQ(pair.read(0, r::partner_node), 0xBEEFU);
  EXPECT_EQ(pair.read(1, r::partner_node), 0x1234U);
  EXPECT_EQ(pair.read(0, r::partner_settings), std::uint32_t{1} << 16 | p.lanes << 12 |
                                                   static_cast<std::uint32_t>(std::countr_zero(p.buffer_words)) << 8 |
                                                   p.max_words);
  for (unsigned e = 0; e < 2; ++e) {
    EXPECT_TRUE(pair.link(e).out.irq);
    EXPECT_EQ(pair.read(e, r::irq_status), r::irq_status_up_mask);
    pair.write(e, r::irq_status, r::irq_status_up_mask);
    EXPECT_FALSE(pair.link(e).out.irq);
    EXPECT_EQ(pair.state(e), state_active);
    EXPECT_EQ(pair.status(e, r::status_tx_width_mask, r::status_tx_width_lsb), p.lanes);
    EXPECT_EQ(pair.status(e, r::status_rx_lanes_mask, r::status_rx_lanes_lsb), (1U << p.lanes) - 1);
    EXPECT_EQ(pair.read(e, r::reason), 0U);
  }
}

TEST_P(LinkEnd, CountsWhatItsClientsHandInAndGet) {
  Pair pair(GetParam());
  pair.train();
  for (unsigned e = 0; e < 2; ++e) pair.write(e, r::ctrl, mode_normal | r::ctrl_clear_mask);
  const std::uint64_t start = pair.clocks();
  for (unsigned e = 0; e < 2; ++e) pair.channel(e).set_bit_error_rate(1e-5);
  pair.talk(20'000, {1, 9, 0.3});
  for (unsigned e = 0; e < 2; ++e) {
    std::uint64_t words = 0, flits = 0;
    for (unsigned v = 0; v < tb::link_vcs; ++v) {
      EXPECT_EQ(pair.read(e, r::tx_flits + 4 * v), pair.sender(e, v).next_index());
      EXPECT_EQ(pair.read(e, r::tx_words + 4 * v), pair.sender(e, v).words());
      EXPECT_EQ(pair.read(1 - e, r::rx_flits + 4 * v), pair.receiver(e, v).flits());
      EXPECT_EQ(pair.read(1 - e, r::rx_words + 4 * v), pair.receiver(e, v).words());
      EXPECT_GT(pair.receiver(e, v).flits(), 100U);
      words += pair.sender(e, v).words();
      flits += pair.read(e, r::sent_flits + 4 * v);
    }
    EXPECT_GT(pair.read(e, r::replays), 0U);
    EXPECT_GT(pair.read(1 - e, r::crc_errors), 0U);
    EXPECT_GE(pair.read(1 - e, r::hunts), pair.read(1 - e, r::crc_errors));
    EXPECT_GE(pair.read(1 - e, r::nacks_sent), pair.read(e, r::nacks_received));
    EXPECT_GT(pair.read(e, r::sent_words), words);  // replays
    EXPECT_GT(flits, pair.read(e, r::tx_flits) + pair.read(e, r::tx_flits + 4));
    const double word_clocks = tb::max_lanes / pair.link(e).parameters().lanes;
    EXPECT_NEAR(pair.read(e, r::raw_tx_words) * word_clocks, static_cast<double>(pair.clocks() - start), 40);
    EXPECT_NEAR(pair.read(e, r::raw_rx_words) * word_clocks, static_cast<double>(pair.clocks() - start), 80);
    for (const std::uint32_t none : {r::discarded, r::drops, r::protocol_errors, r::retrainings, r::timeouts}) {
      EXPECT_EQ(pair.read(e, none), 0U) << none;
    }
    EXPECT_EQ(pair.read(e, r::unacked) & r::unacked_now_mask, 0U);
  }
  pair.write(0, r::ctrl, mode_normal | r::ctrl_clear_mask);
  pair.run(2);
  EXPECT_EQ(pair.read(0, r::tx_flits), 0U);
  EXPECT_EQ(pair.read(0, r::sent_words), 0U);
}

// A client that does not read: the buffer at its end fills to the last word, never beyond, and the other channel goes
// on.
TEST_P(LinkEnd, AFullBufferIsNeverOverrun) {
  Pair pair(GetParam());
  pair.train();
  for (unsigned v = 0; v < tb::link_vcs; ++v) {
    const tb::LinkReceiver& other = pair.receiver(0, 1 - v);
    const std::uint64_t before = other.flits();
    pair.receiver(0, v).set_stall(0.997);
    for (unsigned i = 0; i < tb::link_vcs; ++i) pair.sender(0, i).set_mix({1, 9, 0});
    pair.hold(0, false);
    pair.run(10'000);
    EXPECT_GT(pair.read(0, r::stalls_credit + 4 * v), 1'000U);
    EXPECT_GT(other.flits(), before + 100);
    pair.receiver(0, v).set_stall(0);
    pair.talk(100, {1, 9, 0});
  }
  EXPECT_EQ(pair.read(1, r::protocol_errors), 0U);
  EXPECT_EQ(pair.read(1, r::drops), 0U);
}

TEST_P(LinkEnd, ThrowsAwayAndCountsWhatIsHandedInWhileOff) {
  Pair pair(GetParam());
  pair.sender(0, 1).set_mix({3, 3, 0});
  pair.hold(0, false);
  pair.run(100);
  pair.hold(0, true);
  pair.run(10);
  std::uint64_t words = 0;
  for (unsigned v = 0; v < tb::link_vcs; ++v) words += pair.sender(0, v).words();
  EXPECT_GT(words, 100U);
  EXPECT_EQ(pair.read(0, r::discarded), words);
  EXPECT_EQ(pair.read(0, r::tx_words) + pair.read(0, r::tx_words + 4), 0U);
}

TEST_P(LinkEnd, GoesDownWithAReasonWithoutPartnerAndComesBackWhenOpened) {
  Pair pair(GetParam());
  pair.write(0, r::train_timeout, 3000);
  pair.write(0, r::irq_enable, r::irq_status_down_mask);
  pair.write(0, r::ctrl, mode_normal);
  pair.until([&] { return pair.state(0) == state_down; });
  EXPECT_EQ(pair.read(0, r::reason), no_partner);
  EXPECT_TRUE(pair.link(0).out.irq);
  pair.write(0, r::irq_status, r::irq_status_down_mask);
  pair.write(1, r::ctrl, mode_normal);
  pair.open(0, mode_normal);
  pair.until([&] { return pair.up(0) && pair.up(1); });
  EXPECT_EQ(pair.read(0, r::reason), no_partner);  // stays readable
  pair.talk(2000, {1, 9, 0});
}

TEST_P(LinkEnd, NoticesThatThePartnerWasReset) {
  for (const std::uint32_t reopen : {0U, r::ctrl_reopen_mask}) {
    Pair pair(GetParam());
    pair.train();
    pair.talk(2000, {1, 9, 0});
    pair.write(0, r::irq_status, ~0U);
    pair.write(0, r::ctrl, mode_normal | reopen);
    // Flits that are never acknowledged, for the partner is in reset
    pair.hold(0, false);
    pair.link(1).hold_reset(true);
    pair.run(300);
    pair.hold(0, true);
    pair.run(300);
    const std::uint32_t lost = pair.read(0, r::unacked) & r::unacked_now_mask;
    EXPECT_GT(lost, 0U);
    pair.link(1).hold_reset(false);
    pair.write(1, r::ctrl, mode_normal);
    pair.until([&] { return (pair.read(0, r::irq_status) & r::irq_status_partner_reset_mask) != 0; });
    EXPECT_EQ(pair.read(0, r::reason), partner_reset);
    if (reopen == 0) {
      EXPECT_EQ(pair.state(0), state_down);
      pair.write(0, r::irq_status, r::irq_status_partner_reset_mask);  // that cause alone
      EXPECT_NE(pair.read(0, r::irq_status) & r::irq_status_down_mask, 0U);
      pair.write(0, r::ctrl, mode_normal | r::ctrl_open_mask);
    }
    pair.until([&] { return pair.up(0) && pair.up(1); });
    EXPECT_EQ((pair.read(0, r::unacked) & r::unacked_ended_mask) >> r::unacked_ended_lsb, lost);
  }
}

TEST_P(LinkEnd, ASessionOpenedInTheMiddleOfAFlitGivesUpWholeFlits) {
  Pair pair(GetParam());
  pair.train();
  const std::uint32_t ctrl = mode_normal | r::ctrl_reopen_mask;
  pair.write(1, r::ctrl, ctrl);
  for (unsigned i = 0; i < 24; ++i) {
    for (unsigned v = 0; v < tb::link_vcs; ++v) pair.sender(0, v).set_mix({9, 9, 0});
    pair.hold(0, false);
    pair.run(20 + i);
    pair.open(0, ctrl);
    pair.hold(0, true);
    for (unsigned v = 0; v < tb::link_vcs; ++v) pair.receiver(1, v).session(pair.sender(1, v).next_index());
    pair.until(
        [&] { return pair.state(0) == state_active && pair.state(1) == state_active && pair.up(0) && pair.up(1); });
    pair.talk(200, {9, 9, 0});
  }
}

TEST_P(LinkEnd, AnInjectedErrorIsRepairedAndCounted) {
  Pair pair(GetParam());
  pair.train();
  for (unsigned e = 0; e < 2; ++e) pair.write(e, r::ctrl, mode_normal | r::ctrl_clear_mask);
  constexpr unsigned errors = 20;
  for (unsigned i = 0; i < errors; ++i) {
    pair.talk(600 + i, {1, 9, 0}, [&] { pair.write(0, r::inject, 1); });
  }
  EXPECT_EQ(pair.read(1, r::crc_errors), errors);
  EXPECT_EQ(pair.read(1, r::hunts), errors);
  EXPECT_GE(pair.read(1, r::nacks_sent), errors);
  EXPECT_EQ(pair.read(0, r::nacks_received), pair.read(1, r::nacks_sent));
  EXPECT_EQ(pair.read(0, r::replays), errors);
  for (const std::uint32_t none : {r::crc_errors, r::hunts, r::nacks_sent, r::duplicates}) {
    EXPECT_EQ(pair.read(0, none), 0U) << none;
  }
  for (const std::uint32_t none : {r::nacks_received, r::replays, r::timeouts})
    EXPECT_EQ(pair.read(1, none), 0U) << none;
}

TEST_P(LinkEnd, BitErrorRateTestCountsWhatTheWiresDid) {
  Pair pair(GetParam());
  const unsigned lanes = pair.link(0).parameters().lanes;
  for (unsigned e = 0; e < 2; ++e) pair.write(e, r::ctrl, mode_bert);
  pair.until(
      [&] { return pair.status(1, r::status_bert_locked_mask, r::status_bert_locked_lsb) == (1U << lanes) - 1; });
  EXPECT_EQ(pair.state(1), state_bert);
  pair.run(200);
  for (unsigned e = 0; e < 2; ++e) pair.write(e, r::ctrl, mode_bert | r::ctrl_clear_mask);
  pair.run(100);
  const std::uint64_t flipped = pair.channel(0).flipped_bits();
  pair.channel(0).set_bit_error_rate(1e-4);
  pair.run(100'000);
  pair.channel(0).set_bit_error_rate(0);
  pair.run(100);
  pair.write(0, r::inject, (1U << lanes) - 1);
  pair.run(100);
  std::uint64_t errors = 0;
  for (unsigned l = 0; l < tb::max_lanes; ++l) {
    const std::uint32_t symbols = pair.read(1, r::bert_symbols + 4 * l);
    const std::uint32_t wrong = pair.read(1, r::bert_errors + 4 * l);
    if (l < lanes) {
      EXPECT_NEAR(symbols, 100'300, 60);
      EXPECT_NEAR(wrong, 160, 5 * 13);
    } else {
      EXPECT_EQ(symbols + wrong, 0U);
    }
    errors += wrong;
  }
  EXPECT_EQ(errors, pair.channel(0).flipped_bits() - flipped + lanes);
  EXPECT_EQ(pair.read(0, r::bert_errors), 0U);
  // And back to work
  pair.train();
  pair.talk(2000, {1, 9, 0});
}

// A session outlives the mode: what was handed in before waits, what is handed in during the test too.
TEST_P(LinkEnd, BitErrorRateTestAndOffLoseNothing) {
  Pair pair(GetParam());
  pair.train();
  for (const std::uint32_t mode : {mode_bert, mode_off}) {
    for (unsigned e = 0; e < 2; ++e) pair.hold(e, false);
    pair.run(500);
    if (mode == mode_off) {
      for (unsigned e = 0; e < 2; ++e) {
        ASSERT_TRUE(pair.quiet(e, 2000));
      }
    }
    for (unsigned e = 0; e < 2; ++e) pair.write(e, r::ctrl, mode);
    pair.run(1000);
    for (unsigned e = 0; e < 2; ++e) pair.write(e, r::ctrl, mode_normal);
    pair.until([&] { return pair.up(0) && pair.up(1); });
    pair.talk(2000, {1, 9, 0});
    for (unsigned e = 0; e < 2; ++e) {
      EXPECT_EQ(pair.read(e, r::discarded), 0U);
      for (unsigned v = 0; v < tb::link_vcs; ++v) EXPECT_EQ(pair.receiver(e, v).skipped(), 0U);
    }
  }
}

// What README.md says of bounds at the ends of their range, on good wires on which single bits go wrong.
TEST_P(LinkEnd, OddBoundsWork) {
  struct Odd {
    std::uint32_t bound, value, retrain_after;
  };
  constexpr std::uint32_t ones = ~0U, usual = r::retrain_after_reset;
  for (const Odd& odd :
       {Odd{r::nack_interval, 0, usual}, Odd{r::nack_interval, 1, usual}, Odd{r::nack_interval, ones, usual},
        Odd{r::replay_timeout, 0, ones}, Odd{r::replay_timeout, 1, ones}, Odd{r::replay_timeout, ones, usual},
        Odd{r::hunt_timeout, 0, usual}, Odd{r::hunt_timeout, ones, usual}, Odd{r::retrain_after, 0, 0},
        Odd{r::retrain_after, 1, 1}, Odd{r::retrain_after, ones, ones}, Odd{r::retrains_max, 0, usual},
        Odd{r::retrains_max, 1, usual}, Odd{r::retrains_max, ones, usual}}) {
    SCOPED_TRACE(testing::Message() << "register " << std::hex << odd.bound << " is " << odd.value);
    Pair pair(GetParam());
    for (unsigned e = 0; e < 2; ++e) {
      pair.write(e, odd.bound, odd.value);
      pair.write(e, r::retrain_after, odd.retrain_after);
    }
    pair.train();
    for (unsigned i = 0; i < 10; ++i) {
      pair.talk(600 + i, {1, 9, 0}, [&] { pair.write(i % 2, r::inject, 1); });
      ASSERT_FALSE(HasFatalFailure());
    }
    std::uint32_t trainings = 0;
    for (unsigned e = 0; e < 2; ++e) {
      EXPECT_EQ(pair.read(e, r::reason), 0U);
      EXPECT_GE(pair.read(e, r::hunts), 5U);
      trainings += pair.read(e, r::retrainings);
      for (unsigned v = 0; v < tb::link_vcs; ++v) EXPECT_EQ(pair.receiver(e, v).skipped(), 0U);
    }
    if (odd.bound == r::retrain_after && odd.value == 0) {
      EXPECT_GE(trainings, 10U);
    } else {
      EXPECT_EQ(trainings, 0U);
    }
  }
}

TEST_P(LinkEnd, BoundsThatLeaveNoTimeTakeItDownAndSayWhy) {
  struct Odd {
    std::uint32_t bound, value;
  };
  for (const Odd& odd : {Odd{r::hunt_timeout, 1}, Odd{r::retrains_max, 0}}) {
    Pair pair(GetParam());
    pair.write(0, odd.bound, odd.value);
    pair.write(0, r::irq_enable, r::irq_status_down_mask);
    for (unsigned e = 0; e < 2; ++e) pair.write(e, r::ctrl, mode_normal);
    if (odd.bound == r::retrains_max) {
      pair.until([&] { return pair.up(0) && pair.up(1); });
      for (unsigned l = 0; l < pair.link(0).parameters().lanes; ++l)
        pair.channel(1).set_fault(l, tb::LaneFault::stuck_0);
    }
    pair.until([&] { return pair.link(0).out.irq; });
    EXPECT_EQ(pair.state(0), state_down);
    EXPECT_EQ(pair.read(0, r::reason), no_progress);
    EXPECT_EQ(pair.read(0, r::retrainings), odd.bound == r::retrains_max ? 0U : r::retrains_max_reset);
  }
}

// It hunts, and may for ever: its own flits go on between the nacks. Bounds that change at work count at once.
TEST_P(LinkEnd, ItsOwnFlitsGoOnWhileItHunts) {
  Pair pair(GetParam());
  pair.write(0, r::nack_interval, 0);
  pair.write(0, r::hunt_timeout, 0);
  pair.write(0, r::retrain_after, ~0U);
  pair.write(1, r::replay_timeout, ~0U);
  pair.write(1, r::retrain_after, ~0U);
  pair.train();
  const unsigned lanes = pair.link(0).parameters().lanes;
  for (unsigned l = 0; l < lanes; ++l) pair.channel(1).set_fault(l, tb::LaneFault::stuck_0);
  pair.until([&] { return (pair.read(0, r::status) & r::status_hunting_mask) != 0; });
  const auto flits = [&] { return pair.receiver(0, 0).flits() + pair.receiver(0, 1).flits(); };
  const std::uint64_t before = flits();
  for (unsigned v = 0; v < tb::link_vcs; ++v) pair.sender(0, v).set_mix({1, 9, 0});
  pair.hold(0, false);
  pair.run(3000);
  EXPECT_GE(flits(), before + 3);  // of a window of 4 or more; none of them can be acknowledged
  // Replays without progress, and then fewer of them are enough
  pair.write(0, r::replay_timeout, 200);
  pair.until([&] { return pair.read(0, r::replays) >= 6; });
  EXPECT_EQ(pair.read(0, r::retrainings), 0U);
  for (unsigned l = 0; l < lanes; ++l) pair.channel(1).set_fault(l, tb::LaneFault::none);
  pair.write(0, r::retrain_after, 1);
  pair.run(1500);
  EXPECT_EQ(pair.read(0, r::retrainings), 1U);
  pair.talk(2000, {1, 9, 0});
}

INSTANTIATE_TEST_SUITE_P(Links, LinkEnd, testing::Values("full", "small"),
                         [](const auto& suite) { return suite.param; });

TEST(LinkLanes, FewerLanesAreUsedAndReported) {
  Pair pair("full");
  pair.channel(0).set_fault(1, tb::LaneFault::stuck_1);
  pair.train();
  EXPECT_EQ(pair.status(1, r::status_rx_lanes_mask, r::status_rx_lanes_lsb), 0b0101U);
  EXPECT_EQ(pair.status(0, r::status_tx_lanes_mask, r::status_tx_lanes_lsb), 0b0101U);
  EXPECT_EQ(pair.status(0, r::status_rx_width_mask, r::status_rx_width_lsb), 4U);
  EXPECT_EQ(pair.read(1, r::lanes_heard) & r::lanes_heard_heard_mask, 0b1101U);
  for (unsigned e = 0; e < 2; ++e) {
    EXPECT_EQ(pair.read(e, r::irq_status), r::irq_status_up_mask | r::irq_status_degraded_mask);
    pair.write(e, r::irq_status, ~0U);
  }
  pair.talk(3000, {1, 129, 0});
  // One of the two in use dies at work: nothing is lost.
  for (unsigned e = 0; e < 2; ++e) pair.hold(e, false);
  pair.channel(0).set_fault(2, tb::LaneFault::stuck_0);
  const auto width = [&] { return pair.status(1, r::status_rx_width_mask, r::status_rx_width_lsb); };
  pair.until([&] { return pair.up(1) && pair.status(1, r::status_rx_lanes_mask, r::status_rx_lanes_lsb) == 0b1001; },
             200'000);
  EXPECT_EQ(width(), 2U);
  EXPECT_NE(pair.read(1, r::irq_status) & r::irq_status_retrain_mask, 0U);
  pair.talk(3000, {1, 129, 0});
  for (unsigned e = 0; e < 2; ++e) EXPECT_GE(pair.read(e, r::retrainings), 1U);
}

TEST(LinkLanes, CrossedWiresAreReported) {
  LinkPair::Options wires = Pair::wires("full");
  wires.channel[0].to_lane = {1, 0, 3, 2};
  Pair pair("full", wires);
  pair.write(1, r::train_timeout, 5000);
  for (unsigned e = 0; e < 2; ++e) pair.write(e, r::ctrl, mode_normal);
  pair.until([&] { return pair.state(1) == state_down; });
  pair.run(200);  // down, it listens anew
  EXPECT_EQ((pair.read(1, r::lanes_heard) & r::lanes_heard_crossed_mask) >> r::lanes_heard_crossed_lsb, 0xFU);
  EXPECT_EQ(pair.read(1, r::reason), 2U);
}

// No flit gets through, though training and control words do: it must not go on for ever.
TEST(LinkBounds, ErrorsWithoutEndTakeTheLinkDown) {
  Pair pair("full");
  pair.train();
  constexpr std::uint32_t retrains = 2;
  pair.write(0, r::retrain_after, 2);
  pair.write(0, r::retrains_max, retrains);
  pair.write(0, r::irq_enable, r::irq_status_down_mask);
  pair.sender(0, 0).set_mix({129, 129, 0});
  pair.channel(0).set_bit_error_rate(1.5e-3);  // a good flit in 250,000
  pair.hold(0, false);
  pair.until([&] { return pair.link(0).out.irq; }, 300'000);
  EXPECT_EQ(pair.state(0), state_down);
  EXPECT_EQ(pair.read(0, r::reason), no_progress);
  EXPECT_EQ(pair.read(0, r::retrainings), retrains);
  EXPECT_GT(pair.read(0, r::replays), 2 * retrains);
  // Nobody waits for it: what is handed in is taken and counted.
  const std::uint32_t discarded = pair.read(0, r::discarded);
  pair.run(200);
  EXPECT_GT(pair.read(0, r::discarded), discarded + 100);
}

// The bounds asked for: payload words over what four lanes carry, both directions saturated.
TEST(LinkEfficiency, IsWhatWasAskedFor) {
  struct Case {
    unsigned words;
    double at_least;
  };
  for (const Case& c : {Case{128, 0.97}, Case{129, 0.97}, Case{8, 0.86}, Case{9, 0.86}}) {
    Pair pair("full");
    pair.train();
    for (unsigned e = 0; e < 2; ++e) {
      for (unsigned v = 0; v < tb::link_vcs; ++v) pair.sender(e, v).set_mix({c.words, c.words, 0});
      pair.hold(e, false);
    }
    const auto words = [&](unsigned e) { return pair.receiver(e, 0).words() + pair.receiver(e, 1).words(); };
    pair.run(2000);
    const std::array before{words(0), words(1)};
    constexpr unsigned clocks = 20'000;
    pair.run(clocks);
    for (unsigned e = 0; e < 2; ++e)
      EXPECT_GE(static_cast<double>(words(e) - before[e]), c.at_least * clocks) << c.words;
  }
}

}  // namespace
}  // namespace hilbert::test

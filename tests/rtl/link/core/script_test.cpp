// SPDX-License-Identifier: Apache-2.0
// One core against words written by hand: what it must accept, refuse, answer and give up on (rtl/link/README.md).
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "core.hpp"
#include "words.hpp"

namespace link_core {
namespace {

constexpr unsigned replay_timeout = 200;

/// A core whose partner is this script: says() what comes, clock() lets time pass, reads what the core answers.
class Script : public testing::Test {
 protected:
  explicit Script(const Configuration& c = configurations[0]) : checker_(c.max_words), core_(make_core(c)) {
    core_->in.partner_buffer = c.buffer_words;
    core_->in.replay_timeout = replay_timeout;
    core_->in.retrain_after = 3;
    core_->in.hunt_timeout = 5000;
    core_->in.nack_interval = 64;
    core_->in.rx_ready = 3;
    core_->reset();
  }

  /// Data mode begins, and with `resync` the partner's receiver is in step and the core hears of it.
  void begin(bool resync = true) {
    core_->in.tx_active = core_->in.rx_active = true;
    core_->in.tx_take = false;
    clock(1);
    core_->in.tx_take = true;
    if (resync) {
      says_.resync({});
      play();
    }
  }
  void end() {
    core_->in.tx_active = core_->in.rx_active = core_->in.tx_take = false;
    clock(3);
    checker_.restart();
    says_ = Encoder();
    played_ = 0;
  }
  void clock(unsigned clocks = 1) {
    In& in = core_->in;
    for (unsigned i = 0; i < clocks; i++) {
      if (in.tx_take) {
        const auto wrong = checker_.word(core_->out.tx_word);
        ASSERT_FALSE(wrong) << *wrong;
        if (checker_.framing) sent_.push_back(*checker_.framing);
      }
      in.rx_give = played_ < says_.words.size();
      if (in.rx_give) in.rx_word = says_.words[played_++];
      in.tx_valid = in.tx_last = 0;
      for (unsigned v = 0; v < 2; v++) {
        if (offer_[v] == 0) continue;
        in.tx_valid |= 1U << v;
        in.tx_len[v] = claim_[v];
        in.tx_last |= unsigned{offer_[v] == 1} << v;
        in.tx_data[v] = 0x1000 * (v + 1) + offer_[v];
        if ((core_->out.tx_ready >> v & 1) != 0) {
          offer_[v]--;
          taken_[v]++;
        }
      }
      for (unsigned v = 0; v < 2; v++) {
        if ((core_->out.rx_valid & in.rx_ready) >> v & 1) received_[v].push_back(core_->out.rx_data[v]);
      }
      core_->edge();
      for (unsigned e = 0; e < events; e++) counts_[e] += core_->out.event >> e & 1;
      retrains_ += core_->out.retrain;
      progress_ += core_->out.progress;
    }
  }
  /// Until everything said has been heard and has had its effect.
  void play() { clock(static_cast<unsigned>(says_.words.size() - played_) + 4); }
  void offer(unsigned v, unsigned words) { offer_[v] = claim_[v] = words; }
  void flit(unsigned vc, unsigned seq, unsigned words, std::uint64_t tag) {
    says_.framing(data_content(vc, words, seq));
    for (unsigned i = 0; i < words; i++) says_.payload(tag + i);
  }
  /// Framing words of a kind since the last call of forget().
  [[nodiscard]] unsigned count_sent(Kind kind) const {
    unsigned n = 0;
    for (const std::uint32_t content : sent_) n += static_cast<Kind>(content & 3) == kind;
    return n;
  }
  void forget() {
    sent_.clear();
    for (auto& c : counts_) c = 0;
    retrains_ = 0;
    progress_ = 0;
  }
  [[nodiscard]] Control last_control() const {
    for (auto i = sent_.rbegin(); i != sent_.rend(); ++i) {
      if ((*i & 3) != 1) return {(*i & 4) != 0, (*i & 8) != 0, *i >> 4 & 0xFF, *i >> 12 & 0x3FF, *i >> 22};
    }
    return {};
  }

  WireChecker checker_;
  std::unique_ptr<Core> core_;
  Encoder says_;
  std::size_t played_ = 0;
  std::vector<std::uint32_t> sent_;
  unsigned offer_[2] = {0, 0}, claim_[2] = {0, 0}, taken_[2] = {0, 0};
  std::vector<std::uint64_t> received_[2];
  std::uint64_t counts_[events] = {}, retrains_ = 0, progress_ = 0;
};

using LinkScript = Script;

TEST_F(LinkScript, OnlyAResyncWithTheRightPositionEndsTheHunt) {
  begin(false);
  EXPECT_TRUE(core_->out.hunting);
  for (const std::uint32_t off : {1U, 2U, 0x80000000U}) {
    says_.resync({}, (says_.position + off) ^ says_.position);  // right elsewhere
    says_.control({});
    flit(0, 0, 2, 7);
    says_.control({});
    play();
    EXPECT_TRUE(core_->out.hunting) << off;
  }
  says_.resync({}, 1U << 31);
  says_.words.back() ^= 1U << 31 | 1U;  // a wrong bit in content and in check
  play();
  EXPECT_TRUE(core_->out.hunting);
  EXPECT_FALSE(core_->out.bound);
  says_.resync({});
  play();
  EXPECT_FALSE(core_->out.hunting);
  EXPECT_TRUE(core_->out.bound);
  EXPECT_EQ(counts_[hunt], 0U) << "the hunt that data mode begins with is no loss";
  EXPECT_TRUE(received_[0].empty());
}

TEST_F(LinkScript, EverySequenceNumberIsDueOldOrAhead) {
  unsigned expected = 0;
  for (const unsigned at : {0U, 1U, 100U, 128U, 200U, 255U, 256U}) {
    begin();
    for (; expected < at; expected++) flit(0, expected, 1, expected);
    says_.control({});
    play();
    ASSERT_EQ(core_->out.expected, at & 0xFF);
    for (unsigned distance = 1; distance < 256; distance++) {
      forget();
      received_[0].clear();
      flit(0, at + distance, 1, 99);
      says_.control({});
      play();
      ASSERT_EQ(counts_[duplicate], distance >= 128) << distance;
      ASSERT_EQ(counts_[hunt], distance < 128) << distance;
      ASSERT_EQ(counts_[protocol_error], 0U);
      ASSERT_EQ(core_->out.expected, at & 0xFF);
      ASSERT_TRUE(received_[0].empty());
      if (distance < 128) {
        says_.resync({});
        play();
        ASSERT_FALSE(core_->out.hunting);
      }
    }
    end();
  }
}

TEST_F(LinkScript, WhatNoPartnerMaySayIsHuntedAndTheFlitBeforeItIsKept) {
  struct Row {
    const char* what;
    std::uint32_t content;
  };
  const Row rows[] = {{"kind 3", 3},
                      {"length 0", data_content(0, 0, 1)},
                      {"length above MaxWords", data_content(0, 130, 1)},
                      {"length 255", data_content(1, 255, 1)},
                      {"a bit that must be zero", data_content(0, 1, 1) | 1U << 19},
                      {"the top bit", data_content(0, 1, 1) | 1U << 31}};
  unsigned number = 0;
  begin();
  for (const Row& row : rows) {
    forget();
    flit(0, number++, 1, 5);
    says_.framing((row.content & ~(0xFFU << 11)) | (number & 0xFF) << 11);
    play();
    EXPECT_EQ(counts_[protocol_error], 1U) << row.what;
    EXPECT_EQ(counts_[hunt], 1U) << row.what;
    EXPECT_EQ(counts_[crc_error], 0U) << row.what;
    EXPECT_TRUE(core_->out.hunting) << row.what;
    EXPECT_EQ(core_->out.expected, number) << row.what;
    says_.resync({});
    play();
  }
  EXPECT_EQ(received_[0].size(), std::size(rows));
}

TEST_F(LinkScript, NoRoomIsRefusedAndNothingOverflows) {
  begin();
  core_->in.rx_ready = 0;
  unsigned number = 0;
  for (unsigned i = 0; i < 4; i++) flit(1, number++, 128, 1000 * i);  // 512 words, one of which is at the exit
  says_.control({});
  play();
  EXPECT_EQ(core_->out.expected, 4U);
  flit(1, number, 2, 1);
  says_.control({});
  play();
  EXPECT_EQ(counts_[protocol_error], 1U);
  EXPECT_EQ(counts_[overflow], 0U);
  EXPECT_TRUE(core_->out.hunting);
  says_.resync({});
  flit(0, number++, 3, 70);  // the other channel has its own
  says_.control({});
  play();
  core_->in.rx_ready = 3;
  clock(600);
  EXPECT_EQ(received_[1].size(), 512U);
  EXPECT_EQ(received_[0].size(), 3U);
  EXPECT_EQ(last_control().left1, 512U);
  EXPECT_EQ(last_control().left0, 3U);
}

TEST_F(LinkScript, NothingIsTakenBeforeCreditIsKnown) {
  offer(0, 3);
  offer(1, 3);
  clock(10);
  begin(false);
  clock(100);
  EXPECT_EQ(taken_[0] + taken_[1], 0U);
  says_.resync({.left0 = 0, .left1 = 1024 - 510});  // 510 words are still in the partner's buffer of channel 1
  play();
  clock(50);
  EXPECT_EQ(taken_[0], 3U);
  EXPECT_EQ(taken_[1], 0U);
  EXPECT_GT(counts_[stall_credit1], 0U);
  says_.control({.left0 = 0, .left1 = 1024 - 509});
  play();
  clock(10);
  EXPECT_EQ(taken_[1], 3U);
}

TEST_F(LinkScript, CreditIsSpentToTheLastWordAndNotBeyond) {
  begin();
  const unsigned lens[] = {129, 129, 129, 125};
  unsigned number = 0;
  for (const unsigned len : lens) {
    offer(0, len);
    clock(200);
    EXPECT_EQ(offer_[0], 0U);
    says_.control({.ack = ++number});
    play();
  }
  offer(0, 1);
  clock(300);
  EXPECT_EQ(offer_[0], 1U);
  says_.control({.ack = number, .left0 = 1});
  play();
  clock(10);
  EXPECT_EQ(offer_[0], 0U);
  says_.control({.ack = ++number, .left0 = 514});  // more than was ever sent
  play();
  EXPECT_EQ(counts_[protocol_error], 1U);
  offer(0, 1);
  clock(100);
  EXPECT_EQ(offer_[0], 1U);
}

TEST_F(LinkScript, AcknowledgementsOutsideTheFlightAreIgnored) {
  begin();
  for (unsigned i = 0; i < 3; i++) {
    offer(0, 2);
    clock(10);
  }
  EXPECT_EQ(core_->out.unacked, 3U);
  forget();
  for (const unsigned ack : {4U, 100U, 128U, 255U}) {
    says_.control({.ack = ack});
    play();
    EXPECT_EQ(core_->out.unacked, 3U) << ack;
  }
  EXPECT_EQ(counts_[protocol_error], 4U);
  EXPECT_EQ(progress_, 0U);
  says_.control({.ack = 2});
  play();
  EXPECT_EQ(core_->out.unacked, 1U);
  says_.control({.ack = 1});  // already acknowledged
  play();
  EXPECT_EQ(core_->out.unacked, 1U);
  EXPECT_EQ(counts_[protocol_error], 5U);
}

TEST_F(LinkScript, ANackIsServedOnceAndAgainWhenTheAnswerIsLate) {
  begin();
  offer(0, 2);
  clock(10);
  says_.control({.ack = 1});
  play();
  clock(replay_timeout);
  forget();
  for (unsigned i = 0; i < 20; i++) says_.control({.nack = true, .hunt = true, .ack = 1});
  play();
  clock(10);
  EXPECT_EQ(counts_[replay], 1U);
  EXPECT_EQ(count_sent(Kind::resync), 1U);
  clock(replay_timeout);
  EXPECT_EQ(counts_[replay], 1U);
  says_.control({.nack = true, .hunt = true, .ack = 1});  // it still hunts
  play();
  EXPECT_EQ(counts_[replay], 2U);
  says_.control({.nack = false, .hunt = true, .ack = 1});
  says_.control({.nack = true, .hunt = false, .ack = 1});  // a new loss
  play();
  EXPECT_EQ(counts_[replay], 3U);
  EXPECT_EQ(counts_[timeout], 0U);
  EXPECT_EQ(retrains_, 0U);
}

TEST_F(LinkScript, AFlitNeverAcknowledgedIsNeverForgottenAndEndsInTraining) {
  begin();
  offer(0, 5);
  clock(20);
  forget();
  std::uint64_t longest = 0, since = 0;
  for (unsigned i = 0; i < 100 * replay_timeout; i++) {
    const auto before = counts_[replay];
    clock();
    since = counts_[replay] == before ? since + 1 : 0;
    longest = std::max(longest, since);
  }
  EXPECT_LE(longest, replay_timeout + 20U);
  EXPECT_GE(counts_[replay], 90U);
  EXPECT_EQ(counts_[timeout], counts_[replay]);
  EXPECT_EQ(counts_[flit_tx0], counts_[replay]);
  EXPECT_EQ(retrains_, counts_[replay] / 4);  // after three replays the fourth asks for training
  EXPECT_EQ(core_->out.unacked, 1U);
  EXPECT_EQ(progress_, 0U);
  end();
  clock(1000);
  forget();
  begin();  // the flit is there again after training
  clock(20);
  EXPECT_EQ(counts_[flit_tx0], 1U);
  says_.control({.ack = 1});
  play();
  EXPECT_EQ(core_->out.unacked, 0U);
  EXPECT_GE(progress_, 1U);
}

TEST_F(LinkScript, ReplaysBetweenWhichSomethingComesThroughAskForNothing) {
  begin();
  bool bit = false;
  for (unsigned i = 0; i < 20; i++) {
    bit = !bit;
    says_.control({.nack = true, .hunt = bit});
    play();
    clock(5);
    says_.control({.nack = false, .hunt = bit});
    play();
  }
  EXPECT_EQ(counts_[replay], 20U);
  EXPECT_EQ(retrains_, 0U);
  for (unsigned i = 0; i < 20; i++) {
    bit = !bit;
    says_.control({.nack = true, .hunt = bit});
    play();
    clock(5);
  }
  EXPECT_EQ(counts_[replay], 40U);
  EXPECT_EQ(retrains_, 5U);
}

TEST_F(LinkScript, HuntingForTooLongAsksForTraining) {
  begin();
  says_.framing(0, 1);
  play();
  EXPECT_TRUE(core_->out.hunting);
  forget();
  clock(4 * 5000 + 100);
  EXPECT_EQ(retrains_, 4U);
}

TEST_F(LinkScript, AHuntIsToldAtOnceThenEveryIntervalAndEachLossAnew) {
  begin();
  clock(100);
  EXPECT_FALSE(last_control().nack);
  bool bit = last_control().hunt;
  for (unsigned loss = 0; loss < 5; loss++) {
    says_.framing(0, 1);  // wrong
    clock(2);
    forget();
    clock(8);
    EXPECT_TRUE(last_control().nack);
    EXPECT_NE(last_control().hunt, bit);
    EXPECT_EQ(count_sent(Kind::resync), 1U);
    bit = last_control().hunt;
    clock(64 * 10);
    EXPECT_NEAR(count_sent(Kind::resync), 10, 1);
    EXPECT_EQ(last_control().hunt, bit);
    says_.resync({});
    play();
    EXPECT_FALSE(last_control().nack);
    EXPECT_EQ(last_control().hunt, bit);
    forget();
    says_.framing(0, 1);  // again, soon after the last nack: told as soon
    clock(10);
    EXPECT_EQ(count_sent(Kind::resync), 1U);
    EXPECT_NE(last_control().hunt, bit);
    bit = last_control().hunt;
    says_.resync({});
    play();
  }
}

TEST_F(LinkScript, IllegalFlitsOfTheClientAreThrownAwayAndCounted) {
  begin();
  offer_[0] = 4;
  claim_[0] = 0;
  clock(20);
  EXPECT_EQ(offer_[0], 0U);
  EXPECT_EQ(counts_[discard0], 4U);
  offer_[1] = 130;
  claim_[1] = 130;
  clock(200);
  EXPECT_EQ(counts_[discard1], 130U);
  EXPECT_EQ(counts_[flit_tx0] + counts_[flit_tx1], 0U);
  offer(1, 3);
  clock(20);
  EXPECT_EQ(counts_[flit_tx1], 1U);
}

TEST_F(LinkScript, DownThrowsAwayAndCountsAndASessionBeginsCleanly) {
  begin();
  offer(0, 100);
  clock(30);
  EXPECT_GT(offer_[0], 0U);
  const unsigned taken_before = taken_[0];
  core_->in.down = true;
  end();
  clock(200);
  offer(1, 7);
  clock(20);
  EXPECT_EQ(offer_[0] + offer_[1], 0U);
  EXPECT_NEAR(static_cast<double>(counts_[discard0]), 100 - taken_before, 1);
  EXPECT_EQ(counts_[discard1], 7U);
  EXPECT_EQ(core_->out.unacked, 1U);
  core_->in.session = true;
  clock(1);
  core_->in.session = false;
  core_->in.down = false;
  EXPECT_FALSE(core_->out.bound);
  EXPECT_EQ(core_->out.unacked, 0U);
  forget();
  begin();
  EXPECT_TRUE(core_->out.bound);
  offer(0, 2);
  clock(20);
  EXPECT_EQ(counts_[flit_tx0], 1U);
  EXPECT_EQ(counts_[discard0] + counts_[discard1], 0U);
}

TEST_F(LinkScript, ASessionInTheMiddleOfDataModeHearsNothingOfTheOldOne) {
  begin();
  flit(0, 0, 2, 40);
  says_.control({});
  play();
  offer(0, 50);
  clock(10);
  core_->in.tx_take = false;  // what the sender shows from now on means nothing
  core_->in.session = true;
  clock(1);
  core_->in.session = false;
  clock(100);  // the rest of the flit is thrown away
  EXPECT_EQ(offer_[0], 0U);
  EXPECT_GT(counts_[discard0], 30U);
  for (unsigned i = 0; i < 2; i++) {  // positions counted on, or from the session's begin
    says_.resync({.ack = 1});
    flit(0, 1, 1, 9);
    flit(0, 0, 1, 9);
    says_.control({});
    play();
    if (i == 0) {
      core_->in.session = true;
      clock(1);
      core_->in.session = false;
      says_ = Encoder();
      played_ = 0;
    }
  }
  EXPECT_EQ(received_[0].size(), 2U);  // of the first session
  EXPECT_FALSE(core_->out.bound);
  EXPECT_EQ(core_->out.expected, 0U);
}

// The check of a resync covers its content alone, so it vouches for no flit.
TEST_F(LinkScript, AResyncClosesNoFlit) {
  begin();
  flit(0, 0, 4, 1);
  says_.words.back() ^= 1;  // damaged
  says_.resync({});
  says_.control({});
  play();
  EXPECT_TRUE(received_[0].empty());
  EXPECT_EQ(core_->out.expected, 0U);
  EXPECT_FALSE(core_->out.hunting);
  flit(0, 0, 2, 7);
  says_.control({});
  play();
  EXPECT_EQ(received_[0].size(), 2U);
}

TEST_F(LinkScript, ACutFlitIsNeverShown) {
  begin();
  flit(0, 0, 5, 1);
  flit(1, 1, 5, 100);
  play();  // the second is not closed
  EXPECT_EQ(received_[0].size(), 5U);
  EXPECT_TRUE(received_[1].empty());
  end();
  begin();
  EXPECT_TRUE(received_[1].empty());
  flit(1, 1, 3, 200);
  says_.control({});
  play();
  clock(10);
  ASSERT_EQ(received_[1].size(), 3U);
  EXPECT_EQ(received_[1][0], 200U);
  EXPECT_EQ(last_control().left1, 3U);
}

}  // namespace
}  // namespace link_core

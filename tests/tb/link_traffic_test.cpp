// SPDX-License-Identifier: Apache-2.0
// The clients of the bench: what a link may not do must be noticed, so that torture can fail.
#include <gtest/gtest.h>

#include <hilbert/crc32c.hpp>

#include <vector>

#include "hilbert/tb/link_traffic.hpp"

namespace hilbert::tb {
namespace {

constexpr std::uint64_t key = 0x1234567;

struct Flit {
  std::vector<std::uint64_t> words;
};

/// What a sender hands in, flit by flit.
std::vector<Flit> sent(unsigned count, unsigned min_words, unsigned max_words) {
  LinkSender sender(key, 5);
  sender.set_mix({min_words, max_words, 0.2});
  std::vector<Flit> flits(1);
  LinkInputs::Vc pins;
  LinkOutputs::Vc out;
  out.tx_ready = true;
  while (flits.size() <= count) {
    sender.drive(pins);
    sender.sample(pins, out);
    if (!pins.tx_valid) continue;
    flits.back().words.push_back(pins.tx_data);
    EXPECT_LE(flits.back().words.size(), pins.tx_words);
    EXPECT_EQ(pins.tx_last, flits.back().words.size() == pins.tx_words);
    if (pins.tx_last) flits.emplace_back();
  }
  flits.pop_back();
  EXPECT_EQ(sender.next_index(), count);
  return flits;
}

void give(LinkReceiver& receiver, const Flit& flit) {
  LinkInputs::Vc pins;
  pins.rx_ready = true;
  LinkOutputs::Vc out;
  out.rx_valid = true;
  out.rx_words = static_cast<std::uint8_t>(flit.words.size());
  for (std::size_t i = 0; i < flit.words.size(); ++i) {
    out.rx_data = flit.words[i];
    out.rx_last = i + 1 == flit.words.size();
    receiver.sample(pins, out);
  }
}

class Scoreboard : public testing::Test {
 protected:
  std::vector<Flit> flits = sent(40, 1, 9);
  LinkReceiver receiver{key, 6};
};

TEST(FlitCode, AFirstWordSaysWhatWasPutInAndNoOtherWordDoes) {
  const FlitCode code(key);
  for (const std::uint64_t index : {0ULL, 1ULL, 255ULL, 256ULL, 123456789ULL}) {
    for (const unsigned words : {1U, 2U, 129U}) {
      const FlitCode::Head head = code.head_of(code.first_word({index, words}));
      EXPECT_EQ(head.index, index);
      EXPECT_EQ(head.words, words);
    }
    for (unsigned position = 1; position < 129; ++position) {
      EXPECT_GT(code.head_of(code.word(index, position)).index, 1'000'000'000U);
    }
  }
}

TEST(FlitCode, ForgesFramingWordsWithARightCheck) {
  EXPECT_EQ(~crc32c(~0U, 0, 4), 0x48674BC7U);  // CRC-32C of four zero bytes
  const FlitCode code(key);
  unsigned forged = 0;
  for (unsigned i = 0; i < 1000; ++i) {
    const std::uint64_t word = code.word(i, 1);
    forged += ~crc32c(~0U, word, 4) == word >> 32;
  }
  EXPECT_NEAR(forged, 1000 / 16, 40);
}

TEST_F(Scoreboard, TakesWhatWasSent) {
  for (const Flit& flit : flits) give(receiver, flit);
  EXPECT_EQ(receiver.flits(), flits.size());
  EXPECT_EQ(receiver.skipped(), 0U);
  EXPECT_TRUE(receiver.has_all_before(flits.size()));
}

TEST_F(Scoreboard, NoticesALostFlit) {
  give(receiver, flits[0]);
  EXPECT_THROW(give(receiver, flits[2]), LinkViolation);
}

TEST_F(Scoreboard, NoticesADoubledFlit) {
  give(receiver, flits[0]);
  EXPECT_THROW(give(receiver, flits[0]), LinkViolation);
}

TEST_F(Scoreboard, NoticesEveryDamagedBit) {
  for (std::size_t word = 0; word < flits[3].words.size(); ++word) {
    for (unsigned bit = 0; bit < 64; ++bit) {
      LinkReceiver fresh(key, 6);
      for (unsigned i = 0; i < 3; ++i) give(fresh, flits[i]);
      Flit damaged = flits[3];
      damaged.words[word] ^= std::uint64_t{1} << bit;
      EXPECT_THROW(give(fresh, damaged), LinkViolation) << word << " " << bit;
    }
  }
}

TEST_F(Scoreboard, NoticesAFlitCutShortOrTooLong) {
  Flit longer = sent(1, 5, 5)[0], shorter = longer;
  longer.words.push_back(0);
  shorter.words.pop_back();
  EXPECT_THROW(give(receiver, longer), LinkViolation);
  EXPECT_THROW(give(receiver, shorter), LinkViolation);
}

TEST_F(Scoreboard, NoticesAGapAndAFlitOfAnotherChannel) {
  LinkInputs::Vc pins;
  pins.rx_ready = true;
  LinkOutputs::Vc out;
  const Flit flit = sent(1, 3, 3)[0];
  out.rx_valid = true;
  out.rx_words = 3;
  out.rx_data = flit.words[0];
  receiver.sample(pins, out);
  out.rx_valid = false;
  EXPECT_THROW(receiver.sample(pins, out), LinkViolation);
  LinkReceiver other(key + 1, 6);
  EXPECT_THROW(give(other, flit), LinkViolation);
}

TEST_F(Scoreboard, LetsNumbersBeSkippedToTheBeginningOfASessionAlone) {
  receiver.session(7);
  give(receiver, flits[0]);
  EXPECT_FALSE(receiver.has_all_before(40));
  EXPECT_TRUE(receiver.has_all_before(7));
  EXPECT_THROW(give(receiver, flits[6]), LinkViolation);
  give(receiver, flits[7]);
  EXPECT_EQ(receiver.skipped(), 6U);
  EXPECT_THROW(give(receiver, flits[9]), LinkViolation);
  EXPECT_THROW(give(receiver, flits[3]), LinkViolation);
}

TEST_F(Scoreboard, CountsDamageIfItIsToldTo) {
  receiver.tolerate();
  flits[1].words[0] ^= 1;  // a number far away
  flits[2].words.back() ^= 1ULL << 63;
  for (const unsigned i : {0U, 1U, 2U, 3U, 5U, 6U, 6U, 7U}) give(receiver, flits[i]);
  EXPECT_EQ(receiver.damaged(), 4U);  // 1, 2, the loss of 4, and 6 doubled
}

}  // namespace
}  // namespace hilbert::tb

// SPDX-License-Identifier: Apache-2.0
// What is on the wire, read and written by a second implementation of the contract: sets, striping and scrambling as
// they are sent, and sets that a sound transmitter would not send.
#include <gtest/gtest.h>

#include <bit>
#include <optional>

#include "bench.hpp"
#include "serial.hpp"
#include "support/random.hpp"

namespace hilbert::test {
namespace {

using Set = std::array<std::uint16_t, 8>;

std::uint16_t check_of(const Set& set) {
  std::string bytes;
  for (unsigned i = 2; i < 7; ++i) {
    bytes.push_back(static_cast<char>(set[i] >> 8));
    bytes.push_back(static_cast<char>(set[i]));
  }
  return serial_crc16(bytes);
}

/// Sends sets of one lane and knows what they mean.
Set hello(unsigned lane, unsigned lanes, unsigned heard) {
  Set set{0xFC1D,
          0x1ACF,
          static_cast<std::uint16_t>(1 | lane << 4 | 1 << 14),
          static_cast<std::uint16_t>(heard),
          static_cast<std::uint16_t>(129 | 9 << 8 | lanes << 12),
          0,
          0xC0DE};
  set[7] = check_of(set);
  return set;
}

struct Sent {
  unsigned hellos = 0, readies = 0, gos = 0;
  std::vector<std::uint16_t> data;
};

/// Reads what one lane sent, from its first set to data; every field is checked.
Sent read_lane(const std::vector<std::uint16_t>& symbols, unsigned lane, unsigned lanes, unsigned want, unsigned send) {
  Sent sent;
  std::size_t at = 0;
  while (at < symbols.size() && symbols[at] == 0) ++at;
  std::optional<unsigned> left;
  unsigned phase = 0;
  while (at + 8 <= symbols.size()) {
    Set set{};
    std::copy_n(symbols.begin() + static_cast<std::ptrdiff_t>(at), 8, set.begin());
    at += 8;
    EXPECT_EQ(set[0], 0xFC1D) << at;
    EXPECT_EQ(set[1], 0x1ACF);
    EXPECT_EQ(set[2] & 0xF, 1) << "version";
    EXPECT_EQ(set[2] >> 4 & 0xF, lane);
    EXPECT_EQ(set[2] >> 14, 1) << "fresh, and a zero";
    EXPECT_EQ(set[3] >> 12, 0);
    EXPECT_EQ(set[4], 129 | 9 << 8 | lanes << 12);
    EXPECT_EQ(set[5], 0x5A);
    EXPECT_EQ(set[6], 0xA11A);
    EXPECT_EQ(set[7], check_of(set));
    const unsigned now = set[2] >> 8 & 3, count = set[2] >> 10 & 0xF;
    EXPECT_GE(now, phase) << "phases only advance on a good channel";
    phase = now;
    EXPECT_EQ(set[3] >> 4 & 0xF, phase == 0 ? 0 : want);
    if (phase == 0) {
      ++sent.hellos;
    } else if (phase == 1) {
      ++sent.readies;
    } else {
      EXPECT_EQ(phase, 2U);
      EXPECT_EQ(set[3] >> 8 & 0xF, send);
      EXPECT_EQ(count, left ? *left - 1 : 15);
      left = count;
      ++sent.gos;
    }
    EXPECT_TRUE(phase == 2 || count == 0);
    if (::testing::Test::HasFailure()) return sent;
    if (left == 0U) break;
  }
  sent.data.assign(symbols.begin() + static_cast<std::ptrdiff_t>(at), symbols.end());
  return sent;
}

TEST(Wire, CarriesWhatTheContractSays) {
  for (const unsigned lanes : {1U, 2U, 4U}) {
    for (unsigned dead = 0; dead < (1U << lanes) - 1; ++dead) {
      PairOptions o;
      o.a = o.b = kind_of(lanes);
      o.ab.lanes = o.ba.lanes = lanes;
      Pair pair(o);
      pair.a.in.expected = 0x5A;
      for (unsigned l = 0; l < lanes; ++l) {
        if (dead >> l & 1) pair.ab.set_fault(l, LaneFault::noise);
      }
      std::array<std::vector<std::uint16_t>, 4> sent;
      for (int clock = 0; clock < 1500; ++clock) {
        for (unsigned l = 0; l < lanes; ++l)
          sent[l].push_back(static_cast<std::uint16_t>(pair.a.out.phy_tx >> (16 * l)));
        pair.step();
      }
      const unsigned all = (1U << lanes) - 1, used = chosen(all & ~dead);
      std::vector<std::vector<std::uint16_t>> plain;  // of the lanes in use, in their order
      for (unsigned l = 0; l < lanes; ++l) {
        Sent lane = read_lane(sent[l], l, lanes, all, used);
        ASSERT_FALSE(HasFailure()) << "lanes " << lanes << ", dead " << dead << ", lane " << l << "; "
                                   << pair.describe();
        EXPECT_GE(lane.hellos, 64U);
        EXPECT_GE(lane.readies, 1U);
        EXPECT_EQ(lane.gos, 16U);
        ASSERT_GT(lane.data.size(), 300U);
        GaloisScrambler scrambler(l);
        if (used >> l & 1) {
          for (std::uint16_t& symbol : lane.data) symbol ^= scrambler.symbol();
          plain.push_back(lane.data);
        } else {
          for (const std::uint16_t symbol : lane.data) ASSERT_EQ(symbol, 0);
        }
      }
      const std::vector<std::uint64_t>& words = pair.a.sent.at(0);
      std::size_t symbol = 0, checked = 0;
      for (const std::uint64_t word : words) {
        std::uint64_t read = 0;
        for (unsigned part = 0; part < 4; ++part, ++symbol) {
          const auto& lane = plain[symbol % plain.size()];
          const std::size_t at = symbol / plain.size();
          if (at < lane.size()) read |= std::uint64_t{lane[at]} << (16 * part);
        }
        if (symbol / plain.size() >= plain[0].size()) break;
        ASSERT_EQ(read, word) << "word " << checked;
        ++checked;
      }
      EXPECT_GT(checked, 70U);
    }
  }
}

/// Follows the sets on their way to b, lane by lane, on a channel without bit offsets; `change` may alter one.
class Follower {
 public:
  using Change = std::function<void(unsigned lane, unsigned index, std::uint16_t& symbol, const Set& so_far)>;
  explicit Follower(Change change) : change_(std::move(change)) {}
  void operator()(Symbols& symbols) {
    for (unsigned l = 0; l < 4; ++l) {
      Lane& lane = lanes_[l];
      if (lane.index == 8 || lane.index == 0) lane.index = symbols[l] == 0xFC1D ? 0 : 8;
      if (lane.index == 8) continue;
      lane.set[lane.index] = symbols[l];
      change_(l, lane.index, symbols[l], lane.set);
      lane.set[lane.index] = symbols[l];
      ++lane.index;
      if (lane.index == 8) lane.index = 0;
    }
  }

 private:
  struct Lane {
    unsigned index = 8;
    Set set{};
  };
  std::array<Lane, 4> lanes_;
  Change change_;
};

TEST(Wire, AnotherVersionIsRefused) {
  Pair pair({});
  pair.tamper_ab = Follower([](unsigned, unsigned index, std::uint16_t& symbol, const Set& set) {
    if (index == 2) symbol = static_cast<std::uint16_t>((symbol & ~0xF) | 2);
    if (index == 7) symbol = check_of(set);
  });
  ASSERT_TRUE(pair.until_down(pair.b));
  EXPECT_EQ(pair.b.out.reason, settings);
  EXPECT_EQ(pair.b.out.partner_settings >> 16, 2U);
  ASSERT_TRUE(pair.until_down(pair.a));
  EXPECT_EQ(pair.a.out.reason, partner_down);
}

TEST(Wire, OneSetInFourIsEnoughToCountDown) {
  for (unsigned which = 0; which < 4; ++which) {
    for (unsigned lanes = 1; lanes < 16; ++lanes) {
      PairOptions o;
      o.ab.skew = {3, 0, 9, 1};
      Pair pair(o);
      unsigned corrupted = 0;
      pair.tamper_ab = Follower([&](unsigned lane, unsigned index, std::uint16_t& symbol, const Set& set) {
        if (index == 7 && (set[2] >> 8 & 3) == 2 && (set[2] >> 10 & 3) != which && (lanes >> lane & 1)) {
          symbol ^= 0x0400;
          ++corrupted;
        }
      });
      ASSERT_TRUE(pair.train()) << pair.describe();
      EXPECT_EQ(pair.b.trainings, 1U);
      EXPECT_EQ(pair.b.wrong, 0U);
      EXPECT_EQ(corrupted, 12U * static_cast<unsigned>(std::popcount(lanes)));
      EXPECT_EQ(pair.b.bad_sets, corrupted);
    }
  }
}

TEST(Wire, ACountdownThatALaneNeverHeardIsRepeated) {
  for (unsigned lanes = 1; lanes < 16; ++lanes) {
    Pair pair({});
    std::array<unsigned, 4> corrupted{};
    pair.tamper_ab = Follower([&](unsigned lane, unsigned index, std::uint16_t& symbol, const Set& set) {
      if (index == 7 && (set[2] >> 8 & 3) == 2 && (lanes >> lane & 1) && corrupted[lane] < 16) {
        symbol ^= 0x8001;
        ++corrupted[lane];
      }
    });
    ASSERT_TRUE(pair.train()) << "lanes " << lanes << "; " << pair.describe();
    EXPECT_EQ(pair.a.out.rx_lanes, 15U);
    EXPECT_EQ(pair.b.out.rx_lanes, 15U);
    EXPECT_EQ(pair.b.wrong, 0U);
  }
}

/// Sets that hold a second marker, `shift` bits after symbol 5 begins.
Set with_marker_inside(unsigned lane, unsigned shift) {
  const std::uint64_t marker = 0x1ACF'FC1D;
  for (unsigned heard = 0; heard < 4096; ++heard) {
    Set set = hello(lane, 4, 0);
    set[3] = static_cast<std::uint16_t>((heard & 0xF) | heard >> 4 << 8);  // fields that do no harm here
    for (unsigned rest = 0; rest < 256; ++rest) {
      const std::uint64_t bits = marker << shift | (shift > 8 ? rest : 0);
      set[5] = static_cast<std::uint16_t>(bits);
      set[6] = static_cast<std::uint16_t>(bits >> 16);
      set[7] = check_of(set);
      const std::uint64_t wire = set[5] | std::uint64_t{set[6]} << 16 | std::uint64_t{set[7]} << 32;
      if ((wire >> shift & 0xFFFF'FFFF) == marker) return set;
    }
  }
  ADD_FAILURE() << "no set holds a marker at " << shift;
  return {};
}

TEST(Wire, AMarkerInsideASetDoesNotHoldUpALane) {
  for (const unsigned shift : {4U, 8U, 12U, 16U}) {
    for (unsigned start = 0; start < 8; ++start) {
      End end(Kind::four, run_seed());
      End nobody(Kind::four, run_seed());
      std::array<Set, 4> sets;
      for (unsigned l = 0; l < 4; ++l) sets[l] = with_marker_inside(l, shift);
      for (unsigned clock = 0; clock < 200; ++clock) {
        end.in.rst_n = clock > 2;
        end.in.phy_rx = 0;
        for (unsigned l = 0; l < 4; ++l) end.in.phy_rx |= std::uint64_t{sets[l][(clock + start) % 8]} << (16 * l);
        end.settle();
        end.edge(nobody);
      }
      EXPECT_EQ(end.out.heard, 15U) << "shift " << shift << ", start " << start;
    }
  }
}

TEST(Wire, AMarkerMadeOfWordsIsData) {
  // Words that, scrambled, put whole training sets on a lane: while the receiver is in step nobody looks.
  for (unsigned round = 0; round < 64; ++round) {
    const unsigned lane = round % 4, shift = round / 4;  // beginning at any bit of a symbol
    Pair pair({});
    const Set set = hello(lane, 4, 15);
    GaloisScrambler scrambler(lane);
    std::vector<std::uint16_t> keys(1000);
    for (std::uint16_t& key : keys) key = scrambler.symbol();
    pair.a.choose_word = [&](std::size_t at, std::uint64_t random) {
      if (at < 100 || at >= 500) return random;
      const std::uint32_t two = std::uint32_t{set[at % 8]} << 16 | set[(at + 7) % 8];
      const std::uint64_t wanted = static_cast<std::uint16_t>(two >> (16 - shift)) ^ keys[at];
      return (random & ~(std::uint64_t{0xFFFF} << (16 * lane))) | wanted << (16 * lane);
    };
    ASSERT_TRUE(pair.train());
    pair.run(700);
    EXPECT_EQ(pair.b.wrong, 0U) << pair.describe();
    EXPECT_GT(pair.b.good, 700U);
    EXPECT_EQ(pair.b.trainings, 1U);
  }
}

TEST(Wire, AFalseMarkerInDataDoesNotMoveALane) {
  Random random(run_seed());
  for (int round = 0; round < 100; ++round) {
    PairOptions o;
    for (unsigned& offset : o.ab.bit_offset) offset = static_cast<unsigned>(random() % 16);
    Pair pair(o);
    pair.b.hunts_give_up = false;
    ASSERT_TRUE(pair.train());
    const auto lane = static_cast<unsigned>(random() % 4), shift = static_cast<unsigned>(random() % 16);
    const Set set = hello(lane, 4, 15);
    // A burst makes the receiver hunt; then a marker, or a whole good set, but not two.
    const auto symbols = static_cast<unsigned>(round % 2 ? 2 : 8);
    unsigned at = 0;
    std::uint16_t last = 0;
    pair.tamper_ab = [&](Symbols& s) {
      if (at < 4) {
        s[(lane + 1) % 4] = static_cast<std::uint16_t>(random());
      } else if (at < 8 + symbols) {
        s[(lane + 1) % 4] = static_cast<std::uint16_t>(random());
        const std::uint16_t now = at < 4 + symbols ? set[at - 4] : std::uint16_t{0};
        s[lane] = static_cast<std::uint16_t>((std::uint32_t{now} << 16 | last) >> (16 - shift));
        last = now;
      }
      ++at;
    };
    pair.run(100);
    EXPECT_EQ(pair.b.trainings, 1U);
    EXPECT_EQ(pair.b.out.state, st_active);
    const std::uint64_t good = pair.b.good, wrong = pair.b.wrong;
    pair.run(200);
    EXPECT_EQ(pair.b.good - good, 200U) << "round " << round << "; " << pair.describe();
    EXPECT_EQ(pair.b.wrong, wrong);
    EXPECT_GE(wrong, 4U);
  }
}

}  // namespace
}  // namespace hilbert::test

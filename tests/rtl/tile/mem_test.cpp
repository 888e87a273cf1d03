// SPDX-License-Identifier: Apache-2.0
// Tile memory: latency, fairness, SECDED, scrubbing and injection under random traffic.
#include "mem_bench.hpp"

#include "support/random.hpp"

namespace hilbert::test {
namespace {

template <class Shape>
class Mem : public ::testing::Test {
 protected:
  using Bench = MemBench<Shape>;
  using Word = typename Bench::Word;
  static constexpr unsigned lanes = Bench::lanes;

  Mem() { RecordProperty("seed", std::to_string(run_seed())); }

  bool failed() const { return ::testing::Test::HasFatalFailure(); }
  unsigned any_word() { return random_.below(Bench::all_words); }
  unsigned any_word_for(int r) {
    if (r == Q) return Bench::data_words + random_.below(Shape::queue_words);
    if (r == I && random_.chance(0.5)) return Bench::cpu_start + random_.below(Shape::cpu_words);
    return r == H || r == C ? any_word() : random_.below(Bench::data_words);
  }
  static bool exists(int r) { return r == N ? Bench::network : Bench::controller || (r != I && r != C); }
  /// A requester that writes this word whole.
  int writer_of(unsigned word) {
    if (word >= Bench::cpu_start) return H;
    if (word >= Bench::data_words) return random_.chance(0.5) ? Q : H;
    if (Bench::network && random_.chance(0.3)) return N;
    return random_.chance(0.5) ? D : H;
  }
  /// A requester that reads this word.
  int reader_of(unsigned word) {
    if (Bench::controller && random_.chance(0.25)) return C;
    if (word >= Bench::cpu_start) return random_.chance(0.5) ? H : I;
    if (word >= Bench::data_words) return random_.chance(0.5) ? H : Q;
    if (Bench::controller && random_.chance(0.25)) return I;
    return std::array{A, B, S, H, N}[random_.below(Bench::network ? 5 : 4)];
  }
  void start(int r, unsigned word, double writes) {
    if (r == C && random_.chance(writes)) {
      bench_.merge(word, random_.below(Bench::pieces), random_.below(16), static_cast<std::uint32_t>(random_()));
    } else if (r == D || (r >= H && r != C && random_.chance(writes))) {
      bench_.request(r, word, random_word<Word>(random_));
    } else {
      bench_.request(r, word);
    }
  }
  /// Flips one or two bits of a word, never more than two in a lane: more is beyond the code.
  void disturb(unsigned word, double doubles) {
    const unsigned lane = random_.below(lanes), bit = random_.below(72);
    const auto present = bench_.memory[word].flips[lane].size();
    if (present > 1) return;
    const bool two = present == 0 && random_.chance(doubles);
    bench_.inject(word, lane, bit, two ? (bit + 1 + random_.below(71)) % 72 : bit);
  }

  Random random_{run_seed()};
  Bench bench_;
};
TYPED_TEST_SUITE(Mem, Configurations);

TYPED_TEST(Mem, ClearsNoiseAfterReset) {
  using Dut = MemBench<TypeParam>;
  for (int round = 0; round < 2; ++round) {
    for (unsigned word = 0; word < Dut::all_words; ++word) {
      this->bench_.access(this->reader_of(word), word);  // the first waits for the end of the clearing
      ASSERT_FALSE(this->failed());
    }
    for (unsigned word = 0; word < Dut::all_words; ++word) {
      this->bench_.access(H, word, random_word<typename Dut::Word>(this->random_));
    }
    this->bench_.restart();
  }
  EXPECT_EQ(this->bench_.totals.corrected + this->bench_.totals.uncorrectable, 0u);
}

TYPED_TEST(Mem, RandomTraffic) {
  using Dut = MemBench<TypeParam>;
  auto& dut = this->bench_;
  auto& rng = this->random_;
  for (int phase = 0; phase < 100; ++phase) {
    const double load = std::array{1.0, 0.7, 0.2}[rng.below(3)];
    const double writes = std::array{0.9, 0.4, 0.05}[rng.below(3)];
    const double upsets = std::array{0.0, 0.02, 0.2}[rng.below(3)];
    const double doubles = std::array{0.0, 0.1, 0.5}[rng.below(3)];
    const double heals = std::array{0.0, 0.02, 0.1}[rng.below(3)];
    const unsigned hot = rng.below(2) ? 0 : 1 + rng.below(3);  // words the traffic keeps to; 0: all
    const unsigned base = this->any_word();
    dut.top->scrub_interval_i = std::array{0u, 1u, 16u, 23u, 100u}[rng.below(5)];
    for (int clock = 0; clock < 2000; ++clock) {
      for (int r = 0; r < requesters; ++r) {
        if (!this->exists(r) || dut.busy(r) || !rng.chance(load)) continue;
        unsigned word = this->any_word_for(r);
        if (hot != 0)
          word = r == Q ? Dut::data_words + rng.below(hot) % TypeParam::queue_words
                        : (base + rng.below(hot)) % Dut::data_words;
        this->start(r, word, writes);
      }
      const unsigned spot = hot ? (base + rng.below(hot)) % Dut::data_words : this->any_word();
      if (!dut.injecting() && rng.chance(upsets)) {
        this->disturb(spot, doubles);
      } else if (!dut.healing() && rng.chance(heals)) {
        dut.heal(spot);
      } else {
        dut.step();
      }
      ASSERT_FALSE(this->failed()) << "HILBERT_SEED=" << run_seed() << " phase " << phase;
    }
  }
  const auto& totals = dut.totals;
  std::printf(
      "%lu reads, %lu writes, %lu merges and %lu refused, %lu injections, %lu corrected, %lu uncorrectable, scrubber: "
      "%lu visits, %lu fixed, %lu "
      "uncorrectable; %lu healed\n",
      totals.reads, totals.writes, totals.merges, totals.refused_merges, totals.injected, totals.corrected,
      totals.uncorrectable, totals.visits, totals.fixed, totals.scrub_uncorrectable, totals.healed);
  // The run has been through everything it is there for.
  EXPECT_GT(totals.corrected, 1000u);
  EXPECT_GT(totals.uncorrectable, 1000u);
  EXPECT_GT(totals.fixed, 30u);
  EXPECT_GT(totals.scrub_uncorrectable, 10u);
  EXPECT_GT(totals.healed, 10u);
  EXPECT_GT(totals.passes, 5u);
  for (int r = 0; r < requesters; ++r) {
    if (this->exists(r)) {
      EXPECT_GT(totals.grants[r], 5000u) << "requester " << r;
    }
  }
  if (Dut::controller) {
    EXPECT_GT(totals.merges, 1000u);
    EXPECT_GT(totals.refused_merges, 30u);
  }
}

// Merges of C among whole writes to the same word, and among merges' own kind of lock: the model of the bench applies
// every access at its grant, so a byte lost between the read and the write of a merge shows in the next read.
TYPED_TEST(Mem, MergesLoseNoWrite) {
  using Dut = MemBench<TypeParam>;
  if (!Dut::controller) GTEST_SKIP() << "no controller, no merges";
  auto& dut = this->bench_;
  auto& rng = this->random_;
  dut.top->scrub_interval_i = 16;
  for (int round = 0; round < 4000; ++round) {
    const unsigned word = this->any_word();
    const int writer = this->writer_of(word);
    for (int burst = 0; burst < 8; ++burst) {
      if (!dut.busy(C) && rng.chance(0.5)) this->start(C, word, 0.9);
      if (!dut.busy(writer) && rng.chance(0.3)) this->start(writer, word, 1.0);
      dut.step();
      ASSERT_FALSE(this->failed());
    }
    dut.drain();
    dut.access(H, word);
    ASSERT_FALSE(this->failed()) << "HILBERT_SEED=" << run_seed() << " round " << round;
  }
  EXPECT_GT(dut.totals.merges, 5000u);
}

// Every piece and every mask; one flipped bit is repaired by the way, two make the merge refuse and change nothing at
// all.
TYPED_TEST(Mem, MergesChangeTheirBytesAndLaunderNothing) {
  using Dut = MemBench<TypeParam>;
  if (!Dut::controller) GTEST_SKIP() << "no controller, no merges";
  auto& dut = this->bench_;
  auto& rng = this->random_;
  const auto merge = [&](unsigned word, unsigned piece, unsigned bytes) {
    dut.merge(word, piece, bytes, static_cast<std::uint32_t>(rng()));
    dut.drain();
  };
  for (unsigned piece = 0; piece < Dut::pieces; ++piece) {
    for (unsigned bytes = 0; bytes < 16; ++bytes) {
      const unsigned word = this->any_word();
      dut.access(H, word, random_word<typename Dut::Word>(rng));
      const auto before = dut.totals;
      if (rng.chance(0.5)) {
        const unsigned bit = rng.below(72);
        dut.inject_and_wait(word, rng.below(Dut::lanes), bit, bit);
        merge(word, piece, bytes);
        ASSERT_EQ(dut.totals.corrected, before.corrected + 1);
      } else {
        merge(word, piece, bytes);
        ASSERT_EQ(dut.totals.corrected, before.corrected);
      }
      dut.access(H, word);
      ASSERT_EQ(dut.totals.corrected, before.corrected + (dut.totals.injected - before.injected)) << "and healed";

      const unsigned lane = rng.below(Dut::lanes), bit = rng.below(72);
      dut.inject_and_wait(word, lane, bit, (bit + 1 + rng.below(71)) % 72);
      merge(word, piece, bytes);
      ASSERT_EQ(dut.totals.last_report, std::pair(Dut::byte_address(word), 7u));
      dut.access(H, word);
      ASSERT_EQ(dut.totals.uncorrectable, before.uncorrectable + 2) << "still uncorrectable for the next";
      ASSERT_EQ(dut.totals.refused_merges, before.refused_merges + 1);
      dut.access(H, word, random_word<typename Dut::Word>(rng));
      ASSERT_FALSE(this->failed()) << "HILBERT_SEED=" << run_seed() << " piece " << piece << " bytes " << bytes;
    }
  }
}

// Writes to the word that the scrubber is about to repair, at every distance from its visit.
TYPED_TEST(Mem, ScrubbingLosesNoWrite) {
  using Dut = MemBench<TypeParam>;
  auto& dut = this->bench_;
  auto& rng = this->random_;
  dut.top->scrub_interval_i = 16;
  for (int round = 0; round < 3000; ++round) {
    const unsigned word = (Dut::word_at(dut.top->scrub_addr_o) + 1) % Dut::data_words;
    dut.inject_and_wait(word, rng.below(Dut::lanes), 5, 5);
    while (Dut::word_at(dut.top->scrub_addr_o) != word) dut.step();
    for (unsigned wait = rng.below(24); wait > 0; --wait) dut.step();
    for (int burst = 0; burst < 6; ++burst) {
      for (int r : {A, H, N, D}) {
        if (this->exists(r) && !dut.busy(r) && rng.chance(0.3))
          this->start(r, word, 1.0);  // mostly one alone, or the first reads
      }
      dut.step();
      ASSERT_FALSE(this->failed());
    }
    dut.drain();
    dut.access(A, word);
    ASSERT_FALSE(this->failed()) << "HILBERT_SEED=" << run_seed() << " round " << round;
  }
  EXPECT_GT(dut.totals.fixed, 100u);
}

TYPED_TEST(Mem, EveryBitCorrectedCountedAndScrubbed) {
  using Dut = MemBench<TypeParam>;
  auto& dut = this->bench_;
  for (unsigned word : {0u, Dut::data_words - 1, Dut::data_words, Dut::cpu_start - 1, Dut::all_words - 1}) {
    dut.access(H, word, random_word<typename Dut::Word>(this->random_));
    for (unsigned lane = 0; lane < Dut::lanes; ++lane) {
      for (unsigned bit = 0; bit < 72; ++bit) {
        const auto before = dut.totals;
        dut.inject_and_wait(word, lane, bit, bit);
        dut.access(this->reader_of(word), word);
        ASSERT_EQ(dut.totals.corrected, before.corrected + 1) << "lane " << lane << " bit " << bit;
        dut.top->scrub_interval_i = 16;
        while (dut.totals.fixed == before.fixed) dut.step();
        dut.top->scrub_interval_i = 0;
        dut.access(this->reader_of(word), word);
        ASSERT_EQ(dut.totals.corrected, before.corrected + 1);
        ASSERT_FALSE(this->failed());
      }
    }
  }
  EXPECT_EQ(dut.totals.uncorrectable + dut.totals.scrub_uncorrectable, 0u);
  EXPECT_EQ(dut.totals.fixed, dut.totals.injected);
}

TYPED_TEST(Mem, DoubleFlipsAreReportedUntilWritten) {
  using Dut = MemBench<TypeParam>;
  auto& dut = this->bench_;
  auto& rng = this->random_;
  for (int round = 0; round < 600; ++round) {
    const unsigned word = this->any_word();
    dut.access(H, word, random_word<typename Dut::Word>(rng));
    const unsigned bit = rng.below(72);
    dut.inject_and_wait(word, rng.below(Dut::lanes), bit, (bit + 1 + rng.below(71)) % 72);
    const auto before = dut.totals;
    const int r = this->reader_of(word);
    dut.access(r, word);
    ASSERT_EQ(dut.totals.uncorrectable, before.uncorrectable + 1);
    ASSERT_EQ(dut.totals.last_report, std::pair(Dut::byte_address(word), source_of[r]));
    if (round % 8 == 0) {
      dut.top->scrub_interval_i = 16;
      while (dut.totals.passes == before.passes) dut.step();
      dut.top->scrub_interval_i = 0;
      ASSERT_EQ(dut.totals.last_report, std::pair(Dut::byte_address(word), 4u));
      ASSERT_EQ(dut.totals.fixed, before.fixed) << "an uncorrectable word is left as it is";
    }
    dut.access(this->writer_of(word), word, random_word<typename Dut::Word>(rng));
    const auto healed = dut.totals;
    dut.access(r, word);
    ASSERT_EQ(dut.totals.uncorrectable, healed.uncorrectable);
    ASSERT_FALSE(this->failed()) << "HILBERT_SEED=" << run_seed() << " round " << round;
  }
  for (unsigned s = 0; s < (Dut::controller ? 8u : 6u); ++s) {
    EXPECT_FALSE(dut.totals.reported[s].empty()) << "source " << s;
  }
}

// Only what is uncorrectable becomes zeros; nobody is told of it again, and a write at any distance from the healer's
// look is not lost.
TYPED_TEST(Mem, HealingMakesUncorrectableWordsGoodAndNoOthers) {
  using Dut = MemBench<TypeParam>;
  auto& dut = this->bench_;
  auto& rng = this->random_;
  const auto heal = [&](unsigned word) {
    dut.heal(word);
    while (dut.healing()) dut.step();
  };
  for (unsigned word = 0; word < Dut::all_words; ++word) {
    const auto data = random_word<typename Dut::Word>(rng);
    dut.access(H, word, data);
    heal(word);
    const unsigned lane = rng.below(Dut::lanes), bit = rng.below(72);
    dut.inject_and_wait(word, lane, bit, bit);
    heal(word);
    const auto before = dut.totals;
    dut.access(H, word);
    ASSERT_EQ(dut.totals.corrected, before.corrected + 1) << "a correctable word is left to the scrubber";
    ASSERT_EQ(before.healed, word);
    const unsigned other = (bit + 1 + rng.below(71)) % 72;
    dut.inject_and_wait(word, lane, other, other);
    heal(word);
    ASSERT_EQ(dut.totals.healed, word + 1);
    dut.access(H, word);
    ASSERT_EQ(dut.memory[word].data, (typename Dut::Word{}));
    ASSERT_EQ(dut.totals.uncorrectable + dut.totals.scrub_uncorrectable, 0u) << "healing reports nothing";
    ASSERT_FALSE(this->failed()) << "HILBERT_SEED=" << run_seed();
  }
  for (int round = 0; round < 2000; ++round) {
    const unsigned word = this->any_word(), bit = rng.below(72);
    dut.inject_and_wait(word, rng.below(Dut::lanes), bit, (bit + 1 + rng.below(71)) % 72);
    dut.heal(word);
    for (unsigned wait = rng.below(8); wait > 0; --wait) dut.step();
    const int writer = this->writer_of(word);
    dut.access(writer, word, random_word<typename Dut::Word>(rng));
    while (dut.healing()) dut.step();
    dut.access(H, word);
    ASSERT_FALSE(this->failed()) << "HILBERT_SEED=" << run_seed() << " round " << round;
  }
}

TYPED_TEST(Mem, SaturatedBankIsShared) {
  auto& dut = this->bench_;
  dut.drain();
  while (dut.totals.reads < 1) {
    if (!dut.busy(A)) dut.request(A, 0);
    dut.step();
  }
  dut.totals = {};
  constexpr unsigned clocks = 5000;
  std::vector<int> all = {A, B, S, H, D};
  if (this->exists(N)) all.push_back(N);
  for (unsigned clock = 0; clock < clocks; ++clock) {
    for (int r : all) {
      if (!dut.busy(r)) this->start(r, 0, 0.5);
    }
    dut.step();
  }
  const double share = double(clocks) / double(all.size());
  for (int r : all) EXPECT_NEAR(double(dut.totals.grants[r]), share, 1.0) << "requester " << r;
  EXPECT_EQ(dut.totals.reads + dut.totals.writes, clocks) << "a bank with requests takes one every clock";
}

TYPED_TEST(Mem, BanksWorkInParallelAtOneAccessAClock) {
  auto& dut = this->bench_;
  dut.access(A, 0);
  dut.totals = {};
  const unsigned bank = TypeParam::bank_words;
  const std::array<unsigned, requesters> home = {0, bank, 0, 0, bank, TypeParam::banks * bank, 0, 2 * bank, 0};
  constexpr unsigned clocks = 1000;
  std::vector<int> all = {A, B, Q};
  if (this->exists(N) && TypeParam::banks > 2) all.push_back(N);
  for (unsigned clock = 0; clock < clocks; ++clock) {
    for (int r : all) {
      if (!dut.busy(r)) this->start(r, home[r] + clock % TypeParam::queue_words % bank, 0.5);
    }
    dut.step();
  }
  for (int r : all) EXPECT_EQ(dut.totals.grants[r], clocks);
  EXPECT_EQ(dut.totals.conflicts, 0u);
}

TYPED_TEST(Mem, ScrubberKeepsItsInterval) {
  auto& dut = this->bench_;
  dut.access(A, 0);
  for (const auto& [interval, clocks] : {std::pair{1u, 16u}, {15u, 16u}, {16u, 16u}, {17u, 17u}, {300u, 300u}}) {
    dut.top->scrub_interval_i = 0;
    for (int clock = 0; clock < 20; ++clock) dut.step();
    dut.top->scrub_interval_i = interval;
    auto next = [&] {
      for (const auto visits = dut.totals.visits; dut.totals.visits == visits;) dut.step();
      return dut.visit_clock;
    };
    const auto first = next();
    for (unsigned n = 1; n <= 50; ++n) ASSERT_EQ(next(), first + std::uint64_t{n} * clocks);
  }
  dut.top->scrub_interval_i = 0;
  for (int clock = 0; clock < 20; ++clock) dut.step();
  const auto visits = dut.totals.visits;
  for (int clock = 0; clock < 5000; ++clock) dut.step();
  EXPECT_EQ(dut.totals.visits, visits) << "0 stops the scrubber";
}

}  // namespace
}  // namespace hilbert::test

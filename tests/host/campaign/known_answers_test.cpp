// SPDX-License-Identifier: Apache-2.0
// Designs for which the counts follow from their construction.
#include <gtest/gtest.h>

#include <bit>
#include <map>

#include "campaign/block.hpp"
#include "small_designs.hpp"

namespace hilbert::campaign {
namespace {

using Kind = Columns::Kind;
using Counts = std::map<Outcome, std::uint64_t>;

/// Outcomes of all upsets of flip-flops first .. last - 1 in all clocks.
Counts flip_flops(const Trace& trace, std::uint32_t first, std::uint32_t last) {
  const Columns columns{Kind::flip_flops, first, last};
  const Block block = run_block(trace, columns, Outside::follow);
  Counts counts;
  for (std::uint32_t t = 0; t < block.clocks; ++t) {
    for (std::uint32_t f = first; f < last; ++f) ++counts[block.answer(t, f).verdict().outcome];
  }
  return counts;
}
Counts memory_bits(const Trace& trace) {
  const Columns columns{Kind::memory_bits, trace.bits().flip_flops(), trace.bits().count()};
  Counts counts;
  for (const Stretch& s : run_block(trace, columns, Outside::follow).stretches)
    counts[s.answer.verdict().outcome] += s.last - s.first + 1;
  return counts;
}

// Every upset of a counter changes all it counts later, and it is the result: 8 bits x 20 clocks.
TEST(KnownAnswers, EveryUpsetOfACounterIsACorruption) {
  SmallDesign design(20);
  const auto count = design.counter(8);
  const Trace trace = design.trace(count);
  EXPECT_EQ(flip_flops(trace, design.flip_flop(count[0]), design.flip_flop(count[0]) + 8),
            (Counts{{Outcome::sdc, 8 * 20}}));
}

// Three counters, each of which takes the majority's next value: one upset is gone at the next edge. 24 bits x 20
// clocks.
TEST(KnownAnswers, EveryUpsetOfATriplicatedCounterIsMasked) {
  SmallDesign design(20);
  const auto copies = design.triplicated_counter(8);
  const Trace trace = design.trace(copies);
  EXPECT_EQ(flip_flops(trace, design.flip_flop(copies[0]), design.flip_flop(copies[0]) + 24),
            (Counts{{Outcome::masked, 24 * 20}}));
}

// Two upsets of one bit outvote the third copy in both that remain: three pairs of copies x 8 bits x 20 clocks.
TEST(KnownAnswers, TwoUpsetsOfOneBitOutvoteTheThird) {
  SmallDesign design(20);
  const auto copies = design.triplicated_counter(8);
  const Trace trace = design.trace(copies);
  const std::uint32_t f = design.flip_flop(copies[0]);
  std::vector<Fault> faults;
  for (std::uint32_t t = 0; t < 20; ++t) {
    for (std::uint32_t bit = 0; bit < 8; ++bit) {
      faults.push_back({t, {f + bit, f + 8 + bit}, {}});
      faults.push_back({t, {f + bit, f + 16 + bit}, {}});
      faults.push_back({t, {f + 8 + bit, f + 16 + bit}, {}});
    }
  }
  for (const Verdict& verdict : run_faults(trace, faults)) EXPECT_EQ(verdict.outcome, Outcome::sdc);
}

// A register that holds 8 bits and their parity; an alarm where they do not fit: (8 + 1) bits x 20 clocks.
TEST(KnownAnswers, EveryUpsetOfAParityRegisterIsDetected) {
  SmallDesign design(20);
  const auto word = design.held(9, 0b1'1010'0100);
  design.watch(design.parity(word), Watch::Then::detected);
  const Trace trace = design.trace({});
  EXPECT_EQ(flip_flops(trace, design.flip_flop(word[0]), design.flip_flop(word[0]) + 9),
            (Counts{{Outcome::detected, 9 * 20}}));
  // Two of them fit again, and stay: latent, and two bits differ.
  std::vector<Fault> pairs;
  const std::uint32_t f = design.flip_flop(word[0]);
  for (std::uint32_t a = 0; a < 9; ++a) {
    for (std::uint32_t b = 0; b < a; ++b) pairs.push_back({7, {f + a, f + b}, {}});
  }
  for (const Verdict& verdict : run_faults(trace, pairs)) EXPECT_EQ(verdict, (Verdict{Outcome::latent, 20, 2}));
}

// Seven bits held, Hamming (7,4) with an eighth for parity, corrected on the way to the result: one upset leaves it
// right and latent (the register is not written back), two raise the alarm: 8 x 20 and 28 pairs x 20.
TEST(KnownAnswers, AHammingWordCorrectsOneUpsetAndDetectsTwo) {
  SmallDesign design(20);
  const auto word = design.held(8, design.hamming(0b1011));
  const auto [data, alarm] = design.decode(word);
  design.watch(alarm, Watch::Then::detected);
  const auto result = design.registered(data, 0b1011);
  const Trace trace = design.trace(result);
  const std::uint32_t f = design.flip_flop(word[0]);
  EXPECT_EQ(flip_flops(trace, f, f + 8), (Counts{{Outcome::latent, 8 * 20}}));
  std::vector<Fault> pairs;
  for (std::uint32_t t = 0; t < 20; ++t) {
    for (std::uint32_t a = 0; a < 8; ++a) {
      for (std::uint32_t b = 0; b < a; ++b) pairs.push_back({t, {f + a, f + b}, {}});
    }
  }
  for (const Verdict& verdict : run_faults(trace, pairs)) EXPECT_EQ(verdict.outcome, Outcome::detected);
}

// A word of 4 bits is written in clock 5 and, by the same counter, read into the result in clock 12. Upsets in clocks
// 0 .. 5 are overwritten (before the edge that ends clock 5), in 6 .. 12 read, in 13 .. 19 never looked at again.
TEST(KnownAnswers, AWordOfMemoryIsOverwrittenThenReadThenForgotten) {
  SmallDesign design(20);
  const auto count = design.counter(8);
  const Net write = design.equals(count, 5), read = design.equals(count, 12);
  const auto result = design.memory_word(4, 0b0110, write, read);
  const Trace trace = design.trace(result);
  EXPECT_EQ(memory_bits(trace), (Counts{{Outcome::masked, 4 * 6}, {Outcome::sdc, 4 * 7}, {Outcome::latent, 4 * 7}}));
}

// A FIFO of 4 words of 3 bits: words are pushed in clocks 2, 3 and 4 into places 0, 1 and 2, popped into the result in
// clocks 8, 9 and 10. Of a bit of places 0, 1, 2: 3, 4, 5 clocks until its push are overwritten; 6 until its pop are
// read: the result is the sum of all (xor), so each is a corruption; 11, 10, 9 come after it. Place 3 is never used:
// its 20 are latent, as are those after the pops.
TEST(KnownAnswers, AFifoLosesWhatIsUpsetBetweenPushAndPop) {
  SmallDesign design(20);
  const auto count = design.counter(8);
  const auto result = design.fifo(3, count);
  const Trace trace = design.trace(result);
  EXPECT_EQ(memory_bits(trace), (Counts{{Outcome::masked, 3 * (3 + 4 + 5)},
                                        {Outcome::sdc, 3 * (6 + 6 + 6)},
                                        {Outcome::latent, 3 * (11 + 10 + 9 + 20)}}));
}

// Two bits whose product is loaded in clock 12: alone neither can be seen, together they make a 1.
TEST(KnownAnswers, TwoWordsAreSeenTogetherThatAreNotAlone) {
  SmallDesign design(20);
  const auto count = design.counter(8);
  const auto result = design.product_of_two(design.equals(count, 12));
  const Trace trace = design.trace(result);
  EXPECT_EQ(memory_bits(trace), (Counts{{Outcome::latent, 2 * 20}}));
  const StateBit first = trace.bits().flip_flops();
  std::vector<Fault> faults;
  for (std::uint32_t t = 0; t < 20; ++t) faults.push_back({t, {first, first + 1}, {}});
  const std::vector<Verdict> verdicts = run_faults(trace, faults);
  for (std::uint32_t t = 0; t < 20; ++t) {
    EXPECT_EQ(verdicts[t], t <= 12 ? (Verdict{Outcome::sdc, 20, 1}) : (Verdict{Outcome::latent, 20, 2})) << t;
  }
}

// The end is a counter's: the upset that skips it waits until it wraps round, beyond the budget: a hang. A run of 20
// clocks, ended by count == 20 of a counter of 8 bits (256 clocks a round), budget 100: the end in clock T needs count
// to be 20 then. An upset of bit b in clock t makes t +- 2^b of it; it ends early or late by that, in clock 20 -+ 2^b,
// if that is t or later, else after a round. Without upset bits 0 .. 4 of t in 0 .. 19.
TEST(KnownAnswers, ACounterThatSkipsItsEndHangs) {
  SmallDesign design(0);
  const auto count = design.counter(8);
  design.watch(design.equals(count, 20), Watch::Then::done);
  const Trace trace = design.trace({}, 100);
  ASSERT_EQ(trace.end(), 20U);
  const std::uint32_t f = design.flip_flop(count[0]);
  const Block block = run_block(trace, {Kind::flip_flops, f, f + 8}, Outside::follow);
  for (std::uint32_t t = 0; t < 20; ++t) {
    for (std::uint32_t bit = 0; bit < 8; ++bit) {
      const std::uint32_t upset = t ^ 1U << bit;
      const std::uint32_t end = t + (20 - upset) % 256;  // unsigned: round and round
      const Verdict verdict = block.answer(t, f + bit).verdict();
      if (end >= 100) {
        EXPECT_EQ(verdict, (Verdict{Outcome::hang, 100, 0})) << t << ' ' << bit;
      } else {
        EXPECT_EQ(verdict.outcome, Outcome::latent) << t << ' ' << bit;
        EXPECT_EQ(verdict.end, end) << t << ' ' << bit;
        EXPECT_EQ(verdict.detail, static_cast<std::uint32_t>(std::popcount(20U ^ end))) << t << ' ' << bit;
      }
    }
  }
}

/// A run that ends in clock 20 if a register that holds a 1 allows it, else when `late` says so.
void expect_late(SmallDesign& design, const SmallDesign::Nets& count, Net late, std::uint32_t end) {
  const auto allowed = design.held(1, 1);
  design.watch(design.either(design.both(design.equals(count, 20), allowed[0]), late), Watch::Then::done);
  const Trace trace = design.trace({}, 100);
  const std::uint32_t f = design.flip_flop(allowed[0]);
  for (const Verdict& verdict : run_faults(trace, std::vector<Fault>{{3, {f}, {}}, {19, {f}, {}}})) {
    EXPECT_EQ(verdict, (Verdict{Outcome::latent, end, 1}));
  }
}

// What looks idle for 40 clocks, but has a counter that will select another input, must not be taken for a hang.
TEST(KnownAnswers, ASelectionThatComesLateEndsTheRun) {
  SmallDesign design(0);
  const auto count = design.counter(8);
  expect_late(design, count, design.mux(design.equals(count, 60), tb::net_zero, tb::net_one), 60);
}

// Or that will write the word that ends it: in clock 60, so that it is read in 61.
TEST(KnownAnswers, AWriteThatComesLateEndsTheRun) {
  SmallDesign design(0);
  const auto count = design.counter(8);
  expect_late(design, count, design.stored(design.equals(count, 60)), 61);
}

// A net that is stuck at the level it has, is none that is stuck; at the other one, a counter's lowest bit never
// counts.
TEST(KnownAnswers, AStuckNetMattersFromWhereItDiffers) {
  SmallDesign design(20);
  const auto count = design.counter(8);
  const Trace trace = design.trace(count);
  // In clock 6 the counter is 6: bit 0 is 0, and has to be 1 in clock 7.
  using Level = Force::Level;
  const std::vector<Fault> faults{{6, {}, {{count[0], Level::zero, 1}}},
                                  {6, {}, {{count[0], Level::zero, 2}}},
                                  {6, {}, {{count[0], Level::one, 1}}},
                                  {6, {}, {{count[0], Level::zero, 0}}},
                                  {6, {}, {{count[7], Level::zero, 0}}}};
  const std::vector<Verdict> verdicts = run_faults(trace, faults);
  EXPECT_EQ(verdicts[0], (Verdict{Outcome::masked, 7, 0}));
  EXPECT_EQ(verdicts[1].outcome, Outcome::sdc);
  EXPECT_EQ(verdicts[2].outcome, Outcome::sdc);
  EXPECT_EQ(verdicts[3].outcome, Outcome::sdc);
  EXPECT_EQ(verdicts[4], (Verdict{Outcome::masked, 20, 0}));
}

}  // namespace
}  // namespace hilbert::campaign

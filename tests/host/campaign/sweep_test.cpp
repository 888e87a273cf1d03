// SPDX-License-Identifier: Apache-2.0
// The engine against brute force on random designs: every upset and every transient in every clock, and faults of all
// kinds; none may differ.
#include <gtest/gtest.h>

#include <array>

#include "campaign/block.hpp"
#include "random_scenario.hpp"
#include "support/random.hpp"

namespace hilbert::campaign {
namespace {

using Kind = Columns::Kind;

class Comparison {
 public:
  void expect(const RandomScenario& s, const Fault& fault, const Answer& answer, const char* what, std::uint32_t site) {
    ASSERT_FALSE(answer.is_alias());
    expect(s, fault, answer.verdict(), what, site);
  }
  void expect(const RandomScenario& s, const Fault& fault, const Verdict& verdict, const char* what,
              std::uint32_t site) {
    const Verdict expected = s.brute->run(fault);
    ++compared_;
    ++outcomes_[static_cast<std::size_t>(expected.outcome)];
    if (expected.outcome == Outcome::latent && expected.detail > 1) ++details_;
    if (verdict == expected) return;
    ++different_;
    ADD_FAILURE() << what << ' ' << site << " in clock " << fault.clock << ": " << to_string(verdict.outcome) << ' '
                  << verdict.end << ' ' << verdict.detail << ", brute force " << to_string(expected.outcome) << ' '
                  << expected.end << ' ' << expected.detail;
  }
  [[nodiscard]] bool differs() const { return different_ != 0; }
  /// It means little if nothing happened.
  void expect_variety(std::uint64_t least) const {
    std::printf("%llu compared, %llu different\n", static_cast<unsigned long long>(compared_),
                static_cast<unsigned long long>(different_));
    for (std::size_t i = 0; i < outcome_count; ++i) {
      std::printf("  %-15s %llu\n", std::string(to_string(static_cast<Outcome>(i))).c_str(),
                  static_cast<unsigned long long>(outcomes_[i]));
    }
    for (const Outcome outcome : {Outcome::masked, Outcome::latent, Outcome::detected, Outcome::bad_completion,
                                  Outcome::early, Outcome::hang, Outcome::sdc, Outcome::left}) {
      EXPECT_GT(outcomes_[static_cast<std::size_t>(outcome)], least) << to_string(outcome);
    }
    EXPECT_GT(details_, least);
  }

 private:
  std::array<std::uint64_t, outcome_count> outcomes_{};
  std::uint64_t compared_ = 0, different_ = 0, details_ = 0;
};

Columns all(const Trace& trace, Kind kind) {
  const std::uint32_t flip_flops = trace.bits().flip_flops();
  if (kind == Kind::flip_flops) return {kind, 0, flip_flops};
  if (kind == Kind::memory_bits) return {kind, flip_flops, trace.bits().count()};
  return {kind, 0, static_cast<std::uint32_t>(trace.netlist().gates.size())};
}

/// Events alone, every gate in every word, or as it comes.
Tuning random_tuning(Random& random) {
  return {.merge_every = 1 + random.below(4U),
          .prove_every = random.below(4U),
          .hash_bits = random.below(2) == 0 ? 3U : ~std::uint64_t{0},
          .few_lanes = std::array{0U, 3U, 1000U}[random.below(3)]};
}

/// Random designs that end, one after the other.
template <class Visit>
void each_design(unsigned designs, Visit visit) {
  const std::uint64_t first = run_seed();
  for (std::uint64_t seed = first; seed < first + designs; ++seed) {
    RandomScenario s(seed);
    if (!s.ends()) continue;
    SCOPED_TRACE(fmt::format("design {}", seed));
    visit(s);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(Sweep, EveryFlipFlopAndMemoryBitEqualsBruteForce) {
  Comparison comparison;
  std::uint64_t merged = 0, proven = 0, passes = 0, events = 0;
  each_design(1500, [&](RandomScenario& s) {
    const std::array columns{all(*s.trace, Kind::flip_flops), all(*s.trace, Kind::memory_bits)};
    const auto blocks = run_blocks(*s.trace, columns, 1, Outside::alias, random_tuning(s.random));
    ASSERT_EQ(blocks[0].clocks, s.brute->end());
    merged += blocks[0].statistics.merged;
    proven += blocks[0].statistics.proven;
    passes += blocks[0].statistics.passes;
    events += blocks[0].statistics.evaluations;
    for (std::uint32_t t = 0; t < blocks[0].clocks; ++t) {
      for (std::uint32_t f = 0; f < columns[0].last; ++f)
        comparison.expect(s, {t, {f}, {}}, blocks[0].answer(t, f), "flip-flop", f);
    }
    // Each memory bit in each clock, once.
    StateBit bit = columns[1].first;
    std::uint32_t clock = 0;
    for (const Stretch& stretch : blocks[1].stretches) {
      ASSERT_EQ(stretch.bit, bit);
      ASSERT_EQ(stretch.first, clock);
      for (; clock <= stretch.last; ++clock) comparison.expect(s, {clock, {bit}, {}}, stretch.answer, "bit", bit);
      if (clock == blocks[1].clocks) clock = 0, ++bit;
    }
    EXPECT_EQ(bit, columns[1].last);
  });
  comparison.expect_variety(100);
  EXPECT_GT(merged, 100U);
  EXPECT_GT(proven, 30U);
  EXPECT_GT(passes, 1000U);
  EXPECT_GT(events, 1000U);
}

TEST(Sweep, EveryTransientEqualsBruteForce) {
  Comparison comparison;
  each_design(300, [&](RandomScenario& s) {
    const Block block = run_block(*s.trace, all(*s.trace, Kind::gates), Outside::follow, random_tuning(s.random));
    for (std::uint32_t t = 0; t < block.clocks; ++t) {
      for (std::uint32_t g = 0; g < block.columns.last; ++g) {
        const Force force{.net = s.trace->netlist().gates[g].y};
        comparison.expect(s, {t, {}, {force}}, block.answer(t, g), "gate", g);
      }
    }
  });
  comparison.expect_variety(5);
}

/// Of any kind: up to four flips and three forces, on any net that can be forced, for some clocks or for ever.
Fault random_fault(RandomScenario& s) {
  Fault fault{.clock = s.random.below(s.brute->end()), .flips = {}, .forces = {}};
  const unsigned flips = s.random.below(5U), forces = s.random.below(4U);
  for (unsigned i = 0; i < flips; ++i) fault.flips.push_back(s.random.below(s.trace->bits().count()));
  if (s.random.below(4) == 0 && flips != 0) fault.flips.push_back(fault.flips.front());
  while (fault.forces.size() < forces) {
    const Net net = s.random.below(s.trace->netlist().nets);
    if (!s.trace->circuit().can_be_forced(net)) continue;
    fault.forces.push_back({net, static_cast<Force::Level>(s.random.below(3)), s.random.below(6U)});
    if (s.random.below(4) == 0) fault.forces.push_back({net, static_cast<Force::Level>(s.random.below(3)), 2});
  }
  return fault;
}

TEST(Faults, OfAllKindsEqualBruteForce) {
  Comparison comparison;
  each_design(1000, [&](RandomScenario& s) {
    std::vector<Fault> faults;
    for (unsigned i = 0; i < 700; ++i) faults.push_back(random_fault(s));
    const std::vector<Verdict> verdicts = run_faults(*s.trace, faults, random_tuning(s.random));
    ASSERT_EQ(verdicts.size(), faults.size());
    for (std::uint32_t i = 0; i < faults.size(); ++i) comparison.expect(s, faults[i], verdicts[i], "fault", i);
  });
  comparison.expect_variety(100);
}

/// Cuts columns at random places.
void cut(const Columns& columns, Random& random, std::vector<Columns>& parts) {
  for (std::uint32_t first = columns.first; first < columns.last;) {
    const std::uint32_t last = std::min(columns.last, first + 1 + random.below(1 + columns.count() / 2));
    parts.push_back({columns.kind, first, last});
    first = last;
  }
}

TEST(Blocks, VerdictsDependOnNeitherPartitionNorThreads) {
  std::uint64_t aliases = 0;
  each_design(300, [&](RandomScenario& s) {
    for (const Kind kind : {Kind::flip_flops, Kind::memory_bits, Kind::gates}) {
      std::vector<Columns> parts{all(*s.trace, Kind::flip_flops)};
      if (kind != Kind::flip_flops) parts.push_back(all(*s.trace, kind));
      const Block whole = run_blocks(*s.trace, parts, 1).back();
      for (const Outside outside : {Outside::alias, Outside::follow}) {
        parts.clear();
        if (kind != Kind::flip_flops) cut(all(*s.trace, Kind::flip_flops), s.random, parts);
        const std::size_t first = parts.size();
        cut(all(*s.trace, kind), s.random, parts);
        const auto blocks = run_blocks(*s.trace, parts, 3, outside, random_tuning(s.random));
        std::vector<Stretch> stretches;
        for (std::size_t b = first; b < blocks.size(); ++b) {
          const Block& block = blocks[b];
          stretches.insert(stretches.end(), block.stretches.begin(), block.stretches.end());
          const Block raw = run_block(*s.trace, block.columns, outside);
          for (const Answer& answer : raw.answers) aliases += answer.is_alias();
          if (kind == Kind::memory_bits) continue;
          for (std::uint32_t t = 0; t < block.clocks; ++t) {
            for (std::uint32_t c = block.columns.first; c < block.columns.last; ++c)
              ASSERT_EQ(block.answer(t, c), whole.answer(t, c)) << t << ' ' << c;
          }
        }
        ASSERT_EQ(stretches, whole.stretches);
      }
    }
  });
  EXPECT_GT(aliases, 1000U);
}

}  // namespace
}  // namespace hilbert::campaign

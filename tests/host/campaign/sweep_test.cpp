// SPDX-License-Identifier: Apache-2.0
// The sweep against brute force on random designs: every upset of every state bit in every clock, none may differ.
#include "campaign/sweep.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>

#include "brute_force.hpp"
#include "random_design.hpp"
#include "support/random.hpp"

namespace hilbert::campaign {
namespace {

/// Looks at some bits, as a host at its result: one wrong bit is a corruption, another a completion that cannot be.
class SomeBits final : public Judge {
 public:
  SomeBits(Random& random, const StateBits& bits) : bits_(bits) {
    for (unsigned i = 0; i < 4; ++i) looked_at_.push_back(static_cast<StateBit>(random.bits32() % bits.count()));
  }
  void expect(const LaneState& right) {
    for (const StateBit bit : looked_at_) expected_.push_back(level(right, bit));
  }
  [[nodiscard]] Judgement judge(const LaneState& state, std::uint32_t clock) const override {
    for (std::size_t i = 0; i < looked_at_.size(); ++i) {
      if (level(state, looked_at_[i]) == expected_[i]) continue;
      return {i == 0 ? Outcome::bad_completion : clock % 2 == 0 ? Outcome::sdc : Outcome::early};
    }
    return {};
  }

 private:
  [[nodiscard]] bool level(const LaneState& state, StateBit bit) const {
    if (bits_.is_flip_flop(bit)) return state.flip_flop(bit);
    const MemoryBit b = bits_.memory_bit(bit);
    return state.memory_bit(b.memory, b.word, b.bit);
  }
  const StateBits& bits_;
  std::vector<StateBit> looked_at_;
  std::vector<bool> expected_;
};

struct Tally {
  std::array<std::uint64_t, outcome_count> outcomes{};
  std::uint64_t upsets = 0, different = 0, merged = 0;
};

/// What may differ between the two: masked, the clock in which it was noticed; hang, likewise.
bool same(const Verdict& a, const Verdict& b) {
  return a.outcome == b.outcome && (a.end == b.end || a.outcome == Outcome::masked || a.outcome == Outcome::hang);
}

void compare(std::uint64_t seed, Tally& tally) {
  Random random(seed);
  const unsigned length = 3 + static_cast<unsigned>(random.bits32() % 20);
  const RandomDesign design = random_design(random, length);
  const auto netlist = std::make_shared<const tb::Netlist>(design.json.read());
  Recording recording;
  for (const auto& port : design.pins) recording.pins.insert(recording.pins.end(), port.begin(), port.end());
  for (unsigned t = 0; t < 2 * length; ++t) {
    recording.levels.emplace_back();
    for (std::size_t i = 0; i < recording.pins.size(); ++i) recording.levels.back().push_back(random.bits32() & 1);
  }
  const tb::GateSimulator start(netlist, 1 + seed);
  const StateBits bits(*netlist);
  SomeBits judge(random, bits);
  const std::uint32_t budget = 3 * length + 5;
  const BruteForce brute(start, recording, design.watches, judge, budget);
  if (brute.end() == BruteForce::none || brute.end() == 0) return;
  judge.expect(SimulatorState(brute.at_end()));

  const Circuit circuit(netlist);
  const SweepOptions options{.budget = budget, .merge_every = 1 + static_cast<unsigned>(random.bits32() % 3)};
  const SweepResult result = sweep(circuit, start, recording, design.watches, judge, options);
  ASSERT_EQ(result.clocks, brute.end());
  tally.merged += result.merged;
  const auto check = [&](StateBit bit, std::uint32_t clock, const Verdict& verdict) {
    const Verdict expected = brute.upset(bit, clock);
    ++tally.upsets;
    ++tally.outcomes[static_cast<std::size_t>(expected.outcome)];
    if (same(verdict, expected)) return;
    ++tally.different;
    ADD_FAILURE() << "design " << seed << " bit " << bit << " clock " << clock << ": " << to_string(verdict.outcome)
                  << ' ' << verdict.end << ", brute force " << to_string(expected.outcome) << ' ' << expected.end;
  };
  for (std::uint32_t t = 0; t < result.clocks; ++t) {
    for (std::uint32_t f = 0; f < bits.flip_flops(); ++f) check(f, t, result.flip_flop(t, f));
  }
  // Each memory bit in each clock, once.
  StateBit bit = bits.flip_flops();
  std::uint32_t clock = 0;
  for (const MemoryUpsets& upsets : result.memories) {
    ASSERT_EQ(upsets.bit, bit) << "design " << seed;
    ASSERT_EQ(upsets.first, clock) << "design " << seed;
    for (; clock <= upsets.last; ++clock) check(bit, clock, upsets.verdict);
    if (clock == result.clocks) clock = 0, ++bit;
  }
  EXPECT_EQ(bit, bits.count()) << "design " << seed;
}

TEST(Sweep, EqualsBruteForceOnRandomDesigns) {
  const std::uint64_t first = run_seed();
  constexpr std::uint32_t designs = 1500;
  Tally tally;
  for (std::uint64_t seed = first; seed < first + designs && tally.different == 0; ++seed) compare(seed, tally);
  std::printf("%llu upsets, %llu different, %llu runs merged\n", static_cast<unsigned long long>(tally.upsets),
              static_cast<unsigned long long>(tally.different), static_cast<unsigned long long>(tally.merged));
  for (std::size_t i = 0; i < outcome_count; ++i) {
    std::printf("  %-15s %llu\n", std::string(to_string(static_cast<Outcome>(i))).c_str(),
                static_cast<unsigned long long>(tally.outcomes[i]));
  }
  // It means little if nothing happened.
  EXPECT_GT(tally.upsets, 50'000U);
  EXPECT_GT(tally.merged, 100U);
  for (const Outcome outcome : {Outcome::masked, Outcome::latent, Outcome::detected, Outcome::bad_completion,
                                Outcome::early, Outcome::hang, Outcome::sdc, Outcome::left}) {
    EXPECT_GT(tally.outcomes[static_cast<std::size_t>(outcome)], 100U) << to_string(outcome);
  }
}

}  // namespace
}  // namespace hilbert::campaign

// SPDX-License-Identifier: Apache-2.0
// A random design, a random recording, and a judge that looks at some bits.
#pragma once

#include <memory>
#include <vector>

#include "brute_force.hpp"
#include "campaign/trace.hpp"
#include "random_design.hpp"

namespace hilbert::campaign {

/// Looks at some bits, as a host at its result: one wrong bit is a corruption, another a completion that cannot be.
class SomeBits final : public Judge {
 public:
  SomeBits(Random& random, const StateBits& bits) : bits_(bits) {
    for (unsigned i = 0; i < 4; ++i) looked_at_.push_back(random.below(bits.count()));
  }
  void expect(const LaneState& right) {
    for (const StateBit bit : looked_at_) expected_.push_back(level(right, bit));
  }
  [[nodiscard]] Judgement judge(const LaneState& state, std::uint32_t clock) const override {
    std::uint32_t wrong = 0;
    for (std::size_t i = 0; i < looked_at_.size(); ++i) wrong |= (level(state, looked_at_[i]) != expected_[i]) << i;
    if (wrong == 0) return {};
    if ((wrong & 1) != 0) return {Outcome::bad_completion, wrong};
    return {clock % 2 == 0 ? Outcome::sdc : Outcome::early, wrong};
  }

 private:
  [[nodiscard]] bool level(const LaneState& state, StateBit bit) const {
    if (bits_.is_flip_flop(bit)) return state.flip_flop(bit);
    const MemoryBit b = bits_.memory_bit(bit);
    return state.memory_bits(b.memory, b.word, 0, b.bit + 1) >> b.bit != 0;
  }
  StateBits bits_;
  std::vector<StateBit> looked_at_;
  std::vector<bool> expected_;
};

struct RandomScenario {
  explicit RandomScenario(std::uint64_t seed)
      : random(seed), length(random.between(3U, 22U)), design(random_design(random, length)) {
    const auto netlist = std::make_shared<const tb::Netlist>(design.json.read());
    Recording recording;
    for (const auto& port : design.pins) recording.pins.insert(recording.pins.end(), port.begin(), port.end());
    for (unsigned t = 1 + random.below(2 * length); t != 0; --t) {
      recording.levels.emplace_back();
      for (std::size_t i = 0; i < recording.pins.size(); ++i) recording.levels.back().push_back(random.bits32() & 1);
    }
    const auto judge = std::make_shared<SomeBits>(random, StateBits(*netlist));
    scenario = std::make_unique<Scenario>(Scenario{.circuit = std::make_shared<const Circuit>(netlist),
                                                   .start = tb::GateSimulator(netlist, 1 + seed),
                                                   .recording = std::move(recording),
                                                   .watches = design.watches,
                                                   .judge = judge,
                                                   .budget = 3 * length + 5});
    brute = std::make_unique<BruteForce>(*scenario);
    if (!ends()) return;
    judge->expect(ReferenceState(brute->at_end()));
    trace = std::make_unique<const Trace>(*scenario);
  }
  /// Otherwise it is of no use.
  [[nodiscard]] bool ends() const { return brute->end() != BruteForce::none && brute->end() != 0; }

  Random random;
  unsigned length;
  RandomDesign design;
  std::unique_ptr<Scenario> scenario;
  std::unique_ptr<BruteForce> brute;
  std::unique_ptr<const Trace> trace;
};

}  // namespace hilbert::campaign

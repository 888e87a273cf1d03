// SPDX-License-Identifier: Apache-2.0
#include "campaign/rtl_target.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <hilbert/error.hpp>

#include "campaign/forced_gates.hpp"

namespace hilbert::campaign {

/// The model as it stands, after settle.
class RtlTarget::State final : public LaneState {
 public:
  explicit State(const tb::StateMap& map) : map_(map) {}
  [[nodiscard]] bool flip_flop(std::uint32_t index) const override { return map_.flip_flop(index); }
  [[nodiscard]] bool memory_bit(std::uint32_t memory, std::uint32_t word, std::uint32_t bit) const override {
    return map_.memory_bit(memory, word, bit);
  }

 private:
  const tb::StateMap& map_;
};

RtlTarget::RtlTarget(ClockedModel model, std::shared_ptr<const tb::Netlist> netlist, const std::vector<Watch>& watches,
                     const Judge& judge, std::uint32_t budget, std::uint32_t most_clocks)
    : model_(std::move(model)),
      netlist_(std::move(netlist)),
      bits_(*netlist_),
      watches_(watches),
      judge_(judge),
      map_(*netlist_, *model_.state),
      faults_(*model_.state),
      start_(netlist_),
      budget_(budget) {
  for (const Watch& watch : watches_) {
    const bool pin = std::ranges::any_of(netlist_->ports, [&](const tb::Port& port) {
      return port.output && std::ranges::find(port.nets, watch.net) != port.nets.end();
    });
    if (!pin) throw Error(ExitCode::bad_input, fmt::format("net {} is no output pin", watch.net), netlist_->top);
  }
  find_ranges();
  made_constant_ = map_.make_constant();
  model_.state->settle();
  record_pins();
  run_golden(most_clocks);
}

/// Registers and memories as few stretches of a snapshot.
void RtlTarget::find_ranges() {
  std::vector<Range> all;
  for (const tb::ModelVariable& site : faults_.sites()) {
    all.push_back({site.data, model_.state->offset_of(site.data), std::size_t{site.words} * site.stride});
  }
  std::ranges::sort(all, {}, &Range::at);
  for (const Range& range : all) {
    if (!ranges_.empty() && ranges_.back().live + ranges_.back().bytes == range.live) {
      ranges_.back().bytes += range.bytes;
    } else {
      ranges_.push_back(range);
    }
  }
}

void RtlTarget::record_pins() {
  auto& levels = recording_.levels.emplace_back();
  for (const tb::Port& port : netlist_->ports) {
    if (port.output) continue;
    for (const Net net : port.nets) {
      if (net == netlist_->clock || net <= tb::net_one) continue;
      recording_.pins.push_back(net);
      levels.push_back(map_.pin(net));
    }
  }
  map_.copy_to(start_);
}

void RtlTarget::run_golden(std::uint32_t most_clocks) {
  tb::GateSimulator gates = start_;
  bool ended = false;
  for (std::uint32_t t = 0; !ended || t <= budget_; ++t) {
    if (!ended && t > most_clocks) {
      throw Error(ExitCode::bad_input, fmt::format("the undisturbed run has no end within {} clocks", most_clocks),
                  netlist_->top, "watch another net, or allow more clocks");
    }
    golden_.push_back(faults_.snapshot());
    set_pins(gates, recording_, t);
    gates.settle();
    model_.settle();
    compare(gates, t);
    std::vector<std::uint8_t> levels;
    bool done = false;
    for (const Watch& watch : watches_) {
      levels.push_back(map_.pin(watch.net));
      done = done || (watch.then == Watch::Then::done && levels.back() != 0);
    }
    golden_levels_.push_back(std::move(levels));
    if (done && !ended) {
      ended = true;
      end_ = t;
      if (budget_ == 0) budget_ = default_budget(end_);
      budget_ = std::max(budget_, end_ + 1);
      if (const auto memories = map_.unequal_memories(gates); !memories.empty()) {
        throw Error(ExitCode::bad_input,
                    fmt::format("netlist and model differ at the end, in {}", fmt::join(memories, ", ")),
                    netlist_->top);
      }
      if (judge_.judge(State(map_), t).outcome != Outcome::masked) {
        throw Error(ExitCode::bad_input, "the undisturbed run is not judged to be right", netlist_->top);
      }
    }
    gates.edge();
    model_.edge();
  }
}

void RtlTarget::compare(const tb::GateSimulator& gates, std::uint32_t clock) const {
  std::vector<std::string> names = map_.unequal(gates);
  if (names.empty()) names = map_.unequal_outputs(gates);
  if (names.empty()) return;
  throw Error(ExitCode::bad_input,
              fmt::format("netlist and verilated model differ in clock {}, in {}", clock, fmt::join(names, ", ")),
              netlist_->top, "make the netlist again from the RTL of this build");
}

bool RtlTarget::equal(std::uint32_t clock) const {
  const tb::Snapshot& golden = golden_[clock];
  return std::ranges::all_of(
      ranges_, [&](const Range& range) { return std::memcmp(range.live, golden.data() + range.at, range.bytes) == 0; });
}

const std::byte* RtlTarget::undisturbed(std::uint32_t clock, const std::byte* live) const {
  return golden_[clock].data() + model_.state->offset_of(live);
}

std::vector<StateBit> RtlTarget::different(std::uint32_t clock) const {
  std::vector<StateBit> found;
  map_.each_difference(
      golden_[clock], [&](std::uint32_t flip_flop) { found.push_back(flip_flop); },
      [&](std::uint32_t memory, std::uint32_t word, std::uint32_t bit) {
        found.push_back(bits_.of({memory, word, bit}));
      });
  return found;
}

/// What the pins of this clock say of the run, if anything; `masked` for its end.
template <class PinOf>
std::optional<Outcome> RtlTarget::seen(std::uint32_t clock, PinOf pin) const {
  for (std::size_t i = 0; i < watches_.size(); ++i) {
    const bool level = pin(watches_[i].net);
    if (watches_[i].then == Watch::Then::done) {
      if (level) return Outcome::masked;
    } else if (level != (golden_levels_[clock][i] != 0)) {
      return outcome_of(watches_[i].then);
    }
  }
  return std::nullopt;
}

Verdict RtlTarget::end_with(Outcome seen, const LaneState& state, std::uint32_t clock,
                            const std::vector<StateBit>& different) const {
  if (seen != Outcome::masked) return {seen, clock};
  const Judgement judged = judge_.judge(state, clock);
  if (judged.outcome != Outcome::masked) return {judged.outcome, clock, judged.detail};
  if (different.empty() && clock == end_) return {Outcome::masked, clock};  // a force that has changed nothing
  return {Outcome::latent, clock, static_cast<std::uint32_t>(different.size())};
}

void RtlTarget::invert(StateBit bit) const {
  if (bits_.is_flip_flop(bit)) {
    map_.invert_flip_flop(bit);
  } else {
    const MemoryBit at = bits_.memory_bit(bit);
    map_.invert_memory_bit(at.memory, at.word, at.bit);
  }
}

RtlTarget::Forced RtlTarget::run_forced(const Fault& fault, const Observer& observer) {
  ForcedGates gates(start_, fault);
  map_.copy_to(gates.simulator());
  std::uint32_t until = fault.clock;
  for (const Force& force : fault.forces) {
    until = std::max(until, force.clocks == 0 ? budget_ : std::min(budget_, fault.clock + force.clocks));
  }
  Forced forced;
  forced.clock = fault.clock;
  const auto differences = [&](std::uint32_t clock) {
    std::vector<StateBit> found;
    faults_.restore(golden_[clock]);
    map_.each_unequal(
        gates.simulator(), [&](std::uint32_t f) { found.push_back(f); },
        [&](std::uint32_t memory, std::uint32_t word, std::uint32_t bit) {
          found.push_back(bits_.of({memory, word, bit}));
        });
    return found;
  };
  for (std::uint32_t& t = forced.clock; t < until; ++t) {
    if (observer) observer(t, differences(t));
    set_pins(gates.simulator(), recording_, t);
    gates.settle(t);
    if (const auto outcome = seen(t, [&](Net net) { return gates.simulator().value(net) != 0; })) {
      gates.release();
      forced.ended = end_with(*outcome, gates, t, differences(t));
      return forced;
    }
    gates.edge();
  }
  forced.different = differences(forced.clock);
  return forced;
}

Verdict RtlTarget::run(const Fault& fault, const Observer& observer) {
  if (fault.clock >= end_) {
    throw Error(ExitCode::bad_input, fmt::format("a fault in clock {} of a run of {}", fault.clock, end_),
                netlist_->top);
  }
  std::uint32_t t = fault.clock;
  faults_.restore(golden_[t]);
  for (const StateBit bit : fault.flips) invert(bit);
  if (!fault.forces.empty()) {
    const Forced forced = run_forced(fault, observer);
    if (forced.ended) return *forced.ended;
    t = forced.clock;
    if (t >= budget_) return {Outcome::hang, budget_};
    if (forced.different.empty() && t <= end_) return {Outcome::masked, t};
    faults_.restore(golden_[t]);
    for (const StateBit bit : forced.different) invert(bit);
  }
  model_.state->settle();
  for (; t < budget_; ++t) {
    if (observer) observer(t, different(t));
    model_.settle();
    if (const auto outcome = seen(t, [&](Net net) { return map_.pin(net); })) {
      return end_with(*outcome, State(map_), t, different(t));
    }
    model_.edge();
    if (t < end_ && equal(t + 1)) return {Outcome::masked, t + 1};
  }
  return {Outcome::hang, budget_};
}

}  // namespace hilbert::campaign

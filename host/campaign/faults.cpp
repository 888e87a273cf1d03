// SPDX-License-Identifier: Apache-2.0
// Faults of any kind, as they are given.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "campaign/block.hpp"
#include "campaign/follow.hpp"
#include "campaign/sweep.hpp"

namespace hilbert::campaign {
namespace {

void check(const Trace& trace, const Fault& fault, std::size_t number) {
  const std::string where = fmt::format("fault {}", number);
  if (fault.clock >= trace.end()) {
    throw Error(ExitCode::bad_input, fmt::format("clock {} is not before the run's end", fault.clock), where,
                fmt::format("it ends in clock {}", trace.end()));
  }
  for (const StateBit bit : fault.flips) {
    if (bit < trace.bits().count()) continue;
    throw Error(ExitCode::bad_input, fmt::format("there is no state bit {}", bit), where,
                fmt::format("the design has {}", trace.bits().count()));
  }
  for (const Force& force : fault.forces) {
    if (trace.circuit().can_be_forced(force.net)) continue;
    throw Error(ExitCode::bad_input, fmt::format("net {} cannot be forced", force.net), where,
                "take the output of a gate, a read port or a flip-flop, or a pin that is not the clock");
  }
}

/// What is there twice is not inverted.
std::vector<StateBit> once_each(std::vector<StateBit> flips) {
  std::ranges::sort(flips);
  std::vector<StateBit> once;
  for (const StateBit bit : flips) {
    if (!once.empty() && once.back() == bit) {
      once.pop_back();
    } else {
      once.push_back(bit);
    }
  }
  return once;
}

}  // namespace

std::vector<Verdict> run_faults(const Trace& trace, std::span<const Fault> faults, const Tuning& tuning) {
  for (std::size_t i = 0; i < faults.size(); ++i) check(trace, faults[i], i);
  std::vector<Id> order(faults.size());
  std::iota(order.begin(), order.end(), Id{0});
  std::ranges::stable_sort(order, {}, [&](Id id) { return faults[id].clock; });

  Sweep sweep(trace, tuning);
  Followed followed(sweep, trace.bits().flip_flops());
  sweep.on_single = [&](Id id, std::uint32_t, std::uint32_t flip_flop) { followed.follow(id, flip_flop); };
  sweep.ledger().add(faults.size());
  auto next = order.begin();
  for (std::uint32_t t = 0; t <= trace.end() && !faults.empty(); ++t) {
    followed.begin_all();
    for (; next != order.end() && faults[*next].clock == t; ++next) {
      sweep.begin(*next, once_each(faults[*next].flips), faults[*next].forces);
    }
    sweep.step();
  }
  sweep.finish();
  std::vector<Verdict> verdicts;
  verdicts.reserve(faults.size());
  for (Id id = 0; id < faults.size(); ++id) verdicts.push_back(sweep.ledger().resolve(id).verdict());
  return verdicts;
}

}  // namespace hilbert::campaign

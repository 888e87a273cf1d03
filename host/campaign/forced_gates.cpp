// SPDX-License-Identifier: Apache-2.0
#include "campaign/forced_gates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/error.hpp>

namespace hilbert::campaign {

void ForcedGates::settle(std::uint32_t clock) {
  kept_.clear();
  const tb::Netlist& netlist = simulator_.netlist();
  simulator_.settle();
  std::vector<std::size_t> inverted;
  for (const Force& force : fault_.forces) {
    if (force.clocks != 0 && clock >= fault_.clock + force.clocks) continue;
    const std::uint8_t now = simulator_.value(force.net);
    const auto level = static_cast<std::uint8_t>(force.level == Force::Level::invert ? 1 - now
                                                 : force.level == Force::Level::one  ? 1
                                                                                     : 0);
    if (level == now) continue;
    const auto gate = std::ranges::find(netlist.gates, force.net, &tb::Gate::y);
    const auto flip_flop = std::ranges::find(netlist.flip_flops, force.net, &tb::FlipFlop::q);
    if (gate != netlist.gates.end()) {
      inverted.push_back(static_cast<std::size_t>(gate - netlist.gates.begin()));
      simulator_.invert(inverted.back());
    } else if (flip_flop != netlist.flip_flops.end()) {
      // Of several forces on one the first met what it holds.
      if (std::ranges::find(kept_, &*flip_flop, &Kept::flip_flop) == kept_.end()) kept_.push_back({&*flip_flop, now});
      simulator_.value(force.net) = level;
    } else {
      throw Error(ExitCode::bad_input, fmt::format("net {} is no output of a gate or flip-flop", force.net),
                  netlist.top);
    }
    simulator_.settle();
  }
  for (const std::size_t gate : inverted) simulator_.invert(gate);
}

void ForcedGates::edge() {
  std::erase_if(kept_, [&](const Kept& k) {
    const tb::FlipFlop& f = *k.flip_flop;
    const bool enabled = (simulator_.value(f.enable) != 0) == f.enable_at;
    const bool resets = (simulator_.value(f.reset) != 0) == f.reset_at && (f.reset_first || enabled);
    return enabled || resets;
  });
  simulator_.edge();
  release();
}

void ForcedGates::release() {
  for (const Kept& k : kept_) simulator_.value(k.flip_flop->q) = k.level;
}

}  // namespace hilbert::campaign

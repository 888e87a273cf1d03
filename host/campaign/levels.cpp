// SPDX-License-Identifier: Apache-2.0
// Every gate, level by level, one loop a kind.
#include "campaign/levels.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "campaign/ports.hpp"

namespace hilbert::campaign {

using tb::FlipFlop;
using tb::GateKind;

Levels::Levels(const Moment& moment)
    : moment_(moment),
      netlist_(moment.trace().netlist()),
      program_(moment.trace().circuit(), moment.trace().scenario().watches),
      values_(program_.places) {
  if (program_.places <= 0x1'0000) {
    const auto brief = [](Program::Place place) { return static_cast<std::uint16_t>(place); };
    for (const auto& o : program_.operations) short_.push_back({brief(o.a), brief(o.b), brief(o.s), brief(o.y)});
  }
  const auto& flip_flops = netlist_.flip_flops;
  std::vector<std::uint32_t> order(flip_flops.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto key = [&](std::uint32_t i) {
    const FlipFlop& f = flip_flops[i];
    return std::tuple(f.enable, f.reset, f.enable_at, f.reset_at, f.reset_first);
  };
  std::ranges::stable_sort(order, {}, key);
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    const FlipFlop& f = flip_flops[order[i]];
    if (i == 0 || key(order[i]) != key(order[i - 1])) groups_.push_back({f, i, i});
    members_.push_back({order[i], program_.place[f.d], f.reset_to});
    groups_.back().last = i + 1;
  }
}

void Levels::settle(const Word& word) {
  const auto rows = word.rows();
  for (const auto& [net, place] : program_.constants) values_[place] = no_lanes() ^ moment_.mask(net);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (const auto place = program_.flip_flops[i]; place != Program::nowhere)
      values_[place] = rows[i] ^ moment_.mask(netlist_.flip_flops[i].q);
  }
  for (const Program::Step& step : program_.steps) {
    if (step.first != step.last) {
      if (short_.empty()) {
        evaluate(step, program_.operations.data());
      } else {
        evaluate(step, short_.data());
      }
      continue;
    }
    const tb::ReadPort& port = netlist_.memories[step.memory].reads[step.port];
    const auto nets = [&](Net net) { return at(net); };
    const bool differs = read_port(moment_, word.memories(), step.memory, port, nets, word.live(), data_);
    for (std::size_t i = 0; i < step.places.size(); ++i) {
      if (step.places[i] == Program::nowhere) continue;
      values_[step.places[i]] = (differs ? data_[i] : no_lanes()) ^ moment_.mask(step.data[i]);
    }
  }
}

template <class Operation>
void Levels::evaluate(const Program::Step& step, const Operation* operations) {
  Lanes* const v = values_.data();
  const auto run = [&](auto function) {
    for (std::uint32_t i = step.first; i < step.last; ++i) {
      const Operation& o = operations[i];
      v[o.y] = function(v[o.a], v[o.b], v[o.s]);
    }
  };
  switch (step.kind) {
    case GateKind::and_:
      return run([](const Lanes& a, const Lanes& b, const Lanes&) { return a & b; });
    case GateKind::nand:
      return run([](const Lanes& a, const Lanes& b, const Lanes&) { return ~(a & b); });
    case GateKind::or_:
      return run([](const Lanes& a, const Lanes& b, const Lanes&) { return a | b; });
    case GateKind::nor:
      return run([](const Lanes& a, const Lanes& b, const Lanes&) { return ~(a | b); });
    case GateKind::xor_:
      return run([](const Lanes& a, const Lanes& b, const Lanes&) { return a ^ b; });
    case GateKind::xnor:
      return run([](const Lanes& a, const Lanes& b, const Lanes&) { return ~(a ^ b); });
    case GateKind::andnot:
      return run([](const Lanes& a, const Lanes& b, const Lanes&) { return a & ~b; });
    case GateKind::ornot:
      return run([](const Lanes& a, const Lanes& b, const Lanes&) { return a | ~b; });
    case GateKind::not_:
      return run([](const Lanes& a, const Lanes&, const Lanes&) { return ~a; });
    case GateKind::mux:
      return run([](const Lanes& a, const Lanes& b, const Lanes& s) { return (s & b) | (~s & a); });
  }
}

void Levels::clock(Word& word, const Lanes& live) {
  clock_flip_flops(word, live);
  for (std::uint32_t m = 0; m < netlist_.memories.size(); ++m) {
    for (std::size_t port = 0; port < netlist_.memories[m].writes.size(); ++port)
      write_port(
          moment_, word.memories(), m, port, [&](Net net) { return at(net); }, live);
  }
  word.memories().tidy();
}

void Levels::clock_flip_flops(Word& word, const Lanes& live) const {
  const auto rows = word.rows();
  for (const Group& group : groups_) {
    const FlipFlop& like = group.like;
    const Lanes enable = values_[program_.place[like.enable]], reset = values_[program_.place[like.reset]];
    const Lanes enabled = like.enable_at ? enable : ~enable;
    Lanes resets = like.reset_at ? reset : ~reset;
    if (!like.reset_first) resets &= enabled;
    const Lanes loads = enabled & ~resets, holds = ~enabled & ~resets;
    // Where nobody takes anything, not even the undisturbed run, all differences stay what they are.
    const bool golden_enabled = (moment_.mask(like.enable) != 0) == like.enable_at;
    const bool golden_resets = (moment_.mask(like.reset) != 0) == like.reset_at && (like.reset_first || golden_enabled);
    if (!golden_enabled && !golden_resets && !any((loads | resets) & live)) continue;
    for (std::uint32_t i = group.first; i < group.last; ++i) {
      const Member& member = members_[i];
      Lanes& row = rows[member.flip_flop];
      const std::uint64_t before = moment_.mask(netlist_.flip_flops[member.flip_flop].q);
      const Lanes held = row ^ before;
      const Lanes value = (loads & values_[member.d]) | (holds & held) | (resets & spread(member.reset_to));
      row = (value ^ moment_.next(member.flip_flop)) & live;
    }
  }
}

}  // namespace hilbert::campaign

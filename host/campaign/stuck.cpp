// SPDX-License-Identifier: Apache-2.0
// Three-valued logic for 512 runs, until nothing is new.
#include "campaign/stuck.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "campaign/ports.hpp"

namespace hilbert::campaign {
namespace {

constexpr unsigned most_rounds = 16;  // boxes that still grow then are given up

}  // namespace

Lanes quiet(const Moment& moment, std::span<const Lanes> before, std::span<const Lanes> after) {
  std::array<Lanes, 5> sum{};  // a bit of each lane's count
  Lanes many = no_lanes();
  for (std::size_t i = 0; i < before.size(); ++i) {
    const std::uint64_t golden =
        moment.mask(moment.trace().netlist().flip_flops[i].q) ^ moment.next(static_cast<std::uint32_t>(i));
    Lanes carry = before[i] ^ after[i] ^ golden;
    for (Lanes& bit : sum) {
      const Lanes both = bit & carry;
      bit ^= carry;
      carry = both;
    }
    many |= carry;
  }
  return ~many;
}

Stuck::Stuck(const Moment& moment, const Program& program)
    : moment_(moment),
      netlist_(moment.trace().netlist()),
      program_(program),
      levels_(program.places),
      states_(netlist_.flip_flops.size()),
      fresh_(netlist_.flip_flops.size()),
      unknown_(netlist_.memories.size()) {
  std::map<std::string, std::map<std::uint32_t, std::uint32_t>> vectors;
  for (std::uint32_t i = 0; i < netlist_.flip_flop_names.size(); ++i) {
    const auto& names = netlist_.flip_flop_names[i];
    if (!names.empty()) vectors[names.front().vector].emplace(names.front().bit, i);
  }
  for (const auto& [name, bits] : vectors) {
    vectors_.emplace_back();
    for (const auto& [bit, i] : bits) vectors_.back().push_back(i);
  }
}

Lanes Stuck::prove(const Word& word) {
  if (moment_.clock() < moment_.trace().steady_from()) return no_lanes();
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const Lanes q = word.rows()[i] ^ moment_.mask(netlist_.flip_flops[i].q);
    states_[i] = {q, ~q};
  }
  std::ranges::fill(unknown_, no_lanes());
  std::ranges::fill(fresh_, std::array{no_lanes(), no_lanes(), no_lanes()});
  Lanes live = word.live(), grows = live;
  for (unsigned round = 0; round < most_rounds && any(grows); ++round) {
    for (const auto& [net, place] : program_.constants) {
      const Lanes level = no_lanes() ^ moment_.mask(net);
      levels_[place] = {level, ~level};
    }
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (const auto place = program_.flip_flops[i]; place != Program::nowhere) levels_[place] = states_[i];
    }
    for (const Program::Step& step : program_.steps) {
      if (step.first != step.last) {
        evaluate(step);
      } else {
        read(step, word, live);
      }
    }
    live &= ~tells();
    grows = widen_flip_flops();
    grows |= widen_memories();
    grows &= live;
  }
  return live & ~grows;
}

void Stuck::evaluate(const Program::Step& step) {
  Level* const v = levels_.data();
  const auto run = [&](auto function) {
    for (std::uint32_t i = step.first; i < step.last; ++i) {
      const Program::Operation& o = program_.operations[i];
      v[o.y] = function(v[o.a], v[o.b], v[o.s]);
    }
  };
  using L = const Level&;
  switch (step.kind) {
    case tb::GateKind::and_:
      return run([](L a, L b, L) { return Level{a.one & b.one, a.zero | b.zero}; });
    case tb::GateKind::nand:
      return run([](L a, L b, L) { return Level{a.zero | b.zero, a.one & b.one}; });
    case tb::GateKind::or_:
      return run([](L a, L b, L) { return Level{a.one | b.one, a.zero & b.zero}; });
    case tb::GateKind::nor:
      return run([](L a, L b, L) { return Level{a.zero & b.zero, a.one | b.one}; });
    case tb::GateKind::xor_:
      return run([](L a, L b, L) {
        return Level{(a.one & b.zero) | (a.zero & b.one), (a.one & b.one) | (a.zero & b.zero)};
      });
    case tb::GateKind::xnor:
      return run([](L a, L b, L) {
        return Level{(a.one & b.one) | (a.zero & b.zero), (a.one & b.zero) | (a.zero & b.one)};
      });
    case tb::GateKind::andnot:
      return run([](L a, L b, L) { return Level{a.one & b.zero, a.zero | b.one}; });
    case tb::GateKind::ornot:
      return run([](L a, L b, L) { return Level{a.one | b.zero, a.zero & b.one}; });
    case tb::GateKind::not_:
      return run([](L a, L, L) { return Level{a.zero, a.one}; });
    case tb::GateKind::mux:
      return run([](L a, L b, L s) {
        return Level{(s.one & b.one) | (s.zero & a.one), (s.one & b.zero) | (s.zero & a.zero)};
      });
  }
}

void Stuck::read(const Program::Step& step, const Word& word, const Lanes& live) {
  const tb::ReadPort& port = netlist_.memories[step.memory].reads[step.port];
  Lanes unknown = unknown_[step.memory];
  for (const Net net : port.address) unknown |= at(net).one & at(net).zero;
  const auto nets = [&](Net net) { return at(net).one ^ moment_.mask(net); };
  const bool differs = read_port(moment_, word.memories(), step.memory, port, nets, live & ~unknown, data_);
  for (std::size_t i = 0; i < step.places.size(); ++i) {
    if (step.places[i] == Program::nowhere) continue;
    const Lanes level = (differs ? data_[i] : no_lanes()) ^ moment_.mask(step.data[i]);
    levels_[step.places[i]] = {level | unknown, ~level | unknown};
  }
}

/// Lanes in which a watched net may tell something.
Lanes Stuck::tells() const {
  Lanes lanes = no_lanes();
  for (const Watch& watch : moment_.trace().scenario().watches) {
    const bool level = watch.then != Watch::Then::done && moment_.mask(watch.net) != 0;
    lanes |= level ? at(watch.net).zero : at(watch.net).one;
  }
  return lanes;
}

/// Lanes in which a flip-flop may take what it could not be.
Lanes Stuck::widen_flip_flops() {
  Lanes grows = no_lanes();
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const tb::FlipFlop& f = netlist_.flip_flops[i];
    Level enable = at(f.enable), reset = at(f.reset);
    if (!f.enable_at) std::swap(enable.one, enable.zero);
    if (!f.reset_at) std::swap(reset.one, reset.zero);
    if (!f.reset_first) reset = {reset.one & enable.one, reset.zero | enable.zero};
    const Lanes loads = enable.one & reset.zero;
    const Level d = at(f.d);
    Level& q = states_[i];
    const Lanes one = (loads & d.one) | (f.reset_to ? reset.one : no_lanes());
    const Lanes zero = (loads & d.zero) | (f.reset_to ? no_lanes() : reset.one);
    const Lanes fresh = (one & ~q.one) | (zero & ~q.zero);
    grows |= fresh;
    q.one |= one;
    q.zero |= zero;
    fresh_[i] = {fresh, fresh_[i][0], fresh_[i][1]};
  }
  for (const auto& vector : vectors_) {
    Lanes ripples = no_lanes();
    for (std::size_t k = 2; k < vector.size(); ++k) {
      const std::uint32_t i = vector[k];
      states_[i].one |= ripples;
      states_[i].zero |= ripples;
      fresh_[i][0] |= ripples;
      ripples |= fresh_[i][0] & fresh_[vector[k - 1]][1] & fresh_[vector[k - 2]][2];
    }
  }
  return grows;
}

/// Whoever may write, may write anything anywhere.
Lanes Stuck::widen_memories() {
  Lanes grows = no_lanes();
  for (std::size_t m = 0; m < unknown_.size(); ++m) {
    Lanes writes = no_lanes();
    for (const tb::WritePort& port : netlist_.memories[m].writes) {
      for (const Net net : port.enable) writes |= at(net).one;
    }
    grows |= writes & ~unknown_[m];
    unknown_[m] |= writes;
  }
  return grows;
}

}  // namespace hilbert::campaign

// SPDX-License-Identifier: Apache-2.0
// Places for nets.
#include "campaign/program.hpp"

#include <algorithm>

namespace hilbert::campaign {
namespace {

using tb::Gate;
using tb::GateKind;

bool has_b(GateKind kind) { return kind != GateKind::not_; }
bool has_s(GateKind kind) { return kind == GateKind::mux; }

/// Hands out places; the one freed last first, which is still in the cache.
class Places {
 public:
  Program::Place take() {
    if (free_.empty()) return count_++;
    const Program::Place place = free_.back();
    free_.pop_back();
    return place;
  }
  void give(Program::Place place) { free_.push_back(place); }
  [[nodiscard]] Program::Place count() const { return count_; }

 private:
  std::vector<Program::Place> free_;
  Program::Place count_ = 0;
};

/// Of each net: the last step of the list in which it is read, counted from 1; 0: in none.
class LastUse {
 public:
  static constexpr std::uint32_t for_ever = ~std::uint32_t{0};

  LastUse(const tb::Netlist& netlist, const std::vector<Watch>& watches) : last_(netlist.nets) {
    std::uint32_t now = 0;
    for (const tb::EvaluationStep& step : netlist.steps) {
      for (std::uint32_t g = step.first; g < step.last; ++g) {
        ++now;
        const Gate& gate = netlist.gates[g];
        last_[gate.a] = now;
        if (has_b(gate.kind)) last_[gate.b] = now;
        if (has_s(gate.kind)) last_[gate.s] = now;
      }
      if (step.first != step.last) continue;
      ++now;
      for (const Net net : netlist.memories[step.memory].reads[step.port].address) last_[net] = now;
    }
    for (const tb::FlipFlop& f : netlist.flip_flops) {
      for (const Net net : {f.d, f.enable, f.reset}) last_[net] = for_ever;
    }
    for (const tb::Memory& memory : netlist.memories) {
      for (const tb::WritePort& port : memory.writes) {
        for (const auto* nets : {&port.enable, &port.address, &port.data}) {
          for (const Net net : *nets) last_[net] = for_ever;
        }
      }
    }
    for (const Watch& watch : watches) last_[watch.net] = for_ever;
  }
  [[nodiscard]] std::uint32_t of(Net net) const { return last_[net]; }

 private:
  std::vector<std::uint32_t> last_;
};

}  // namespace

Program::Program(const Circuit& circuit, const std::vector<Watch>& watches) {
  const tb::Netlist& netlist = circuit.netlist();
  const LastUse last(netlist, watches);
  Places free;
  place.assign(netlist.nets, nowhere);
  const auto begin = [&](Net net) {
    if (last.of(net) != 0) place[net] = free.take();
    return place[net];
  };
  for (Net net = 0; net < netlist.nets; ++net) {
    if (circuit.driver(net) != Circuit::none || circuit.flip_flop(net) != Circuit::none) continue;
    if (begin(net) != nowhere) constants.emplace_back(net, place[net]);
  }
  for (const tb::FlipFlop& f : netlist.flip_flops) flip_flops.push_back(begin(f.q));

  std::uint32_t now = 0;
  const auto end = [&](Net net) {
    if (last.of(net) == now) free.give(place[net]);
  };
  for (const tb::EvaluationStep& step : netlist.steps) {
    const auto first = static_cast<std::uint32_t>(operations.size());
    if (step.first == step.last) {
      ++now;
      const tb::ReadPort& port = netlist.memories[step.memory].reads[step.port];
      Step read{{}, first, first, step.memory, step.port, port.data, {}};
      for (const Net net : port.data) read.places.push_back(begin(net));
      std::vector<Net> address = port.address;
      std::ranges::sort(address);
      address.erase(std::unique(address.begin(), address.end()), address.end());
      for (const Net net : address) end(net);
      steps.push_back(std::move(read));
      continue;
    }
    const GateKind kind = netlist.gates[step.first].kind;
    for (std::uint32_t g = step.first; g < step.last; ++g) {
      ++now;
      const Gate& gate = netlist.gates[g];
      const Net b = has_b(kind) ? gate.b : gate.a, s = has_s(kind) ? gate.s : gate.a;
      Operation operation{place[gate.a], place[b], place[s], nowhere};
      // A result may take the place of what is read here for the last time.
      end(gate.a);
      if (b != gate.a) end(b);
      if (s != gate.a && s != b) end(s);
      operation.y = begin(gate.y);
      if (operation.y == nowhere) {
        operation.y = free.take();
        free.give(operation.y);
      }
      operations.push_back(operation);
    }
    steps.push_back({kind, first, static_cast<std::uint32_t>(operations.size()), 0, 0, {}, {}});
  }
  places = free.count();
}

}  // namespace hilbert::campaign

// SPDX-License-Identifier: Apache-2.0
// Fan-outs of a netlist.
#include "campaign/circuit.hpp"

#include <algorithm>
#include <hilbert/error.hpp>

namespace hilbert::campaign {

Lists::Lists(std::uint32_t lists, std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs) : first_(lists + 1) {
  std::ranges::sort(pairs);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  entries_.reserve(pairs.size());
  for (const auto& [list, entry] : pairs) {
    ++first_[list + 1];
    entries_.push_back(entry);
  }
  for (std::uint32_t i = 0; i < lists; ++i) first_[i + 1] += first_[i];
}

Circuit::Circuit(std::shared_ptr<const tb::Netlist> netlist)
    : netlist_(std::move(netlist)), driver_(netlist_->nets, none), flip_flop_(netlist_->nets, none) {
  const tb::Netlist& n = *netlist_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> readers, takers, written, reads;
  for (const tb::EvaluationStep& step : n.steps) {
    const auto node = static_cast<std::uint32_t>(nodes_.size());
    if (step.first == step.last) {
      nodes_.push_back({true, step.memory, step.port});
      const tb::ReadPort& port = n.memories[step.memory].reads[step.port];
      for (const Net net : port.address) readers.emplace_back(net, node);
      for (const Net net : port.data) driver_[net] = node;
      reads.emplace_back(step.memory, node);
    }
    for (std::uint32_t g = step.first; g < step.last; ++g) {
      const auto at = static_cast<std::uint32_t>(nodes_.size());
      nodes_.push_back({false, g, 0});
      const tb::Gate& gate = n.gates[g];
      for (const Net net : {gate.a, gate.b, gate.s}) readers.emplace_back(net, at);
      driver_[gate.y] = at;
    }
  }
  for (std::uint32_t i = 0; i < n.flip_flops.size(); ++i) {
    const tb::FlipFlop& f = n.flip_flops[i];
    for (const Net net : {f.d, f.q, f.enable, f.reset}) takers.emplace_back(net, i);
    flip_flop_[f.q] = i;
  }
  for (std::uint32_t m = 0; m < n.memories.size(); ++m) {
    for (const tb::ReadPort& port : n.memories[m].reads) {
      if (port.clocked) {
        throw Error(ExitCode::bad_input, "memory " + n.memories[m].name + " reads at the clock's edge", n.top,
                    "synthesise with -nordff, so that its register is a flip-flop");
      }
    }
    for (const tb::WritePort& port : n.memories[m].writes) {
      for (const auto* nets : {&port.enable, &port.address, &port.data}) {
        for (const Net net : *nets) written.emplace_back(net, m);
      }
    }
  }
  // Constants never change.
  for (auto* pairs : {&readers, &takers, &written}) {
    std::erase_if(*pairs, [](const auto& pair) { return pair.first <= tb::net_one; });
  }
  readers_ = Lists(n.nets, std::move(readers));
  takers_ = Lists(n.nets, std::move(takers));
  written_ = Lists(n.nets, std::move(written));
  reads_ = Lists(static_cast<std::uint32_t>(n.memories.size()), std::move(reads));
}

bool Circuit::can_be_forced(Net net) const {
  if (net <= tb::net_one || net >= netlist_->nets || net == netlist_->clock) return false;
  if (driver_[net] != none || flip_flop_[net] != none) return true;
  return std::ranges::any_of(netlist_->ports, [&](const tb::Port& port) {
    return !port.output && std::ranges::find(port.nets, net) != port.nets.end();
  });
}

}  // namespace hilbert::campaign

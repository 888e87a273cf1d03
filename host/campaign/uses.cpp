// SPDX-License-Identifier: Apache-2.0
// Uses of words: three-valued logic, whose third value spreads from read ports.
#include "campaign/uses.hpp"

#include <algorithm>
#include <bit>
#include <unordered_map>

namespace hilbert::campaign {

using tb::GateKind;
using tb::Memory;

Uses::Uses(const Circuit& circuit, const std::vector<Watch>& watches)
    : circuit_(circuit),
      nets_(circuit.netlist().nets),
      source_(circuit.nodes().size()),
      pending_((circuit.nodes().size() + 63) / 64) {
  for (const Watch& watch : watches) watched_.push_back(watch.net);
  std::uint32_t words = 0;
  for (const Memory& memory : circuit.netlist().memories) {
    first_word_.push_back(words);
    words += memory.words;
  }
  first_word_.push_back(words);
}

std::uint32_t Uses::word_at(std::span<const std::uint64_t> masks, std::uint32_t memory,
                            const std::vector<Net>& address) const {
  std::uint64_t at = 0;
  for (std::size_t i = 0; i < address.size(); ++i) at |= (masks[address[i]] & 1) << i;
  return circuit_.netlist().memories[memory].word_at(at);
}

void Uses::add(std::span<const std::uint64_t> masks) {
  const tb::Netlist& netlist = circuit_.netlist();
  const auto clock = static_cast<std::uint32_t>(used_first_.size() - 1);
  std::vector<WordAt> read, used;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ports;  // (node, place in read)
  for (std::uint32_t m = 0; m < netlist.memories.size(); ++m) {
    const Memory& memory = netlist.memories[m];
    for (const std::uint32_t node : circuit_.reads(m)) {
      const WordAt at{m, word_at(masks, m, memory.reads[circuit_.nodes()[node].port].address)};
      if (at.word == Memory::nowhere) continue;
      const auto found = std::ranges::find(read, at);
      ports.emplace_back(node, static_cast<std::uint32_t>(found - read.begin()));
      if (found == read.end()) read.push_back(at);
    }
    for (const tb::WritePort& port : memory.writes) {
      if (std::ranges::none_of(port.enable, [&](Net net) { return masks[net] != 0; })) continue;
      if (const WordAt at{m, word_at(masks, m, port.address)}; at.word != Memory::nowhere) used.push_back(at);
    }
  }
  for (std::uint32_t first = 0; first < read.size(); first += 64) {
    for (const auto& [node, place] : ports) {
      if (place - first >= 64) continue;
      source_[node] |= std::uint64_t{1} << (place - first);
      pending_[node / 64] |= std::uint64_t{1} << node % 64;
    }
    spread(masks);
    for (std::uint64_t rest = seen(masks); rest != 0; rest &= rest - 1) {
      used.push_back(read[first + static_cast<unsigned>(std::countr_zero(rest))]);
    }
    for (const Net net : touched_) nets_[net] = 0;
    touched_.clear();
    for (const auto& [node, place] : ports) source_[node] = 0;
  }
  const auto order = [](const WordAt& at) { return std::pair(at.memory, at.word); };
  std::ranges::sort(used, {}, order);
  used.erase(std::unique(used.begin(), used.end()), used.end());
  for (const WordAt& at : read) read_at_.emplace_back(list_of(at), clock);
  for (const WordAt& at : used) used_at_.emplace_back(list_of(at), clock);
  used_.insert(used_.end(), used.begin(), used.end());
  used_first_.push_back(static_cast<std::uint32_t>(used_.size()));
}

void Uses::taint(Net net, std::uint64_t lanes) {
  if (lanes == 0) return;
  if (nets_[net] == 0) touched_.push_back(net);
  nets_[net] |= lanes;
  for (const std::uint32_t node : circuit_.readers(net)) pending_[node / 64] |= std::uint64_t{1} << node % 64;
}

void Uses::spread(std::span<const std::uint64_t> masks) {
  const tb::Netlist& netlist = circuit_.netlist();
  for (std::size_t word = 0; word < pending_.size(); ++word) {
    while (pending_[word] != 0) {  // what a node schedules stands behind it
      const auto at = static_cast<std::uint32_t>(word * 64 + static_cast<unsigned>(std::countr_zero(pending_[word])));
      pending_[word] &= pending_[word] - 1;
      const Circuit::Node& node = circuit_.nodes()[at];
      if (node.is_read) {
        const tb::ReadPort& port = netlist.memories[node.index].reads[node.port];
        std::uint64_t lanes = source_[at];
        for (const Net net : port.address) lanes |= nets_[net];
        for (const Net net : port.data) taint(net, lanes);
        continue;
      }
      const tb::Gate& g = netlist.gates[node.index];
      const std::uint64_t a = nets_[g.a], b = nets_[g.b], s = nets_[g.s];
      const std::uint64_t va = masks[g.a], vb = masks[g.b], vs = masks[g.s];
      switch (g.kind) {
        case GateKind::and_:
        case GateKind::nand:
          taint(g.y, (a & b) | (a & vb) | (b & va));
          break;
        case GateKind::or_:
        case GateKind::nor:
          taint(g.y, (a & b) | (a & ~vb) | (b & ~va));
          break;
        case GateKind::andnot:
          taint(g.y, (a & b) | (a & ~vb) | (b & va));
          break;
        case GateKind::ornot:
          taint(g.y, (a & b) | (a & vb) | (b & ~va));
          break;
        case GateKind::xor_:
        case GateKind::xnor:
          taint(g.y, a | b);
          break;
        case GateKind::not_:
          taint(g.y, a);
          break;
        case GateKind::mux:
          taint(g.y, (s & (a | b | (va ^ vb))) | (~s & ((vs & b) | (~vs & a))));
          break;
      }
    }
  }
}

/// Lanes in which something could take another value at the edge, or a watched net has one.
std::uint64_t Uses::seen(std::span<const std::uint64_t> masks) const {
  const tb::Netlist& netlist = circuit_.netlist();
  std::uint64_t lanes = 0;
  for (const Net net : watched_) lanes |= nets_[net];
  for (const Net net : touched_) {
    for (const std::uint32_t i : circuit_.takers(net)) {
      const tb::FlipFlop& f = netlist.flip_flops[i];
      const bool enabled = (masks[f.enable] != 0) == f.enable_at;
      const bool resets = (masks[f.reset] != 0) == f.reset_at && (f.reset_first || enabled);
      lanes |= nets_[f.enable] | nets_[f.reset];
      if (enabled && !resets) lanes |= nets_[f.d];
    }
    for (const std::uint32_t m : circuit_.written(net)) {
      for (const tb::WritePort& port : netlist.memories[m].writes) {
        std::uint64_t address = 0;
        for (const Net a : port.address) address |= nets_[a];
        for (std::size_t i = 0; i < port.enable.size(); ++i) {
          lanes |= nets_[port.enable[i]] | (masks[port.enable[i]] & (address | nets_[port.data[i]]));
        }
      }
    }
  }
  return lanes;
}

void Uses::finish() {
  const std::uint32_t words = first_word_.back();
  used_clocks_ = Lists(words, std::move(used_at_));
  read_clocks_ = Lists(words, std::move(read_at_));
  nets_ = source_ = pending_ = {};
}

std::uint32_t Uses::next(std::span<const WordAt> words, std::uint32_t clock) const {
  std::uint32_t first = never;
  for (const WordAt& at : words) {
    const auto clocks = used_clocks_[list_of(at)];
    if (const auto found = std::ranges::lower_bound(clocks, clock); found != clocks.end())
      first = std::min(first, *found);
  }
  if (words.size() < 2) return first;
  // Reads of two of them in one clock before that.
  std::vector<std::uint64_t> read((used_first_.size() + 63) / 64);  // a bit a clock
  for (const WordAt& at : words) {
    const auto clocks = read_clocks_[list_of(at)];
    for (auto c = std::ranges::lower_bound(clocks, clock); c != clocks.end() && *c < first; ++c) {
      const std::uint64_t bit = std::uint64_t{1} << *c % 64;
      if ((read[*c / 64] & bit) != 0) first = *c;
      read[*c / 64] |= bit;
    }
  }
  return first;
}

}  // namespace hilbert::campaign

// SPDX-License-Identifier: Apache-2.0
// Event-driven differences of 512 runs.
#include "campaign/differences.hpp"

#include <algorithm>
#include <bit>

namespace hilbert::campaign {

using tb::FlipFlop;
using tb::Gate;
using tb::GateKind;
using tb::Memory;

Differences::Differences(const Circuit& circuit, const Golden& golden)
    : circuit_(circuit),
      golden_(golden),
      nets_(circuit.netlist().nets, no_lanes()),
      pending_((circuit.nodes().size() + 63) / 64),
      pending_words_((circuit.nodes().size() + 4095) / 4096),
      taken_(circuit.netlist().flip_flops.size()),
      writing_(circuit.netlist().memories.size()) {}

void Differences::begin(const Lanes& live) {
  for (const Net net : touched_) nets_[net] = no_lanes();
  touched_.clear();
  words_.clear();
  next_.clear();
  live_ = live;
}

void Differences::touch(Net net, const Lanes& lanes) {
  nets_[net] = lanes;
  touched_.push_back(net);
  for (const std::uint32_t node : circuit_.readers(net)) schedule(node);
}

void Differences::differ(std::uint32_t flip_flop, const Lanes& lanes) {
  touch(circuit_.netlist().flip_flops[flip_flop].q, lanes);
}

void Differences::settle() {
  for (const auto& [key, bits] : words_) {
    for (const std::uint32_t node : circuit_.reads(static_cast<std::uint32_t>(key >> 32))) schedule(node);
  }
  // What a node schedules stands behind it.
  for (std::size_t block = 0; block < pending_words_.size(); ++block) {
    while (pending_words_[block] != 0) {
      const std::size_t word = block * 64 + static_cast<unsigned>(std::countr_zero(pending_words_[block]));
      while (pending_[word] != 0) {
        const auto bit = static_cast<unsigned>(std::countr_zero(pending_[word]));
        pending_[word] &= pending_[word] - 1;
        evaluate(circuit_.nodes()[word * 64 + bit]);
      }
      pending_words_[block] &= pending_words_[block] - 1;
    }
  }
}

void Differences::evaluate(const Circuit::Node& node) {
  ++evaluations_;
  if (node.is_read) return evaluate_read(node.index, node.port);
  const Gate& g = circuit_.netlist().gates[node.index];
  const Lanes a = level(g.a), b = level(g.b);
  Lanes y = no_lanes();
  switch (g.kind) {
    case GateKind::and_:
      y = a & b;
      break;
    case GateKind::nand:
      y = ~(a & b);
      break;
    case GateKind::or_:
      y = a | b;
      break;
    case GateKind::nor:
      y = ~(a | b);
      break;
    case GateKind::xor_:
      y = a ^ b;
      break;
    case GateKind::xnor:
      y = ~(a ^ b);
      break;
    case GateKind::andnot:
      y = a & ~b;
      break;
    case GateKind::ornot:
      y = a | ~b;
      break;
    case GateKind::not_:
      y = ~a;
      break;
    case GateKind::mux: {
      const Lanes s = level(g.s);
      y = (s & b) | (~s & a);
      break;
    }
  }
  y ^= spread(golden_.value(g.y) != 0);
  if (any(y)) touch(g.y, y);
}

/// Lanes whose address is not the golden one.
Lanes Differences::other_address(const std::vector<Net>& address) const {
  Lanes other = no_lanes();
  for (const Net net : address) other |= nets_[net];
  return other;
}

std::uint32_t Differences::lane_word(const Memory& memory, const std::vector<Net>& address, unsigned lane) const {
  std::uint64_t at = 0;
  for (std::size_t i = 0; i < address.size(); ++i) {
    at |= std::uint64_t{(golden_.value(address[i]) != 0) != test(nets_[address[i]], lane)} << i;
  }
  return memory.word_at(at);
}

void Differences::evaluate_read(std::uint32_t memory, std::uint32_t port) {
  const Memory& m = circuit_.netlist().memories[memory];
  const tb::ReadPort& read = m.reads[port];
  const Lanes elsewhere = other_address(read.address) & live_;
  const std::uint32_t here = golden_.simulator().word_at(m, read.address);
  std::vector<Lanes> data(m.width, no_lanes());
  if (here != Memory::nowhere) {
    if (const auto found = words_.find(word_key(memory, here)); found != words_.end()) {
      for (std::uint32_t i = 0; i < m.width; ++i) data[i] = found->second[i] & ~elsewhere;
    }
  }
  for_each(elsewhere, [&](unsigned lane) {
    const std::uint32_t there = lane_word(m, read.address, lane);
    const auto found = there == Memory::nowhere ? words_.end() : words_.find(word_key(memory, there));
    for (std::uint32_t i = 0; i < m.width; ++i) {
      bool bit = there != Memory::nowhere && golden_.bit(memory, there, i) != 0;
      if (found != words_.end() && test(found->second[i], lane)) bit = !bit;
      if (bit != (golden_.value(read.data[i]) != 0)) set(data[i], lane);
    }
  });
  for (std::uint32_t i = 0; i < m.width; ++i) {
    if (any(data[i])) touch(read.data[i], data[i]);
  }
}

void Differences::clock() {
  ++stamp_;
  clock_flip_flops();
  std::vector<std::uint32_t> memories;
  const auto note = [&](std::uint32_t memory) {
    if (std::exchange(writing_[memory], stamp_) != stamp_) memories.push_back(memory);
  };
  for (const Net net : touched_) {
    for (const std::uint32_t memory : circuit_.written(net)) note(memory);
  }
  for (const auto& [key, bits] : words_) {
    const auto memory = static_cast<std::uint32_t>(key >> 32);
    if (golden_.writes(memory)) note(memory);
  }
  for (const std::uint32_t memory : memories) clock_memory(memory);
}

void Differences::clock_flip_flops() {
  for (const Net net : touched_) {
    for (const std::uint32_t i : circuit_.takers(net)) {
      if (std::exchange(taken_[i], stamp_) == stamp_) continue;
      const FlipFlop& f = circuit_.netlist().flip_flops[i];
      const Lanes enabled = f.enable_at ? level(f.enable) : ~level(f.enable);
      Lanes resets = f.reset_at ? level(f.reset) : ~level(f.reset);
      if (!f.reset_first) resets &= enabled;
      const Lanes loaded = (enabled & level(f.d)) | (~enabled & level(f.q));
      const Lanes value = (resets & spread(f.reset_to)) | (~resets & loaded);
      const Lanes differs = (value ^ spread(golden_.next(i) != 0)) & live_;
      if (any(differs)) next_.emplace_back(i, differs);
    }
  }
}

std::vector<Lanes>& Differences::word(std::uint32_t memory, std::uint32_t word) {
  auto& bits = words_[word_key(memory, word)];
  if (bits.empty()) bits.assign(circuit_.netlist().memories[memory].width, no_lanes());
  return bits;
}

void Differences::clock_memory(std::uint32_t memory) {
  const auto ports = static_cast<std::uint32_t>(circuit_.netlist().memories[memory].writes.size());
  for (std::uint32_t port = 0; port < ports; ++port) clock_port(memory, port);
  std::erase_if(words_, [&](const auto& entry) {
    return entry.first >> 32 == memory && std::ranges::none_of(entry.second, [](const Lanes& l) { return any(l); });
  });
}

/// Where a lane writes what the golden run writes, its difference is the data's; where only one of them writes, it is
/// between the new and the old word.
void Differences::clock_port(std::uint32_t memory, std::uint32_t port) {
  const Memory& m = circuit_.netlist().memories[memory];
  const tb::WritePort& write = m.writes[port];
  const GoldenWrite& golden = golden_.write(memory, port);
  const Lanes elsewhere = other_address(write.address) & live_;
  if (golden.word != Memory::nowhere) {
    const auto found = words_.find(word_key(memory, golden.word));
    std::vector<Lanes> fresh(m.width, no_lanes());
    bool differs = found != words_.end();
    for (std::uint32_t i = 0; i < m.width; ++i) {
      const Lanes old = found != words_.end() ? found->second[i] : no_lanes();
      const bool before = golden_.bit(memory, golden.word, i, port) != 0;
      const bool after = golden.enable[i] != 0 ? golden.data[i] != 0 : before;
      const Lanes content = old ^ spread(before);
      const Lanes enable = level(write.enable[i]) & ~elsewhere;
      fresh[i] = (((enable & level(write.data[i])) | (~enable & content)) ^ spread(after)) & live_;
      differs = differs || any(fresh[i]);
    }
    if (differs) word(memory, golden.word) = std::move(fresh);
  }
  for_each(elsewhere, [&](unsigned lane) {
    const std::uint32_t there = lane_word(m, write.address, lane);
    if (there == Memory::nowhere) return;
    for (std::uint32_t i = 0; i < m.width; ++i) {
      if (!test(level(write.enable[i]), lane)) continue;
      const bool value = test(level(write.data[i]), lane);
      const bool differs = value != (golden_.bit(memory, there, i, port + 1) != 0);
      const auto found = words_.find(word_key(memory, there));
      if (!differs && found == words_.end()) continue;
      Lanes& bits = word(memory, there)[i];
      if (differs) {
        set(bits, lane);
      } else {
        clear(bits, lane);
      }
    }
  });
}

}  // namespace hilbert::campaign

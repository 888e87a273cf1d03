// SPDX-License-Identifier: Apache-2.0
// Event-driven differences of 512 runs.
#include "campaign/differences.hpp"

#include <algorithm>
#include <bit>

#include "campaign/ports.hpp"

namespace hilbert::campaign {

using tb::FlipFlop;
using tb::Gate;
using tb::GateKind;

Differences::Differences(const Moment& moment)
    : moment_(moment),
      circuit_(moment.trace().circuit()),
      nets_(circuit_.netlist().nets, no_lanes()),
      listed_(circuit_.netlist().nets),
      force_(circuit_.netlist().nets),
      pending_((circuit_.nodes().size() + 63) / 64),
      pending_words_((circuit_.nodes().size() + 4095) / 4096),
      taken_(circuit_.netlist().flip_flops.size()),
      writing_(circuit_.netlist().memories.size()) {}

void Differences::begin(MemoryRows& memories) {
  for (const Net net : touched_) nets_[net] = no_lanes(), listed_[net] = 0;
  touched_.clear();
  for (const Forced& f : forces_) force_[f.net] = 0;
  forces_.clear();
  next_.clear();
  memories_ = &memories;
}

void Differences::touch(Net net, const Lanes& lanes) {
  nets_[net] = lanes;
  if (std::exchange(listed_[net], 1) == 0) touched_.push_back(net);
  for (const std::uint32_t node : circuit_.readers(net)) schedule(node);
}

void Differences::differ(std::uint32_t flip_flop, unsigned lane) {
  const Net q = circuit_.netlist().flip_flops[flip_flop].q;
  set(nets_[q], lane);
  if (listed_[q] == 0) touch(q, nets_[q]);
}

void Differences::differ(std::uint32_t flip_flop, const Lanes& lanes) {
  touch(circuit_.netlist().flip_flops[flip_flop].q, lanes);
}

void Differences::force(Net net, Force::Level level, unsigned lane) {
  if (force_[net] == 0) {
    forces_.push_back({net, all_lanes(), no_lanes(), no_lanes()});
    force_[net] = static_cast<std::uint32_t>(forces_.size());
  }
  Forced& f = forces_[force_[net] - 1];
  if (level == Force::Level::invert) {
    f.flip[lane / 64] ^= std::uint64_t{1} << lane % 64;
    return;
  }
  clear(f.keep, lane);
  clear(f.flip, lane);
  if (level == Force::Level::one) set(f.flip, lane);
}

/// What differs at a net, where without its force `lanes` would.
Lanes Differences::forced(Net net, const Lanes& lanes) const {
  if (force_[net] == 0) return lanes;
  const Forced& f = forces_[force_[net] - 1];
  return ((((lanes ^ moment_.mask(net)) & f.keep) ^ f.flip) ^ moment_.mask(net)) & live_;
}

void Differences::settle(const Lanes& live) {
  live_ = live;
  for (Forced& f : forces_) {
    if (const std::uint32_t node = circuit_.driver(f.net); node != Circuit::none) {
      schedule(node);
      continue;
    }
    f.state = nets_[f.net];
    touch(f.net, forced(f.net, f.state));
  }
  for (const auto& entry : memories_->entries()) {
    for (const std::uint32_t node : circuit_.reads(entry.memory)) schedule(node);
  }
  // What a node schedules stands behind it.
  last_evaluations_ = 0;
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
  evaluations_ += last_evaluations_;
}

void Differences::evaluate(const Circuit::Node& node) {
  ++last_evaluations_;
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
  y ^= moment_.mask(g.y);
  if (!forces_.empty()) y = forced(g.y, y);
  if (any(y)) touch(g.y, y);
}

void Differences::evaluate_read(std::uint32_t memory, std::uint32_t port) {
  const tb::ReadPort& read = circuit_.netlist().memories[memory].reads[port];
  const auto nets = [&](Net net) -> const Lanes& { return nets_[net]; };
  if (!read_port(moment_, *memories_, memory, read, nets, live_, data_)) data_.assign(read.data.size(), no_lanes());
  for (std::size_t i = 0; i < data_.size(); ++i) {
    const Lanes lanes = forced(read.data[i], data_[i]);
    if (any(lanes)) touch(read.data[i], lanes);
  }
}

void Differences::clock() {
  ++stamp_;
  clock_flip_flops();
  clock_memories();
}

/// The level of a flip-flop's own state: its output's, unless that is forced.
Lanes Differences::held(const FlipFlop& f) const {
  if (force_[f.q] == 0) return level(f.q);
  return forces_[force_[f.q] - 1].state ^ moment_.mask(f.q);
}

void Differences::clock_flip_flops() {
  for (const Net net : touched_) {
    for (const std::uint32_t i : circuit_.takers(net)) {
      if (std::exchange(taken_[i], stamp_) == stamp_) continue;
      const FlipFlop& f = circuit_.netlist().flip_flops[i];
      const Lanes enabled = f.enable_at ? level(f.enable) : ~level(f.enable);
      Lanes resets = f.reset_at ? level(f.reset) : ~level(f.reset);
      if (!f.reset_first) resets &= enabled;
      const Lanes loaded = (enabled & level(f.d)) | (~enabled & held(f));
      const Lanes value = (resets & spread(f.reset_to)) | (~resets & loaded);
      const Lanes differs = (value ^ moment_.next(i)) & live_;
      if (any(differs)) next_.emplace_back(i, differs);
    }
  }
}

void Differences::clock_memories() {
  written_.clear();
  const auto note = [&](std::uint32_t memory) {
    if (std::exchange(writing_[memory], stamp_) != stamp_) written_.push_back(memory);
  };
  for (const Net net : touched_) {
    for (const std::uint32_t memory : circuit_.written(net)) note(memory);
  }
  for (const auto& entry : memories_->entries()) note(entry.memory);
  for (const std::uint32_t memory : written_) {
    const std::size_t ports = circuit_.netlist().memories[memory].writes.size();
    for (std::size_t port = 0; port < ports; ++port) {
      write_port(
          moment_, *memories_, memory, port, [&](Net net) -> const Lanes& { return nets_[net]; }, live_);
    }
  }
  memories_->tidy();
}

}  // namespace hilbert::campaign

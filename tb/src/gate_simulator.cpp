// SPDX-License-Identifier: Apache-2.0
// Two-valued evaluation of a netlist, step after step.
#include "hilbert/tb/gate_simulator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/error.hpp>
#include <random>

namespace hilbert::tb {
namespace {

constexpr std::uint32_t nowhere = Memory::nowhere;

/// One loop a kind, so that nothing is decided inside it.
template <class Function>
void evaluate(std::vector<std::uint8_t>& values, const std::vector<Gate>& gates, const EvaluationStep& step,
              const std::vector<std::uint8_t>& inverted, Function function) {
  std::uint8_t* const v = values.data();
  for (std::uint32_t i = step.first; i < step.last; ++i) {
    const Gate& g = gates[i];
    v[g.y] = static_cast<std::uint8_t>((function(v[g.a], v[g.b], v[g.s]) & 1U) ^ inverted[i]);
  }
}

}  // namespace

GateSimulator::GateSimulator(std::shared_ptr<const Netlist> netlist, std::uint64_t seed)
    : netlist_(std::move(netlist)),
      values_(netlist_->nets, 0),
      inverted_(netlist_->gates.size(), 0),
      next_(netlist_->flip_flops.size()),
      memories_(netlist_->memories.size()) {
  std::mt19937_64 random(seed);
  const auto start = [&](std::int8_t level) {
    return static_cast<std::uint8_t>(level >= 0 ? level : seed == 0 ? 0 : static_cast<int>(random() & 1));
  };
  values_[net_one] = 1;
  for (std::size_t i = 0; i < netlist_->flip_flops.size(); ++i) {
    values_[netlist_->flip_flops[i].q] = start(netlist_->flip_flop_initial[i]);
  }
  for (std::size_t i = 0; i < memories_.size(); ++i) {
    const Memory& m = netlist_->memories[i];
    memories_[i].bits.resize(std::size_t{m.width} * m.words);
    for (std::size_t bit = 0; bit < memories_[i].bits.size(); ++bit) {
      memories_[i].bits[bit] = start(m.initial.empty() ? std::int8_t{-1} : m.initial[bit]);
    }
    memories_[i].sampled.resize(m.reads.size());
    for (const ReadPort& port : m.reads) {
      for (const Net net : port.data) values_[net] = start(-1);
    }
  }
}

std::uint32_t GateSimulator::word_at(const Memory& memory, const std::vector<Net>& address) const {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < address.size(); ++i) word |= std::uint64_t{values_[address[i]]} << i;
  return memory.word_at(word);
}

/// An address beyond the memory reads 0, as Verilator has it; the RTL calls it x.
void GateSimulator::follow(std::uint32_t memory, std::uint32_t port) {
  const Memory& m = netlist_->memories[memory];
  const ReadPort& read = m.reads[port];
  const std::uint32_t word = word_at(m, read.address);
  const std::size_t at = std::size_t{word} * m.width;
  for (std::uint32_t i = 0; i < m.width; ++i)
    values_[read.data[i]] = word == nowhere ? 0 : memories_[memory].bits[at + i];
}

void GateSimulator::settle() {
  const std::vector<Gate>& gates = netlist_->gates;
  for (const EvaluationStep& step : netlist_->steps) {
    if (step.first == step.last) {
      follow(step.memory, step.port);
      continue;
    }
    const auto run = [&](auto function) { evaluate(values_, gates, step, inverted_, function); };
    switch (gates[step.first].kind) {
      case GateKind::and_:
        run([](unsigned a, unsigned b, unsigned) { return a & b; });
        break;
      case GateKind::nand:
        run([](unsigned a, unsigned b, unsigned) { return ~(a & b); });
        break;
      case GateKind::or_:
        run([](unsigned a, unsigned b, unsigned) { return a | b; });
        break;
      case GateKind::nor:
        run([](unsigned a, unsigned b, unsigned) { return ~(a | b); });
        break;
      case GateKind::xor_:
        run([](unsigned a, unsigned b, unsigned) { return a ^ b; });
        break;
      case GateKind::xnor:
        run([](unsigned a, unsigned b, unsigned) { return ~(a ^ b); });
        break;
      case GateKind::andnot:
        run([](unsigned a, unsigned b, unsigned) { return a & ~b; });
        break;
      case GateKind::ornot:
        run([](unsigned a, unsigned b, unsigned) { return a | ~b; });
        break;
      case GateKind::not_:
        run([](unsigned a, unsigned, unsigned) { return ~a; });
        break;
      case GateKind::mux:
        run([](unsigned a, unsigned b, unsigned s) { return s != 0 ? b : a; });
        break;
    }
  }
}

/// Reads sample what was there before the edge, but for words that a transparent write changes.
void GateSimulator::clock_memory(const Memory& memory, Words& words) const {
  std::vector<std::uint32_t> reads(memory.reads.size(), nowhere);
  for (std::size_t r = 0; r < reads.size(); ++r) {
    const ReadPort& port = memory.reads[r];
    words.sampled[r].clear();
    if (!port.clocked || values_[port.enable] == 0) continue;
    reads[r] = word_at(memory, port.address);
    words.sampled[r].assign(memory.width, 0);
    if (reads[r] != nowhere)
      std::copy_n(&words.bits[std::size_t{reads[r]} * memory.width], memory.width, words.sampled[r].begin());
  }
  for (std::size_t w = 0; w < memory.writes.size(); ++w) {
    const WritePort& port = memory.writes[w];
    const std::uint32_t word = word_at(memory, port.address);
    if (word == nowhere) continue;
    const std::size_t at = std::size_t{word} * memory.width;
    for (std::uint32_t i = 0; i < memory.width; ++i) {
      if (values_[port.enable[i]] == 0) continue;
      words.bits[at + i] = values_[port.data[i]];
      for (std::size_t r = 0; r < reads.size(); ++r) {
        if (reads[r] == word && memory.reads[r].transparent[w] != 0) words.sampled[r][i] = values_[port.data[i]];
      }
    }
  }
}

void GateSimulator::edge() {
  for (std::size_t i = 0; i < next_.size(); ++i) {
    const FlipFlop& f = netlist_->flip_flops[i];
    const bool enabled = (values_[f.enable] != 0) == f.enable_at;
    const bool reset = (values_[f.reset] != 0) == f.reset_at && (f.reset_first || enabled);
    next_[i] = reset ? static_cast<std::uint8_t>(f.reset_to) : values_[enabled ? f.d : f.q];
  }
  // Nothing changes a net before all have been looked at.
  for (std::size_t i = 0; i < memories_.size(); ++i) clock_memory(netlist_->memories[i], memories_[i]);
  for (std::size_t i = 0; i < memories_.size(); ++i) {
    for (std::size_t r = 0; r < memories_[i].sampled.size(); ++r) {
      const auto& sampled = memories_[i].sampled[r];
      for (std::size_t bit = 0; bit < sampled.size(); ++bit)
        values_[netlist_->memories[i].reads[r].data[bit]] = sampled[bit];
    }
  }
  for (std::size_t i = 0; i < next_.size(); ++i) values_[netlist_->flip_flops[i].q] = next_[i];
}

std::size_t find_gate(const Netlist& netlist, std::string_view text, std::size_t index) {
  std::vector<std::size_t> matching;
  for (std::size_t i = 0; i < netlist.gate_names.size(); ++i) {
    if (netlist.gate_names[i].find(text) != std::string::npos) matching.push_back(i);
  }
  if (matching.empty()) throw Error(ExitCode::bad_input, fmt::format("no gate has '{}' in its name", text));
  std::ranges::sort(matching, {}, [&](std::size_t i) { return std::string_view(netlist.gate_names[i]); });
  return matching[index % matching.size()];
}

}  // namespace hilbert::tb

// SPDX-License-Identifier: Apache-2.0
// The undisturbed run, recorded.
#include "campaign/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/error.hpp>
#include <utility>

namespace hilbert::campaign {
namespace {

/// Notes which bits a judge asks for.
class Asked final : public LaneState {
 public:
  Asked(const Trace& trace, std::vector<std::uint8_t>& asked) : trace_(trace), asked_(asked) {}
  [[nodiscard]] bool flip_flop(std::uint32_t index) const override {
    asked_[index] = 1;
    return trace_.value(trace_.end(), trace_.netlist().flip_flops[index].q);
  }
  [[nodiscard]] bool memory_bit(std::uint32_t memory, std::uint32_t word, std::uint32_t bit) const override {
    asked_[trace_.bits().of({memory, word, bit})] = 1;
    return trace_.at_end().bit(memory, word, bit);
  }

 private:
  const Trace& trace_;
  std::vector<std::uint8_t>& asked_;
};

bool done(const tb::GateSimulator& simulator, const std::vector<Watch>& watches) {
  return std::ranges::any_of(
      watches, [&](const Watch& w) { return w.then == Watch::Then::done && simulator.value(w.net) != 0; });
}

}  // namespace

void set_pins(tb::GateSimulator& simulator, const Recording& recording, std::uint32_t clock) {
  if (recording.levels.empty()) return;
  const auto& levels = recording.levels[std::min<std::size_t>(clock, recording.levels.size() - 1)];
  for (std::size_t i = 0; i < recording.pins.size(); ++i) simulator.value(recording.pins[i]) = levels[i];
}

void expand(std::span<const std::uint64_t> levels, std::span<std::uint64_t> masks) {
  for (std::size_t net = 0; net < masks.size(); ++net) masks[net] = -(levels[net / 64] >> net % 64 & 1);
}

Trace::Trace(Scenario scenario)
    : scenario_(std::move(scenario)),
      bits_(netlist()),
      stride_((netlist().nets + 63) / 64),
      at_start_(scenario_.start),
      at_end_(at_start_),
      uses_(circuit(), scenario_.watches) {
  const auto tells = [](const Watch& watch) { return watch.then == Watch::Then::done; };
  if (std::ranges::none_of(scenario_.watches, tells)) {
    throw Error(ExitCode::bad_input, "no net tells that a run is done", netlist().top, "watch one");
  }
  for (const auto& levels : scenario_.recording.levels) {
    if (levels.size() != scenario_.recording.pins.size()) {
      throw Error(ExitCode::bad_input,
                  fmt::format("a clock of the recording has {} levels for {} pins", levels.size(),
                              scenario_.recording.pins.size()),
                  netlist().top);
    }
  }
  run();
  judge();
  find_steady();
}

void Trace::run() {
  tb::GateSimulator simulator = scenario_.start, before = simulator;
  std::vector<std::uint64_t> masks(netlist().nets);
  std::vector<std::uint8_t> is_done;
  bool ended = false;
  for (std::uint32_t t = 0; !ended || t <= scenario_.budget; ++t) {
    if (!ended && t >= scenario_.most_clocks) {
      throw Error(ExitCode::bad_input,
                  fmt::format("the undisturbed run has no end within {} clocks", scenario_.most_clocks), netlist().top,
                  "record more clocks, or watch another net");
    }
    set_pins(simulator, scenario_.recording, t);
    simulator.settle();
    record(simulator);
    is_done.push_back(done(simulator, scenario_.watches));
    if (!ended) {
      expand(levels(t), masks);
      uses_.add(masks);
      if (is_done.back() != 0) {
        ended = true;
        end_ = t;
        at_end_ = Image(simulator);
        if (scenario_.budget == 0) scenario_.budget = default_budget(end_);
        scenario_.budget = std::max(scenario_.budget, end_ + 1);
      }
    }
    before = simulator;
    simulator.edge();
    note_writes(before, simulator);
  }
  uses_.finish();
  next_done_.assign(scenario_.budget + 1, scenario_.budget);
  for (std::uint32_t t = scenario_.budget; t-- > 0;) next_done_[t] = is_done[t] != 0 ? t : next_done_[t + 1];
}

void Trace::record(const tb::GateSimulator& simulator) {
  const std::size_t at = levels_.size();
  levels_.resize(at + stride_);
  for (Net net = 0; net < netlist().nets; ++net) {
    levels_[at + net / 64] |= std::uint64_t{simulator.value(net)} << net % 64;
  }
}

void Trace::note_writes(const tb::GateSimulator& before, const tb::GateSimulator& after) {
  for (std::uint32_t m = 0; m < netlist().memories.size(); ++m) {
    const tb::Memory& memory = netlist().memories[m];
    for (const tb::WritePort& port : memory.writes) {
      if (std::ranges::none_of(port.enable, [&](Net net) { return before.value(net) != 0; })) continue;
      const std::uint32_t word = before.word_at(memory, port.address);
      if (word == tb::Memory::nowhere) continue;
      writes_.push_back({{m, word}, contents_.size()});
      contents_.resize(contents_.size() + (memory.width + 63) / 64);
      for (std::size_t i = 0; i < memory.width; ++i) {
        contents_[writes_.back().first + i / 64] |= std::uint64_t{after.words(m)[std::size_t{word} * memory.width + i]}
                                                    << i % 64;
      }
    }
  }
  writes_first_.push_back(writes_.size());
}

void Trace::write(Image& image, std::uint32_t clock) const {
  for (std::size_t i = writes_first_[clock]; i < writes_first_[clock + 1]; ++i) {
    const auto word = image.word(writes_[i].at.memory, writes_[i].at.word);
    std::copy_n(contents_.begin() + static_cast<std::ptrdiff_t>(writes_[i].first), word.size(), word.begin());
  }
}

void Trace::judge() {
  looked_at_.assign(bits_.count(), 0);
  if (scenario_.judge->judge(Asked(*this, looked_at_), end_).outcome != Outcome::masked) {
    throw Error(ExitCode::bad_input, "the undisturbed run is not judged to be right", netlist().top);
  }
}

void Trace::find_steady() {
  const std::size_t recorded = scenario_.recording.levels.size();
  steady_from_ = recorded == 0 ? 0 : static_cast<std::uint32_t>(recorded - 1);
  while (steady_from_ > 0 && scenario_.recording.levels[steady_from_ - 1] == scenario_.recording.levels[recorded - 1]) {
    --steady_from_;
  }
  for (const Watch& watch : scenario_.watches) {
    if (watch.then == Watch::Then::done) continue;
    std::uint32_t from = scenario_.budget;
    while (from > 0 && value(from - 1, watch.net) == value(scenario_.budget, watch.net)) --from;
    steady_from_ = std::max(steady_from_, from);
  }
}

}  // namespace hilbert::campaign

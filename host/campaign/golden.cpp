// SPDX-License-Identifier: Apache-2.0
// The undisturbed run.
#include "campaign/golden.hpp"

#include <algorithm>
#include <utility>

namespace hilbert::campaign {

void set_pins(tb::GateSimulator& simulator, const Recording& recording, std::uint32_t clock) {
  if (recording.levels.empty()) return;
  const auto& levels = recording.levels[std::min<std::size_t>(clock, recording.levels.size() - 1)];
  for (std::size_t i = 0; i < recording.pins.size(); ++i) simulator.value(recording.pins[i]) = levels[i];
}

Golden::Golden(tb::GateSimulator start, const Recording& recording)
    : recording_(recording), simulator_(std::move(start)), after_(simulator_), any_write_(netlist().memories.size()) {
  for (const tb::Memory& memory : netlist().memories) {
    writes_.emplace_back(memory.writes.size());
    for (GoldenWrite& write : writes_.back()) write.enable.resize(memory.width), write.data.resize(memory.width);
  }
  look();
}

std::uint8_t Golden::bit(std::uint32_t memory, std::uint32_t word, std::uint32_t bit, std::uint32_t ports) const {
  while (ports-- != 0) {
    const GoldenWrite& write = writes_[memory][ports];
    if (write.word == word && write.enable[bit] != 0) return write.data[bit];
  }
  return this->bit(memory, word, bit);
}

void Golden::look() {
  set_pins(simulator_, recording_, clock_);
  simulator_.settle();
  for (std::uint32_t m = 0; m < writes_.size(); ++m) {
    const tb::Memory& memory = netlist().memories[m];
    any_write_[m] = 0;
    for (std::size_t p = 0; p < memory.writes.size(); ++p) {
      const tb::WritePort& port = memory.writes[p];
      GoldenWrite& write = writes_[m][p];
      write.word = simulator_.word_at(memory, port.address);
      write.writes = false;
      for (std::uint32_t i = 0; i < memory.width; ++i) {
        write.enable[i] = write.word == tb::Memory::nowhere ? std::uint8_t{0} : simulator_.value(port.enable[i]);
        write.data[i] = simulator_.value(port.data[i]);
        write.writes = write.writes || write.enable[i] != 0;
      }
      any_write_[m] |= static_cast<std::uint8_t>(write.writes);
    }
  }
  after_ = simulator_;
  after_.edge();
}

void Golden::advance() {
  std::swap(simulator_, after_);
  ++clock_;
  look();
}

}  // namespace hilbert::campaign

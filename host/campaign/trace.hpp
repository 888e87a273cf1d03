// SPDX-License-Identifier: Apache-2.0
// The undisturbed run, once and for all: every net in every clock, a bit each.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "campaign/image.hpp"
#include "campaign/scenario.hpp"
#include "campaign/state.hpp"
#include "campaign/uses.hpp"

namespace hilbert::campaign {

/// Read by any number of threads at once. Memory: a bit a net and clock until the budget.
class Trace {
 public:
  /// Runs it until its end, and on to the budget. Throws Error(bad_input) if there is no net that tells the end, no end
  /// within `most_clocks`, or if it is not judged as masked.
  explicit Trace(Scenario scenario);

  [[nodiscard]] const Scenario& scenario() const { return scenario_; }
  [[nodiscard]] const Circuit& circuit() const { return *scenario_.circuit; }
  [[nodiscard]] const tb::Netlist& netlist() const { return circuit().netlist(); }
  [[nodiscard]] const StateBits& bits() const { return bits_; }

  /// The clock in which the run is done. Faults are in those before it.
  [[nodiscard]] std::uint32_t end() const { return end_; }
  [[nodiscard]] std::uint32_t budget() const { return scenario_.budget; }
  /// The first clock from `clock` on in which the run says that it is done; the budget if it does not.
  [[nodiscard]] std::uint32_t next_done(std::uint32_t clock) const { return next_done_[clock]; }

  /// A settled level, in clocks 0 to the budget.
  [[nodiscard]] bool value(std::uint32_t clock, Net net) const {
    return (levels(clock)[net / 64] >> net % 64 & 1) != 0;
  }
  /// Of all nets: net n is bit n % 64 of [n / 64].
  [[nodiscard]] std::span<const std::uint64_t> levels(std::uint32_t clock) const {
    return std::span(levels_).subspan(clock * stride_, stride_);
  }

  /// What the memories hold at the start of clock 0, and at the start of clock end().
  [[nodiscard]] const Image& at_start() const { return at_start_; }
  [[nodiscard]] const Image& at_end() const { return at_end_; }
  /// Takes `image` from the start of `clock` to that of the next.
  void write(Image& image, std::uint32_t clock) const;

  /// In clocks 0 to end().
  [[nodiscard]] const Uses& uses() const { return uses_; }
  /// What the judge looks at, when it judges the undisturbed run: no other bit can change what it says then.
  [[nodiscard]] bool looked_at(StateBit bit) const { return looked_at_[bit] != 0; }
  /// From this clock until the budget no pin, and no watched net that is compared, changes.
  [[nodiscard]] std::uint32_t steady_from() const { return steady_from_; }

 private:
  struct Write {
    WordAt at;
    std::size_t first;  ///< of its new content
  };
  void run();
  void record(const tb::GateSimulator& simulator);
  void note_writes(const tb::GateSimulator& before, const tb::GateSimulator& after);
  void judge();
  void find_steady();

  Scenario scenario_;
  StateBits bits_;
  std::size_t stride_;
  std::vector<std::uint64_t> levels_;
  Image at_start_, at_end_;
  std::vector<Write> writes_;
  std::vector<std::size_t> writes_first_{0};  ///< of each clock
  std::vector<std::uint64_t> contents_;
  Uses uses_;
  std::uint32_t end_ = 0, steady_from_ = 0;
  std::vector<std::uint32_t> next_done_;
  std::vector<std::uint8_t> looked_at_;
};

/// Of each net, all ones or all zeros: what 64 lanes of a level are.
void expand(std::span<const std::uint64_t> levels, std::span<std::uint64_t> masks);

}  // namespace hilbert::campaign

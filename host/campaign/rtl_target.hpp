// SPDX-License-Identifier: Apache-2.0
// The verilated model of a design as a target of upsets: the referee of what the gates say, and the place where one
// disturbed run can be watched.
#pragma once

#include <cstdint>
#include <functional>
#include <hilbert/tb/faults.hpp>
#include <hilbert/tb/state_map.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "campaign/fault.hpp"
#include "campaign/outcome.hpp"
#include "campaign/scenario.hpp"
#include "campaign/state.hpp"

namespace hilbert::campaign {

/// A verilated model that somebody else owns: its state, and the two halves of its clock.
struct ClockedModel {
  const tb::ModelState* state = nullptr;
  std::function<void()> settle;  ///< clock low: inputs propagate, outputs may be read
  std::function<void()> edge;    ///< registers take their next value
};

class RtlTarget {
 public:
  /// The model stands at the start of the run. Registers that are constant in the netlist are made so first. Runs it
  /// undisturbed for `budget` clocks (0: as the sweep's) beside the netlist and keeps each clock's state. Throws
  /// Error(bad_input) if netlist and model differ in any flip-flop or output pin of any clock, or in any memory bit at
  /// the end; if the run has no end within `most_clocks`; or for a watch that is no output pin.
  RtlTarget(ClockedModel model, std::shared_ptr<const tb::Netlist> netlist, const std::vector<Watch>& watches,
            const Judge& judge, std::uint32_t budget = 0, std::uint32_t most_clocks = 1'000'000);

  /// The clock in which the undisturbed run is done, and that in which any run must be.
  [[nodiscard]] std::uint32_t end() const { return end_; }
  [[nodiscard]] std::uint32_t budget() const { return budget_; }
  /// Registers of the model that were made constant, as they are in the netlist.
  [[nodiscard]] const std::vector<std::string>& made_constant() const { return made_constant_; }
  /// The netlist in the model's state at the start, and the pins of the run: where a sweep begins.
  [[nodiscard]] const tb::GateSimulator& start() const { return start_; }
  [[nodiscard]] const Recording& recording() const { return recording_; }

  /// Sees a disturbed run at the start of each clock, with what differs from the undisturbed one, ascending.
  using Observer = std::function<void(std::uint32_t clock, const std::vector<StateBit>& different)>;
  /// Runs with the fault to the outcome, or to where the outside would react (`left`): there the model stands then.
  /// Forces on nets, which the model does not have, act on the netlist in the model's state, which takes over when they
  /// end.
  Verdict run(const Fault& fault, const Observer& observer = {});

  [[nodiscard]] const tb::ModelState& state() const { return *model_.state; }
  /// What the undisturbed run has, at the start of `clock`, where `live` points into the model.
  [[nodiscard]] const std::byte* undisturbed(std::uint32_t clock, const std::byte* live) const;

  /// State bits that are not as in the undisturbed run at the start of `clock`.
  [[nodiscard]] std::vector<StateBit> different(std::uint32_t clock) const;

 private:
  class State;
  /// A stretch of a snapshot that is registers and memories.
  struct Range {
    const std::byte* live = nullptr;
    std::size_t at = 0, bytes = 0;  ///< in a snapshot
  };
  void find_ranges();
  void record_pins();
  void run_golden(std::uint32_t most_clocks);
  [[nodiscard]] bool equal(std::uint32_t clock) const;
  template <class PinOf>
  [[nodiscard]] std::optional<Outcome> seen(std::uint32_t clock, PinOf pin) const;
  Verdict end_with(Outcome seen, const LaneState& state, std::uint32_t clock,
                   const std::vector<StateBit>& different) const;
  void invert(StateBit bit) const;
  /// As long as there are forces. Returns the state bits that differ afterwards, or how it ended.
  struct Forced {
    std::optional<Verdict> ended;
    std::uint32_t clock = 0;
    std::vector<StateBit> different;
  };
  Forced run_forced(const Fault& fault, const Observer& observer);
  void compare(const tb::GateSimulator& gates, std::uint32_t clock) const;

  ClockedModel model_;
  std::shared_ptr<const tb::Netlist> netlist_;
  StateBits bits_;
  std::vector<Watch> watches_;
  const Judge& judge_;
  tb::StateMap map_;
  tb::Faults faults_;
  std::vector<Range> ranges_;
  std::vector<std::string> made_constant_;
  tb::GateSimulator start_;
  Recording recording_;
  std::uint32_t end_ = 0, budget_ = 0;
  std::vector<tb::Snapshot> golden_;                      ///< at the start of each clock
  std::vector<std::vector<std::uint8_t>> golden_levels_;  ///< of each clock: of what each watch looks at
};

}  // namespace hilbert::campaign

// SPDX-License-Identifier: Apache-2.0
// One workload on one design: all that decides what becomes of a fault.
#pragma once

#include <cstdint>
#include <hilbert/tb/gate_simulator.hpp>
#include <memory>
#include <vector>

#include "campaign/circuit.hpp"
#include "campaign/outcome.hpp"

namespace hilbert::campaign {

/// The levels of input pins in every clock, as a bench recorded them. The last ones hold for ever.
struct Recording {
  std::vector<Net> pins;
  std::vector<std::vector<std::uint8_t>> levels;  ///< a clock: of each pin
};

/// Sets the pins of a clock of the recording.
void set_pins(tb::GateSimulator& simulator, const Recording& recording, std::uint32_t clock);

struct Scenario {
  std::shared_ptr<const Circuit> circuit;
  tb::GateSimulator start;  ///< of the circuit's netlist, in whose next clock the recording begins
  Recording recording;
  std::vector<Watch> watches;  ///< at least one that says when a run is done
  std::shared_ptr<const Judge> judge;
  std::uint32_t budget = 0;               ///< clocks in which a run must end; 0: twice the undisturbed run's, and 64
  std::uint32_t most_clocks = 1'000'000;  ///< in which the undisturbed run must end
};

}  // namespace hilbert::campaign

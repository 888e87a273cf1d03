// SPDX-License-Identifier: Apache-2.0
// What is done to a run: bits of its state that are inverted, nets that are forced.
#pragma once

#include <cstdint>
#include <vector>

#include "campaign/circuit.hpp"
#include "campaign/state.hpp"

namespace hilbert::campaign {

/// A net has another level than what drives it says: a transient of some clocks, or a net that is stuck. Whoever reads
/// it, sees the forced level. A flip-flop behind it keeps its own: it is its output that is forced, and if it holds, it
/// still holds what it held.
struct Force {
  enum class Level : std::uint8_t { invert, zero, one };
  Net net = tb::net_none;  ///< of a gate, a read port, a flip-flop or an input pin
  Level level = Level::invert;
  std::uint32_t clocks = 1;  ///< from the fault's clock on; 0: for ever
};

/// One experiment. Several forces on one net act one after the other, in their order.
struct Fault {
  std::uint32_t clock = 0;      ///< of the run, before its end
  std::vector<StateBit> flips;  ///< inverted after the edge that began the clock; one that is there twice, twice
  std::vector<Force> forces;
};

}  // namespace hilbert::campaign

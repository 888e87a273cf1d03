// SPDX-License-Identifier: Apache-2.0
// A netlist as a list of operations on few places: those that are not needed any more are used again.
#pragma once

#include <cstdint>
#include <vector>

#include "campaign/circuit.hpp"
#include "campaign/outcome.hpp"

namespace hilbert::campaign {

/// All nets of a design are far more than a processor's cache holds for 512 lanes; those alive at one time are not.
struct Program {
  using Place = std::uint32_t;
  static constexpr Place nowhere = ~Place{0};

  Program(const Circuit& circuit, const std::vector<Watch>& watches);

  struct Operation {
    Place a, b, s, y;
  };
  /// operations[first] to operations[last - 1], all of one kind; none: a read port.
  struct Step {
    tb::GateKind kind;
    std::uint32_t first, last;
    std::uint32_t memory, port;
    std::vector<Net> data;      ///< of a read port
    std::vector<Place> places;  ///< of its data; nowhere where nobody reads it
  };
  std::vector<Operation> operations;
  std::vector<Step> steps;
  std::vector<Place> flip_flops;                 ///< where each one's output begins; nowhere if no gate reads it
  std::vector<std::pair<Net, Place>> constants;  ///< nets that nothing in the design drives
  /// Of a net: its place, as long as it has one; those that an edge or a watch needs have theirs to the end.
  std::vector<Place> place;
  std::uint32_t places = 0;
};

}  // namespace hilbert::campaign

// SPDX-License-Identifier: Apache-2.0
// Every single upset of every state bit in every clock of a run, exactly, without running any of them twice.
#pragma once

#include <cstdint>
#include <hilbert/tb/gate_simulator.hpp>
#include <vector>

#include "campaign/circuit.hpp"
#include "campaign/golden.hpp"
#include "campaign/outcome.hpp"
#include "campaign/state.hpp"

namespace hilbert::campaign {

struct SweepOptions {
  std::uint32_t budget = 0;  ///< clocks in which a run must end; 0: twice the golden run's, and 64
  unsigned merge_every = 4;  ///< clocks from one search for equal states to the next; 0: never
  bool memories = true;      ///< upsets of memory bits too
};

/// Upsets of one memory bit that all come to the same: nobody looks at it between `first` and `last`.
struct MemoryUpsets {
  StateBit bit = 0;
  std::uint32_t first = 0, last = 0;  ///< clocks, both included
  Verdict verdict;
};

struct SweepResult {
  std::uint32_t clocks = 0;  ///< of the golden run until its end; upsets are in 0 .. clocks - 1
  std::uint32_t flip_flop_count = 0;
  std::vector<Verdict> flip_flops;     ///< of flip-flop f upset before clock t: [t * flip_flop_count + f]
  std::vector<MemoryUpsets> memories;  ///< by bit and first clock, without holes
  std::uint64_t simulated = 0;         ///< runs that lived longer than their first clock
  std::uint64_t merged = 0;            ///< of them, ended as another's equal
  std::uint64_t evaluations = 0;       ///< of gates, 512 lanes at once

  [[nodiscard]] const Verdict& flip_flop(std::uint32_t clock, std::uint32_t index) const {
    return flip_flops[std::size_t{clock} * flip_flop_count + index];
  }
};

/// Runs the workload that `start` and `recording` make until a watched net says it is done, undisturbed and with every
/// single upset. An upset in clock t inverts a bit after the edge that began the clock. Throws Error(bad_input) if the
/// undisturbed run has no end within `most_clocks`, or is not judged as masked.
SweepResult sweep(const Circuit& circuit, const tb::GateSimulator& start, const Recording& recording,
                  const std::vector<Watch>& watches, const Judge& judge, const SweepOptions& options = {},
                  std::uint32_t most_clocks = 1'000'000);

}  // namespace hilbert::campaign

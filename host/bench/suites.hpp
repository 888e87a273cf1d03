// SPDX-License-Identifier: Apache-2.0
// What can be measured. Every suite checks what it measures: a wrong result is an Error (exit code 1), not a figure.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bench/sheet.hpp"

namespace hilbert::bench {

struct SuiteOptions {
  unsigned rounds = 11;
  std::vector<std::string> chips;            ///< configurations to simulate; of rtl/regs/chips.toml
  std::function<void(const Table&)> report;  ///< called with each table as soon as it is complete
};

/// Configurations of the verilated chips in this build: what `sim:` opens.
[[nodiscard]] std::vector<std::string> built_chips();

/// Clocks and multiply-accumulates a second of the verilated chips, and what the host port's driver and the runtime add
/// to the verilated model.
void measure_simulation(const SuiteOptions& options);
/// How much of the array's capacity is used, by size and format, from the tile's own counters: exact, not timed.
void measure_utilisation(const SuiteOptions& options);
/// What a link carries of what its lanes could, by width, flit and bit error rate, and its latency: exact, not timed.
void measure_link(const SuiteOptions& options);
/// What boards of 1 to 25 chips cost in time and memory, what a second thread gains, and clocks of collectives.
void measure_board(const SuiteOptions& options);
/// One matrix product over boards of chips: use of all arrays, speed-up over one chip: exact, not timed.
void measure_distributed(const SuiteOptions& options);
/// What a job costs through the firmware: clocks of round trips, speed of the simulation with the core running, and the
/// core's clocks an instruction.
void measure_firmware(const SuiteOptions& options);
/// Upsets a second in `small`: one by one from reset, from snapshots, and by the engine. Needs Yosys, once.
void measure_campaign(const SuiteOptions& options);
/// Multiply-accumulates a second of the reference model by format, and of the verilated chip beside it.
void measure_model(const SuiteOptions& options);
/// Cases a second of the regression, and how fast vector files are written and read.
void measure_vectors(const SuiteOptions& options);

}  // namespace hilbert::bench

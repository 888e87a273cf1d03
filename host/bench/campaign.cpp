// SPDX-License-Identifier: Apache-2.0
// Upsets a second, from the way that needs nothing to the engine.
#include <fmt/format.h>

#include <algorithm>
#include <hilbert/error.hpp>
#include <hilbert/random.hpp>
#include <hilbert/tb/faults.hpp>

#include "bench/suites.hpp"
#include "workloads/chip_campaign.hpp"

namespace hilbert::bench {
namespace {

using campaign::Columns;

/// One upset after another of one campaign, the same on every machine.
class Upsets {
 public:
  Upsets(const workloads::Parameters& workload, workloads::ChipCampaign& chip) : workload_(workload), chip_(chip) {}

  /// Each with a chip of its own: reset, operands and descriptor written, run, upset, run on, looked at by the host.
  double from_reset(unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      const auto [clock, bit] = draw();
      const auto fresh = workloads::make_workload(workload_);
      tb::Faults faults(*fresh->chip().state());
      fresh->chip().run(clock);
      const auto& names = chip_.netlist().flip_flop_names[bit];  // of wires too
      faults.flip(*std::ranges::find_if(names, [](const tb::BitName& name) { return name.vector.ends_with("_q"); }));
      (void)fresh->with_host(chip_.rtl().budget() - clock);
    }
    return count;
  }
  /// Each from a snapshot of its clock.
  double from_snapshots(unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      const auto [clock, bit] = draw();
      (void)chip_.campaign().on_rtl({.clock = clock, .flips = {bit}, .forces = {}});
    }
    return count;
  }
  /// All at once.
  [[nodiscard]] double by_engine(bool memories) const {
    double experiments = 0;
    for (std::uint32_t i = 0; i < chip_.plan().blocks().size(); ++i) {
      const campaign::PlannedBlock& block = chip_.plan().blocks()[i];
      if (!memories && block.columns.kind != Columns::Kind::flip_flops) continue;
      (void)chip_.campaign().compute(i);
      experiments += static_cast<double>(block.count);
    }
    return experiments;
  }

 private:
  std::pair<std::uint32_t, campaign::StateBit> draw() {
    return {random_.below(chip_.trace().end()),
            random_.below(static_cast<std::uint32_t>(chip_.netlist().flip_flops.size()))};
  }

  const workloads::Parameters& workload_;
  workloads::ChipCampaign& chip_;
  Rng random_{1};
};

}  // namespace

void measure_campaign(const SuiteOptions& options) {
  constexpr std::uint32_t sizes[] = {8, 16};
  for (const std::uint32_t size : sizes) {
    workloads::Parameters workload{.m = size, .n = size, .k = size};
    workloads::ChipCampaign chip({.workload = workload, .question = {}, .netlist = {}},
                                 [](const std::string& what) { fmt::print(stderr, "hilbert: {}\n", what); });
    Upsets upsets(workload, chip);
    const std::vector<Measured> measured =
        side_by_side({{"from reset, one by one", [&] { return upsets.from_reset(20); }},
                      {"from snapshots, one by one", [&] { return upsets.from_snapshots(1000); }},
                      {"engine, flip-flops", [&] { return upsets.by_engine(false); }},
                      {"engine, memory bits too", [&] { return upsets.by_engine(true); }}},
                     std::min(options.rounds, 3U));
    Table table(
        fmt::format("Upsets in {}, gemm {}x{}x{} ({} clocks)", workload.chip, size, size, size, chip.trace().end()),
        {{"upsets/s", 0}, {"over the first", 1}});
    for (const Measured& side : measured) table.row(side.name, {side.rate, side.ratio});
    table.note("of one core's work; all on the clean verilated model, or on gates: no --public-flat-rw, no VPI");
    table.note("from reset: a chip reset, operands and job written through its port, run to the upset's clock and on");
    options.report(table);
  }
}

}  // namespace hilbert::bench

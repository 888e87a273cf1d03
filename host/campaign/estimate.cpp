// SPDX-License-Identifier: Apache-2.0
#include "campaign/estimate.hpp"

#include <algorithm>
#include <chrono>
#include <map>

namespace hilbert::campaign {
namespace {

template <class Work>
double seconds_of(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

double estimate_seconds(Campaign& campaign, const Trace& trace, const Plan& plan, Engine engine) {
  if (engine == Engine::verilated) {
    constexpr unsigned trials = 200;
    const double seconds = seconds_of([&] {
      for (unsigned i = 0; i < trials; ++i) {
        const auto site = static_cast<std::uint32_t>(std::uint64_t{i} * trace.bits().count() / trials);
        (void)campaign.on_rtl(plan.single(site, static_cast<std::uint32_t>(std::uint64_t{i} * 7919 % trace.end())));
      }
    });
    return seconds / trials * static_cast<double>(plan.experiments());
  }
  // A slice of columns out of the middle of each kind's sites, and how many such slices there are.
  std::map<Columns::Kind, Columns> all;
  for (const PlannedBlock& block : plan.blocks()) {
    Columns& kind = all.try_emplace(block.columns.kind, block.columns).first->second;
    kind.first = std::min(kind.first, block.columns.first);
    kind.last = std::max(kind.last, block.columns.last);
  }
  double sum = 0;
  for (const auto& [kind, columns] : all) {
    // Most memory bits are never looked at, and cost nothing.
    if (kind == Columns::Kind::memory_bits) continue;
    constexpr std::uint32_t slice = 128;
    Columns middle = columns;
    middle.first = columns.first + (columns.count() - std::min(slice, columns.count())) / 2;
    middle.last = std::min(columns.last, middle.first + slice);
    const double seconds = seconds_of([&] { (void)run_block(trace, middle, Outside::alias); });
    double wanted = 0;
    for (const PlannedBlock& block : plan.blocks()) {
      if (block.columns.kind == kind) wanted += block.columns.count();
    }
    sum += seconds * wanted / middle.count();
  }
  return sum;
}

}  // namespace hilbert::campaign

// SPDX-License-Identifier: Apache-2.0
// A small search over block shapes; the cost is a count of clocks at the array, the host port and the banks.
#include "runtime/plan.hpp"

#include <algorithm>

namespace hilbert {
namespace {

constexpr std::uint32_t field_limit = 65535;  // M, N and K have 16 bits in a descriptor
constexpr double clocks_of_a_job = 100;  // fetching, checking, filling and draining the array, completion: estimate

// Of sizes up to max_size and divisors from 1, so that results have 32 bits.
constexpr std::uint32_t ceil_div(std::uint64_t a, std::uint64_t b) {
  return static_cast<std::uint32_t>(hilbert::ceil_div(a, b));
}
constexpr std::uint32_t round_up(std::uint64_t a, std::uint64_t b) {
  return static_cast<std::uint32_t>(hilbert::ceil_div(a, b) * b);
}

/// Fills in sizes and cost.
BlockPlan finish(const model::Geometry& g, const GemmShape& s, std::uint32_t block_m, std::uint32_t block_n,
                 std::uint32_t block_k, double job_clocks) {
  BlockPlan p;
  p.block_m = block_m;
  p.block_n = block_n;
  p.block_k = block_k;
  p.blocks_m = ceil_div(s.m, block_m);
  p.blocks_n = ceil_div(s.n, block_n);
  p.blocks_k = ceil_div(s.k, block_k);
  const std::uint32_t m = std::min(block_m, s.m), n = std::min(block_n, s.n), k = std::min(block_k, s.k);
  const auto extent = [](const model::PanelLayout& layout) { return layout.extent(layout.panel_bytes()); };
  p.a_bytes = extent(a_layout(g, m, k, s.a_bytes));
  p.b_bytes = extent(b_layout(g, n, k, s.b_bytes));
  const bool in_place = s.d_bytes == 4;
  if (in_place || s.accumulate || p.blocks_k > 1) p.sum_bytes = extent(d_layout(g, m, n, 4));
  if (!in_place) p.result_bytes = extent(d_layout(g, m, n, s.d_bytes));

  const double word = g.word_bytes();
  const double steps = double(ceil_div(s.m, g.rows)) * ceil_div(s.n, g.cols) * ceil_div(s.k, g.depth);
  const bool cut = p.blocks_k > 1;
  const double all_a = double(p.a_bytes) * p.blocks_m * p.blocks_k / word,
               all_b = double(p.b_bytes) * p.blocks_n * p.blocks_k / word;
  const double sums = double(s.m) * s.n * 4 / word;
  const double load_a = all_a * (p.blocks_m <= 2 && !cut ? 1 : p.blocks_n), load_b = all_b * (cut ? p.blocks_m : 1);
  const double host = load_a + load_b + double(s.m) * s.n * (s.d_bytes + (s.accumulate ? 4 : 0)) / word;
  const double alone = double(p.a_bytes + p.b_bytes + p.sum_bytes + p.result_bytes) / word;  // first load, last store
  p.estimated_clocks = std::max({steps + load_b / 2 + (p.blocks_k - 1) * sums / 2 + double(p.jobs()) * clocks_of_a_job,
                                 host + double(p.jobs()) * clocks_of_a_job, double(p.jobs()) * job_clocks}) +
                       alone;
  return p;
}

}  // namespace

std::uint32_t k_step(const model::Geometry& g, const GemmShape& s) {
  const std::uint32_t word = g.word_bytes();
  const std::uint32_t a = g.rows * g.depth * s.a_bytes, b = g.cols * g.depth * s.b_bytes;
  return g.depth * std::max({1u, word / a, word / b});
}

model::PanelLayout a_layout(const model::Geometry& g, std::uint32_t m, std::uint32_t k, std::uint32_t element_bytes) {
  return {m, k, g.rows, g.depth, element_bytes, g.word_bytes()};
}
model::PanelLayout b_layout(const model::Geometry& g, std::uint32_t n, std::uint32_t k, std::uint32_t element_bytes) {
  return {n, k, g.cols, g.depth, element_bytes, g.word_bytes()};
}
model::PanelLayout d_layout(const model::Geometry& g, std::uint32_t m, std::uint32_t n, std::uint32_t element_bytes) {
  return {m, n, g.rows, g.depth, element_bytes, g.word_bytes()};
}

std::array<Workspace, 3> workspaces(const DeviceMemory& memory) {
  const model::Geometry& g = memory.geometry();
  Workspace best;
  if (g.banks >= 8) {
    best.a_bank = {0, 1}, best.b_bank = {2, 3}, best.d_bank = {4, 5};
  } else if (g.banks >= 4) {
    best.a_bank = {0, 2}, best.b_bank = {1, 1}, best.d_bank = {3, 3};
  } else if (g.banks >= 2) {
    best.a_bank = {0, 0}, best.b_bank = {1, 1}, best.d_bank = {0, 0};
  }
  // Where that leaves no room (one small bank, or buffers of the user's in the way): everything in the roomiest bank.
  std::uint32_t roomiest = 0;
  for (std::uint32_t bank = 1; bank < g.banks; ++bank) {
    if (memory.largest_free(bank) > memory.largest_free(roomiest)) roomiest = bank;
  }
  Workspace together;
  together.a_bank = together.b_bank = together.d_bank = {roomiest, roomiest};
  Workspace single = together;
  single.copies = 1;

  std::array<Workspace, 3> all{best, together, single};
  for (Workspace& w : all) {
    const auto share = [&](const std::array<std::uint32_t, 2>& banks) {
      std::uint32_t least = g.data_bytes();
      for (unsigned i = 0; i < w.copies; ++i) {
        std::uint32_t sharers = 0;
        for (const auto* other : {&w.a_bank, &w.b_bank, &w.d_bank}) {
          sharers += static_cast<std::uint32_t>(std::count(other->begin(), other->begin() + w.copies, banks[i]));
        }
        least = std::min(least, memory.largest_free(banks[i]) / sharers / g.word_bytes() * g.word_bytes());
      }
      return least;
    };
    w.a_bytes = share(w.a_bank);
    w.b_bytes = share(w.b_bank);
    w.d_bytes = share(w.d_bank);
  }
  return all;
}

std::optional<BlockPlan> plan_gemm(const model::Geometry& g, const GemmShape& s, const Workspace& w,
                                   double job_clocks) {
  const std::uint32_t step = k_step(g, s);
  const std::uint32_t row_panels = ceil_div(s.m, g.rows), col_panels = ceil_div(s.n, g.cols);
  std::optional<BlockPlan> best;

  std::uint32_t last_k = 0;
  for (std::uint64_t cuts = 1; last_k != step; cuts = more_cuts(cuts)) {
    const std::uint32_t block_k = std::min(round_up(ceil_div(s.k, cuts), step), field_limit / step * step);
    if (block_k == last_k) continue;
    last_k = block_k;
    const std::uint32_t k = std::min(block_k, s.k);
    const auto fit_a = w.a_bytes / a_layout(g, g.rows, k, s.a_bytes).panel_bytes();
    const auto fit_b = w.b_bytes / b_layout(g, g.cols, k, s.b_bytes).panel_bytes();
    if (fit_a == 0 || fit_b == 0) continue;
    const bool cut = block_k < s.k;

    std::uint32_t last_n = 0;
    for (std::uint64_t n_cuts = ceil_div(col_panels, fit_b); last_n != 1; n_cuts = more_cuts(n_cuts)) {
      const std::uint32_t n_panels = std::min(ceil_div(col_panels, n_cuts), field_limit / g.cols);
      if (n_panels == last_n) continue;
      last_n = n_panels;
      const std::uint32_t n = std::min(n_panels * g.cols, s.n);
      std::uint64_t result_panel = 0;
      if (s.d_bytes == 4 || s.accumulate || cut) result_panel += d_layout(g, g.rows, n, 4).panel_bytes();
      if (s.d_bytes != 4) result_panel += d_layout(g, g.rows, n, s.d_bytes).panel_bytes();
      const auto most = std::min<std::uint64_t>({fit_a, w.d_bytes / result_panel, field_limit / g.rows, row_panels});
      if (most == 0) continue;
      // Few large blocks, or twice and four times as many: small problems gain from overlapping.
      for (const std::uint32_t split : {1u, 2u, 4u}) {
        const auto m_cuts = std::min<std::uint64_t>(std::uint64_t{ceil_div(row_panels, most)} * split, row_panels);
        const BlockPlan plan =
            finish(g, s, ceil_div(row_panels, m_cuts) * g.rows, n_panels * g.cols, block_k, job_clocks);
        if (!best || plan.estimated_clocks < best->estimated_clocks) best = plan;
      }
    }
  }
  return best;
}

}  // namespace hilbert

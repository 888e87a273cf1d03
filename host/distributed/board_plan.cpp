// SPDX-License-Identifier: Apache-2.0
// A search over grids, parts, rings and steps; the cost is a count of clocks.
#include "distributed/board_plan.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace hilbert::distributed {
namespace {

constexpr std::uint32_t field_limit = 65535;  // M, N and K have 16 bits in a descriptor
constexpr double port_bytes = 8;              // a clock between a tile and a channel of the network: rtl/net/README.md
// Estimates, in clocks.
constexpr double gemm_clocks = 80, transfer_clocks = 25;  // fetching, checking, starting, completing
constexpr double credit_clocks = 150;                     // from the end of a product to the SEND that waits for it
constexpr double hop_clocks = 350;                        // a longest flit through a hop: rtl/link/README.md, Figures
constexpr double host_clocks = 400;                       // until the host has noticed and written

// Of sizes up to max_size.
constexpr std::uint32_t ceil_div(std::uint64_t a, std::uint64_t b) {
  return static_cast<std::uint32_t>(hilbert::ceil_div(a, b));
}

/// Sizes and places of a plan whose parts, steps and slots are chosen; false if they do not fit.
bool place(const model::Geometry& g, const GemmShape& s, BoardPlan& p) {
  const auto extent = [](const model::PanelLayout& layout) { return layout.extent(layout.panel_bytes()); };
  const std::uint64_t a = extent(a_layout(g, p.part_m, p.part_k, s.a_bytes));
  const std::uint64_t b = extent(b_layout(g, p.part_n, p.part_k, s.b_bytes));
  const std::uint64_t c = extent(d_layout(g, p.part_m, p.part_n, 4));
  const std::uint64_t d = s.d_bytes == 4 ? 0 : extent(d_layout(g, p.part_m, p.part_n, s.d_bytes));
  const std::uint64_t rings = p.slots * (a + b);
  if (rings + c > g.data_bytes() || d + c > g.data_bytes() || a / g.word_bytes() > field_limit ||
      b / g.word_bytes() > field_limit) {
    return false;
  }
  p.a_slot = static_cast<std::uint32_t>(a), p.b_slot = static_cast<std::uint32_t>(b);
  p.c_base = static_cast<std::uint32_t>(g.data_bytes() - c);
  const std::uint32_t a_end = p.slots * p.a_slot;  // B in a bank of its own where it can be
  p.b_base = a_end <= g.bank_bytes && g.bank_bytes + p.slots * p.b_slot <= p.c_base ? g.bank_bytes : a_end;
  return true;
}

double cost(const GridShape& grid, const GemmShape& s, const BoardPlan& p) {
  const model::Geometry& g = grid.chip;
  const double word = g.word_bytes();
  const double steps = double(p.part_m / g.rows) * (p.part_n / g.cols) * ceil_div(p.part_k, g.depth);
  const double sums = double(p.part_m) * p.part_n * 4 / word;  // words of C
  const bool shared = p.c_base / g.bank_bytes <= (p.b_base + p.slots * p.b_slot - 1) / g.bank_bytes;
  // Words of a bank that bringing and sending on a piece takes, and pieces sent, in a step of the busiest chip.
  const auto taken = [&](unsigned chips, double bytes) {
    return (chips == 1 ? 1.0 : chips == 2 ? 1.5 : 2.0) * bytes / word;
  };
  const auto sent = [](unsigned chips) { return chips == 1 ? 0.0 : chips == 2 ? 0.5 : 1.0; };
  const double taken_a = taken(p.width, p.a_slot), taken_b = taken(p.height, p.b_slot);
  // Clocks lost in A's bank are partly those lost in B's.
  const double array =
      std::max(steps, 2 * sums) + (shared ? sums : 0) + std::max(taken_a, taken_b) + std::min(taken_a, taken_b) / 2;
  const double transfers = (p.width > 1 ? 2 : 0) + (p.height > 1 ? 2 : 0);
  const double width = std::min(port_bytes, grid.link_bytes);
  const double port = (sent(p.width) * p.a_slot + sent(p.height) * p.b_slot) / port_bytes;
  const double link = std::max(sent(p.width) * p.a_slot, sent(p.height) * p.b_slot) / grid.link_bytes;
  const double east = p.width > 1 ? p.a_slot / width + hop_clocks : 0;
  const double north = p.height > 1 ? p.b_slot / width + hop_clocks : 0;
  const double hop = std::max(east, north);
  const bool turns = p.width == 2 || p.height == 2;
  const unsigned spare = p.slots - 1 - (turns ? 1 : 0);  // steps in which a place is filled again
  double step = std::max({array + gemm_clocks + transfers * transfer_clocks, port, link});
  if (p.width * p.height > 1) step = spare == 0 ? step + hop : std::max(step, (hop + credit_clocks) / spare);
  // Along a column pieces of B leave behind those of A.
  const double skew = (p.width - 1) * east + (p.height - 1) * (p.width > 1 ? east + north : north);
  const double ends = host_clocks + (turns ? hop : skew) + (p.a_slot + p.b_slot) / word + sums * (s.accumulate ? 2 : 1);
  return double(p.blocks_m) * p.blocks_n * (p.steps * step + ends);
}

/// Multiples of `unit` that cut `size` among `chips`, the largest first.
template <typename Each>
void each_part(std::uint32_t size, unsigned chips, std::uint32_t unit, Each each) {
  std::uint32_t last = 0;
  for (std::uint64_t blocks = 1; last != unit; blocks = more_cuts(blocks)) {
    const std::uint64_t part = std::uint64_t{ceil_div(ceil_div(size, chips * blocks), unit)} * unit;
    if (part == last || part > field_limit) continue;
    last = static_cast<std::uint32_t>(part);
    each(last);
  }
}

}  // namespace

Grid largest_grid(Board& board) {
  const BoardFile& file = board.file();
  std::map<std::pair<unsigned, unsigned>, std::array<bool, 2>>
      joined;  // chips that are there: to the east, to the north
  for (const Place& place : file.chips) joined[{place.x, place.y}] = {};
  const auto links = board.links();
  for (std::size_t i = 0; i < links.size(); ++i) {
    const auto& ends = links[i];
    const Place west = file.chips[file.links[i].a.chip];
    const bool swapped =
        std::ranges::any_of(file.swapped, [&](const auto& s) { return s.first == i || s.second == i; });
    if (ends[0].active() && ends[1].active() && !swapped) joined[{west.x, west.y}][file.links[i].a.port / 2] = true;
  }
  const auto there = [&](unsigned x, unsigned y) { return joined.contains({x, y}); };
  Grid best;
  for (const auto& [origin, unused] : joined) {
    const auto [x0, y0] = origin;
    unsigned most = file.width() - x0;  // how far every row so far goes east
    for (unsigned y = y0; there(x0, y); ++y) {
      unsigned width = 1;
      while (width < most && joined[{x0 + width - 1, y}][0] && there(x0 + width, y)) ++width;
      if (y > y0) {
        unsigned up = 0;
        while (up < width && joined[{x0 + up, y - 1}][1]) ++up;
        width = up;
      }
      most = std::min(most, width);
      if (most == 0) break;
      const Grid grid{{x0, y0}, most, y - y0 + 1};
      const bool smaller_origin = std::pair(y0, x0) < std::pair(best.origin.y, best.origin.x);
      if (grid.chips() > best.chips() || (grid.chips() == best.chips() && smaller_origin)) best = grid;
    }
  }
  return best;
}

std::optional<BoardPlan> plan_board_gemm(const GridShape& grid, const GemmShape& s) {
  const model::Geometry& g = grid.chip;
  const std::uint32_t unit = k_step(g, s);
  std::optional<BoardPlan> best;
  BoardPlan p;
  const auto try_steps = [&] {
    const std::uint32_t all_k = ceil_div(s.k, unit);
    std::uint32_t most = 0;  // of units, that fit
    for (std::uint32_t bit = 1U << 15; bit != 0; bit /= 2) {
      p.part_k = std::min((most + bit) * unit, field_limit / unit * unit);
      if (most + bit <= all_k && p.part_k == (most + bit) * unit && place(g, s, p)) most += bit;
    }
    if (most == 0) return;
    for (const std::uint32_t eighths : {8u, 7u, 6u, 5u, 4u, 3u, 2u, 1u}) {
      const std::uint32_t units = std::max(1u, most * eighths / 8);
      p.part_k = ceil_div(all_k, ceil_div(all_k, units)) * unit;  // equal steps
      p.steps = ceil_div(s.k, p.part_k);
      if (!place(g, s, p)) continue;
      p.estimated_clocks = cost(grid, s, p);
      if (!best || p.estimated_clocks < best->estimated_clocks) best = p;
    }
  };
  for (const unsigned width : {std::min(grid.width, ceil_div(s.n, g.cols)), 1u}) {
    for (const unsigned height : {std::min(grid.height, ceil_div(s.m, g.rows)), 1u}) {
      each_part(s.m, height, g.rows, [&](std::uint32_t part_m) {
        each_part(s.n, width, g.cols, [&](std::uint32_t part_n) {
          for (unsigned slots = 2; slots <= most_slots; ++slots) {
            p = {};
            p.width = width, p.height = height, p.slots = slots, p.part_m = part_m, p.part_n = part_n;
            p.blocks_m = ceil_div(s.m, std::uint64_t{height} * part_m);
            p.blocks_n = ceil_div(s.n, std::uint64_t{width} * part_n);
            try_steps();
          }
        });
      });
    }
  }
  return best;
}

}  // namespace hilbert::distributed

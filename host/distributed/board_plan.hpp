// SPDX-License-Identifier: Apache-2.0
// How a matrix product is laid out over a rectangle of chips.
#pragma once

#include <cstdint>
#include <hilbert/board.hpp>
#include <optional>

#include "runtime/plan.hpp"

namespace hilbert::distributed {

/// A rectangle of chips that are all there, with all links between them up.
struct Grid {
  Place origin;
  unsigned width = 0, height = 0;
  [[nodiscard]] unsigned chips() const { return width * height; }
};
/// The largest one of a board, of those the one with the smallest origin; looks at the links as they are now.
[[nodiscard]] Grid largest_grid(Board& board);

/// What a plan depends on, beside the product.
struct GridShape {
  model::Geometry chip;
  unsigned width = 1, height = 1;
  double link_bytes = 8;  ///< a clock, each direction
};

/// SUMMA, results at rest: chip (x, y) of width x height computes part_m x part_n results at a time, in steps of
/// part_k; what is larger goes block by block. Operands of a step lie in rings of `slots` places each.
struct BoardPlan {
  unsigned width = 1, height = 1, slots = 1;
  std::uint32_t part_m = 0, part_n = 0, part_k = 0;
  std::uint32_t blocks_m = 0, blocks_n = 0, steps = 0;
  std::uint32_t a_slot = 0, b_slot = 0;  ///< bytes of a place
  std::uint32_t a_base = 0, b_base = 0, c_base = 0;
  double estimated_clocks = 0;
};

inline constexpr unsigned most_slots = 4;  ///< of a ring; each has a semaphore (summa.hpp)

/// The cheapest plan by a rough count of clocks, or nothing if not even one panel of each fits. A step costs the
/// slowest of the array (steps; sums in and out; clocks in which the network takes a bank), the port between tile and
/// network, the busiest link, and a panel's way to all who need it in the time that the ring leaves. part_m and part_n
/// are multiples of Rows and Cols, part_k of k_step.
[[nodiscard]] std::optional<BoardPlan> plan_board_gemm(const GridShape& grid, const GemmShape& product);

}  // namespace hilbert::distributed

// SPDX-License-Identifier: Apache-2.0
// How a matrix product is cut into jobs that fit the tile's memory.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include <hilbert/memory.hpp>
#include <hilbert/model/descriptor.hpp>
#include <hilbert/model/layout.hpp>

namespace hilbert {

/// The sizes that a plan depends on.
struct GemmShape {
  std::uint32_t m = 0, n = 0, k = 0;
  std::uint32_t a_bytes = 2, b_bytes = 2, d_bytes = 4;  ///< of an element
  bool accumulate = false;                              ///< C is loaded from the host
};

/// Bytes and banks of the working memory: `copies` slots for A, B and the result each, one in use while the other is
/// filled or emptied.
struct Workspace {
  unsigned copies = 2;
  std::uint32_t a_bytes = 0, b_bytes = 0, d_bytes = 0;        ///< of a slot
  std::array<std::uint32_t, 2> a_bank{}, b_bank{}, d_bank{};  ///< by slot
};

/// Workspaces worth trying, best first, in what is free. With four banks A alternates between two of them, B and the
/// result live in one each: a bank serves one access a clock, A and B take one a clock each, and what shares their
/// banks steals from them. B, which changes least often (it stays while all rows of blocks pass), shares with its next
/// copy.
std::array<Workspace, 3> workspaces(const DeviceMemory& memory);

/// Blocks of block_m x block_n results, each the sum of steps of block_k; the last of each are smaller.
struct BlockPlan {
  std::uint32_t block_m = 0, block_n = 0, block_k = 0;
  std::uint32_t blocks_m = 0, blocks_n = 0, blocks_k = 0;
  std::uint64_t a_bytes = 0, b_bytes = 0;         ///< of a slot, for the largest block
  std::uint64_t sum_bytes = 0, result_bytes = 0;  ///< of a result slot: fp32 sums; converted results (0: in place)
  double estimated_clocks = 0;

  [[nodiscard]] std::uint64_t blocks() const { return std::uint64_t{blocks_m} * blocks_n; }
  [[nodiscard]] std::uint64_t jobs() const { return blocks() * blocks_k; }
};

/// The next number of cuts worth trying: an eighth more, at least one.
constexpr std::uint64_t more_cuts(std::uint64_t cuts) { return std::max(cuts + 1, cuts * 9 / 8); }

/// The cheapest plan by a rough count of clocks, or nothing if not even one panel of one memory word fits. Whatever
/// runs the jobs takes `job_clocks` for one. block_m and block_n are multiples of Rows and Cols; block_k of Depth and
/// such that a cut is a word boundary in A and in B.
std::optional<BlockPlan> plan_gemm(const model::Geometry& geometry, const GemmShape& shape, const Workspace& workspace,
                                   double job_clocks);

/// The smallest step of K whose end is a word boundary in both operands; a multiple of Depth.
std::uint32_t k_step(const model::Geometry& geometry, const GemmShape& shape);

/// The layouts of operand A, of operand B (as its transpose) and of a result.
model::PanelLayout a_layout(const model::Geometry& g, std::uint32_t m, std::uint32_t k, std::uint32_t element_bytes);
model::PanelLayout b_layout(const model::Geometry& g, std::uint32_t n, std::uint32_t k, std::uint32_t element_bytes);
model::PanelLayout d_layout(const model::Geometry& g, std::uint32_t m, std::uint32_t n, std::uint32_t element_bytes);

}  // namespace hilbert

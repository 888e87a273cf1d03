// SPDX-License-Identifier: Apache-2.0
// The programs that compute one block of a product on a grid of chips.
//
// Chip (x, y) keeps the results of rows y and columns x and takes K in order, a step after the other, so that every bit
// is the reference model's. In step q it needs a piece of A, the same for its row of chips, and a piece of B, the same
// for its column. The host writes each piece into one chip, its owner, and the owner sends it to the others; owners
// take turns, and no chip owns an A and a B of neighbouring steps where the grid is large enough. Pieces of step q lie
// in place q mod S of two rings, whoever they came from.
//
// Semaphores of a chip: ARRIVED of a place counts the pieces that came over links: the product of step q waits for 0, 1
// or 2 of its place. CREDIT_A, CREDIT_B: how many others have freed the place of the next piece that this chip owns;
// the first SEND of a piece waits for all of them. SENT: transfers of this chip that are over; a place that was sent
// from is free when they are.
//
// A credit cannot be taken for another one: credits for piece q and for the owner's next, q + W in a row of W chips, go
// to one semaphore. A chip gives that for q + W after its step q + W - S. If S <= W that is step q or later, so it has
// received piece q, so the owner had all credits for q and has taken them. With W = 2 one chip alone gives credits, and
// gives them in order. Hence slots_among().
//
// Nobody waits in a circle: jobs of a chip are in order, and what is placed before the product of step t waits at most
// for products of step t - 1 or earlier on other chips (a SEND of piece q stands before step q - L, L < S, and waits
// for steps q - S).
#pragma once

#include <cstddef>
#include <cstdint>
#include <hilbert/model/gemm.hpp>
#include <vector>

#include "distributed/board_plan.hpp"
#include "distributed/board_runner.hpp"

namespace hilbert::distributed {

/// One block: at most tile_m x tile_n results on each of width x height chips. Bytes are in panel order, as they lie on
/// the chips.
struct Block {
  using Bytes = std::vector<std::byte>;

  unsigned width = 0, height = 0;                ///< chips that have a part
  std::uint32_t first_row = 0, first_col = 0;    ///< in the whole product
  std::vector<std::uint32_t> rows, cols, depth;  ///< of results by y and x; of K by step
  std::vector<std::vector<Bytes>> a, b;          ///< by y and by x, then by step
  std::vector<Bytes> c, d;                       ///< by y * width + x; c with accumulate alone; d: to be filled
};

struct SummaPrograms {
  std::vector<ChipProgram> programs;  ///< by y * width + x
  /// Of every chip the number of the job with the first step of K.
  std::vector<ChipProgram::JobNumber> first_product;
  std::uint64_t sent_bytes = 0;  ///< from tile to tile over links
};

/// The chip (0, 0) of the block is at `origin`. `block` must live until the programs have run.
[[nodiscard]] SummaPrograms summa(const BoardPlan& plan, Place origin, const model::Geometry& chip,
                                  const model::Gemm& job, Block& block);

}  // namespace hilbert::distributed

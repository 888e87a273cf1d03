// SPDX-License-Identifier: Apache-2.0
// The programs that compute one block of a product on a grid of chips.
//
// Chip (x, y) keeps the results of rows y and columns x and takes K in order, a step after the other, so that every bit
// is the reference model's. In step q it needs a piece of A, the same for its row of chips, and a piece of B, the same
// for its column. The host writes each piece into one chip, the first of a chain through the row (column), and every
// chip hands it on to its neighbour before it multiplies: A flows east, B north, no link carries a piece twice, and
// chips further along run as much later as a piece needs for a hop. Of two chips each is first in every other step, so
// that both have the same to do; then pieces are sent a step ahead, since nobody may run behind.
//
// Pieces of step q lie in place q mod S of two rings. Each place of each ring has a semaphore, which counts for piece q
//   its arrival, from the chip before in the chain;
//   the credit for it: the chip behind has multiplied what lay in its place before, and sent it on;
//   that the piece has left, where the host is to write the next one there.
// The SEND of piece q waits for arrival and credit (the host's pieces need none of the first, the first S none of the
// second); at the end of the chain the product itself waits for the arrival. After the product of step q the SIGNAL of
// the credit for q + S goes to who will send that. It needs no wait: the network carries out SENDs and SIGNALs one
// after the other, so the piece has left when it goes. Where the host writes next, a SYNC waits until the piece has
// left or the credit for q + S is here, which says the same; the SEND of q + S takes the other of the two.
//
// Counts for q and q + S cannot be confused: whoever gives an arrival of q + S had the credit for it, which this chip
// gave after its step q; whoever gives the credit for q + S has received piece q from this chip. Both come after the
// SEND of q has taken its counts, or the product where there is no SEND.
//
// Nobody waits in a circle: what stands before the product of step q waits for products of earlier steps, or for SENDs
// of step q of chips before it in a chain; SENDs that wait for the host's piece alone stand before others.

#pragma once

#include <cstddef>
#include <cstdint>
#include <hilbert/model/gemm.hpp>
#include <vector>

#include "distributed/board_plan.hpp"
#include "distributed/board_runner.hpp"

namespace hilbert::distributed {

/// One block: at most part_m x part_n results on each of width x height chips. Bytes are in panel order, as they lie on
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

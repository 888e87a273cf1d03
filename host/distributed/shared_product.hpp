// SPDX-License-Identifier: Apache-2.0
// A matrix product that the chips of a board share as data-parallel training does: by rows of the batch, or by its
// images.
//
// Both go along the chips of ring_of(), without the way back, and every bit is that of one chip:
//
// Rows: chip p keeps some rows of A and of the result. The host writes B into the first chip alone, piece by piece;
// each chip sends a piece on to the next and multiplies with it. K is taken in order, from 0.
//
// Depth: chip p keeps the p-th part of K, so a part of the columns of A and of the rows of B. A block of the result
// begins on the first chip; each adds its own part of K to the fp32 sum that came, and sends it on; the last has the
// result. So K is taken in order again, cut at multiples of Depth (vectors/README.md, section 6). Blocks follow each
// other from chip to chip.
//
// What arrives has two places, used in turn. Semaphores of a chip: 0 counts what came from the chip before; 1 how often
// the chip behind has freed a place, for which the third transfer and later ones wait; 2 transfers of this chip that
// have left, so that their place may be written again. Nobody waits in a circle: a chip waits for what the one before
// sends, and for places that the one behind frees with what it already has.
#pragma once

#include <array>
#include <deque>
#include <hilbert/board.hpp>
#include <hilbert/model/gemm.hpp>
#include <hilbert/model/layout.hpp>
#include <span>
#include <vector>

#include "distributed/board_runner.hpp"
#include "distributed/ring.hpp"

namespace hilbert::distributed {

enum class Share : std::uint8_t { rows, depth };

class SharedProduct {
 public:
  /// All must live as long; c is empty without accumulate. Share::depth needs a plain fp32 result: no accumulate, no
  /// ReLU. Error(bad_input) if not even the smallest pieces fit the chips.
  SharedProduct(const Board& board, std::vector<std::size_t> ring, const model::Geometry& chip, const model::Gemm& job,
                Share share, std::span<const std::byte> a, std::span<const std::byte> b, std::span<const std::byte> c);

  /// By chip of the board; to be run, as often as need be, while this lives.
  [[nodiscard]] const std::vector<ChipProgram>& programs() const { return programs_; }
  /// After a run: the result, dense and row-major.
  [[nodiscard]] std::vector<std::byte> result() const;
  /// Of a run; as model::gemm's.
  [[nodiscard]] model::Flags flags(const BoardRun& run) const;

  [[nodiscard]] std::uint64_t host_bytes() const { return host_bytes_; }  ///< written by the host
  [[nodiscard]] std::uint64_t link_bytes() const { return link_bytes_; }  ///< sent from tile to tile

 private:
  using Bytes = std::vector<std::byte>;
  struct Part {
    std::uint32_t first = 0, count = 0;
  };
  /// A block of the result as it comes back from a chip.
  struct Result {
    Part rows, cols;
    Bytes image;
  };
  /// How far the program of a chip is.
  struct Work {
    ChipProgram& program;
    std::size_t at;                                 ///< in the ring
    std::vector<ChipProgram::JobNumber> free = {};  ///< by step: after this job its places may be written
    std::uint32_t sent = 0;                         ///< transfers to the next chip
  };

  [[nodiscard]] std::vector<Part> parts(std::uint32_t size, std::uint32_t granule) const;
  [[nodiscard]] bool fits(std::uint32_t m, std::uint32_t n, std::uint32_t k) const;
  void plan();
  void share_rows(Work& work);
  void share_depth(Work& work);

  static Bytes cut(std::span<const std::byte> codes, std::uint32_t row_elements, std::uint32_t element, Part rows,
                   Part cols);
  void add(Work& work, const model::Descriptor& job, bool begins = false);
  void release_sum(Work& work);
  void write_a(Work& work, Part rows, Part depth);
  void write_b(Work& work, Part depth, Part cols);
  void write(Work& work, std::uint32_t address, Bytes bytes);
  void send(Work& work, std::uint32_t address, std::uint32_t bytes, bool passes_on);
  void free_place_of_previous(Work& work, bool was_sent);
  void drain(Work& work);
  void read(Work& work, std::uint32_t address, Part rows, Part cols);
  [[nodiscard]] model::Descriptor product(const Work& work, Part rows, Part cols, Part depth) const;
  [[nodiscard]] bool converts() const { return job_.d.format != model::Format::fp32; }
  [[nodiscard]] std::uint32_t slot(const Work& work) const { return work.free.size() % 2; }

  const Board& board_;
  std::vector<std::size_t> ring_;
  model::Geometry chip_;
  model::Gemm job_;
  Share share_;
  std::span<const std::byte> a_, b_, c_;
  std::uint32_t a_element_, b_element_, d_element_;

  std::vector<Part> share_of_;  ///< rows or depth of each chip of the ring; those behind have none
  std::uint32_t block_m_ = 0, block_n_ = 0, block_k_ = 0;
  std::array<std::uint32_t, 2> a_at_{}, b_at_{}, sum_at_{};
  std::uint32_t result_at_ = 0;

  std::deque<Bytes> images_;
  std::deque<Result> results_;
  std::vector<ChipProgram> programs_;
  std::vector<std::vector<bool>> begins_;  ///< by chip and job: it takes the first step of K of its results
  std::uint64_t host_bytes_ = 0, link_bytes_ = 0;
};

}  // namespace hilbert::distributed

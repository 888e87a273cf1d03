// SPDX-License-Identifier: Apache-2.0
// The runtime of a board: matrix products of any size over all of its chips.
//
//     hilbert::BoardRuntime rt("board:boards/2x2.json");
//     auto result = rt.gemm(a, b, {.a = "e4m3", .b = "e4m3", .relu = true});
//     rt.figures().array_use();
#pragma once

#include <cstdint>
#include <hilbert/board.hpp>
#include <hilbert/runtime.hpp>
#include <memory>
#include <span>
#include <string_view>

namespace hilbert {

struct BoardRuntimeOptions {
  unsigned max_retries = 3;  ///< how often a block is computed again from the host's data after uncorrectable words
  /// A board on which no job ends and no word moves for so many clocks, and what long wires add, hangs.
  std::uint64_t hang_clocks = still_clocks;
  BoardOptions board = {.tolerant = true};  ///< used when the runtime opens the board itself
};

/// How the last product went over the board, beside its Report.
struct BoardFigures {
  unsigned chips = 0;                                ///< of the board
  unsigned width = 0, height = 0;                    ///< of the rectangle that worked
  std::uint32_t part_m = 0, part_n = 0, part_k = 0;  ///< of a chip, in a step
  unsigned slots = 0;                                ///< places for operands of a step
  std::uint64_t blocks = 0;                          ///< that the product was cut into, one after the other
  std::uint64_t load_clocks = 0;  ///< before any job ran; then until the last result was read, operands streaming in
  std::uint64_t run_clocks = 0;
  std::uint64_t link_bytes = 0;  ///< from tile to tile over links, payload
  std::uint64_t steps = 0;       ///< of the arrays of all chips

  /// Part of the clocks with which the arrays of all chips that worked took steps, while jobs ran.
  [[nodiscard]] double array_use() const {
    return run_clocks == 0 ? 0.0 : static_cast<double>(steps) / (static_cast<double>(run_clocks) * width * height);
  }
};

/// The chips of a board as one device. Operands are written once, each piece into one chip, and go on over the links
/// (host/distributed/summa.hpp); results have the reference model's bits on any board. Works on the largest rectangle
/// of chips whose links are all up. Holds the controllers in reset. Not thread safe. Every function throws
/// hilbert::Error.
class BoardRuntime {
 public:
  struct State;  ///< of the implementation

  explicit BoardRuntime(std::string_view uri, const BoardRuntimeOptions& options = {});
  explicit BoardRuntime(std::unique_ptr<Board> board, const BoardRuntimeOptions& options = {});
  ~BoardRuntime();
  BoardRuntime(BoardRuntime&&) noexcept;

  [[nodiscard]] Board& board();
  [[nodiscard]] const model::Geometry& geometry() const;  ///< of every chip

  /// What a link carries a clock in each direction, from its lanes.
  [[nodiscard]] double link_bytes() const;

  /// As Runtime's.
  GemmResult gemm(MatrixView<const float> a, MatrixView<const float> b, const GemmOptions& options = {});
  CodesResult gemm_codes(const model::Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                         std::span<const std::byte> c = {});

  /// Of the last product.
  [[nodiscard]] const BoardFigures& figures() const;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace hilbert

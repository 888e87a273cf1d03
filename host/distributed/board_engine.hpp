// SPDX-License-Identifier: Apache-2.0
// Training on a board, data parallel: each chip has its share of the batch, and what they learn is summed over links.
#pragma once

#include <memory>

#include "distributed/board_runner.hpp"
#include "distributed/shared_product.hpp"
#include "train/products.hpp"

namespace hilbert::distributed {

/// What a training's products moved and took, beside their Report.
struct BoardTraffic {
  std::uint64_t host_bytes = 0;  ///< written by the host
  std::uint64_t link_bytes = 0;  ///< sent from tile to tile
  std::uint64_t clocks = 0;      ///< of the board, loading and reading among them
};

/// A product that starts from nothing and ends in plain fp32 is a gradient of weights: its K is the batch, which the
/// chips share (Share::depth). Of every other the rows are (Share::rows). Either way the bits are those of one chip.
/// A product that meets an uncorrectable word is computed again, three times at most.
class BoardEngine final : public train::ProductEngine {
 public:
  explicit BoardEngine(std::unique_ptr<Board> board, RunnerOptions options = {});

  [[nodiscard]] unsigned depth() const override { return geometry_.depth; }
  CodesResult multiply(const model::Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                       std::span<const std::byte> c) override;
  /// The same, shared as the caller says.
  CodesResult multiply(Share share, const model::Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                       std::span<const std::byte> c);

  [[nodiscard]] Board& board() { return *board_; }
  /// clocks: of the board; macs_per_clock: of all chips.
  [[nodiscard]] const Report& totals() const { return totals_; }
  [[nodiscard]] const BoardTraffic& traffic() const { return traffic_; }

 private:
  std::unique_ptr<Board> board_;
  BoardRunner runner_;
  std::vector<std::size_t> ring_;
  model::Geometry geometry_;
  Report totals_;
  BoardTraffic traffic_;
};

}  // namespace hilbert::distributed

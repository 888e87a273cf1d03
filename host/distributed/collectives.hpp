// SPDX-License-Identifier: Apache-2.0
// What all chips of a board do with each other's data: broadcast, all-gather, all-reduce. The host only feeds queues.
#pragma once

#include <cstdint>
#include <hilbert/board.hpp>
#include <hilbert/model/format.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "distributed/board_runner.hpp"
#include "distributed/ring.hpp"

namespace hilbert::distributed {

/// Programs of whole boards that move data in tile memories along ring_of(). They take semaphore 0, begin with
/// everything loaded, and end with everything where it belongs on every chip; between, memory that they do not name
/// stays as it is. Functions throw Error(bad_input) for ranges that are no whole words, or not there.
class Collectives {
 public:
  /// Must live as long.
  explicit Collectives(BoardRunner& runner);

  /// `bytes` at `address` of chip `root`, to the same place of all others. In pieces from chip to chip: a link carries
  /// the data once.
  BoardRun broadcast(std::size_t root, std::uint32_t address, std::uint32_t bytes);

  /// Chip i has `bytes` at address + i * bytes; afterwards all have all.
  BoardRun all_gather(std::uint32_t address, std::uint32_t bytes);

  /// What all_reduce works on, at the same places of every chip. Elements are a flat array, so a matrix in panel order
  /// with its padding is one as it lies, and so is its sum.
  struct Sum {
    std::uint32_t elements = 0;  ///< a multiple of granule()
    model::FormatSpec x;         ///< of the summands, an operand format
    std::uint32_t x_at = 0;
    std::uint32_t partial_at = 0;  ///< fp32: partial sums, and the result in fp32
    model::FormatSpec d;           ///< of the result; nearest-even, as model::encode
    bool saturate = false;
    std::uint32_t d_at = 0;     ///< unless d is fp32
    std::uint32_t scratch = 0;  ///< scratch_bytes() that the function writes
  };
  /// Result = the sum of x over all chips, on every chip. Block b, of as many as there are chips, is added up in the
  /// order of the ring from chip b + 1 round to chip b, counted along the ring: each fp32 partial sum goes on to the
  /// next chip, which adds its own x by a cell step D = C + x * 1, beginning with C = 0; the last converts. The order,
  /// so every bit, depends on the board file alone. (A step is that of vectors/README.md, section 2: it is not IEEE
  /// addition where x is beyond 16 times the partial sum. A NaN or infinity spreads to the elements of its row of the
  /// view, granule() / Rows of them.)
  BoardRun all_reduce(const Sum& sum);

  /// Elements in the smallest unit of a sum: a panel of whole words in both formats, Rows x granule / Rows.
  [[nodiscard]] std::uint32_t granule(const Sum& sum) const;
  [[nodiscard]] std::uint32_t scratch_bytes(const Sum& sum) const;
  /// First element and number of elements of block b.
  [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> block(const Sum& sum, std::size_t b) const;
  /// Chips in the order of the ring.
  [[nodiscard]] const std::vector<std::size_t>& ring() const { return ring_; }

 private:
  using Programs = std::vector<ChipProgram>;
  struct View;

  /// A block goes to the next chip while it comes from the one before: two pieces would do, if they cost nothing.
  static constexpr std::uint32_t block_hops = 2;

  [[nodiscard]] std::uint32_t position(std::size_t chip) const;
  void require(std::uint32_t address, std::uint64_t bytes, std::string_view what) const;
  void check(const Sum& sum) const;
  [[nodiscard]] model::Descriptor send_to_next(std::size_t at, std::uint32_t address, std::uint32_t bytes) const;
  [[nodiscard]] std::vector<Stretch> cut(Stretch whole, std::uint32_t hops, std::uint32_t unit_bytes,
                                         std::uint32_t most_units) const;
  void gather(Programs& programs, const std::vector<std::vector<Stretch>>& blocks) const;
  BoardRun run(const Programs& programs);

  BoardRunner& runner_;
  Board& board_;
  model::Geometry geometry_;
  std::vector<std::size_t> ring_;
  std::uint32_t link_bytes_, flit_bytes_;
};

}  // namespace hilbert::distributed

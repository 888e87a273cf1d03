// SPDX-License-Identifier: Apache-2.0
// A piece of a campaign's results, in one of three shapes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hilbert::store {

inline constexpr std::uint32_t most_outcomes = 64;
/// No outcome of its own: the upset became that of site `detail` in clock `end`, and came to the same.
inline constexpr std::uint8_t alias = 255;

enum class Shape : std::uint8_t {
  dense,      ///< a rectangle of sites x clocks: every upset in it, clock by clock
  stretches,  ///< clocks of one site whose upsets all come to the same, a line a stretch, sorted by site and clock
  list,       ///< experiments of a sample
};

/// One entry in `code`, `end` and `detail` for each experiment, or for each stretch of them.
struct Block {
  std::uint32_t number = 0;  ///< in the plan: 0 .. blocks - 1
  Shape shape = Shape::dense;
  /// Dense only: upsets that others became, which nobody asked for. They are no experiments.
  bool auxiliary = false;
  /// The number of its first experiment in the whole campaign: of block 0 it is 0, then the next after the block
  /// before. 0 in an auxiliary block.
  std::uint64_t first_experiment = 0;
  std::uint32_t first_site = 0, sites = 0, first_clock = 0, clocks = 0;  ///< the rectangle of a dense block
  std::vector<std::uint32_t> site;    ///< of each stretch, of each experiment of a list
  std::vector<std::uint32_t> first;   ///< clock of each stretch; the clock of each experiment of a list
  std::vector<std::uint32_t> last;    ///< of each stretch, included
  std::vector<std::uint8_t> code;     ///< the outcome's place in the header's list, or `alias`
  std::vector<std::uint32_t> end;     ///< the clock in which it was known; of an alias, the other upset's clock
  std::vector<std::uint32_t> detail;  ///< what the campaign says of this outcome; of an alias, the other upset's site

  [[nodiscard]] std::size_t entries() const { return code.size(); }
  [[nodiscard]] std::uint64_t experiments() const;
  /// The site of an entry, and the first of its clocks.
  [[nodiscard]] std::uint32_t site_of(std::size_t entry) const;
  [[nodiscard]] std::uint32_t clock_of(std::size_t entry) const;

  /// Error (exit code 2) at `where` if it breaks a rule of README.md: sizes that do not fit, sites or outcomes that do
  /// not exist, stretches that are not sorted, an alias that goes back in time.
  void check(std::uint32_t site_count, std::size_t outcomes, const std::string& where) const;

  [[nodiscard]] std::vector<std::byte> pack() const;
  /// Without check(). Error (exit code 2) at `where`.
  static Block unpack(std::span<const std::byte> content, const std::string& where);
};

}  // namespace hilbert::store

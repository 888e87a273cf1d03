// SPDX-License-Identifier: Apache-2.0
// The chips of a board in a ring, and how fine what goes round it is cut.
#pragma once

#include <cstdint>
#include <hilbert/board.hpp>
#include <vector>

namespace hilbert::distributed {

/// Numbers of the chips: row 0 eastwards, row 1 westwards, and so on. Followed in dimension order, the ways from each
/// to the next and from the last to the first use no link twice in the same direction, so all chips can send to the
/// next at full speed. Error(bad_input) for a board with gaps on such a way.
[[nodiscard]] std::vector<std::size_t> ring_of(const BoardFile& file);

/// Words `first` to first + words - 1.
struct Stretch {
  std::uint32_t first = 0, words = 0;
  bool operator==(const Stretch&) const = default;
};

/// `whole` in `parts` that differ by one granule at most; `granule` in words divides whole.words. Some may be empty.
[[nodiscard]] std::vector<Stretch> split(Stretch whole, std::uint32_t parts, std::uint32_t granule);

/// How a stretch that passes `hops` chips in a row is best cut. A piece costs its transfer and a constant, and a chip
/// passes it on when it is there, so n pieces take (n + hops) (bytes / n / speed + constant) clocks: least for
/// n = sqrt(hops bytes / speed / constant). `link_bytes`: of a link, a clock.
[[nodiscard]] std::uint32_t pieces_for(std::uint64_t bytes, std::uint32_t hops, std::uint32_t link_bytes);

/// Bytes that a link of this board carries in a clock, before framing.
[[nodiscard]] std::uint32_t link_bytes(Board& board);

}  // namespace hilbert::distributed

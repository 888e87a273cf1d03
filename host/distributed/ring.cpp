// SPDX-License-Identifier: Apache-2.0
// A ring through a mesh, and its pieces.
#include "distributed/ring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <hilbert/error.hpp>

namespace hilbert::distributed {
namespace {

bool joined(const BoardFile& file, Place from, Place to) {
  return std::ranges::any_of(file.links, [&](const BoardLink& link) {
    const Place a = file.chips[link.a.chip], b = file.chips[link.b.chip];
    return (a == from && b == to) || (a == to && b == from);
  });
}

/// First along x, then along y.
void require_way(const BoardFile& file, Place from, Place to) {
  for (Place at = from; at != to;) {
    Place next = at;
    if (at.x != to.x) {
      next.x += at.x < to.x ? 1U : -1U;
    } else {
      next.y += at.y < to.y ? 1U : -1U;
    }
    if (!joined(file, at, next)) {
      throw Error(ExitCode::bad_input,
                  fmt::format("no ring: the way from {} to {} needs a link from {} to {}, which the board has not",
                              to_string(from), to_string(to), to_string(at), to_string(next)),
                  file.path, "a mesh without gaps has a ring");
    }
    at = next;
  }
}

}  // namespace

std::vector<std::size_t> ring_of(const BoardFile& file) {
  std::vector<std::size_t> ring(file.chips.size());
  for (std::size_t i = 0; i < ring.size(); ++i) ring[i] = i;
  std::ranges::sort(ring, {}, [&](std::size_t chip) {
    const Place at = file.chips[chip];
    return std::pair(at.y, at.y % 2 == 0 ? at.x : ~at.x);
  });
  for (std::size_t i = 0; i < ring.size(); ++i) {
    require_way(file, file.chips[ring[i]], file.chips[ring[(i + 1) % ring.size()]]);
  }
  return ring;
}

std::vector<Stretch> split(Stretch whole, std::uint32_t parts, std::uint32_t granule) {
  const std::uint64_t granules = whole.words / granule;
  std::vector<Stretch> all;
  const auto at = [&](std::uint64_t part) { return static_cast<std::uint32_t>(granules * part / parts) * granule; };
  for (std::uint32_t i = 0; i < parts; ++i) all.push_back({whole.first + at(i), at(i + 1) - at(i)});
  return all;
}

std::uint32_t pieces_for(std::uint64_t bytes, std::uint32_t hops, std::uint32_t link_bytes) {
  constexpr double constant = 40;  // clocks: a descriptor, and a flit to go through a hop
  const double transfer = static_cast<double>(bytes) / link_bytes;
  return static_cast<std::uint32_t>(std::max(1.0, std::round(std::sqrt(hops * transfer / constant))));
}

std::uint32_t link_bytes(Board& board) {
  constexpr std::uint32_t symbol_bytes = 2;
  return symbol_bytes * board.lanes();
}

}  // namespace hilbert::distributed

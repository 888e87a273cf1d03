// SPDX-License-Identifier: Apache-2.0
// Chips joined by link channels: a board in this process.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "hilbert/tb/chip.hpp"
#include "hilbert/tb/link_channel.hpp"

namespace hilbert::tb {

/// One end of a link: a chip of the mesh and a port of it.
struct MeshEnd {
  unsigned chip = 0, port = 0;
  bool operator==(const MeshEnd&) const = default;
};

/// A link: both directions between two ends. `lanes`, `ahead` of the channels are the mesh's to set.
struct MeshLink {
  MeshEnd a, b;
  ChannelOptions a_to_b, b_to_a;
};

/// Chips with links between them, in one time.
///
/// Time goes in windows as long as the smallest latency of a link: what a chip sends in a window reaches nobody before
/// the next one, so within it chips run apart, in any order and on any thread, with the same result to the bit. A chip
/// that somebody drives through chip() runs ahead within the window; where it would leave it, all others are taken to
/// its end first. So chips are never further apart than a window, and what happens depends on the calls alone.
///
/// One thread may use a Mesh and its chips at a time.
class Mesh {
 public:
  /// Throws Error(bad_input) for a chip or port that is not there, a port joined twice, and channel options out of
  /// range. `threads` 1: everything on the caller's thread.
  Mesh(std::vector<std::unique_ptr<Chip>> chips, std::span<const MeshLink> links, unsigned threads = 1);
  ~Mesh();
  Mesh(const Mesh&) = delete;
  Mesh& operator=(const Mesh&) = delete;

  /// Time begins. Until then every chip runs alone, its links silent: loading memories costs one chip's clocks.
  void start();

  [[nodiscard]] std::size_t size() const;
  /// A chip like any other, with the links' pins taken; lives as long as the mesh. Its reset() takes time as on a
  /// board: the others run on, and hear silence from it.
  [[nodiscard]] Chip& chip(std::size_t index);

  /// Brings every chip to the clock of the one that is furthest, then lets `clocks` pass for all.
  void run(std::uint64_t clocks);
  /// Calls drive(i) for every chip, each in a thread of its own, in which it may use chip(i) and nothing else of the
  /// mesh: as many hosts as chips, in one time. At most as many run at once as the mesh has threads; the result does
  /// not depend on how many. When one throws, the others are stopped where they let time pass with Chip::run, and
  /// what it threw is thrown here.
  void together(const std::function<void(std::size_t)>& drive);
  /// Clocks since start(), of the chip that is furthest.
  [[nodiscard]] std::uint64_t clocks() const;
  [[nodiscard]] unsigned window() const;

  /// What link `link` sends from its end a (direction 0) or b (1). Options are changed between calls of chips and
  /// run().
  [[nodiscard]] LinkChannel& channel(std::size_t link, unsigned direction);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hilbert::tb

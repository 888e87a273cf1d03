// SPDX-License-Identifier: Apache-2.0
// 512 disturbed runs that live on from clock to clock.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "campaign/fault.hpp"
#include "campaign/lanes.hpp"
#include "campaign/ledger.hpp"
#include "campaign/memory_rows.hpp"
#include "campaign/state.hpp"

namespace hilbert::campaign {

/// The state of up to 512 runs, as differences from the undisturbed run's.
class Word {
 public:
  explicit Word(const tb::Netlist& netlist) : rows_(netlist.flip_flops.size(), no_lanes()), memories_(netlist) {}

  [[nodiscard]] const Lanes& live() const { return live_; }
  [[nodiscard]] unsigned count() const { return count_; }
  [[nodiscard]] Id id(unsigned lane) const { return ids_[lane]; }

  /// A free lane, from now on that of `id`; nothing of it differs yet. Only if count() < lane_count.
  unsigned enter(Id id);
  /// The lanes are free again, and nothing of them differs. Returns how many there were.
  unsigned leave(const Lanes& lanes);

  void flip(std::uint32_t flip_flop, unsigned lane) { set(rows_[flip_flop], lane); }
  /// Of each flip-flop: where it differs.
  [[nodiscard]] std::span<Lanes> rows() { return rows_; }
  [[nodiscard]] std::span<const Lanes> rows() const { return rows_; }
  [[nodiscard]] MemoryRows& memories() { return memories_; }
  [[nodiscard]] const MemoryRows& memories() const { return memories_; }

  /// All that differs in a lane, in ascending order.
  [[nodiscard]] std::vector<StateBit> bits_of(unsigned lane, const StateBits& bits) const;

  struct Lasting {
    unsigned lane = 0;
    Net net = tb::net_none;
    Force::Level level = Force::Level::invert;
    std::uint32_t until = 0;  ///< the first clock without it
  };
  [[nodiscard]] std::vector<Lasting>& forces() { return forces_; }

 private:
  std::vector<Lanes> rows_;
  MemoryRows memories_;
  std::vector<Lasting> forces_;
  std::array<Id, lane_count> ids_{};
  Lanes live_ = no_lanes();
  unsigned count_ = 0;
};

}  // namespace hilbert::campaign

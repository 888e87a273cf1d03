// SPDX-License-Identifier: Apache-2.0
// 512 disturbed runs that live on from clock to clock.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "campaign/differences.hpp"

namespace hilbert::campaign {

/// Number of an upset in the sweep's table of verdicts.
using Id = std::uint32_t;

/// The state of up to 512 runs, as differences from the golden run's.
class Word {
 public:
  explicit Word(std::uint32_t flip_flops) : flip_flops_(flip_flops, no_lanes()), listed_(flip_flops) {}

  [[nodiscard]] const Lanes& live() const { return live_; }
  [[nodiscard]] unsigned count() const { return count_; }
  [[nodiscard]] Id id(unsigned lane) const { return ids_[lane]; }

  /// A free lane, from now on that of `id`; nothing of it differs yet. Only if count() < lane_count.
  unsigned enter(Id id);
  /// The lanes are free again, and nothing of them differs. Returns how many there were.
  unsigned leave(const Lanes& lanes);

  void flip(std::uint32_t flip_flop, unsigned lane);
  void flip(std::uint32_t memory, std::uint32_t word, std::uint32_t bit, std::uint32_t width, unsigned lane);

  /// Gives the state to a clock's differences, and takes it back after it.
  void give(Differences& clock);
  void take(Differences& clock);

  /// Calls with (flip-flop, lanes) and (memory, word, bit, lanes) all that differs.
  template <class OnFlipFlop, class OnMemory>
  void each(OnFlipFlop on_flip_flop, OnMemory on_memory) const {
    for (const std::uint32_t i : active_) {
      if (any(flip_flops_[i])) on_flip_flop(i, flip_flops_[i]);
    }
    for (const auto& [key, bits] : words_) {
      for (std::uint32_t bit = 0; bit < bits.size(); ++bit) {
        if (any(bits[bit])) {
          on_memory(static_cast<std::uint32_t>(key >> 32), static_cast<std::uint32_t>(key), bit, bits[bit]);
        }
      }
    }
  }

 private:
  std::vector<Lanes> flip_flops_;
  std::vector<std::uint32_t> active_;  ///< flip-flops that may differ
  std::vector<std::uint8_t> listed_;   ///< by flip-flop: whether it is among them
  WordDifferences words_;
  std::array<Id, lane_count> ids_{};
  Lanes live_ = no_lanes();
  unsigned count_ = 0;
};

}  // namespace hilbert::campaign

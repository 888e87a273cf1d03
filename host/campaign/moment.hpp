// SPDX-License-Identifier: Apache-2.0
// One clock of the undisturbed run, spread out for 512 lanes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "campaign/trace.hpp"

namespace hilbert::campaign {

/// A thread's own; goes forward only.
class Moment {
 public:
  explicit Moment(const Trace& trace)
      : trace_(trace), image_(trace.at_start()), masks_(trace.netlist().nets), next_(trace.bits().flip_flops()) {
    look();
  }

  [[nodiscard]] const Trace& trace() const { return trace_; }
  [[nodiscard]] std::uint32_t clock() const { return clock_; }
  /// Goes on to a later clock, before the budget.
  void go(std::uint32_t clock) {
    if (clock == clock_) return;
    for (; clock_ < clock; ++clock_) trace_.write(image_, clock_);
    look();
  }

  /// A settled level: all ones or all zeros.
  [[nodiscard]] std::uint64_t mask(Net net) const { return masks_[net]; }
  [[nodiscard]] const std::vector<std::uint64_t>& masks() const { return masks_; }
  /// What a flip-flop holds after the edge.
  [[nodiscard]] std::uint64_t next(std::uint32_t flip_flop) const { return next_[flip_flop]; }

  /// Memories before the edge.
  [[nodiscard]] const Image& image() const { return image_; }
  /// 64 bits of a word when the write ports before `ports` have written.
  [[nodiscard]] std::uint64_t piece(std::uint32_t memory, std::uint32_t word, std::uint32_t piece,
                                    std::size_t ports) const {
    const tb::Memory& m = trace_.netlist().memories[memory];
    std::uint64_t bits = image_.word(memory, word)[piece];
    for (std::size_t p = 0; p < ports; ++p) {
      const tb::WritePort& port = m.writes[p];
      if (word_at(m, port.address) != word) continue;
      for (std::uint32_t i = 64 * piece; i < std::min(m.width, 64 * piece + 64); ++i) {
        if (masks_[port.enable[i]] == 0) continue;
        const std::uint64_t bit = std::uint64_t{1} << i % 64;
        bits = (bits & ~bit) | (masks_[port.data[i]] & bit);
      }
    }
    return bits;
  }
  [[nodiscard]] std::uint32_t word_at(const tb::Memory& memory, const std::vector<Net>& address) const {
    std::uint64_t at = 0;
    for (std::size_t i = 0; i < address.size(); ++i) at |= (masks_[address[i]] & 1) << i;
    return memory.word_at(at);
  }

 private:
  void look() {
    expand(trace_.levels(clock_), masks_);
    const auto after = trace_.levels(clock_ + 1);
    const auto& flip_flops = trace_.netlist().flip_flops;
    for (std::size_t i = 0; i < next_.size(); ++i)
      next_[i] = -(after[flip_flops[i].q / 64] >> flip_flops[i].q % 64 & 1);
  }

  const Trace& trace_;
  Image image_;
  std::vector<std::uint64_t> masks_, next_;
  std::uint32_t clock_ = 0;
};

}  // namespace hilbert::campaign

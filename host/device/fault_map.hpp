// SPDX-License-Identifier: Apache-2.0
// Injected bit flips of a SECDED memory, kept apart from its good contents.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>

namespace hilbert::device {

/// What reading a word of 64-bit lanes gives, each lane with 8 check bits.
enum class WordState : std::uint8_t { good, corrected, uncorrectable };

/// Flips by word address. One flipped bit in a lane is corrected, more are uncorrectable (of three and more the real
/// code takes some for one: rtl/prim/hb_secded_pkg.sv).
class FaultMap {
 public:
  /// Flips bit 0..71 of a lane; flipping it twice restores it.
  void flip(std::uint32_t word, unsigned lane, unsigned bit);

  [[nodiscard]] bool empty() const { return words_.empty(); }
  [[nodiscard]] WordState state(std::uint32_t word) const;
  /// Writing words makes them good.
  void heal(std::uint32_t first, std::uint64_t bytes);
  /// Turns the good contents of an uncorrectable word into what is stored.
  void disturb(std::uint32_t word, std::span<std::byte> contents) const;

  /// Calls on_word(address, state) for the disturbed words of a range, ascending.
  template <class OnWord>
  void each(std::uint32_t first, std::uint64_t bytes, OnWord on_word) const {
    for (auto it = words_.lower_bound(first); it != words_.end() && it->first - first < bytes; ++it) {
      on_word(it->first, state(it->first));
    }
  }

 private:
  struct Lane {
    std::uint64_t data = 0;
    std::uint8_t check = 0;
    bool operator==(const Lane&) const = default;
  };
  using Word = std::array<Lane, 8>;
  std::map<std::uint32_t, Word> words_;
};

}  // namespace hilbert::device

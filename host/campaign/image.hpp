// SPDX-License-Identifier: Apache-2.0
// What the memories of a design hold, 64 bits a piece.
#pragma once

#include <cstdint>
#include <hilbert/tb/gate_simulator.hpp>
#include <span>
#include <vector>

namespace hilbert::campaign {

class Image {
 public:
  explicit Image(const tb::GateSimulator& simulator) {
    const auto& memories = simulator.netlist().memories;
    for (std::size_t m = 0; m < memories.size(); ++m) {
      const tb::Memory& memory = memories[m];
      const std::uint32_t pieces = (memory.width + 63) / 64;
      memories_.push_back({static_cast<std::uint32_t>(pieces_.size()), pieces});
      pieces_.resize(pieces_.size() + std::size_t{pieces} * memory.words);
      const auto& bits = simulator.words(m);
      for (std::size_t w = 0; w < memory.words; ++w) {
        for (std::size_t i = 0; i < memory.width; ++i) {
          pieces_[memories_[m].first + w * pieces + i / 64] |= std::uint64_t{bits[w * memory.width + i]} << i % 64;
        }
      }
    }
  }

  /// Of a word, bit 0 first; those beyond its width are 0.
  [[nodiscard]] std::span<const std::uint64_t> word(std::uint32_t memory, std::uint32_t word) const {
    return std::span(pieces_).subspan(memories_[memory].first + std::size_t{word} * memories_[memory].pieces,
                                      memories_[memory].pieces);
  }
  [[nodiscard]] std::span<std::uint64_t> word(std::uint32_t memory, std::uint32_t word) {
    return std::span(pieces_).subspan(memories_[memory].first + std::size_t{word} * memories_[memory].pieces,
                                      memories_[memory].pieces);
  }
  [[nodiscard]] std::uint32_t pieces(std::uint32_t memory) const { return memories_[memory].pieces; }
  [[nodiscard]] bool bit(std::uint32_t memory, std::uint32_t word, std::uint32_t bit) const {
    return (this->word(memory, word)[bit / 64] >> bit % 64 & 1) != 0;
  }

 private:
  struct Place {
    std::uint32_t first = 0, pieces = 0;
  };
  std::vector<Place> memories_;
  std::vector<std::uint64_t> pieces_;
};

}  // namespace hilbert::campaign

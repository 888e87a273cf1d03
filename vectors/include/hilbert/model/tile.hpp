// SPDX-License-Identifier: Apache-2.0
// What a tile does with a descriptor: its data memory, its semaphores and its completions, without time and without
// faults.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hilbert/model/descriptor.hpp"

namespace hilbert::model {

inline constexpr unsigned kSemaphores = 8;

/// Bit-equal to the RTL in memory, semaphores, status, field, flags and sequence number. Not modelled: cycle counts
/// (zero in completions), poison and abort.
class Tile {
 public:
  /// Throws std::invalid_argument for a geometry that rtl/README.md does not allow.
  explicit Tile(const Geometry& geometry);

  const Geometry& geometry() const { return geometry_; }
  std::span<std::byte> memory() { return memory_; }
  std::span<const std::byte> memory() const { return memory_; }
  std::array<std::uint16_t, kSemaphores>& semaphores() { return semaphores_; }
  const std::array<std::uint16_t, kSemaphores>& semaphores() const { return semaphores_; }

  /// Checks the descriptor, takes its semaphore, runs it, signals. Nothing, with nothing changed, if the job would have
  /// to wait for its semaphore: call again after a signal. A refused job neither waits nor signals.
  std::optional<Completion> run(const Words& descriptor);

 private:
  Flags execute(const Descriptor& job);
  Flags execute_gemm(const Descriptor& job);
  Flags execute_convert(const Descriptor& job);
  void execute_copy(const Descriptor& job);
  void execute_fill(const Descriptor& job);

  Geometry geometry_;
  std::vector<std::byte> memory_;
  std::array<std::uint16_t, kSemaphores> semaphores_{};
  std::uint32_t sequence_ = 0;
};

}  // namespace hilbert::model

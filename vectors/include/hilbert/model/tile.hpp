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

inline constexpr unsigned semaphore_count = 8;

/// What SEND, GET and SIGNAL of a tile reach (rtl/net/README.md), without time: a call takes effect at once. send and
/// get say whether the transfer goes on: not past a word that cannot be read, and a GET not without an answer. What is
/// sent to a chip that is not there is lost, and the sender none the wiser.
class Network {
 public:
  virtual ~Network() = default;

  /// Whole words of this tile's memory, at `from`, into the memory of (x, y).
  virtual bool send(unsigned x, unsigned y, std::uint32_t to, std::uint32_t from, std::uint32_t bytes) = 0;
  /// Whole words of the memory of (x, y), at `from`, into this tile's.
  virtual bool get(unsigned x, unsigned y, std::uint32_t from, std::uint32_t to, std::uint32_t bytes) = 0;
  virtual void signal(unsigned x, unsigned y, unsigned semaphore, unsigned count) = 0;
  /// A transfer came to its end.
  virtual void finished() {}
};

/// Bit-equal to the RTL in memory, semaphores, status, field, flags and sequence number. Not modelled: counts of clocks
/// (zero in completions), poison and abort.
class Tile {
 public:
  /// Throws std::invalid_argument for a geometry that rtl/README.md does not allow.
  explicit Tile(const Geometry& geometry);

  const Geometry& geometry() const { return geometry_; }
  std::span<std::byte> memory() { return memory_; }
  std::span<const std::byte> memory() const { return memory_; }
  std::array<std::uint16_t, semaphore_count>& semaphores() { return semaphores_; }
  const std::array<std::uint16_t, semaphore_count>& semaphores() const { return semaphores_; }
  /// Adds to a semaphore, up to 65535.
  void signal(unsigned semaphore, unsigned count);

  /// Who carries out the transfers of this tile; must live as long. Without one they reach nobody.
  void join(Network* network) { network_ = network; }

  /// Checks the descriptor, takes its semaphore, runs it, signals. Nothing, with nothing changed, if the job would have
  /// to wait for its semaphore: call again after a signal. A refused job neither waits nor signals.
  std::optional<Completion> run(const Words& descriptor);

 private:
  Flags execute(const Descriptor& job);
  void transfer(const Descriptor& job);

  Geometry geometry_;
  std::vector<std::byte> memory_;
  std::array<std::uint16_t, semaphore_count> semaphores_{};
  std::uint32_t sequence_ = 0;
  Network* network_ = nullptr;
};

}  // namespace hilbert::model

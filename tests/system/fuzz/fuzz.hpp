// SPDX-License-Identifier: Apache-2.0
// Random and near-valid descriptors on a device, against the reference model: no hang, no byte written outside D,
// memory, semaphores and completions equal.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <hilbert/device.hpp>
#include <hilbert/model/tile.hpp>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lone_network.hpp"

namespace hilbert::test {

/// Descriptors are run in batches; a batch follows from seed, index and geometry alone, and can be run alone.
inline constexpr std::uint32_t batch_jobs = 32;

struct Batch {
  std::vector<std::byte> image;  ///< of the data memory before the first job
  std::array<std::uint16_t, model::semaphore_count> semaphores{};
  std::uint8_t place = 0;  ///< PLACE of a chip with links
  std::vector<model::Words> jobs;
  std::vector<std::uint32_t>
      bursts;  ///< how many descriptors go into the queue at once; their sum is jobs.size(); transfers end one
};
Batch make_batch(const model::Geometry& geometry, std::uint64_t seed, std::uint64_t index);

/// What a device did wrong, in words; `job` is the index in the batch, or nothing where it cannot be told.
struct Failure {
  std::optional<std::uint32_t> job;
  std::string what;
};

class Fuzz {
 public:
  explicit Fuzz(Device& device);
  Fuzz(const Fuzz&) = delete;
  Fuzz& operator=(const Fuzz&) = delete;

  /// Runs a batch. If memory differs after it, runs it again job by job to find the one.
  std::optional<Failure> run(const Batch& batch);

  /// Descriptors run, by status and by opcode (0: no opcode).
  [[nodiscard]] const std::map<std::pair<model::Status, unsigned>, std::uint64_t>& seen() const { return seen_; }
  /// Jobs that had to wait for a semaphore which the host then posted.
  [[nodiscard]] std::uint64_t waits() const { return waits_; }
  /// Transfers that reached nobody, and those that may have read what they wrote.
  [[nodiscard]] std::uint64_t nowhere() const { return nowhere_; }
  [[nodiscard]] std::uint64_t entangled() const { return entangled_; }

 private:
  std::optional<Failure> attempt(const Batch& batch, bool one_by_one);
  std::optional<std::string> follow(const model::Words& words, std::uint64_t patience);
  std::optional<std::string> await_wait(std::uint64_t patience);
  std::optional<std::string> compare_memory();
  std::optional<std::string> follow_transfer(const model::Descriptor& job, std::span<const std::byte> before,
                                             std::uint64_t patience);
  std::optional<std::string> adopt(const model::Descriptor& job, std::span<const std::byte> before);
  std::optional<std::string> compare_network();
  [[nodiscard]] std::uint32_t read(std::uint32_t offset) { return device_.read_register(register_base + offset); }
  void write(std::uint32_t offset, std::uint32_t value) { device_.write_register(register_base + offset, value); }
  [[nodiscard]] std::uint32_t read_net(std::uint32_t offset) {
    return device_.read_register(net_register_base + offset);
  }
  void write_net(std::uint32_t offset, std::uint32_t value) {
    device_.write_register(net_register_base + offset, value);
  }
  void restart();
  void power_on();

  Device& device_;
  model::Geometry geometry_;
  model::Tile tile_;
  LoneNetwork network_;
  bool timeless_;                ///< the device takes no time: it is the model
  NetworkCounts counts_;         ///< expected since reset
  std::uint32_t causes_ = 0;     ///< of IRQ_STATUS, expected of this batch
  std::uint32_t completed_ = 0;  ///< since reset: the number of the next job
  std::map<std::pair<model::Status, unsigned>, std::uint64_t> seen_;
  std::uint64_t waits_ = 0, nowhere_ = 0, entangled_ = 0;
};

}  // namespace hilbert::test

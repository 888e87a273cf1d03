// SPDX-License-Identifier: Apache-2.0
// The core inside a running chip, in lock-step with the simulator, whatever host and tile do meanwhile.
#pragma once

#include <cstdint>
#include <hilbert/device.hpp>
#include <hilbert/elf.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/lockstep/follower.hpp"
#include "watched_chip.hpp"

namespace hilbert::test {

/// A watched chip behind the host's interface. The simulator has a controller memory of its own. What others may change
/// too is taken from the core's record: what a load from data memory, queue memory or a register returned, whether an
/// access to them failed, and when an interrupt or a reset came; of the controller memory, whether an access to a word
/// failed in which the core itself has had bits flipped (INJECT_*).
class ChipLockStep : private model::IssBus {
 public:
  ChipLockStep();
  ~ChipLockStep() override { set_watch({}); }
  ChipLockStep(const ChipLockStep&) = delete;
  ChipLockStep& operator=(const ChipLockStep&) = delete;

  [[nodiscard]] Device& device() { return *device_; }
  /// Holds the core and writes the image, here and there.
  void load(const Firmware& firmware);
  /// Reads back the controller memory and compares it with the simulator's, once the core is halted.
  void compare_memory();

  [[nodiscard]] const Follower& follower() const { return follower_; }
  std::uint64_t clocks = 0, restarts = 0;
  std::uint64_t believed = 0;  ///< loads and failed accesses taken from the record

 private:
  void clock(const WatchedClock& core);
  [[nodiscard]] std::uint32_t* find(std::uint32_t address);
  /// Words of the controller memory: an access failed in one that the core has had disturbed.
  bool disturbed(std::uint32_t address);
  static std::uint32_t word_of(std::uint32_t address) { return address & ~7u; }
  /// What the core's store to a register does to the controller memory.
  void written(std::uint32_t address, std::uint32_t data);
  /// Outside the controller memory: whether there is anything that the core may access so.
  [[nodiscard]] static bool shared(std::uint32_t address, unsigned bytes);

  std::optional<std::uint32_t> fetch(std::uint32_t address) override;
  std::optional<std::uint32_t> load(std::uint32_t address, unsigned bytes) override;
  bool store(std::uint32_t address, unsigned bytes, std::uint32_t data) override;

  std::vector<std::uint32_t> memory_ = std::vector<std::uint32_t>(watched_cpu_bytes / 4);
  Follower follower_;
  Retirement record_;  ///< of this clock
  std::uint32_t inject_at_ = 0;
  std::map<std::uint32_t, bool> disturbed_;  ///< words whose bits the core has flipped; it was seen to be uncorrectable
  bool running_ = false;
  std::unique_ptr<Device> device_;
};

}  // namespace hilbert::test

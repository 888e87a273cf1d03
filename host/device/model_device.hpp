// SPDX-License-Identifier: Apache-2.0
// `model:`: the reference model behind the device interface, registers and memory errors included, without time.
#pragma once

#include <array>
#include <hilbert/model/tile.hpp>
#include <hilbert/regs/tile.hpp>
#include <vector>

#include "backend.hpp"
#include "fault_map.hpp"
#include "model_controller.hpp"
#include "model_network.hpp"

namespace hilbert::device {

class ModelDevice;

/// What a board does for the chips on it.
class ModelSurroundings {
 public:
  virtual ~ModelSurroundings() = default;
  /// Jobs of the chip may go on: run_jobs(), now or once other chips' jobs that run now have come to rest.
  virtual void wake(ModelDevice& chip) = 0;
  /// The host lets the chip idle: pass(), for it and for those that have the same time.
  virtual void idle(ModelDevice& chip, std::uint32_t clocks) = 0;
};

/// Jobs run, in no time, when the doorbell or a semaphore lets them. Counters of clocks and stalls read 0; idle() is
/// what the scrubber and the controller take for time. A job that read a poisoned word computes with the good one, and
/// says POISONED.
class ModelDevice final : public Backend, private ModelTile, private ModelChip {
 public:
  /// A chip that check_geometry() allows.
  ModelDevice(const Configuration& chip, std::string uri);
  static Abilities abilities() { return {.inject = true}; }

  void idle(std::uint32_t clocks) override;
  [[nodiscard]] std::uint64_t clocks() const override { return 0; }
  [[nodiscard]] bool interrupt() override;

  /// For a board, which must live as long.
  void place_on(ModelSurroundings* board) { board_ = board; }
  [[nodiscard]] ModelNetwork& network() { return network_; }
  void run_jobs();
  void pass(std::uint32_t clocks);

 protected:
  void fetch(std::uint32_t address, std::span<std::byte> out) override;
  void store(std::uint32_t address, std::span<const std::byte> in) override;
  std::uint32_t fetch_register(std::uint32_t address) override;
  void store_register(std::uint32_t address, std::uint32_t value) override;
  void power_on() override;

 private:
  using Reader = regs::tile::Source;
  struct Ecc {
    std::uint32_t corrected = 0;
    bool poisoned = false;
    std::uint32_t poison_address = 0;
  };

  std::uint32_t& value(std::uint32_t offset) { return values_[offset / 4]; }
  std::span<std::byte> bytes_at(std::uint32_t address, std::size_t size);

  std::optional<std::uint32_t> core_fetch(std::uint32_t address) override;
  std::optional<std::uint32_t> core_load(std::uint32_t address) override;
  bool core_merge(std::uint32_t address, unsigned bytes, std::uint32_t data) override;
  std::optional<std::uint32_t> core_read_register(std::uint32_t address) override;
  bool core_write_register(std::uint32_t address, std::uint32_t value) override;
  std::uint32_t core_interrupts() override;

  [[nodiscard]] std::uint32_t controller_bytes() const { return static_cast<std::uint32_t>(controller_memory_.size()); }
  [[nodiscard]] bool is_memory(std::uint32_t address) const;
  std::optional<std::uint32_t> core_read(std::uint32_t address, Reader reader);
  std::uint32_t read_tile_register(std::uint32_t offset);
  void write_tile_register(std::uint32_t offset, std::uint32_t value);

  std::optional<std::uint32_t> network_reads(std::uint32_t address, std::uint32_t bytes) override;
  void network_wrote(std::uint32_t address, std::uint32_t bytes) override { faults_.heal(address, bytes); }
  void network_signalled() override { advance(); }

  void advance();
  bool run_head();
  void complete(model::Completion completion, bool wants_irq);
  void abort();
  void inject();
  void heal(std::uint32_t address);
  void scrub(std::uint64_t words);

  /// Counts what reading a range meets, as `reader`.
  void meet(std::uint32_t address, std::uint64_t bytes, Reader reader, Ecc& ecc);
  Ecc meet_operands(const model::Descriptor& job);
  void heal_result(const model::Descriptor& job);

  model::Geometry geometry_;
  model::Tile tile_;
  std::vector<std::byte> queue_;
  std::vector<std::byte> controller_memory_;  ///< empty: no controller
  ModelController controller_;
  FaultMap faults_;
  ModelNetwork network_;
  ModelSurroundings* board_ = nullptr;  ///< nullptr: alone
  std::array<std::uint32_t, regs::tile::size / 4> values_{};
  bool running_ = false;
  bool waiting_ = false;  ///< the job at the head waits for its semaphore
  std::uint32_t sequence_ = 0;
  std::uint64_t scrub_clocks_ = 0;
};

}  // namespace hilbert::device

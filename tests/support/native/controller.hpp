// SPDX-License-Identifier: Apache-2.0
// A device whose controller runs the monitor natively: the same C source, compiled for this machine, its loads and
// stores going to another device.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <hilbert/device.hpp>
#include <span>

namespace hilbert::firmware {

/// Wraps a device and adds the controller block of rtl/regs/cpu.toml: mailbox, doorbells, timer, watchdog, reset
/// reason, RUN; not the debug port. Controller memory is the other device's, and all spare: nothing there is executed.
/// The core's time passes in idle(): one slice of the monitor a call. One of them runs at a time in a process (the
/// firmware has static state).
class NativeController final : public Device {
 public:
  explicit NativeController(Device& inner);
  ~NativeController() override;
  NativeController(const NativeController&) = delete;
  NativeController& operator=(const NativeController&) = delete;

  const Capabilities& capabilities() const override { return inner_.capabilities(); }
  void read_words(std::uint32_t address, std::span<std::byte> out) override { inner_.read_words(address, out); }
  void write_words(std::uint32_t address, std::span<const std::byte> in) override { inner_.write_words(address, in); }
  std::uint32_t read_register(std::uint32_t address) override;
  void write_register(std::uint32_t address, std::uint32_t value) override;
  void idle(std::uint32_t clocks) override;
  std::uint64_t clocks() const override { return inner_.clocks(); }
  bool interrupt() override { return inner_.interrupt() || host_irq_ != 0; }
  void reset() override;

  /// Thrown by on_access to stop the core where it is, as an upset might: it does nothing more until the watchdog.
  struct CoreDied {};
  /// Called before each access of the firmware, with its number since RUN; address; whether it writes.
  std::function<void(std::uint64_t, std::uint32_t, bool)> on_access;
  /// Clocks that pass with each access of the firmware.
  std::uint32_t access_clocks = 8;
  [[nodiscard]] std::uint64_t accesses() const { return accesses_; }
  [[nodiscard]] bool dead() const { return dead_; }
  void kill() { dead_ = true; }
  /// Whether the firmware said in its last slice that it has nothing to do.
  [[nodiscard]] bool asleep() const { return asleep_; }

  /// The firmware's own accesses (firmware/include/mmio.h).
  std::uint32_t core_read(std::uint32_t address);
  void core_write(std::uint32_t address, std::uint32_t value);
  bool core_load(std::uint32_t address, std::span<std::uint32_t> words);
  bool core_store(std::uint32_t address, std::span<const std::uint32_t> words);

 private:
  void count_access(std::uint32_t address, bool write);
  void start();
  void pass(std::uint64_t clocks);
  void run(void (*firmware)());
  void reset_core();
  [[nodiscard]] std::uint32_t controller_read(std::uint32_t offset);
  void controller_write(std::uint32_t offset, std::uint32_t value, bool from_core);

  Device& inner_;
  std::array<std::uint32_t, 16> mailbox_{};
  std::uint32_t doorbell_ = 0, host_irq_ = 0, irq_enable_ = 0, msip_ = 0;
  std::uint32_t period_ = 0, reason_ = 0, start_ = 0;
  std::uint64_t now_ = 0, compare_ = ~std::uint64_t{0}, held_ = 0, kicked_ = 0, accesses_ = 0;
  bool running_ = false, dead_ = false, asleep_ = false, reset_wanted_ = false;
};

}  // namespace hilbert::firmware

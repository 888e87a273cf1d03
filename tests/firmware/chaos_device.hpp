// SPDX-License-Identifier: Apache-2.0
// A device to which something happens at chosen moments, between two accesses of the host.
#pragma once

#include <cstdint>
#include <functional>
#include <hilbert/device.hpp>
#include <span>

namespace hilbert::firmware {

/// Forwards everything; calls `before_access` before each access while armed. What happens there uses the inner device.
class ChaosDevice final : public Device {
 public:
  explicit ChaosDevice(Device& inner) : inner_(inner) {}

  std::function<void()> before_access;
  bool armed = false;
  /// Clocks that the host has let pass.
  [[nodiscard]] std::uint64_t idled() const { return idled_; }

  const Capabilities& capabilities() const override { return inner_.capabilities(); }
  void read_words(std::uint32_t address, std::span<std::byte> out) override {
    happen();
    inner_.read_words(address, out);
  }
  void write_words(std::uint32_t address, std::span<const std::byte> in) override {
    happen();
    inner_.write_words(address, in);
  }
  std::uint32_t read_register(std::uint32_t address) override {
    happen();
    return inner_.read_register(address);
  }
  void write_register(std::uint32_t address, std::uint32_t value) override {
    happen();
    inner_.write_register(address, value);
  }
  void idle(std::uint32_t clocks) override {
    happen();
    idled_ += clocks;
    inner_.idle(clocks);
  }
  std::uint64_t clocks() const override { return inner_.clocks(); }
  bool interrupt() override { return inner_.interrupt(); }
  void reset() override { inner_.reset(); }

 private:
  void happen() {
    if (armed && before_access) before_access();
  }

  Device& inner_;
  std::uint64_t idled_ = 0;
};

}  // namespace hilbert::firmware

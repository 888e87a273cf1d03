// SPDX-License-Identifier: Apache-2.0
// What every backend has in common: address checks, the identity check at opening, memory made readable after reset.
#pragma once

#include <hilbert/device.hpp>

#include "uri.hpp"

namespace hilbert::device {

/// A backend implements the protected functions; they get checked, aligned addresses within one memory.
class Backend : public Device {
 public:
  [[nodiscard]] const Capabilities& capabilities() const final { return capabilities_; }
  void read_words(std::uint32_t address, std::span<std::byte> out) final;
  void write_words(std::uint32_t address, std::span<const std::byte> in) final;
  [[nodiscard]] std::uint32_t read_register(std::uint32_t address) final;
  void write_register(std::uint32_t address, std::uint32_t value) final;
  void reset() final;

 protected:
  /// Powers on, reads the identity block, refuses a chip that is not the one compiled for or not the one `uri` asks for
  /// (Error, machine), then resets. Last in the constructor of a backend, whose class must be final.
  void open(const Uri& uri, std::string description, bool clock_accurate);

  virtual void fetch(std::uint32_t address, std::span<std::byte> out) = 0;
  virtual void store(std::uint32_t address, std::span<const std::byte> in) = 0;
  virtual std::uint32_t fetch_register(std::uint32_t address) = 0;
  virtual void store_register(std::uint32_t address, std::uint32_t value) = 0;
  virtual void power_on() = 0;

 private:
  void check_range(std::uint32_t address, std::size_t size) const;
  void check_register(std::uint32_t address) const;

  Capabilities capabilities_;
};

}  // namespace hilbert::device

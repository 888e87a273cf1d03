// SPDX-License-Identifier: Apache-2.0
// What every device has in common: address checks, the identity check at opening, memory made readable after reset.
#pragma once

#include <hilbert/device.hpp>
#include <optional>
#include <string>

#include "configurations.hpp"

namespace hilbert::device {

/// What is known of a device before it has answered.
struct Origin {
  std::string uri;   ///< completed with its defaults
  std::string kind;  ///< "verilated chip"
  Abilities can;
  std::optional<Configuration> chip = std::nullopt;  ///< what it must be; nothing: it may be any chip
};

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
  /// Powers on, reads the identity block, and refuses a chip that is not the one compiled for, not one that can be, or
  /// not the one that `origin` asks for (Error, machine). Then reset() may be called: last in the constructor of a
  /// backend, whose class must be final.
  void identify(const Origin& origin);

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

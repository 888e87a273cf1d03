// SPDX-License-Identifier: Apache-2.0
// A chip behind a Port: every device that speaks packets, whatever carries them.
#pragma once

#include <hilbert/port.hpp>
#include <memory>

#include "backend.hpp"

namespace hilbert::device {

class PortDevice final : public Backend {
 public:
  /// Resets the chip behind the port and learns from it what it is. Error (machine) for one that is not as `origin` has
  /// it, or whose words are not the port's.
  PortDevice(std::unique_ptr<Port> port, const Origin& origin);

  void idle(std::uint32_t clocks) override { port_->idle(clocks); }
  [[nodiscard]] std::uint64_t clocks() const override { return port_->clocks(); }
  [[nodiscard]] bool interrupt() override { return port_->irq(); }

 protected:
  void fetch(std::uint32_t address, std::span<std::byte> out) override;
  void store(std::uint32_t address, std::span<const std::byte> in) override;
  std::uint32_t fetch_register(std::uint32_t address) override;
  void store_register(std::uint32_t address, std::uint32_t value) override;
  void power_on() override { port_->restart(); }

 private:
  void demand(const PortResult& result, std::string_view what) const;

  std::unique_ptr<Port> port_;
};

}  // namespace hilbert::device

// SPDX-License-Identifier: Apache-2.0
// `sim:`: a verilated chip in this process.
#pragma once

#include <hilbert/tb/chip.hpp>
#include <hilbert/tb/host_port.hpp>

#include "backend.hpp"

namespace hilbert::device {

class SimDevice final : public Backend {
 public:
  SimDevice(const Uri& uri, const OpenOptions& options);
  /// A chip of the configuration that `uri` names, which others use as well: a chip of a mesh. It must live as long.
  SimDevice(const Uri& uri, tb::Chip& chip);

  void idle(std::uint32_t clocks) override { port_.idle(clocks); }
  [[nodiscard]] std::uint64_t clocks() const override { return chip_.clocks(); }
  [[nodiscard]] bool interrupt() override;

 protected:
  void fetch(std::uint32_t address, std::span<std::byte> out) override;
  void store(std::uint32_t address, std::span<const std::byte> in) override;
  std::uint32_t fetch_register(std::uint32_t address) override;
  void store_register(std::uint32_t address, std::uint32_t value) override;
  void power_on() override { port_.restart(); }

 private:
  void demand(const tb::PortResult& result, std::string_view what) const;

  std::unique_ptr<tb::Chip> owned_;  ///< empty: the chip is somebody else's
  tb::Chip& chip_;
  tb::HostPort port_;
};

}  // namespace hilbert::device

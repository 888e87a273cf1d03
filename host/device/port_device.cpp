// SPDX-License-Identifier: Apache-2.0
// Words and registers as bursts of packets.
#include "port_device.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "register_table.hpp"

namespace hilbert::device {

PortDevice::PortDevice(std::unique_ptr<Port> port, const Origin& origin) : port_(std::move(port)) {
  identify(origin);
  const std::size_t word = capabilities().geometry.word_bytes();
  if (port_->word_bytes() != word) {
    throw Error(ExitCode::machine,
                fmt::format("the chip has words of {} bytes, its port beats of {}", word, port_->word_bytes()),
                origin.uri, "what carries the packets was made for another chip");
  }
  reset();
}

void PortDevice::fetch(std::uint32_t address, std::span<std::byte> out) {
  const std::size_t most = max_burst_beats * port_->word_bytes();
  bool poisoned = false;
  std::uint32_t poison_address = 0;
  while (!out.empty()) {
    const std::size_t size = std::min(out.size(), most);
    const PortResult result = port_->read(address, out.first(size));
    if (result.status != PortStatus::poisoned) {
      demand(result, "read");
    } else if (!poisoned) {
      poisoned = true;
      poison_address = result.address;
    }
    address += static_cast<std::uint32_t>(size);
    out = out.subspan(size);
  }
  if (poisoned) throw UncorrectableError(poison_address, capabilities().uri);
}

void PortDevice::store(std::uint32_t address, std::span<const std::byte> in) {
  const std::size_t most = max_burst_beats * port_->word_bytes();
  while (!in.empty()) {
    const std::size_t size = std::min(in.size(), most);
    demand(port_->write(address, in.first(size)), "write");
    address += static_cast<std::uint32_t>(size);
    in = in.subspan(size);
  }
}

std::uint32_t PortDevice::fetch_register(std::uint32_t address) {
  std::uint32_t value = 0;
  demand(port_->read_registers(address, {&value, 1}), "read of register " + register_name(address));
  return value;
}

void PortDevice::store_register(std::uint32_t address, std::uint32_t value) {
  demand(port_->write_registers(address, {&value, 1}), "write of register " + register_name(address));
}

/// The addresses have been checked: a chip that refuses them is broken.
void PortDevice::demand(const PortResult& result, std::string_view what) const {
  if (result.status == PortStatus::ok) return;
  throw Error(
      ExitCode::machine,
      fmt::format("the chip refuses a legal {}: {} at {:#010x}", what, to_string(result.status), result.address),
      capabilities().uri, "the chip does not keep the contract of rtl/README.md, Host port");
}

}  // namespace hilbert::device

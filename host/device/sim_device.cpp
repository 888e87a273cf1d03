// SPDX-License-Identifier: Apache-2.0
// A verilated chip in this process.
#include "sim_device.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "register_table.hpp"

namespace hilbert::device {

SimDevice::SimDevice(const Uri& uri, const OpenOptions& options)
    : owned_(tb::Chip::make(uri.configuration)),
      chip_(*owned_),
      port_(chip_, {.seed = options.seed, .stall_probability = options.stall_probability}) {
  if (!options.trace_path.empty()) chip_.start_trace(options.trace_path);
  open(uri, "verilated chip", true);
}

SimDevice::SimDevice(const Uri& uri, tb::Chip& chip) : chip_(chip), port_(chip_) { open(uri, "verilated chip", true); }

void SimDevice::fetch(std::uint32_t address, std::span<std::byte> out) {
  const std::size_t most = tb::max_burst_beats * port_.word_bytes();
  bool poisoned = false;
  std::uint32_t poison_address = 0;
  while (!out.empty()) {
    const std::size_t size = std::min(out.size(), most);
    const tb::PortResult result = port_.read(address, out.first(size));
    if (result.status != tb::PortStatus::poisoned) {
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

void SimDevice::store(std::uint32_t address, std::span<const std::byte> in) {
  const std::size_t most = tb::max_burst_beats * port_.word_bytes();
  while (!in.empty()) {
    const std::size_t size = std::min(in.size(), most);
    demand(port_.write(address, in.first(size)), "write");
    address += static_cast<std::uint32_t>(size);
    in = in.subspan(size);
  }
}

std::uint32_t SimDevice::fetch_register(std::uint32_t address) {
  std::uint32_t value = 0;
  demand(port_.read_registers(address, {&value, 1}), "read of register " + register_name(address));
  return value;
}

void SimDevice::store_register(std::uint32_t address, std::uint32_t value) {
  demand(port_.write_registers(address, {&value, 1}), "write of register " + register_name(address));
}

bool SimDevice::interrupt() {
  chip_.settle();
  return chip_.host().irq != 0;
}

/// The addresses have been checked: a chip that refuses them is broken.
void SimDevice::demand(const tb::PortResult& result, std::string_view what) const {
  if (result.status == tb::PortStatus::ok) return;
  throw Error(
      ExitCode::machine,
      fmt::format("the chip refuses a legal {}: {} at {:#010x}", what, tb::to_string(result.status), result.address),
      capabilities().uri, "the chip does not keep the contract of rtl/README.md, Host port");
}

}  // namespace hilbert::device

// SPDX-License-Identifier: Apache-2.0
// The built-in monitor image: whether it fits a chip, and loading it.
#include "hilbert/monitor_image.hpp"

#include <fmt/format.h>

#include <hilbert/elf_symbols.hpp>
#include <hilbert/error.hpp>
#include <hilbert/monitor.hpp>
#include <hilbert/regs/cpu.hpp>
#include <vector>

#include "runtime/monitor_image_data.hpp"

namespace hilbert {
namespace {

constexpr const char* source = "the built-in firmware";

/// The end of the stack, which the linker script puts at the end of what the image needs (firmware/rv32/link.ld).
std::uint32_t needed_bytes() {
  const auto symbols = elf_symbols(monitor_image(), source);
  const auto top = symbols.find("stack_top");
  if (top == symbols.end()) throw Error(ExitCode::machine, "has no symbol stack_top", source, "build it again");
  return top->second - controller_memory_base;
}

}  // namespace

std::span<const std::byte> monitor_image() {
  return std::as_bytes(std::span(detail::monitor_image_data, detail::monitor_image_size));
}

std::string_view monitor_image_id() { return std::string_view(detail::monitor_image_sha256).substr(0, 8); }

std::uint32_t monitor_image_bytes() {
  static const std::uint32_t bytes = needed_bytes();
  return bytes;
}

std::string why_no_monitor(const Capabilities& device) {
  if (device.controller_bytes == 0) return "the device has no controller";
  if (device.controller_bytes < monitor_image_bytes()) {
    return fmt::format("the controller has {} bytes of memory, the firmware needs {}", device.controller_bytes,
                       monitor_image_bytes());
  }
  constexpr std::uint32_t least_slots = 2;
  if (2 * MONITOR_AREA_BYTES(least_slots) > device.geometry.data_bytes()) {
    return fmt::format("the device has {} bytes of data memory, of which the firmware would take {}",
                       device.geometry.data_bytes(), MONITOR_AREA_BYTES(least_slots));
  }
  return "";
}

void load_monitor(Device& device, std::uint32_t area_bytes) {
  const Capabilities& known = device.capabilities();
  if (const std::string why = why_no_monitor(known); !why.empty()) {
    throw Error(ExitCode::bad_input, "no firmware can run: " + why, known.uri,
                "use the direct path, or a device with a larger controller");
  }
  const model::Geometry& g = known.geometry;
  device.write_register(controller_register_base + regs::cpu::ctrl, 0);
  const auto zero = [&](std::uint32_t address, std::uint32_t bytes) {
    device.write_words(address, std::vector<std::byte>(bytes));
  };
  zero(controller_memory_base, known.controller_bytes);
  zero(queue_base, queue_bytes(g));
  zero(g.data_bytes() - area_bytes, area_bytes);
  const AddressRange memory[] = {{controller_memory_base, known.controller_bytes}};
  load_firmware(device, parse_elf(monitor_image(), source, memory));
}

}  // namespace hilbert

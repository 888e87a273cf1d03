// SPDX-License-Identifier: Apache-2.0
// The monitor's image as this library carries it, and what a chip needs to run it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <hilbert/device.hpp>
#include <hilbert/elf.hpp>
#include <span>
#include <string>

namespace hilbert {

/// The ELF file monitor.elf (firmware/README.md) of this build; empty where there was no RISC-V compiler.
[[nodiscard]] std::span<const std::byte> monitor_image();

/// Controller memory that it needs, its stack included; 0 without an image.
[[nodiscard]] std::uint32_t monitor_image_bytes();

/// Why the image cannot run on a device; "" if it can.
[[nodiscard]] std::string why_no_monitor(const Capabilities& device);

/// Loads the image: holds the core, zeroes controller memory, queue memory and the last `area_bytes` of data memory (so
/// that every uncorrectable word there is healed), writes the image. Error (exit code 2) if it cannot run there.
void load_monitor(Device& device, std::uint32_t area_bytes);

}  // namespace hilbert

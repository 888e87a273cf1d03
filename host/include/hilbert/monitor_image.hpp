// SPDX-License-Identifier: Apache-2.0
// The monitor's image as this library carries it, and what a chip needs to run it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <hilbert/device.hpp>
#include <hilbert/elf.hpp>
#include <span>
#include <string>
#include <string_view>

namespace hilbert {

/// The ELF file monitor.elf (firmware/README.md) of this build.
[[nodiscard]] std::span<const std::byte> monitor_image();

/// The first eight digits of its SHA-256, as `sha256sum monitor.elf` prints it.
[[nodiscard]] std::string_view monitor_image_id();

/// Controller memory that it needs, its stack included.
[[nodiscard]] std::uint32_t monitor_image_bytes();

/// Why the image cannot run on a device; "" if it can.
[[nodiscard]] std::string why_no_monitor(const Capabilities& device);

/// Loads the image: holds the core, zeroes controller memory, queue memory and the last `area_bytes` of data memory (so
/// that every uncorrectable word there is healed), writes the image. Error (exit code 2) if it cannot run there.
void load_monitor(Device& device, std::uint32_t area_bytes);

}  // namespace hilbert

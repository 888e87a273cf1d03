// SPDX-License-Identifier: Apache-2.0
// Firmware images: ELF executables for the tile's controller (32-bit RISC-V, little endian, RV32I without compression).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace hilbert {

/// Where a segment may go: `bytes` from `address` on.
struct AddressRange {
  std::uint32_t address = 0;
  std::uint64_t bytes = 0;

  friend bool operator==(const AddressRange&, const AddressRange&) = default;
};

/// What to write before the core starts: the file's bytes, then the zeros of .bss.
struct FirmwareSegment {
  std::uint32_t address = 0;  ///< physical (load) address
  std::vector<std::byte> bytes;

  friend bool operator==(const FirmwareSegment&, const FirmwareSegment&) = default;
};

struct Firmware {
  std::uint32_t entry = 0;                ///< for the register START
  std::vector<FirmwareSegment> segments;  ///< not empty, by rising address, without overlaps

  friend bool operator==(const Firmware&, const Firmware&) = default;
};

/// Reads an executable whose segments all lie in `memory`, each in one range. Anything else is an Error (exit code 2)
/// that says what is wrong and how to build what fits.
[[nodiscard]] Firmware read_elf(const std::filesystem::path& path, std::span<const AddressRange> memory);

/// The same from memory; `where` names the source in errors.
[[nodiscard]] Firmware parse_elf(std::span<const std::byte> file, std::string_view where,
                                 std::span<const AddressRange> memory);

}  // namespace hilbert

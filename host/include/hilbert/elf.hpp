// SPDX-License-Identifier: Apache-2.0
// Firmware images: ELF executables for the tile's controller (32-bit RISC-V, little endian, soft-float calls).
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

/// What to write before the core starts: bytes of the file, the zeros of .bss, or the one and then the other.
struct FirmwareSegment {
  std::uint32_t address = 0;  ///< of the file's bytes p_paddr, of zeros p_vaddr + p_filesz
  std::vector<std::byte> bytes;

  friend bool operator==(const FirmwareSegment&, const FirmwareSegment&) = default;
};

struct Firmware {
  std::uint32_t entry = 0;                ///< for the register START: an instruction of the file lies there
  bool compressed = false;                ///< e_flags: 16-bit instructions were allowed, which the core has not
  std::vector<FirmwareSegment> segments;  ///< not empty, by rising address, without overlaps

  friend bool operator==(const Firmware&, const Firmware&) = default;
};

/// The bytes of an ELF file, for parse_elf and elf_symbols: read_file with a bound beyond any executable for a chip.
[[nodiscard]] std::vector<std::byte> read_elf_bytes(const std::filesystem::path& path);

/// Reads an executable all of whose bytes and zeros lie in `memory`, each run of them in one range, none on another.
/// Anything else is an Error (exit code 2) that says what is wrong and how to build what fits.
[[nodiscard]] Firmware read_elf(const std::filesystem::path& path, std::span<const AddressRange> memory);

/// The same from memory; `where` names the source in errors.
[[nodiscard]] Firmware parse_elf(std::span<const std::byte> file, std::string_view where,
                                 std::span<const AddressRange> memory);

}  // namespace hilbert

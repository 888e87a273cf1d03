// SPDX-License-Identifier: Apache-2.0
// ELF-32 as its specification has it (System V ABI, chapter 4 and 5; RISC-V ELF psABI for e_flags): file header and
// program headers; sections do not matter for loading and are not looked at, nor does p_align, which is for pagers.
#include "hilbert/elf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/error.hpp>
#include <hilbert/file.hpp>
#include <string>
#include <utility>

namespace hilbert {
namespace {

constexpr std::size_t header_bytes = 52, program_header_bytes = 32;
constexpr std::uint32_t executable_type = 2, risc_v = 243, load_segment = 1, interpreter = 3;
constexpr std::uint32_t compressed_flag = 0x1, float_abi_flags = 0x6, embedded_flag = 0x8, rv64_ilp32 = 0x20;
constexpr std::uint32_t instruction_bytes = 4;
constexpr std::uint64_t max_file_bytes = std::uint64_t{1} << 28;
constexpr const char* how_to_build = "build with -march=rv32i_zicsr_zifencei -mabi=ilp32 -static";
constexpr const char* how_to_link = "link it with -static and without -pie, -shared or -r";
constexpr const char* file_is_damaged = "the file is damaged: copy or link it again";

class Parser {
 public:
  Parser(std::span<const std::byte> file, std::string_view where, std::span<const AddressRange> memory)
      : file_(file), where_(where), memory_(memory) {
    for (const AddressRange& range : memory) memory_bytes_ += range.bytes;
  }

  Firmware parse() {
    check_identity();
    firmware_.entry = word(24);
    firmware_.compressed = (word(36) & compressed_flag) != 0;
    const std::uint64_t table = word(28), entry_bytes = half(42), entries = half(44);
    if (entries == 0) refuse("it has no segments to load", "link it: this may be an object file");
    if (entry_bytes != program_header_bytes) {
      refuse(fmt::format("its program headers have {} bytes each, not {}", entry_bytes, program_header_bytes),
             file_is_damaged);
    }
    require(table, entries * entry_bytes, "its table of program headers");
    for (std::uint64_t i = 0; i < entries; ++i) segment(static_cast<std::size_t>(table + i * entry_bytes));
    check();
    return std::move(firmware_);
  }

 private:
  [[noreturn]] void refuse(std::string what, std::string next) const {
    throw Error(ExitCode::bad_input, std::move(what), std::string(where_), std::move(next));
  }
  void require(std::uint64_t offset, std::uint64_t bytes, std::string_view what) const {
    if (offset > file_.size() || bytes > file_.size() - offset) {
      refuse(fmt::format("the file is truncated: {} needs bytes {} to {}, there are {}", what, offset, offset + bytes,
                         file_.size()),
             file_is_damaged);
    }
  }
  [[nodiscard]] std::uint32_t byte(std::size_t offset) const { return std::to_integer<std::uint32_t>(file_[offset]); }
  [[nodiscard]] std::uint32_t half(std::size_t offset) const { return byte(offset) | byte(offset + 1) << 8; }
  [[nodiscard]] std::uint32_t word(std::size_t offset) const { return half(offset) | half(offset + 2) << 16; }

  void check_identity() const {
    if (file_.size() < 4 || word(0) != 0x464C'457F)
      refuse("not an ELF file", "give the linked executable, not a binary or hex image");
    require(0, header_bytes, "its header");
    if (byte(4) != 1) refuse(byte(4) == 2 ? "a 64-bit ELF file" : "an ELF file of unknown class", how_to_build);
    if (byte(5) != 1)
      refuse(byte(5) == 2 ? "a big-endian ELF file" : "an ELF file of unknown byte order", how_to_build);
    if (byte(6) != 1 || word(20) != 1) refuse("an ELF file of unknown version", file_is_damaged);
    if (half(18) != risc_v) refuse(fmt::format("for machine {}, not RISC-V (243)", half(18)), how_to_build);
    if (half(16) != executable_type)
      refuse(fmt::format("ELF type {}, not an executable (2){}", half(16), type_text()), how_to_link);
    const std::uint32_t flags =
        word(36);  // RVC is no reason: a 16-bit instruction traps, alignment alone sets the flag
    if (flags & embedded_flag) refuse("it is built for RV32E, whose calls pass other registers", how_to_build);
    if (flags & rv64_ilp32)
      refuse("it is built for RV64 with 32-bit pointers (e_flags), the core is RV32", how_to_build);
    if (flags & float_abi_flags) refuse("it passes floating-point registers, the core has none", how_to_build);
  }

  [[nodiscard]] std::string_view type_text() const {
    switch (half(16)) {
      case 1:
        return ": an object file that was not linked";
      case 3:
        return ": a shared object, or position independent";
      case 4:
        return ": a core dump";
      default:
        return "";
    }
  }

  /// The file's bytes go to the physical address, where the program's start looks for them: the linker's `AT>` puts
  /// .data behind the code, and the start copies it. The zeros behind them belong to the virtual address, where the
  /// running program has its .bss.
  void segment(std::size_t header) {
    const std::uint32_t type = word(header), offset = word(header + 4), virtual_address = word(header + 8);
    const std::uint32_t address = word(header + 12), file_bytes = word(header + 16), memory_bytes = word(header + 20);
    if (type == interpreter) refuse("it is linked dynamically", how_to_build);
    if (type != load_segment || memory_bytes == 0) return;
    const std::string name = fmt::format("its segment at {:#010x}", file_bytes == 0 ? virtual_address : address);
    if (file_bytes > memory_bytes) {
      refuse(fmt::format("{} has {} bytes in the file and {} in memory", name, file_bytes, memory_bytes),
             file_is_damaged);
    }
    require(offset, file_bytes, name);
    const std::uint32_t zeros = memory_bytes - file_bytes;
    const bool together = address == virtual_address;
    const auto bytes = file_.subspan(offset, file_bytes);
    if (file_bytes != 0) {
      const std::uint32_t size = together ? memory_bytes : file_bytes;
      place(address, size, fmt::format("{} of {} bytes", name, size), offset == 0);
      add(address, bytes, size);
    }
    if (zeros != 0 && (file_bytes == 0 || !together)) {
      const std::uint64_t begin = std::uint64_t{virtual_address} + file_bytes;
      place(begin, zeros, fmt::format("{}, whose {} zeros (.bss) are at {:#010x},", name, zeros, begin), false);
      add(static_cast<std::uint32_t>(begin), {}, zeros);
    }
  }

  /// Refuses what does not lie in memory, and an image larger than memory before it is made.
  void place(std::uint64_t address, std::uint32_t bytes, const std::string& name, bool with_header) {
    const bool fits = std::ranges::any_of(memory_, [&](const AddressRange& range) {
      return address >= range.address && address - range.address + bytes <= range.bytes;
    });
    if (!fits) {
      refuse(name + " is not in memory",
             "memory: " + memory_text() + (with_header ? "; link with -n to leave the file's header out" : ""));
    }
    image_bytes_ += bytes;
    if (image_bytes_ > memory_bytes_) {
      refuse(fmt::format("its segments up to the one at {:#010x} have {} bytes, memory has {}: they overlap", address,
                         image_bytes_, memory_bytes_),
             "check the linker script");
    }
  }

  void add(std::uint32_t address, std::span<const std::byte> bytes, std::uint32_t size) {
    FirmwareSegment& added = firmware_.segments.emplace_back();
    added.address = address;
    added.bytes.assign(bytes.begin(), bytes.end());
    added.bytes.resize(size);
    const std::uint64_t entry = firmware_.entry;
    entry_loaded_ |= entry >= address && entry - address + instruction_bytes <= bytes.size();
  }

  void check() {
    auto& segments = firmware_.segments;
    if (segments.empty()) refuse("it has no segments to load", "link it: this may be an object file");
    std::ranges::sort(segments, {}, &FirmwareSegment::address);
    for (std::size_t i = 1; i < segments.size(); ++i) {
      const FirmwareSegment &left = segments[i - 1], &right = segments[i];
      if (right.address - left.address < left.bytes.size()) {
        refuse(fmt::format("its segments at {:#010x} and {:#010x} overlap", left.address, right.address),
               "check the linker script, load addresses (AT) and sizes of .bss too");
      }
    }
    const auto bad_entry = [&](const char* why) {
      refuse(fmt::format("its entry {:#010x} is {}", firmware_.entry, why),
             "check ENTRY in the linker script, and that the code is loaded where it runs");
    };
    if (firmware_.entry % instruction_bytes != 0) bad_entry("no multiple of 4");
    if (!entry_loaded_) bad_entry("in none of its segments' bytes");
  }

  [[nodiscard]] std::string memory_text() const {
    std::string text;
    for (const AddressRange& range : memory_) {
      text += fmt::format("{}{} bytes at {:#010x}", text.empty() ? "" : ", ", range.bytes, range.address);
    }
    return text;
  }

  std::span<const std::byte> file_;
  std::string_view where_;
  std::span<const AddressRange> memory_;
  std::uint64_t memory_bytes_ = 0, image_bytes_ = 0;
  Firmware firmware_;
  bool entry_loaded_ = false;  ///< an instruction of the file lies there
};

}  // namespace

Firmware parse_elf(std::span<const std::byte> file, std::string_view where, std::span<const AddressRange> memory) {
  return Parser(file, where, memory).parse();
}

std::vector<std::byte> read_elf_bytes(const std::filesystem::path& path) { return read_file(path, max_file_bytes); }

Firmware read_elf(const std::filesystem::path& path, std::span<const AddressRange> memory) {
  return parse_elf(read_elf_bytes(path), path.string(), memory);
}

}  // namespace hilbert

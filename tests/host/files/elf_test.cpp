// SPDX-License-Identifier: Apache-2.0
// Executables written out byte by byte from the ELF specification, and every way to damage one.
#include "hilbert/elf.hpp"

#include <gtest/gtest.h>

#include <hilbert/error.hpp>
#include <optional>
#include <string>

#include "support/errors.hpp"
#include "support/random.hpp"

namespace hilbert {
namespace {

const std::vector<AddressRange> memory_map = {{0, 0x10000}, {0x6000'0000, 0x2000}};

void put(std::string& file, std::size_t at, std::uint32_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) file.at(at + i) = static_cast<char>(value >> 8 * i);
}

struct Load {
  std::uint32_t address, file_bytes, memory_bytes, type = 1;
  std::optional<std::uint32_t> virtual_address = std::nullopt;  ///< nothing: the same
};

/// Header, program headers, then the segments' bytes: 1, 2, 3, ...
std::string image(const std::vector<Load>& loads, std::uint32_t entry) {
  std::string file(52 + 32 * loads.size(), '\0');
  file.replace(0, 7,
               std::string("\x7f"
                           "ELF\x01\x01\x01"));
  put(file, 16, 2, 2);    // e_type: ET_EXEC
  put(file, 18, 243, 2);  // e_machine: EM_RISCV
  put(file, 20, 1, 4);    // e_version
  put(file, 24, entry, 4);
  put(file, 28, 52, 4);  // e_phoff
  put(file, 40, 52, 2);  // e_ehsize
  put(file, 42, 32, 2);  // e_phentsize
  put(file, 44, static_cast<std::uint32_t>(loads.size()), 2);
  unsigned next = 1;
  for (std::size_t i = 0; i < loads.size(); ++i) {
    const std::size_t header = 52 + 32 * i;
    put(file, header, loads[i].type, 4);
    put(file, header + 4, static_cast<std::uint32_t>(file.size()), 4);  // p_offset
    put(file, header + 8, loads[i].virtual_address.value_or(loads[i].address), 4);
    put(file, header + 12, loads[i].address, 4);
    put(file, header + 16, loads[i].file_bytes, 4);
    put(file, header + 20, loads[i].memory_bytes, 4);
    for (std::uint32_t b = 0; b < loads[i].file_bytes; ++b) file += static_cast<char>(next++);
  }
  return file;
}

const std::string good = image({{0x6000'0100, 8, 12}, {0x6000'0000, 4, 4}, {0x40, 2, 2}}, 0x6000'0000);

Firmware parse(const std::string& file) { return parse_elf(std::as_bytes(std::span(file)), "a.elf", memory_map); }

void refused(const std::string& file, std::string_view piece) {
  expect_error(ExitCode::bad_input, piece, [&] { (void)parse(file); });
}
std::string with(std::size_t at, std::uint32_t value, unsigned bytes) {
  std::string file = good;
  put(file, at, value, bytes);
  return file;
}

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> result;
  for (const int v : values) result.push_back(static_cast<std::byte>(v));
  return result;
}

TEST(Elf, LoadsSegmentsByAddressWithZerosBehind) {
  const Firmware firmware = parse(good);
  EXPECT_EQ(firmware.entry, 0x6000'0000u);
  ASSERT_EQ(firmware.segments.size(), 3u);
  EXPECT_EQ(firmware.segments[0], (FirmwareSegment{0x40, bytes({13, 14})}));
  EXPECT_EQ(firmware.segments[1], (FirmwareSegment{0x6000'0000, bytes({9, 10, 11, 12})}));
  EXPECT_EQ(firmware.segments[2], (FirmwareSegment{0x6000'0100, bytes({1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0})}));
}

/// The linker's AT>: .data lies behind the code until the program copies it, .bss is where it runs.
TEST(Elf, FileBytesGoToThePhysicalAddressZerosToTheVirtualOne) {
  const Firmware firmware = parse(
      image({{0x6000'0000, 4, 4}, {0x6000'0004, 2, 0x8000, 1, 0x100}, {0x6000'0008, 0, 4, 1, 0xF000}}, 0x6000'0000));
  ASSERT_EQ(firmware.segments.size(), 4u);
  EXPECT_EQ(firmware.segments[0], (FirmwareSegment{0x102, std::vector<std::byte>(0x7FFE)}));
  EXPECT_EQ(firmware.segments[1], (FirmwareSegment{0xF000, bytes({0, 0, 0, 0})}));
  EXPECT_EQ(firmware.segments[2], (FirmwareSegment{0x6000'0000, bytes({1, 2, 3, 4})}));
  EXPECT_EQ(firmware.segments[3], (FirmwareSegment{0x6000'0004, bytes({5, 6})}));
  EXPECT_NO_THROW((void)parse(image({{0x6000'0000, 4, 4, 1, 0xDEAD'0000}}, 0x6000'0000)))
      << "without zeros p_vaddr is nobody's";

  const Load code{0x6000'0000, 4, 4};
  refused(image({code, {0x6000'0004, 4, 8, 1, 0x9000'0000}}, 0x6000'0000),
          "4 zeros (.bss) are at 0x90000004, is not in memory");
  refused(image({code, {0x6000'0004, 4, 8, 1, 0xFFFF'FFFC}}, 0x6000'0000),
          "zeros (.bss) are at 0x100000000, is not in memory");
  refused(image({code, {0x6000'0010, 4, 0x10, 1, 0x5FFF'FFF8}}, 0x6000'0000), "0x5ffffffc, is not in memory");
  refused(image({code, {0x100, 4, 0x20, 1, 0x6000'0000 - 4}}, 0x6000'0000), "overlap");
  refused(image({code, {0x100, 4, 0x20, 1, 0x200}, {0x210, 4, 4}}, 0x6000'0000),
          "segments at 0x00000204 and 0x00000210 overlap");
  refused(image({{0x100, 0, 8, 1, 0x100}}, 0x100), "entry 0x00000100 is in none of its segments' bytes");
  refused(image({{0x100, 2, 8}}, 0x100), "entry 0x00000100 is in none of its segments' bytes");
}

/// psABI: bit 0 says that 16-bit instructions are allowed, not that there is one.
TEST(Elf, CompressedIsNoReason) {
  EXPECT_FALSE(parse(good).compressed);
  const Firmware firmware = parse(with(36, 1, 4));
  EXPECT_TRUE(firmware.compressed);
  EXPECT_EQ(firmware.segments, parse(good).segments);
}

TEST(Elf, RefusesWhatTheCoreCannotRun) {
  refused("", "not an ELF file");
  refused(
      "\x7f"
      "EL",
      "not an ELF file");
  refused(std::string(100, '\x13'), "not an ELF file");
  refused(with(4, 2, 1), "64-bit");
  refused(with(4, 0, 1), "unknown class");
  refused(with(5, 2, 1), "big-endian");
  refused(with(5, 7, 1), "unknown byte order");
  refused(with(6, 0, 1), "unknown version");
  refused(with(18, 62, 2), "machine 62, not RISC-V");
  refused(with(16, 1, 2), "ELF type 1, not an executable");
  refused(with(16, 3, 2), "ELF type 3, not an executable");
  refused(with(16, 1, 2), "object file that was not linked");
  refused(with(16, 3, 2), "shared object");
  refused(with(16, 4, 2), "core dump");
  for (const std::uint32_t abi : {2u, 4u, 6u}) refused(with(36, abi | 1, 4), "floating-point");
  refused(with(36, 0x20, 4), "RV64 with 32-bit pointers");
  refused(with(44, 0, 2), "no segments");
  refused(with(42, 56, 2), "program headers have 56 bytes");
  refused(with(52, 3, 4), "dynamically");
  refused(with(36, 8, 4), "RV32E");
  EXPECT_NO_THROW((void)parse(with(36, 16, 4))) << "total store order is what one core has anyway";
}

TEST(Elf, RefusesSegmentsOutOfMemoryOrOnEachOther) {
  refused(image({{0x6000'1FFC, 4, 8}}, 0x6000'1FFC), "its segment at 0x60001ffc of 8 bytes is not in memory");
  refused(image({{0x6000'1FFC, 4, 8}}, 0x6000'1FFC), "8192 bytes at 0x60000000");
  EXPECT_NO_THROW((void)parse(image({{0x6000'1FFC, 4, 4}}, 0x6000'1FFC)));
  std::string with_header = image({{0x5FFF'F000, 4, 4}}, 0x5FFF'F000);
  put(with_header, 56, 0, 4);  // what a linker does by default
  refused(with_header, "link with -n");
  refused(image({{0xFFFF'FFFC, 4, 4}}, 0xFFFF'FFFC), "not in memory");
  refused(image({{0xFFFC, 4, 0xFFFF'FFFF}}, 0xFFFC), "not in memory");
  refused(image({{0x100, 8, 4}}, 0x100), "8 bytes in the file and 4 in memory");
  refused(image({{0x100, 4, 0x20}, {0x11C, 4, 4}}, 0x100), "its segments at 0x00000100 and 0x0000011c overlap");
  refused(image({{0x11C, 4, 4}, {0x100, 4, 0x20}}, 0x100), "overlap");
  refused(image({{0x100, 4, 4}, {0x100, 4, 4}}, 0x100), "overlap");
  EXPECT_NO_THROW((void)parse(image({{0x100, 4, 0x20}, {0x120, 4, 4}}, 0x100)));
  EXPECT_EQ(parse(image({{0x100, 4, 4}, {0x100, 0, 0}, {0x9000'0000, 4, 4, 0x7000'0003}}, 0x100)).segments.size(), 1u);
  refused(image({{0x100, 0, 0}}, 0x100), "no segments");
  refused(image({{0x100, 4, 4}}, 0x104), "entry 0x00000104 is in none of its segments");
  refused(image({{0x100, 4, 4}}, 0x102), "entry 0x00000102 is no multiple of 4");
}

/// 65,535 segments of 64 KiB on each other: refused before 4 GiB are asked for.
TEST(Elf, RefusesAnImageLargerThanMemory) {
  refused(image(std::vector<Load>(0xFFFF, Load{0, 0, 0x10000}), 0), "bytes, memory has 73728: they overlap");
}

TEST(Elf, EveryTruncationIsRefused) {
  for (std::size_t length = 0; length < good.size(); ++length) {
    refused(good.substr(0, length), length < 4 ? "not an ELF file" : "the file is truncated");
  }
}

/// Every byte by every value: an Error or a firmware that keeps what it promises, never anything else.
TEST(Elf, EveryDamagedByteIsRefusedOrHarmless) {
  Random random(seed_of(1));
  unsigned accepted = 0, total = 0;
  const auto check = [&](const std::string& file) {
    ++total;
    try {
      const Firmware firmware = parse(file);
      ++accepted;
      ASSERT_FALSE(firmware.segments.empty());
      std::uint64_t end = 0;
      for (const FirmwareSegment& s : firmware.segments) {
        ASSERT_GE(s.address, end);
        end = std::uint64_t{s.address} + s.bytes.size();
        ASSERT_TRUE(end <= 0x10000 || (s.address >= 0x6000'0000 && end <= 0x6000'2000));
      }
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), ExitCode::bad_input);
      ASSERT_EQ(error.where(), "a.elf");
      ASSERT_FALSE(error.what_next().empty()) << error.what();
    }
  };
  for (std::size_t at = 0; at < 52 + 32 * 3; ++at) {
    for (unsigned value = 0; value < 256; ++value) check(with(at, value, 1));
  }
  for (int i = 0; i < 20000; ++i) {
    std::string file = good;
    for (unsigned n = 1 + random.bits32() % 8; n != 0; --n)
      file[random.bits32() % file.size()] ^= static_cast<char>(1 << random.bits32() % 8);
    check(file);
  }
  EXPECT_GT(accepted, 100u);
  EXPECT_GT(total - accepted, 10000u);
}

TEST(Elf, ReadsFiles) {
  expect_error(ExitCode::bad_input, "/nowhere/firmware.elf",
               [] { (void)read_elf("/nowhere/firmware.elf", memory_map); });
}

}  // namespace
}  // namespace hilbert

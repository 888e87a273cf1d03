// SPDX-License-Identifier: Apache-2.0
// Executables as the compiler makes them, and damaged; built with the address and undefined-behaviour sanitizers.
#include <gtest/gtest.h>

#include <hilbert/elf.hpp>
#include <hilbert/elf_symbols.hpp>
#include <hilbert/error.hpp>
#include <hilbert/file.hpp>
#include <optional>
#include <string>

namespace hilbert {
namespace {

using Bytes = std::vector<std::byte>;
using Symbols = std::map<std::string, std::uint32_t>;

const std::vector<AddressRange> memory_map = {{0, 8192}, {0x6000'0000, 8192}};

Bytes program(const std::string& name) { return read_file(std::string(PROGRAM_DIR) + "/" + name + ".elf"); }

/// The result, or nothing if it was refused as bad input should be; anything else fails.
template <class Action>
auto result_of(Action action) -> std::optional<decltype(action())> {
  try {
    return action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    EXPECT_EQ(error.where(), "a.elf");
    EXPECT_FALSE(error.what_next().empty()) << error.what();
    return std::nullopt;
  }
}
std::optional<Firmware> firmware_of(std::span<const std::byte> file) {
  return result_of([&] { return parse_elf(file, "a.elf", memory_map); });
}
std::optional<Symbols> symbols_of(std::span<const std::byte> file) {
  return result_of([&] { return elf_symbols(file, "a.elf"); });
}

TEST(CompiledElf, WhatTheCoreCannotRunIsRefusedByName) {
  const std::pair<const char*, const char*> cases[] = {
      {"wrong_rv64i", "64-bit"},           {"wrong_rv32e", "RV32E"},
      {"wrong_rv32if", "floating-point"},  {"wrong_object", "type 1"},
      {"wrong_place", "is not in memory"}, {"wrong_with_header", "-n"}};
  for (const auto& [name, piece] : cases) {
    try {
      (void)parse_elf(program(name), name, memory_map);
      ADD_FAILURE() << name << " was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_input);
      EXPECT_NE(std::string(error.what()).find(piece), std::string::npos) << error.what();
      EXPECT_FALSE(error.what_next().empty()) << error.what();
    }
  }
}

TEST(CompiledElf, EveryTruncationIsRefusedOrTheSame) {
  for (const char* name : {"ui_integer", "sort"}) {
    const Bytes file = program(name);
    const auto firmware = firmware_of(file);
    const auto symbols = symbols_of(file);
    ASSERT_TRUE(firmware && symbols);
    for (std::size_t size = 0; size < file.size(); ++size) {
      // A copy of its own, so that a byte read behind its end is noticed.
      const Bytes piece(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
      const auto cut = firmware_of(piece);
      ASSERT_TRUE(!cut || *cut == *firmware) << size;
      ASSERT_FALSE(symbols_of(piece)) << size << ": the section headers come last";
    }
  }
}

/// Whatever a flipped bit leaves is refused, or an image that keeps the reader's promises.
TEST(CompiledElf, EveryFlippedBitIsRefusedOrHarmless) {
  constexpr std::size_t header_bytes = 52;
  Bytes file = program("ui_integer");
  std::size_t refused_in_header = 0;
  for (std::size_t bit = 0; bit < 8 * file.size(); ++bit) {
    const std::byte mask = std::byte{1} << static_cast<int>(bit % 8);
    file[bit / 8] ^= mask;
    const auto firmware = firmware_of(file);
    (void)symbols_of(file);
    file[bit / 8] ^= mask;
    const std::size_t at = bit / 8;
    // identity, type, machine, version; size and number of program headers
    const bool essential = at < 7 || (at >= 16 && at < 24) || at == 42 || at == 43;
    ASSERT_FALSE(firmware && essential) << "bit " << bit;
    if (at < header_bytes && !firmware) ++refused_in_header;
    if (!firmware) continue;
    std::uint64_t end = 0;
    bool inside = false;
    for (const FirmwareSegment& s : firmware->segments) {
      ASSERT_GE(s.address, end) << "bit " << bit;
      end = std::uint64_t{s.address} + s.bytes.size();
      ASSERT_TRUE(end <= 8192 || (s.address >= 0x6000'0000 && end <= 0x6000'0000 + 8192)) << "bit " << bit;
      inside = inside || (firmware->entry >= s.address && firmware->entry < end);
    }
    ASSERT_TRUE(inside && firmware->entry % 4 == 0) << "bit " << bit;
  }
  EXPECT_GT(refused_in_header, 200u);
}

}  // namespace
}  // namespace hilbert

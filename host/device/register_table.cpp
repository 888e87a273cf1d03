// SPDX-License-Identifier: Apache-2.0
// The registers of a chip by address.
#include "register_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <hilbert/device.hpp>
#include <hilbert/regs/cpu.hpp>
#include <hilbert/regs/link.hpp>
#include <hilbert/regs/net.hpp>
#include <hilbert/regs/tile.hpp>
#include <span>

namespace hilbert::device {

namespace {

struct Block {
  std::uint32_t base, end;  ///< from register_base
  std::string_view prefix;
  std::span<const Register> registers;
};

constexpr Block link_block(std::uint32_t port, std::string_view prefix) {
  const std::uint32_t base = regs::link::base - register_base + port * regs::link::spacing;
  return {base, base + regs::link::size, prefix, regs::link::registers};
}

template <std::size_t N>
constexpr Block block(std::uint32_t base, std::uint32_t size, std::string_view prefix, const Register (&registers)[N]) {
  return {base - register_base, base - register_base + size, prefix, registers};
}

constexpr std::array blocks{block(regs::tile::base, regs::tile::size, "", regs::tile::registers),
                            block(regs::cpu::base, regs::cpu::size, "CPU_", regs::cpu::registers),
                            link_block(0, "LINK0_"),
                            link_block(1, "LINK1_"),
                            link_block(2, "LINK2_"),
                            link_block(3, "LINK3_"),
                            block(regs::net::base, regs::net::size, "NET_", regs::net::registers)};
static_assert(regs::link::copies == 4 && regs::tile::base == register_base);

const Block* block_of(std::uint32_t offset) {
  for (const Block& block : blocks) {
    if (offset >= block.base && offset < block.end) return &block;
  }
  return nullptr;
}

}  // namespace

const Register* find_register(std::uint32_t offset) {
  if (offset % 4 != 0) return nullptr;
  const Block* found = block_of(offset);
  if (found == nullptr) return nullptr;
  const Block& block = *found;
  offset -= block.base;
  const auto after = std::upper_bound(block.registers.begin(), block.registers.end(), offset,
                                      [](std::uint32_t value, const Register& entry) { return value < entry.offset; });
  if (after == block.registers.begin()) return nullptr;
  const Register& entry = *std::prev(after);
  return offset < entry.offset + 4 * entry.count ? &entry : nullptr;
}

std::string register_name(std::uint32_t address) {
  const std::uint32_t offset = address - register_base;
  const Register* entry = find_register(offset);
  if (entry == nullptr) return fmt::format("address {:#010x}, where there is no register", address);
  const Block& block = *block_of(offset);
  if (entry->count == 1) return fmt::format("{}{}", block.prefix, entry->name);
  return fmt::format("{}{}[{}]", block.prefix, entry->name, (offset - block.base - entry->offset) / 4);
}

}  // namespace hilbert::device

// SPDX-License-Identifier: Apache-2.0
// The registers of a chip by address.
#include "register_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cpu_regs.hpp>
#include <hilbert/device.hpp>
#include <link_regs.hpp>
#include <net_regs.hpp>
#include <span>
#include <tile_regs.hpp>

namespace hilbert::device {

namespace {

struct Block {
  std::uint32_t base, end;  ///< from register_base
  std::string_view prefix;
  std::span<const Register> registers;
};

constexpr std::array blocks{Block{0, 0x1000, "", regs::tile::registers},
                            Block{0x1000, 0x2000, "CPU_", regs::cpu::registers},
                            Block{0x2000, 0x2400, "LINK0_", regs::link::registers},
                            Block{0x2400, 0x2800, "LINK1_", regs::link::registers},
                            Block{0x2800, 0x2C00, "LINK2_", regs::link::registers},
                            Block{0x2C00, 0x3000, "LINK3_", regs::link::registers},
                            Block{0x4000, 0x5000, "NET_", regs::net::registers}};
static_assert(blocks[1].base == regs::cpu::base - regs::tile::base);
static_assert(blocks[2].base == regs::link::base - regs::tile::base);
static_assert(blocks[6].base == regs::net::base - regs::tile::base);

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

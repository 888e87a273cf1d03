// SPDX-License-Identifier: Apache-2.0
// The registers of a tile and its controller by address.
#include "register_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cpu_regs.hpp>
#include <hilbert/device.hpp>
#include <span>
#include <tile_regs.hpp>

namespace hilbert::device {

namespace {

struct Block {
  std::uint32_t base;  ///< from register_base
  std::string_view prefix;
  std::span<const Register> registers;
};

constexpr Block tile{0, "", regs::tile::registers};
constexpr Block cpu{regs::cpu::base - regs::tile::base, "CPU_", regs::cpu::registers};

const Block& block_of(std::uint32_t offset) { return offset < cpu.base ? tile : cpu; }

}  // namespace

const Register* find_register(std::uint32_t offset) {
  if (offset % 4 != 0) return nullptr;
  const Block& block = block_of(offset);
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
  const Block& block = block_of(offset);
  if (entry->count == 1) return fmt::format("{}{}", block.prefix, entry->name);
  return fmt::format("{}{}[{}]", block.prefix, entry->name, (offset - block.base - entry->offset) / 4);
}

}  // namespace hilbert::device

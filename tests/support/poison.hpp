// SPDX-License-Identifier: Apache-2.0
// A word of a chip's memory that cannot be corrected.
#pragma once

#include <cstdint>
#include <hilbert/device.hpp>
#include <hilbert/regs/tile.hpp>

namespace hilbert {

/// Makes the word at `address` uncorrectable by the device's own error injection.
inline void poison(Device& device, std::uint32_t address) {
  namespace r = regs::tile;
  device.write_register(register_base + r::inject_addr, address);
  device.write_register(register_base + r::inject_bits, 3u << r::inject_bits_bit0_lsb | 17u << r::inject_bits_bit1_lsb);
  device.write_register(register_base + r::inject_go, r::inject_go_go_mask);
  while ((device.read_register(register_base + r::inject_go) & r::inject_go_go_mask) != 0) device.idle(1);
}

}  // namespace hilbert

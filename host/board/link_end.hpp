// SPDX-License-Identifier: Apache-2.0
// One end of a link from its registers.
#pragma once

#include <cstdint>
#include <hilbert/board.hpp>
#include <hilbert/regs/link.hpp>

namespace hilbert::board {

/// Address of a register of the link at `port`.
[[nodiscard]] std::uint32_t link_register(unsigned port, std::uint32_t offset);
/// Whether an end with that STATUS carries data and is in step: ACTIVE, and not hunting.
[[nodiscard]] constexpr bool in_step(std::uint32_t status) {
  return (status & regs::link::status_state_mask) >> regs::link::status_state_lsb == regs::link::state_active &&
         (status & regs::link::status_up_mask) != 0;
}
[[nodiscard]] LinkEnd read_link_end(Device& device, unsigned port);

}  // namespace hilbert::board

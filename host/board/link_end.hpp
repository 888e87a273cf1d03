// SPDX-License-Identifier: Apache-2.0
// One end of a link from its registers.
#pragma once

#include <cstdint>
#include <hilbert/board.hpp>

namespace hilbert::board {

/// Address of a register of the link at `port`.
[[nodiscard]] std::uint32_t link_register(unsigned port, std::uint32_t offset);
[[nodiscard]] LinkEnd read_link_end(Device& device, unsigned port);

}  // namespace hilbert::board

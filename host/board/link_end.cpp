// SPDX-License-Identifier: Apache-2.0
// One end of a link from its registers (rtl/regs/link.toml).
#include "link_end.hpp"

#include <array>
#include <hilbert/board.hpp>
#include <hilbert/regs/link.hpp>

namespace hilbert {

namespace r = regs::link;

namespace board {

std::uint32_t link_register(unsigned port, std::uint32_t offset) {
  return link_register_base + r::spacing * port + offset;
}

LinkEnd read_link_end(Device& device, unsigned port) {
  const auto read = [&](std::uint32_t offset) { return device.read_register(link_register(port, offset)); };
  const std::uint32_t status = read(r::status);
  const auto field = [&](std::uint32_t mask, std::uint32_t lsb) { return (status & mask) >> lsb; };
  LinkEnd end;
  end.state = field(r::status_state_mask, r::status_state_lsb);
  end.up = field(r::status_up_mask, r::status_up_lsb) != 0;
  end.tx_width = field(r::status_tx_width_mask, r::status_tx_width_lsb);
  end.rx_width = field(r::status_rx_width_mask, r::status_rx_width_lsb);
  end.reason = read(r::reason);
  end.partner_node = read(r::partner_node);
  end.tx_flits = read(r::tx_flits) + read(r::tx_flits + 4);
  end.rx_flits = read(r::rx_flits) + read(r::rx_flits + 4);
  end.tx_words = read(r::tx_words) + read(r::tx_words + 4);
  end.rx_words = read(r::rx_words) + read(r::rx_words + 4);
  end.crc_errors = read(r::crc_errors);
  end.replays = read(r::replays);
  end.retrainings = read(r::retrainings);
  end.discarded = read(r::discarded);
  return end;
}

}  // namespace board

std::string_view link_state_name(unsigned state) { return regs::entry(regs::link::state_values, state).text; }

std::string_view link_reason_text(unsigned reason) { return regs::entry(regs::link::reason_values, reason).text; }

}  // namespace hilbert

// SPDX-License-Identifier: Apache-2.0
// One end of a link from its registers (rtl/regs/link.toml).
#include "link_end.hpp"

#include <array>
#include <hilbert/board.hpp>
#include <link_regs.hpp>

namespace hilbert {

namespace r = regs::link;

namespace board {

std::uint32_t link_register(unsigned port, std::uint32_t offset) { return link_register_base + 0x400 * port + offset; }

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

std::string_view link_state_name(unsigned state) {
  static constexpr std::array<std::string_view, 7> names{
      "off", "hello", "ready", "go", "active", "down", "bit-error-rate test"};
  return state < names.size() ? names[state] : "?";
}

std::string_view link_reason_text(unsigned reason) {
  static constexpr std::array<std::string_view, 10> texts{
      "none",
      "no partner: no lane is heard",
      "crossed lanes",
      "the partner hears no lane",
      "settings of the partner differ",
      "the partner is down",
      "the partner was reset",
      "a lane is too far behind another",
      "no progress",
      "training took too long",
  };
  return reason < texts.size() ? texts[reason] : "?";
}

}  // namespace hilbert

// SPDX-License-Identifier: Apache-2.0
// Trains the links of a board and finds out over them how it is made.
#include "start_up.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <hilbert/regs/link.hpp>
#include <hilbert/regs/net.hpp>

#include "discovery.hpp"
#include "link_end.hpp"
#include "patience.hpp"

namespace hilbert::board {
namespace {

namespace r = regs::link;
namespace n = regs::net;

using Ports = std::array<std::uint32_t, board_ports>;

/// Numbers every end and opens every link.
void open_links(Board& board, std::uint64_t limit, const LinkBounds& bounds) {
  board.together([&](std::size_t chip) {
    for (unsigned p = 0; p < board_ports; ++p) {
      const auto write = [&](std::uint32_t offset, std::uint32_t value) {
        board.device(chip).write_register(link_register(p, offset), value);
      };
      write(r::node, node_number({chip, p}));
      write(r::train_timeout, static_cast<std::uint32_t>(limit));
      write(r::replay_timeout, bounds.replay_timeout);
      write(r::hunt_timeout, bounds.hunt_timeout);
      write(r::ctrl, r::mode_normal);
    }
  });
}

/// Waits until all links of the file are resolved: both ends have been in step with each other and carry data, or are
/// down. An end that merely sends is not resolved: the other's answer may be on the wire, and which lanes that comes
/// on.
void wait_for_links(Board& board, std::uint64_t limit, std::uint64_t glance, const BoardOptions& options) {
  const auto& links = board.file().links;
  std::vector<Ports> status(board.size());
  std::vector<std::array<bool, board_ports>> been_up(board.size());
  const auto resolved = [&](BoardEnd end) {
    const std::uint32_t state = status[end.chip][end.port] & r::status_state_mask;
    return state == r::state_down || (state == r::state_active && been_up[end.chip][end.port]);
  };
  std::size_t ready = 0;
  std::uint64_t waited = 0;  // the model of a board has no clock to look at
  do {
    board.run(glance);
    waited += glance;
    board.together([&](std::size_t chip) {
      for (unsigned p = 0; p < board_ports; ++p) {
        status[chip][p] = board.device(chip).read_register(link_register(p, r::status));
        been_up[chip][p] = been_up[chip][p] || (status[chip][p] & r::status_up_mask) != 0;
      }
    });
    ready = static_cast<std::size_t>(
        std::ranges::count_if(links, [&](const BoardLink& link) { return resolved(link.a) && resolved(link.b); }));
    if (options.progress) options.progress("training links", ready, links.size());
  } while (ready != links.size() && waited < 2 * limit);
}

Discovery find_out(Board& board) {
  Findings found(board.size());
  board.together([&](std::size_t chip) {
    for (unsigned p = 0; p < board_ports; ++p) found[chip][p] = read_link_end(board.device(chip), p);
  });
  return discover(board.file(), found, board.lanes());
}

/// Every chip learns where it is and where its links lead; an end that leads where it should, how long its own wires
/// are. Links that the file does not have are switched off.
void tell_chips(Board& board, const Discovery& map, const Patience& patience) {
  const BoardFile& file = board.file();
  std::vector<std::array<const BoardLink*, board_ports>> known(board.size());
  for (const BoardLink& link : file.links) known[link.a.chip][link.a.port] = known[link.b.chip][link.b.port] = &link;
  board.together([&](std::size_t chip) {
    Device& device = board.device(chip);
    for (unsigned p = 0; p < board_ports; ++p) {
      const BoardLink* link = known[chip][p];
      const bool right = link != nullptr && (map.ports[chip] >> p & 1U) != 0;
      const LinkBounds bounds = link_bounds(right ? std::min(patience.way(), way(link->wires)) : patience.way());
      device.write_register(link_register(p, r::train_timeout), bounds.train_timeout);
      device.write_register(link_register(p, r::replay_timeout), bounds.replay_timeout);
      device.write_register(link_register(p, r::hunt_timeout), bounds.hunt_timeout);
      if (link == nullptr) device.write_register(link_register(p, r::ctrl), r::mode_off);
    }
    const Place place = map.places[chip].value_or(file.chips[chip]);
    device.write_register(net_register_base + n::place, place.x << n::place_x_lsb | place.y << n::place_y_lsb);
    device.write_register(net_register_base + n::ports, map.ports[chip]);
    device.write_register(net_register_base + n::get_timeout, patience.get_timeout());
  });
}

}  // namespace

std::vector<BoardProblem> start_up(Board& board, const BoardOptions& options) {
  const Patience patience(board.file());  // registers of models hold the same
  const std::uint64_t limit = patience.training(options.train_clocks);
  open_links(board, limit, link_bounds(patience.way()));  // whose wires an end has is not known yet
  wait_for_links(board, limit, patience.glance(500), options);
  Discovery map = find_out(board);
  const auto& problems = map.problems;
  if (!problems.empty() && !options.tolerant) {
    throw Error(ExitCode::machine,
                fmt::format("the board is not as its file says: {}{}", problems[0].text,
                            problems.size() == 1 ? "" : fmt::format(", and {} more", problems.size() - 1)),
                board.uri(), "hilbert board show lists everything");
  }
  tell_chips(board, map, patience);
  return std::move(map.problems);
}

}  // namespace hilbert::board

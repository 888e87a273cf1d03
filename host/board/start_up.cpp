// SPDX-License-Identifier: Apache-2.0
// Trains the links of a board and finds out over them how it is made.
#include "start_up.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <link_regs.hpp>
#include <net_regs.hpp>

#include "discovery.hpp"
#include "link_end.hpp"

namespace hilbert::board {
namespace {

namespace r = regs::link;
namespace n = regs::net;

constexpr std::uint32_t mode_off = 0, mode_normal = 1;
constexpr unsigned state_active = 4, state_down = 5;
constexpr std::uint32_t patient_timeout = 0x100000;  // clocks, once the board is known

unsigned longest_way(const BoardFile& file) {
  unsigned longest = 0;
  for (const BoardLink& link : file.links) {
    longest = std::max(longest, link.wires.latency + std::ranges::max(link.wires.skew));
  }
  return longest;
}

/// Numbers every end, opens every link, and waits until each that the file has is active or down.
void train(Board& board, unsigned clocks) {
  constexpr unsigned glance = 500;  // clocks
  const unsigned way = longest_way(board.file()), limit = clocks + 16 * way;
  for (std::size_t i = 0; i < board.size(); ++i) {
    for (unsigned p = 0; p < board_ports; ++p) {
      const auto write = [&](std::uint32_t offset, std::uint32_t value) {
        board.device(i).write_register(link_register(p, offset), value);
      };
      write(r::node, node_number({i, p}));
      write(r::train_timeout, limit);
      write(r::replay_timeout, 0x1000 + 4 * way);
      write(r::ctrl, mode_normal);
    }
  }
  const auto settled = [&](BoardEnd end) {
    const std::uint32_t state =
        board.device(end.chip).read_register(link_register(end.port, r::status)) & r::status_state_mask;
    return state == state_active || state == state_down;
  };
  std::uint64_t waited = 0;  // the model of a board has no clock to look at
  do {
    board.run(glance);
    waited += glance;
  } while (waited < 2 * std::uint64_t{limit} && !std::ranges::all_of(board.file().links, [&](const BoardLink& link) {
             return settled(link.a) && settled(link.b);
           }));
}

Discovery find_out(Board& board) {
  Findings found(board.size());
  for (std::size_t i = 0; i < board.size(); ++i) {
    for (unsigned p = 0; p < board_ports; ++p) found[i][p] = read_link_end(board.device(i), p);
  }
  return discover(board.file(), found, board.lanes());
}

/// Every chip learns where it is and where its links lead; links that the file does not have are switched off.
void tell_chips(Board& board, const Discovery& map) {
  const BoardFile& file = board.file();
  for (std::size_t i = 0; i < board.size(); ++i) {
    Device& device = board.device(i);
    for (unsigned p = 0; p < board_ports; ++p) {
      const BoardEnd end{i, p};
      const bool known = std::ranges::any_of(file.links, [&](const BoardLink& l) { return l.a == end || l.b == end; });
      device.write_register(link_register(p, r::train_timeout), patient_timeout);
      if (!known) device.write_register(link_register(p, r::ctrl), mode_off);
    }
    const Place place = map.places[i].value_or(file.chips[i]);
    device.write_register(net_register_base + n::place, place.x << n::place_x_lsb | place.y << n::place_y_lsb);
    device.write_register(net_register_base + n::ports, map.ports[i]);
  }
}

}  // namespace

std::vector<BoardProblem> start_up(Board& board, const BoardOptions& options) {
  train(board, options.train_clocks);
  Discovery map = find_out(board);
  const auto& problems = map.problems;
  if (!problems.empty() && !options.tolerant) {
    throw Error(ExitCode::machine,
                fmt::format("the board is not as its file says: {}{}", problems[0].text,
                            problems.size() == 1 ? "" : fmt::format(", and {} more", problems.size() - 1)),
                board.uri(), "hilbert board show lists everything");
  }
  tell_chips(board, map);
  return std::move(map.problems);
}

}  // namespace hilbert::board

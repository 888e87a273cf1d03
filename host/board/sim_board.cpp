// SPDX-License-Identifier: Apache-2.0
// Powers up a simulated board, trains its links and finds out over them how it is made.
#include "sim_board.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <link_regs.hpp>
#include <net_regs.hpp>
#include <random>

#include "discovery.hpp"
#include "link_end.hpp"

namespace hilbert::board {
namespace {

namespace r = regs::link;
namespace n = regs::net;

constexpr std::uint32_t mode_off = 0, mode_normal = 1;
constexpr unsigned state_active = 4, state_down = 5;

tb::ChannelOptions channel(const Wires& wires, std::uint64_t seed) {
  tb::ChannelOptions options;
  options.latency = wires.latency;
  options.skew = wires.skew;
  options.bit_offset = wires.bit_offset;
  options.bit_error_rate = wires.bit_error_rate;
  options.burst_rate = wires.burst_rate;
  options.burst_bits = wires.burst_bits;
  options.burst_all_lanes = wires.bursts_on_all_lanes;
  options.seed = seed;
  return options;
}

unsigned longest_way(const BoardFile& file) {
  unsigned longest = 0;
  for (const BoardLink& link : file.links) {
    longest = std::max(longest, link.wires.latency + std::ranges::max(link.wires.skew));
  }
  return longest;
}

}  // namespace

SimBoard::SimBoard(BoardFile file, std::string uri, unsigned threads, const BoardOptions& options)
    : file_(std::move(file)), uri_(std::move(uri)) {
  join(threads);
  const device::Uri chip = device::parse_uri("sim:" + file_.configuration);
  for (std::size_t i = 0; i < size(); ++i)
    devices_.push_back(std::make_unique<device::SimDevice>(chip, mesh_->chip(i)));
  mesh_->start();
  train(options.train_clocks);
  find_out(options);
}

void SimBoard::join(unsigned threads) {
  std::vector<std::unique_ptr<tb::Chip>> chips;
  for (std::size_t i = 0; i < size(); ++i) chips.push_back(tb::Chip::make(file_.configuration));

  std::vector<BoardEnd> far;
  for (const BoardLink& link : file_.links) far.push_back(link.b);
  for (const auto& [first, second] : file_.swapped) std::swap(far[first], far[second]);

  std::mt19937_64 seeds(file_.seed);
  std::vector<tb::MeshLink> links;
  std::vector<std::uint32_t> dead;
  for (std::size_t i = 0; i < far.size(); ++i) {
    const BoardLink& link = file_.links[i];
    const std::uint64_t forth = seeds(), back = seeds();  // drawn for every link: a fault of one changes no other
    if (link.unplugged) continue;
    const auto end = [](BoardEnd e) { return tb::MeshEnd{static_cast<unsigned>(e.chip), e.port}; };
    links.push_back({end(link.a), end(far[i]), channel(link.wires, forth), channel(link.wires, back)});
    dead.push_back(link.wires.dead_lanes);
  }
  mesh_ = std::make_unique<tb::Mesh>(std::move(chips), links, threads);
  for (std::size_t i = 0; i < links.size(); ++i) {
    for (unsigned lane = 0; lane < tb::max_lanes; ++lane) {
      if ((dead[i] >> lane & 1U) == 0) continue;
      for (unsigned direction = 0; direction < 2; ++direction) {
        mesh_->channel(i, direction).set_fault(lane, tb::LaneFault::stuck_0);
      }
    }
  }
}

/// Numbers every end, opens every link, and waits until each that the file has is active or down.
void SimBoard::train(unsigned clocks) {
  const unsigned way = longest_way(file_), limit = clocks + 16 * way;
  for (std::size_t i = 0; i < size(); ++i) {
    for (unsigned p = 0; p < board_ports; ++p) {
      const auto write = [&](std::uint32_t offset, std::uint32_t value) {
        device(i).write_register(link_register(p, offset), value);
      };
      write(r::node, node_number({i, p}));
      write(r::train_timeout, limit);
      write(r::replay_timeout, 0x1000 + 4 * way);
      write(r::ctrl, mode_normal);
    }
  }
  const auto settled = [&](BoardEnd end) {
    const std::uint32_t state =
        device(end.chip).read_register(link_register(end.port, r::status)) & r::status_state_mask;
    return state == state_active || state == state_down;
  };
  const std::uint64_t end = mesh_->clocks() + 2 * std::uint64_t{limit};
  do {
    mesh_->run(500);
  } while (mesh_->clocks() < end && !std::ranges::all_of(file_.links, [&](const BoardLink& link) {
             return settled(link.a) && settled(link.b);
           }));
}

void SimBoard::find_out(const BoardOptions& options) {
  Findings found(size());
  for (std::size_t i = 0; i < size(); ++i) {
    for (unsigned p = 0; p < board_ports; ++p) found[i][p] = read_link_end(device(i), p);
  }
  const std::uint32_t cfg = device(0).read_register(link_register(0, r::cfg));
  const Discovery map = discover(file_, found, (cfg & r::cfg_lanes_mask) >> r::cfg_lanes_lsb);
  problems_ = map.problems;
  if (!problems_.empty() && !options.tolerant) {
    throw Error(ExitCode::machine,
                fmt::format("the board is not as its file says: {}{}", problems_[0].text,
                            problems_.size() == 1 ? "" : fmt::format(", and {} more", problems_.size() - 1)),
                uri_, "hilbert board show lists everything");
  }
  for (std::size_t i = 0; i < size(); ++i) {
    for (unsigned p = 0; p < board_ports; ++p) {
      const BoardEnd end{i, p};
      const bool known = std::ranges::any_of(file_.links, [&](const BoardLink& l) { return l.a == end || l.b == end; });
      device(i).write_register(link_register(p, r::train_timeout), 0x100000);
      if (!known) device(i).write_register(link_register(p, r::ctrl), mode_off);
    }
    const Place place = map.places[i].value_or(file_.chips[i]);
    device(i).write_register(net_register_base + n::place, place.x << n::place_x_lsb | place.y << n::place_y_lsb);
    device(i).write_register(net_register_base + n::ports, map.ports[i]);
  }
}

}  // namespace hilbert::board

// SPDX-License-Identifier: Apache-2.0
// Ways in dimension order.
#include "reach.hpp"

#include <algorithm>
#include <hilbert/regs/link.hpp>
#include <hilbert/regs/net.hpp>
#include <utility>

#include "link_end.hpp"

namespace hilbert::board {
namespace {

constexpr std::size_t nobody = ~std::size_t{0};

}  // namespace

Reach::Reach(std::vector<Place> places, const std::vector<std::uint32_t>& ports) : places_(std::move(places)) {
  join(ports);
}

Reach::Reach(Board& board) : places_(board.size()) {
  namespace n = regs::net;
  namespace l = regs::link;
  std::vector<std::uint32_t> ports(board.size());
  board.together([&](std::size_t chip) {
    Device& device = board.device(chip);
    const std::uint32_t place = device.read_register(net_register_base + n::place);
    places_[chip] = {(place & n::place_x_mask) >> n::place_x_lsb, (place & n::place_y_mask) >> n::place_y_lsb};
    ports[chip] = device.read_register(net_register_base + n::ports);
    for (unsigned p = 0; p < board_ports; ++p) {
      const std::uint32_t state = device.read_register(link_register(p, l::status)) & l::status_state_mask;
      if (state == l::state_off || state == l::state_down || state == l::state_bert) ports[chip] &= ~(1U << p);
    }
  });
  join(ports);
}

/// A chip that no way leads to may believe itself where another one is: its ports lead nowhere.
void Reach::join(const std::vector<std::uint32_t>& ports) {
  beside_.resize(places_.size());
  for (std::size_t chip = 0; chip < places_.size(); ++chip) {
    for (unsigned p = 0; p < board_ports; ++p) {
      Place there = places_[chip];
      (p < 2 ? there.x : there.y) += p % 2 == 0 ? 1U : -1U;
      beside_[chip][p] = nobody;
      for (std::size_t i = 0; i < places_.size() && (ports[chip] >> p & 1U) != 0; ++i) {
        if (places_[i] == there && (ports[i] >> opposite(p) & 1U) != 0) beside_[chip][p] = i;
      }
    }
  }
}

bool Reach::operator()(std::size_t from, std::size_t to) const {
  const Place goal = places_[to];
  while (from != nobody && places_[from] != goal) {
    const Place at = places_[from];
    const unsigned port = at.x != goal.x ? (at.x < goal.x ? 0U : 1U) : (at.y < goal.y ? 2U : 3U);
    from = beside_[from][port];
  }
  return from == to;
}

std::vector<std::size_t> Reach::from(std::size_t from) const {
  std::vector<std::size_t> all;
  for (std::size_t to = 0; to < places_.size(); ++to) {
    if (to != from && (*this)(from, to)) all.push_back(to);
  }
  return all;
}

}  // namespace hilbert::board

// SPDX-License-Identifier: Apache-2.0
// The map of a board from what its links heard.
#include "discovery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <hilbert/regs/link.hpp>

namespace hilbert {

std::string_view to_string(BoardProblem::Kind kind) {
  static constexpr std::array<std::string_view, 4> names{"missing", "crossed", "degraded", "misplaced"};
  return names.at(static_cast<std::size_t>(kind));
}

namespace board {
namespace {

using Kind = BoardProblem::Kind;

class Mapper {
 public:
  Mapper(const BoardFile& file, const Findings& found, unsigned lanes) : file_(file), found_(found), lanes_(lanes) {
    result_.places.resize(found.size());
    result_.ports.resize(found.size());
  }

  Discovery run() {
    for (const BoardLink& link : file_.links) compare(link);
    report_unexpected();
    place_chips();
    compare_places();
    set_ports();
    return std::move(result_);
  }

 private:
  [[nodiscard]] const LinkEnd& at(BoardEnd end) const { return found_[end.chip][end.port]; }
  [[nodiscard]] std::string name(BoardEnd end) const {
    return fmt::format("chip {} {} {}", end.chip, to_string(file_.chips[end.chip]), port_name(end.port));
  }
  void problem(Kind kind, std::string text) { result_.problems.push_back({kind, std::move(text)}); }

  /// Who is heard at an end; nobody if the link is not active or the number is none of this board's.
  [[nodiscard]] std::optional<BoardEnd> heard(BoardEnd end) const {
    const LinkEnd& here = at(end);
    if (!here.active() || here.partner_node == 0) return std::nullopt;
    const BoardEnd other{(here.partner_node - 1) / board_ports, (here.partner_node - 1) % board_ports};
    if (other.chip >= found_.size()) return std::nullopt;
    return other;
  }
  /// Joined both ways, and by the ports that belong to each other.
  [[nodiscard]] std::optional<BoardEnd> neighbour(BoardEnd end) const {
    const auto other = heard(end);
    if (!other || other->port != opposite(end.port) || heard(*other) != end) return std::nullopt;
    return other;
  }

  void compare(const BoardLink& link) {
    const auto from_a = heard(link.a), from_b = heard(link.b);
    if (from_a == link.b && from_b == link.a) {
      for (const BoardEnd end : {link.a, link.b}) {
        const unsigned width = at(end).rx_width;
        if (width >= lanes_) continue;
        problem(Kind::degraded, fmt::format("{} receives on {} of {} lanes", name(end), width, lanes_));
      }
      return;
    }
    for (const auto& [end, other, wanted] : {std::tuple{link.a, from_a, link.b}, std::tuple{link.b, from_b, link.a}}) {
      if (other == wanted) {
        problem(Kind::crossed, fmt::format("{} hears {}, which does not hear it", name(end), name(wanted)));
      } else if (other) {
        problem(Kind::crossed, fmt::format("{} leads to {}, not to {}", name(end), name(*other), name(wanted)));
      } else {
        problem(Kind::missing,
                fmt::format("{} does not reach {}: {}{}", name(end), name(wanted), link_state_name(at(end).state),
                            at(end).reason == regs::link::reason_none
                                ? ""
                                : fmt::format(", {}", link_reason_text(at(end).reason))));
      }
    }
  }

  void report_unexpected() {
    for (std::size_t chip = 0; chip < found_.size(); ++chip) {
      for (unsigned port = 0; port < board_ports; ++port) {
        const BoardEnd end{chip, port};
        const bool known =
            std::ranges::any_of(file_.links, [&](const BoardLink& l) { return l.a == end || l.b == end; });
        const auto other = heard(end);
        if (known || !other) continue;
        problem(Kind::crossed, fmt::format("{} leads to {}, where the file has no link", name(end), name(*other)));
      }
    }
  }

  void place_chips() {
    result_.places[0] = file_.chips[0];
    for (std::deque<std::size_t> next{0}; !next.empty(); next.pop_front()) {
      const std::size_t chip = next.front();
      for (unsigned port = 0; port < board_ports; ++port) {
        const auto other = neighbour({chip, port});
        if (!other || result_.places[other->chip]) continue;
        const auto beside = step(*result_.places[chip], port);
        if (!beside) {
          problem(Kind::misplaced, fmt::format("{} leads off the map", name({chip, port})));
          continue;
        }
        result_.places[other->chip] = beside;
        next.push_back(other->chip);
      }
    }
  }
  static std::optional<Place> step(Place from, unsigned port) {
    constexpr unsigned most = 15;
    unsigned& coordinate = port < 2 ? from.x : from.y;
    if (coordinate == (port % 2 == 0 ? most : 0U)) return std::nullopt;
    coordinate += port % 2 == 0 ? 1U : -1U;
    return from;
  }

  void compare_places() {
    for (std::size_t i = 0; i < found_.size(); ++i) {
      const auto& place = result_.places[i];
      if (!place) {
        problem(Kind::missing, fmt::format("no way leads to chip {} {}", i, to_string(file_.chips[i])));
      } else if (*place != file_.chips[i]) {
        problem(Kind::misplaced,
                fmt::format("chip {} is at {}, not at {}", i, to_string(*place), to_string(file_.chips[i])));
      }
    }
  }

  void set_ports() {
    for (std::size_t chip = 0; chip < found_.size(); ++chip) {
      for (unsigned port = 0; port < board_ports && result_.places[chip]; ++port) {
        const auto other = neighbour({chip, port});
        if (!other || !result_.places[other->chip]) continue;
        if (step(*result_.places[chip], port) == result_.places[other->chip]) result_.ports[chip] |= 1U << port;
      }
    }
  }

  const BoardFile& file_;
  const Findings& found_;
  unsigned lanes_;
  Discovery result_;
};

}  // namespace

Discovery discover(const BoardFile& file, const Findings& found, unsigned lanes) {
  return Mapper(file, found, lanes).run();
}

}  // namespace board
}  // namespace hilbert

// SPDX-License-Identifier: Apache-2.0
// Boards as text, JSON and HTML.
#include "board_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/text.hpp>
#include <memory>
#include <optional>

#include "progress.hpp"
#include "report/html.hpp"

namespace hilbert::cli {
namespace {

/// The chip at a place, if the board has one there.
std::optional<std::size_t> chip_at(const BoardFile& file, Place place) {
  const auto it = std::ranges::find(file.chips, place);
  if (it == file.chips.end()) return std::nullopt;
  return static_cast<std::size_t>(it - file.chips.begin());
}

std::string end_state(const LinkEnd& end) {
  std::string text(end.active() && !end.up ? "active, hunting" : link_state_name(end.state));
  if (end.state == regs::link::state_down) text += fmt::format(" ({})", link_reason_text(end.reason));
  return text;
}

/// How a link stands, and what is wrong with it in a few words each.
struct Health {
  report::Mesh::State state = report::Mesh::State::good;
  std::vector<std::string> troubles;
};
Health health(const std::array<LinkEnd, 2>& ends, unsigned lanes) {
  const auto& [a, b] = ends;
  for (const LinkEnd& end : ends) {
    if (end.active()) continue;
    const std::string_view reason = link_reason_text(end.reason);
    return {report::Mesh::State::down,
            {end.state == regs::link::state_down ? std::string(reason.substr(0, reason.find(':'))) : end_state(end)}};
  }
  Health result;
  if (!a.up || !b.up) result.troubles.emplace_back("hunting");
  const unsigned width = std::min({a.tx_width, a.rx_width, b.tx_width, b.rx_width});
  if (width < lanes) result.troubles.push_back(fmt::format("{} of {}", width, counted(lanes, "lane")));
  const std::uint64_t errors = std::uint64_t{a.crc_errors} + b.crc_errors;
  if (errors != 0) result.troubles.push_back(counted(errors, "error"));
  if (!result.troubles.empty()) result.state = report::Mesh::State::worn;
  return result;
}

/// The link from `end` eastwards or northwards; nothing if the file has none.
std::optional<report::Mesh::State> state_at(const BoardView& board, BoardEnd end) {
  for (std::size_t i = 0; i < board.links.size(); ++i) {
    if (board.file.links[i].a == end) return health(board.links[i], board.lanes).state;
  }
  return std::nullopt;
}
/// Good, worn or down, or nothing there.
std::string_view drawn(std::optional<report::Mesh::State> state, const std::array<std::string_view, 4>& ways) {
  return ways[state ? static_cast<std::size_t>(*state) : 3];
}

/// A line for each stage of opening a board, as long as it lasts.
struct Opening {
  std::string stage;
  std::optional<Progress> line;

  void operator()(std::string_view what, std::size_t done, std::size_t all) {
    if (stage != what) {
      line.reset();
      line.emplace("board", std::string(what), all);
      stage = what;
    }
    if (line) line->set(done);
    if (done == all) line.reset();
  }
};

}  // namespace

BoardOptions opening(bool tolerant) {
  BoardOptions options{.tolerant = tolerant};
  options.progress = [state = std::make_shared<Opening>()](std::string_view what, std::size_t done, std::size_t all) {
    (*state)(what, done, all);
  };
  return options;
}

std::unique_ptr<Board> open_any_board(const std::string& uri, bool apart) {
  BoardOptions options = opening(true);
  options.apart = apart;
  return open_board(board_uri(uri), options);
}

BoardView look_at(Board& board) {
  const unsigned lanes = board.lanes();
  return {board.file(), board.uri(), board.clocks(), lanes, board.links(), board.problems()};
}

std::string_view chips_of(const BoardFile& file) {
  return file.apart() ? "apart" : std::string_view(file.configuration);
}

std::string link_name(const BoardFile& file, const BoardLink& link) {
  return fmt::format("{} {} - {}", to_string(file.chips[link.a.chip]), port_name(link.a.port),
                     to_string(file.chips[link.b.chip]));
}

std::string picture(const BoardView& board) {
  constexpr std::size_t cell = 11;  // characters from one chip to the next
  const BoardFile& file = board.file;
  std::string text;
  for (unsigned y = file.height(); y-- > 0;) {
    std::string chips, below;
    for (unsigned x = 0; x < file.width(); ++x) {
      const auto chip = chip_at(file, {x, y});
      std::string name = chip ? fmt::format("[{:>2},{:>2}]", x, y) : "";
      const auto east = chip ? state_at(board, {*chip, 0}) : std::nullopt;
      name.resize(7, ' ');
      chips += name + std::string(drawn(east, {"====", "=~= ", "=x= ", "    "}));
      const auto south = y > 0 ? chip_at(file, {x, y - 1}) : std::nullopt;
      const auto joined = south ? state_at(board, {*south, 2}) : std::nullopt;
      below += fmt::format("{:<{}}", drawn(joined, {"   |", "   ~", "   x", ""}), cell);
    }
    const auto trimmed = [](std::string line) { return line.substr(0, line.find_last_not_of(' ') + 1) + '\n'; };
    text += trimmed(chips);
    if (y > 0) text += trimmed(below);
  }
  return text;
}

std::string link_table(const BoardView& board) {
  const BoardFile& file = board.file;
  if (file.apart()) {
    std::string text;
    for (std::size_t i = 0; i < file.chips.size(); ++i) {
      text += fmt::format("{} {}\n", to_string(file.chips[i]), printable(file.devices[i]));
    }
    return text;
  }
  if (file.links.empty()) return "no links\n";
  std::size_t widest = 16;  // state
  for (const auto& ends : board.links) {
    for (const LinkEnd& end : ends) widest = std::max(widest, end_state(end).size());
  }
  std::string text =
      fmt::format("{:<16} {:<{}} {:>5} {:>10} {:>10} {:>7} {:>8} {:>8} {:>9}\n", "end of link", "state", widest,
                  "lanes", "sent words", "got words", "CRC err", "replays", "retrains", "discarded");
  for (std::size_t i = 0; i < file.links.size(); ++i) {
    const BoardLink& link = file.links[i];
    const auto& ends = board.links[i];
    for (unsigned e = 0; e < 2; ++e) {
      const BoardEnd at = e == 0 ? link.a : link.b;
      const LinkEnd& end = ends[e];
      text += fmt::format("{:<16} {:<{}} {:>5} {:>10} {:>10} {:>7} {:>8} {:>8} {:>9}\n",
                          fmt::format("{} {}", to_string(file.chips[at.chip]), port_name(at.port)), end_state(end),
                          widest, fmt::format("{}/{}", end.tx_width, end.rx_width), end.tx_words, end.rx_words,
                          end.crc_errors, end.replays, end.retrainings, end.discarded);
    }
  }
  return text;
}

std::string problem_lines(const BoardView& board) {
  std::string text;
  for (const BoardProblem& problem : board.problems) {
    text += fmt::format("{}: {}\n", to_string(problem.kind), problem.text);
  }
  return text;
}

nlohmann::ordered_json to_json(const BoardView& board) {
  const BoardFile& file = board.file;
  nlohmann::ordered_json all{{"uri", board.uri},
                             {"name", file.name},
                             {"chip", chips_of(file)},
                             {"clocks", board.clocks},
                             {"chips", nlohmann::ordered_json::array()},
                             {"links", nlohmann::ordered_json::array()},
                             {"problems", nlohmann::ordered_json::array()}};
  for (const Place place : file.chips) all["chips"].push_back({place.x, place.y});
  if (file.apart()) all["devices"] = file.devices;
  for (std::size_t i = 0; i < file.links.size(); ++i) {
    const BoardLink& link = file.links[i];
    const auto& ends = board.links[i];
    nlohmann::ordered_json both = nlohmann::ordered_json::array();
    for (unsigned e = 0; e < 2; ++e) {
      const BoardEnd at = e == 0 ? link.a : link.b;
      const LinkEnd& end = ends[e];
      both.push_back({{"chip", at.chip},
                      {"port", port_name(at.port)},
                      {"state", link_state_name(end.state)},
                      {"up", end.up},
                      {"reason", link_reason_text(end.reason)},
                      {"tx_lanes", end.tx_width},
                      {"rx_lanes", end.rx_width},
                      {"tx_words", end.tx_words},
                      {"rx_words", end.rx_words},
                      {"tx_flits", end.tx_flits},
                      {"rx_flits", end.rx_flits},
                      {"crc_errors", end.crc_errors},
                      {"replays", end.replays},
                      {"retrainings", end.retrainings},
                      {"discarded", end.discarded}});
    }
    all["links"].push_back({{"between", link_name(file, link)}, {"ends", both}});
  }
  for (const BoardProblem& problem : board.problems) {
    all["problems"].push_back({{"kind", to_string(problem.kind)}, {"text", problem.text}});
  }
  return all;
}

std::string traffic_text(const BoardFile& file, const board::Traffic& traffic, std::uint64_t seed) {
  std::string text =
      fmt::format("{}, {} bytes, every one as it was sent, in {} clocks (loading and comparing among them); seed {}\n",
                  counted(traffic.transfers, "transfer"), traffic.bytes, traffic.clocks, seed);
  const std::uint64_t chips = file.chips.size(), all = chips * (chips - 1);
  if (traffic.pairs != all) {
    text += fmt::format("of {} ways from chip to chip {} are whole, and these alone were used; {} of {} chips sent\n",
                        all, traffic.pairs, traffic.senders, chips);
  }
  return text;
}

nlohmann::ordered_json traffic_json(const board::Traffic& traffic, std::uint64_t seed) {
  return {{"seed", seed},
          {"transfers", traffic.transfers},
          {"bytes", traffic.bytes},
          {"clocks", traffic.clocks},
          {"senders", traffic.senders},
          {"ways", traffic.pairs}};
}

std::string to_html(const BoardView& board) {
  const BoardFile& file = board.file;
  report::Page page;
  page.title = fmt::format("Board {}", file.name);
  page.lead = fmt::format("{} {}, {}, after {} clocks", counted(file.chips.size(), "chip"), chips_of(file),
                          counted(file.links.size(), "link"), board.clocks);
  report::Mesh mesh{"Words sent over every link, each way", file.width(), file.height(), {}, {}};
  for (const Place place : file.chips) mesh.nodes.push_back({place.x, place.y, to_string(place)});
  std::size_t up = 0;
  report::Table links{"Links, words sent / got, errors", {}};
  for (std::size_t i = 0; i < file.links.size(); ++i) {
    const auto& [a, b] = board.links[i];
    const Health now = health(board.links[i], board.lanes);
    up += now.state != report::Mesh::State::down;
    const Place place = file.chips[file.links[i].a.chip];
    mesh.links.push_back(
        {place.x, place.y, file.links[i].a.port == 0, now.state, static_cast<double>(a.tx_words),
         static_cast<double>(b.tx_words), now.troubles,
         fmt::format("{}: {} - {}, {} replays, {} retrainings", link_name(file, file.links[i]), end_state(a),
                     end_state(b), a.replays + b.replays, a.retrainings + b.retrainings)});
    links.rows.emplace_back(
        link_name(file, file.links[i]),
        fmt::format(
            "{} - {}; forth {} / {}, back {} / {}; {} CRC errors, {} replays, {} retrainings, {} words discarded",
            end_state(a), end_state(b), a.tx_words, b.rx_words, b.tx_words, a.rx_words, a.crc_errors + b.crc_errors,
            a.replays + b.replays, a.retrainings + b.retrainings, a.discarded + b.discarded));
  }
  page.headline = {{std::to_string(file.chips.size()), "chips"},
                   {fmt::format("{} of {}", up, file.links.size()), "links up"},
                   {std::to_string(board.problems.size()), "problems"}};
  if (!board.problems.empty()) {
    report::Table problems{"Not as the board file says", {}};
    for (const BoardProblem& p : board.problems) problems.rows.emplace_back(std::string(to_string(p.kind)), p.text);
    page.tables.push_back(problems);
  }
  page.meshes.push_back(std::move(mesh));
  page.tables.push_back(links);
  return report::to_html(page);
}

}  // namespace hilbert::cli

// SPDX-License-Identifier: Apache-2.0
// Boards as text, JSON and HTML.
#include "board_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "report/html.hpp"

namespace hilbert::cli {
namespace {

/// The chip at a place, if the board has one there.
std::optional<std::size_t> chip_at(const BoardFile& file, Place place) {
  const auto it = std::ranges::find(file.chips, place);
  if (it == file.chips.end()) return std::nullopt;
  return static_cast<std::size_t>(it - file.chips.begin());
}

/// Whether the link from `end` eastwards or northwards is up; nothing if the file has none.
std::optional<bool> link_up(Board& board, BoardEnd end) {
  for (std::size_t i = 0; i < board.file().links.size(); ++i) {
    if (board.file().links[i].a != end) continue;
    const auto ends = board.link(i);
    return ends[0].up && ends[1].up;
  }
  return std::nullopt;
}

std::string end_state(const LinkEnd& end) {
  std::string text(end.up || end.state != 4 ? link_state_name(end.state) : "active, hunting");
  if (end.state == 5) text += fmt::format(" ({})", link_reason_text(end.reason));
  return text;
}

}  // namespace

std::unique_ptr<Board> open_any_board(const std::string& uri) {
  return open_board(uri.starts_with("board:") ? uri : "board:" + uri, {.tolerant = true});
}

std::string link_name(const BoardFile& file, const BoardLink& link) {
  return fmt::format("{} {} - {}", to_string(file.chips[link.a.chip]), port_name(link.a.port),
                     to_string(file.chips[link.b.chip]));
}

std::string picture(Board& board) {
  constexpr std::size_t cell = 11;  // characters from one chip to the next
  const BoardFile& file = board.file();
  std::string text;
  for (unsigned y = file.height(); y-- > 0;) {
    std::string chips, below;
    for (unsigned x = 0; x < file.width(); ++x) {
      const auto chip = chip_at(file, {x, y});
      std::string name = chip ? fmt::format("[{:>2},{:>2}]", x, y) : "";
      const auto east = chip ? link_up(board, {*chip, 0}) : std::nullopt;
      name.resize(7, ' ');
      chips += name + (east ? (*east ? "====" : "=x= ") : "    ");
      const auto south = y > 0 ? chip_at(file, {x, y - 1}) : std::nullopt;
      const auto joined = south ? link_up(board, {*south, 2}) : std::nullopt;
      below += fmt::format("{:<{}}", joined ? (*joined ? "   |" : "   x") : "", cell);
    }
    const auto trimmed = [](std::string line) { return line.substr(0, line.find_last_not_of(' ') + 1) + '\n'; };
    text += trimmed(chips);
    if (y > 0) text += trimmed(below);
  }
  return text;
}

std::string link_table(Board& board) {
  const BoardFile& file = board.file();
  if (file.links.empty()) return "no links\n";
  std::string text = fmt::format("{:<24} {:<16} {:>5} {:>10} {:>10} {:>7} {:>8} {:>8} {:>9}\n", "end of link", "state",
                                 "lanes", "sent words", "got words", "CRC err", "replays", "retrains", "discarded");
  for (std::size_t i = 0; i < file.links.size(); ++i) {
    const BoardLink& link = file.links[i];
    const auto ends = board.link(i);
    for (unsigned e = 0; e < 2; ++e) {
      const BoardEnd at = e == 0 ? link.a : link.b;
      const LinkEnd& end = ends[e];
      text += fmt::format("{:<24} {:<16} {:>5} {:>10} {:>10} {:>7} {:>8} {:>8} {:>9}\n",
                          fmt::format("{} {}", to_string(file.chips[at.chip]), port_name(at.port)), end_state(end),
                          fmt::format("{}/{}", end.tx_width, end.rx_width), end.tx_words, end.rx_words, end.crc_errors,
                          end.replays, end.retrainings, end.discarded);
    }
  }
  return text;
}

std::string problem_lines(const Board& board) {
  std::string text;
  for (const BoardProblem& problem : board.problems()) {
    text += fmt::format("{}: {}\n", to_string(problem.kind), problem.text);
  }
  return text;
}

nlohmann::ordered_json to_json(Board& board) {
  const BoardFile& file = board.file();
  nlohmann::ordered_json all{{"uri", board.uri()},
                             {"name", file.name},
                             {"chip", file.configuration},
                             {"clocks", board.clocks()},
                             {"chips", nlohmann::ordered_json::array()},
                             {"links", nlohmann::ordered_json::array()},
                             {"problems", nlohmann::ordered_json::array()}};
  for (const Place place : file.chips) all["chips"].push_back({place.x, place.y});
  for (std::size_t i = 0; i < file.links.size(); ++i) {
    const BoardLink& link = file.links[i];
    const auto ends = board.link(i);
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
  for (const BoardProblem& problem : board.problems()) {
    all["problems"].push_back({{"kind", to_string(problem.kind)}, {"text", problem.text}});
  }
  return all;
}

/// What is wrong with a link, in a few words each.
std::vector<std::string> troubles(const LinkEnd& a, const LinkEnd& b, unsigned lanes) {
  for (const LinkEnd* end : {&a, &b}) {
    if (end->up) continue;
    const std::string_view reason = link_reason_text(end->reason);
    return {end->state == 5 ? std::string(reason.substr(0, reason.find(':'))) : end_state(*end)};
  }
  std::vector<std::string> all;
  const unsigned width = std::min({a.tx_width, a.rx_width, b.tx_width, b.rx_width});
  if (width < lanes) all.push_back(fmt::format("{} of {} lanes", width, lanes));
  const std::uint32_t errors = a.crc_errors + b.crc_errors;
  if (errors != 0) all.push_back(fmt::format("{} error{}", errors, errors == 1 ? "" : "s"));
  return all;
}

std::string to_html(Board& board) {
  const BoardFile& file = board.file();
  report::Page page;
  page.title = fmt::format("Board {}", file.name);
  page.lead = fmt::format("{} chips {}, {} links, after {} clocks", board.size(), file.configuration, file.links.size(),
                          board.clocks());
  const unsigned lanes = board.lanes();
  report::Mesh mesh{"Words sent over every link, each way", file.width(), file.height(), {}, {}};
  for (const Place place : file.chips) mesh.nodes.push_back({place.x, place.y, to_string(place)});
  std::size_t up = 0;
  report::Table links{"Links, words sent / got, errors", {}};
  for (std::size_t i = 0; i < file.links.size(); ++i) {
    const auto [a, b] = board.link(i);
    const bool good = a.up && b.up;
    up += good;
    const Place place = file.chips[file.links[i].a.chip];
    const std::vector<std::string> wrong = troubles(a, b, lanes);
    mesh.links.push_back(
        {place.x, place.y, file.links[i].a.port == 0,
         !good           ? report::Mesh::State::down
         : wrong.empty() ? report::Mesh::State::good
                         : report::Mesh::State::worn,
         static_cast<double>(a.tx_words), static_cast<double>(b.tx_words), wrong,
         fmt::format("{}: {} - {}, {} replays, {} retrainings", link_name(file, file.links[i]), end_state(a),
                     end_state(b), a.replays + b.replays, a.retrainings + b.retrainings)});
    links.rows.emplace_back(
        link_name(file, file.links[i]),
        fmt::format(
            "{} - {}; forth {} / {}, back {} / {}; {} CRC errors, {} replays, {} retrainings, {} words discarded",
            end_state(a), end_state(b), a.tx_words, b.rx_words, b.tx_words, a.rx_words, a.crc_errors + b.crc_errors,
            a.replays + b.replays, a.retrainings + b.retrainings, a.discarded + b.discarded));
  }
  page.headline = {{std::to_string(board.size()), "chips"},
                   {fmt::format("{} of {}", up, file.links.size()), "links up"},
                   {std::to_string(board.problems().size()), "problems"}};
  if (!board.problems().empty()) {
    report::Table problems{"Not as the board file says", {}};
    for (const BoardProblem& p : board.problems()) problems.rows.emplace_back(std::string(to_string(p.kind)), p.text);
    page.tables.push_back(problems);
  }
  page.meshes.push_back(std::move(mesh));
  page.tables.push_back(links);
  return report::to_html(page);
}

}  // namespace hilbert::cli

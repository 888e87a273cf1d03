// SPDX-License-Identifier: Apache-2.0
// A board and its links as text, as JSON and as a page, all of one look at it.
#pragma once

#include <array>
#include <hilbert/board.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "board/traffic.hpp"
#include "progress.hpp"

namespace hilbert::cli {

/// How to open a board with a line of progress.
[[nodiscard]] BoardOptions opening(bool tolerant);
/// Opens "board:FILE", or a file's name alone, whatever is wrong with the board; `apart`: even one without links whose
/// chips have devices of their own.
[[nodiscard]] std::unique_ptr<Board> open_any_board(const std::string& uri, bool apart = false);
/// The configuration of its chips, or "apart".
[[nodiscard]] std::string_view chips_of(const BoardFile& file);

/// What a board was at one time: whatever is shown of it side by side comes from one of these, or would disagree.
struct BoardView {
  BoardFile file;
  std::string uri;
  std::uint64_t clocks = 0;
  unsigned lanes = 0;
  std::vector<std::array<LinkEnd, 2>> links;  ///< ends a and b of each link of the file
  std::vector<BoardProblem> problems;
};
[[nodiscard]] BoardView look_at(Board& board);

/// The mesh as a picture of characters, north at the top: === and | links that are well, ~ links that carry data but
/// hunt, have lost lanes or had errors, x links that carry none.
[[nodiscard]] std::string picture(const BoardView& board);
/// A line an end of a link, or a chip with its device if they are apart: state, lanes, what went through, what went
/// wrong.
[[nodiscard]] std::string link_table(const BoardView& board);
/// A line a problem; "" if there is none.
[[nodiscard]] std::string problem_lines(const BoardView& board);
[[nodiscard]] nlohmann::ordered_json to_json(const BoardView& board);
[[nodiscard]] std::string to_html(const BoardView& board);

/// A line of progress for board::exchange().
struct TrafficLine {
  void operator()(std::uint64_t done, std::uint64_t all) {
    if (!line) line.emplace("traffic", "transfers", all);
    line->set(done);
  }
  std::optional<Progress> line;
};
/// What traffic did, and who had no part in it: sentences and an object.
[[nodiscard]] std::string traffic_text(const BoardFile& file, const board::Traffic& traffic, std::uint64_t seed);
[[nodiscard]] nlohmann::ordered_json traffic_json(const board::Traffic& traffic, std::uint64_t seed);

/// "(0, 0) east - (1, 0)"
[[nodiscard]] std::string link_name(const BoardFile& file, const BoardLink& link);

}  // namespace hilbert::cli

// SPDX-License-Identifier: Apache-2.0
// A board and its links as text, as JSON and as a page.
#pragma once

#include <hilbert/board.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace hilbert::cli {

/// Opens "board:FILE", or a file's name alone, whatever is wrong with the board.
[[nodiscard]] std::unique_ptr<Board> open_any_board(const std::string& uri);

/// The mesh as a picture of characters, north at the top: === and | links that are up, x links that are not.
[[nodiscard]] std::string picture(Board& board);
/// A line an end of a link: state, lanes, what went through, what went wrong.
[[nodiscard]] std::string link_table(Board& board);
/// A line a problem; "" if there is none.
[[nodiscard]] std::string problem_lines(const Board& board);
[[nodiscard]] nlohmann::ordered_json to_json(Board& board);
[[nodiscard]] std::string to_html(Board& board);

/// "(0, 0) east - (1, 0)"
[[nodiscard]] std::string link_name(const BoardFile& file, const BoardLink& link);

}  // namespace hilbert::cli

// SPDX-License-Identifier: Apache-2.0
// hilbert board: what a board is made of and how its links stand.
#include <fmt/format.h>

#include <hilbert/file.hpp>
#include <iostream>
#include <optional>

#include "board/traffic.hpp"
#include "board_text.hpp"
#include "command.hpp"

namespace hilbert::cli::board_command {
namespace {

namespace po = boost::program_options;

ExitCode run(const Arguments& arguments) {
  std::string action, file, html_path;
  unsigned threads = 1, rounds = 0;
  std::uint64_t seed = 1;
  bool json = false;
  Options options(
      "board show FILE",
      "Powers up the board of a board file, trains its links, finds out over them who is joined to whom, and\n"
      "shows the mesh, every link, and what is not as the file says: missing, crossed, degraded, misplaced.");
  options.add()("action", po::value(&action)->required()->value_name("ACTION"), "show")(
      "file", po::value(&file)->required()->value_name("FILE"), "the board file (boards/README.md), or board:FILE")(
      "threads", po::value(&threads)->value_name("N")->default_value(1),
      "threads that simulate; they change the time, not the result")(
      "traffic", po::value(&rounds)->value_name("N")->default_value(0),
      "before showing: N times a block of random data from every chip to another, checked")(
      "seed", po::value(&seed)->value_name("N")->default_value(1), "of the traffic")(
      "html", po::value(&html_path)->value_name("FILE"), "write a page that needs nothing else")(
      "json", po::bool_switch(&json), "print JSON");
  options.positional("action", 1);
  options.positional("file", 1);
  options.example("hilbert board show boards/2x2.json", "four chips: [ 0, 1]====[ 1, 1] are two that a link joins");
  options.example("hilbert board show boards/5x5.json --threads 2 --traffic 10 --html board.html",
                  "traffic, and a page");
  options.note("Exit code 1 if the board is not as its file says, 2 for a bad file.");
  if (!options.parse(arguments)) return ExitCode::good;
  if (action != "show") {
    throw Error(ExitCode::bad_input, fmt::format("no action '{}'{}", action, suggestion(action, {"show"})),
                "hilbert board", "hilbert board show FILE");
  }
  std::optional<AtomicFile> html;
  if (!html_path.empty()) html.emplace(html_path);
  if (!file.starts_with("board:")) file = fmt::format("board:{}?threads={}", file, threads);
  const auto board = open_any_board(file);
  if (rounds != 0) board::exchange(*board, rounds, seed);

  const std::string problems = problem_lines(*board);
  if (json) {
    std::cout << to_json(*board).dump(2) << '\n';
  } else {
    std::cout << fmt::format("{}: {} chips {}, clock {}\n\n", board->file().name, board->size(),
                             board->file().configuration, board->clocks())
              << picture(*board) << '\n'
              << link_table(*board) << '\n'
              << (problems.empty() ? "as its file says\n" : problems);
  }
  if (html) {
    html->write(to_html(*board));
    html->commit();
  }
  return board->problems().empty() ? ExitCode::good : ExitCode::check_failed;
}

const Registration registration({"board", "show a board of many chips and the state of its links", run});

}  // namespace
}  // namespace hilbert::cli::board_command

// SPDX-License-Identifier: Apache-2.0
// hilbert board: what a board is made of and how its links stand.
#include <fmt/format.h>

#include <exception>
#include <filesystem>
#include <functional>
#include <hilbert/text.hpp>
#include <iostream>
#include <optional>

#include "board/traffic.hpp"
#include "board_text.hpp"
#include "command.hpp"
#include "json_report.hpp"
#include "limits.hpp"

namespace hilbert::cli::board_command {
namespace {

/// The board's URI. A file's name may have a question mark in it; a number of threads that the URI has already is given
/// twice then, which opening refuses.
std::string uri_of(const std::string& file, std::optional<unsigned> threads) {
  const bool has_mark = file.find('?') != std::string::npos;
  const bool whole_name = !has_mark || std::filesystem::exists(file);
  if (!threads && !(whole_name && has_mark)) return file;
  return fmt::format("{}{}threads={}", file, whole_name ? '?' : '&', threads.value_or(1));
}

ExitCode run(const Arguments& arguments) {
  std::string action, file, html_path;
  unsigned threads = 1, rounds = 0;
  std::uint64_t seed = 1;
  JsonReport json;
  Options options(
      "board ACTION FILE",
      "Powers up the board of a board file, which says of each chip where it is, trains its links,\n"
      "finds out over them who is joined to whom, and shows the mesh, every link, and what is not as the file\n"
      "says: missing, crossed, degraded, misplaced.");
  options.argument("ACTION", action, "show");
  options.argument("FILE", file, "the board file (boards/README.md), or board:FILE");
  options.number("threads", threads, {1, most_jobs, "threads"},
                 "threads that simulate; they change the time, not the result");
  options.number("traffic", rounds, {0, most_rounds, "rounds"},
                 "before showing: N times a block of random data from every chip to another, checked");
  options.number("seed", seed, any_seed<std::uint64_t>, "of everything random in this run: the traffic");
  options.output("html", html_path, "FILE", "write a page that needs nothing else");
  json.add_to(options);
  options.example("hilbert board show boards/2x2.json", "four chips: [ 0, 1]====[ 1, 1] are two that a link joins");
  options.example("hilbert board show boards/5x5.json --threads 2 --traffic 10 --html board.html",
                  "traffic, and a page");
  options.note("Exit code 1 if the board is not as its file says, 2 for a bad file.");
  if (!options.parse(arguments)) return ExitCode::good;
  require_known("action", action, {"show"}, "hilbert board");
  options.only({"seed"}, rounds != 0, "with --traffic");
  BoardView view;
  Outputs outputs("hilbert board");
  outputs.reads_device("FILE", board_uri(file));
  outputs.open("--html", html_path, [&](AtomicFile& page) { page.write(to_html(view)); });
  json.open(outputs);
  const auto board =
      open_any_board(uri_of(file, options.given("threads") ? std::optional(threads) : std::nullopt), true);
  std::optional<board::Traffic> traffic;
  std::optional<Error> failure;  // told once everything that is known is shown
  try {
    TrafficLine line;
    if (rounds != 0) traffic = board::exchange(*board, rounds, seed, std::ref(line));
  } catch (const Error& error) {
    if (error.code() == ExitCode::bad_input) throw;
    failure = error;
  }

  view = look_at(*board);
  json.value = to_json(view);
  if (traffic) json.value["traffic"] = traffic_json(*traffic, seed);
  json.print();
  if (json.with_text()) {
    const std::string problems = problem_lines(view);
    std::cout << fmt::format("{}: {} {}, clock {}\n\n", printable(view.file.name),
                             counted(view.file.chips.size(), "chip"), chips_of(view.file), view.clocks)
              << picture(view) << '\n'
              << link_table(view) << '\n'
              << (traffic ? traffic_text(view.file, *traffic, seed) : "")
              << (problems.empty() ? "as its file says\n" : problems);
  }
  if (failure) return outputs.finish(*failure);
  return outputs.finish(view.problems.empty() ? ExitCode::good : ExitCode::check_failed);
}

const Registration registration({"board", "show a board of many chips and the state of its links", run});

}  // namespace
}  // namespace hilbert::cli::board_command

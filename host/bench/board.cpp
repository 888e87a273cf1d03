// SPDX-License-Identifier: Apache-2.0
// What boards of many chips cost: time a clock, memory, and what threads gain.
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <hilbert/board.hpp>
#include <hilbert/error.hpp>
#include <hilbert/regs/link.hpp>
#include <optional>

#include "bench/collectives.hpp"
#include "bench/suites.hpp"
#include "device/configurations.hpp"

namespace hilbert::bench {
namespace {

/// Of those to be simulated the first with links, else the smallest of the build that has them.
std::optional<std::string> chip_with_links(const SuiteOptions& options) {
  const auto has_links = [](const std::string& name) {
    const auto known = device::find_configuration(name);
    return known && known->geometry.links != 0;
  };
  std::vector<std::string> names = options.chips;
  std::vector<std::string> built;
  std::ranges::copy_if(built_chips(), std::back_inserter(built), has_links);
  std::ranges::sort(built, {}, [](const std::string& name) { return device::find_configuration(name)->geometry.rows; });
  names.insert(names.end(), built.begin(), built.end());
  const auto it = std::ranges::find_if(names, has_links);
  if (it == names.end()) return std::nullopt;
  return *it;
}

std::unique_ptr<Board> make_board(const std::string& chip, unsigned width, unsigned height, unsigned latency,
                                  unsigned threads) {
  const std::string text = fmt::format(
      R"({{"version": 1, "name": "bench", "chip": "{}", "mesh": {{"width": {}, "height": {}}}, "wires": {{"latency": {}}}}})",
      chip, width, height, latency);
  return open_board(parse_board_file(text, fmt::format("{} x {} of hilbert bench", width, height)), threads);
}

double allocated_bytes() {
  const struct mallinfo2 now = ::mallinfo2();
  return static_cast<double>(now.uordblks + now.hblkhd);
}

/// Words that every end has received: a fingerprint of all time that passed.
std::vector<std::uint32_t> raw_words(Board& board) {
  std::vector<std::uint32_t> words;
  for (const BoardLink& link : board.file().links) {
    for (const BoardEnd end : {link.a, link.b}) {
      const std::uint32_t base = link_register_base + regs::link::spacing * end.port;
      words.push_back(board.device(end.chip).read_register(base + regs::link::raw_rx_words));
    }
  }
  return words;
}

void measure_sizes(const SuiteOptions& options, const std::string& chip) {
  constexpr std::uint64_t chip_clocks = 20'000;  // a round of every board
  std::vector<std::unique_ptr<Board>> boards;
  std::vector<double> bytes;
  std::vector<Side> sides;
  for (const auto& [width, height] : {std::pair{1u, 1u}, {2u, 1u}, {2u, 2u}, {3u, 3u}, {4u, 4u}, {5u, 5u}}) {
    const double before = allocated_bytes();
    boards.push_back(make_board(chip, width, height, 16, 1));
    bytes.push_back(allocated_bytes() - before);
    Board& board = *boards.back();
    const std::uint64_t clocks = chip_clocks / board.size();
    sides.push_back({fmt::format("{} x {}", width, height),
                     [&board, clocks] {
                       board.run(clocks);
                       return static_cast<double>(clocks);
                     },
                     {}});
  }
  Table table(fmt::format("Boards of chips {}, one thread", chip),
              {{"k clocks/s", 2, 1e-3}, {"k chip clocks/s", 1, 1e-3}, {"MB", 1, 1e-6}, {"MB a chip", 2, 1e-6}});
  const std::vector<Measured> measured = side_by_side(sides, options.rounds);
  for (std::size_t i = 0; i < boards.size(); ++i) {
    const auto chips = static_cast<double>(boards[i]->size());
    const Spread& rate = measured[i].rate;
    table.row(
        measured[i].name,
        {rate, {rate.low * chips, rate.median * chips, rate.high * chips}, exact(bytes[i]), exact(bytes[i] / chips)});
  }
  table.note("all links up, no jobs; latency 16 clocks; memory: what the board has allocated, counted");
  options.report(table);
}

void measure_threads(const SuiteOptions& options, const std::string& chip) {
  constexpr std::uint64_t clocks = 1'000;
  Table table(fmt::format("4 x 4 chips {}, two threads over one, by the clock on the wall", chip), {{"speed-up", 2}});
  for (const unsigned latency : {4u, 16u, 64u}) {
    const auto one = make_board(chip, 4, 4, latency, 1), two = make_board(chip, 4, 4, latency, 2);
    const auto seconds = [](Board& board) {
      const auto start = std::chrono::steady_clock::now();
      board.run(clocks);
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    std::vector<double> gains;
    for (unsigned i = 0; i < options.rounds; ++i) {
      const double slow = seconds(*one);
      gains.push_back(slow / seconds(*two));
    }
    if (raw_words(*one) != raw_words(*two) || one->clocks() != two->clocks()) {
      throw Error(ExitCode::check_failed, "two threads give another result than one", "hilbert bench board");
    }
    table.row(fmt::format("latency {} clocks", latency), {spread_of(gains)});
  }
  table.note("two only if two cores are free; chips run apart for as many clocks as the latency");
  options.report(table);
}

}  // namespace

void measure_board(const SuiteOptions& options) {
  const auto chip = chip_with_links(options);
  if (!chip) {
    Table table("Boards", {});
    table.note("not measured: this build has no chip with links (-DHILBERT_CHIPS=\"small;4x8x2\")");
    options.report(table);
    return;
  }
  measure_sizes(options, *chip);
  measure_threads(options, *chip);
  measure_collectives(options, *chip);
}

}  // namespace hilbert::bench

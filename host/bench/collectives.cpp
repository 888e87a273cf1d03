// SPDX-License-Identifier: Apache-2.0
// Clocks of collectives beside the least that their links allow.
#include "bench/collectives.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/board.hpp>
#include <hilbert/error.hpp>
#include <hilbert/regs/net.hpp>
#include <random>

#include "distributed/collectives.hpp"
#include "distributed/ring.hpp"

namespace hilbert::bench {
namespace {

using distributed::Collectives;

/// Payload that a link carries a clock: of a flit's words all but its header and the framing word.
double payload_bytes(Board& board) {
  const std::uint32_t cfg = board.device(0).read_register(net_register_base + regs::net::cfg);
  const double words = (cfg & regs::net::cfg_flit_words_mask) >> regs::net::cfg_flit_words_lsb;
  const double payload = words * board.device(0).capabilities().geometry.word_bytes() / 8;
  return distributed::link_bytes(board) * payload / (payload + 2);
}

void require_equal_memories(Board& board, std::uint32_t address, std::uint32_t bytes) {
  std::vector<std::vector<std::byte>> memories(board.size(), std::vector<std::byte>(bytes));
  board.together([&](std::size_t i) { board.device(i).read_words(address, memories[i]); });
  for (std::size_t i = 1; i < board.size(); ++i) {
    if (memories[0] == memories[i]) continue;
    throw Error(ExitCode::check_failed, fmt::format("chips 0 and {} have different results", i), board.uri(),
                "ctest -R system.collectives looks closer");
  }
}

}  // namespace

void measure_collectives(const SuiteOptions& options, const std::string& chip) {
  Table table(fmt::format("Collectives on boards of chips {}", chip),
              {{"kB", 1, 1e-3}, {"clocks", 0}, {"links alone", 0}, {"% of the bound", 1, 100}});
  for (const auto& shape : {std::pair{2u, 2u}, {3u, 3u}, {5u, 5u}}) {
    const unsigned width = shape.first, height = shape.second;  // captured below
    const auto board = open_board(
        parse_board_file(
            fmt::format(R"({{"version": 1, "name": "bench", "chip": "{}", "mesh": {{"width": {}, "height": {}}}}})",
                        chip, width, height),
            fmt::format("{} x {} of hilbert bench", width, height)),
        1);
    distributed::BoardRunner runner(*board);
    Collectives all(runner);
    const model::Geometry& g = board->device(0).capabilities().geometry;
    const auto chips = static_cast<std::uint32_t>(board->size());
    const double speed = payload_bytes(*board);
    board->together([&](std::size_t i) {
      std::mt19937_64 random(i);
      std::vector<std::byte> data(g.data_bytes());
      for (std::size_t at = 0; at < data.size(); at += 2) {  // bf16 of magnitudes around 1
        data[at] = static_cast<std::byte>(random());
        data[at + 1] = static_cast<std::byte>(0x3F | (random() & 0x80));
      }
      board->device(i).write_words(0, data);
    });
    const auto report = [&](const char* what, double bytes, std::uint64_t clocks, double bound) {
      table.row(
          fmt::format("{}, {} x {}", what, width, height),
          {exact(bytes), exact(static_cast<double>(clocks)), exact(bound), exact(bound / static_cast<double>(clocks))});
    };

    const std::uint32_t half = g.data_bytes() / 2;
    report("broadcast", half, all.broadcast(0, 0, half).run_clocks, half / speed);
    require_equal_memories(*board, 0, half);

    const std::uint32_t each = half / chips / g.word_bytes() * g.word_bytes();
    report("all-gather", each * chips, all.all_gather(0, each).run_clocks, each * (chips - 1) / speed);
    require_equal_memories(*board, 0, each * chips);

    Collectives::Sum sum{.x = {model::Format::bf16, 0}, .d = {model::Format::fp32, 0}};
    sum.elements = half / 4 / all.granule(sum) * all.granule(sum);
    sum.x_at = half;
    sum.scratch = half + half / 2;
    const double moved = sum.elements * 4.0;
    report("all-reduce bf16 to fp32", moved, all.all_reduce(sum).run_clocks, 2 * moved * (chips - 1) / chips / speed);
    require_equal_memories(*board, 0, sum.elements * 4);
  }
  table.note("bound: broadcast the data, all-gather (P - 1) / P and all-reduce 2 (P - 1) / P of it over one link");
  table.note(
      "the link carries the payload of flits of full length; queues fed by the host, who waits for nothing else");
  options.report(table);
}

}  // namespace hilbert::bench

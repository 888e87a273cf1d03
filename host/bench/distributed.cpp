// SPDX-License-Identifier: Apache-2.0
// One matrix product over boards of chips: how much of all arrays is used, against one chip with the same product.
#include <fmt/format.h>

#include <algorithm>
#include <hilbert/board_runtime.hpp>
#include <hilbert/error.hpp>

#include "bench/product.hpp"
#include "bench/suites.hpp"
#include "device/configurations.hpp"

namespace hilbert::bench {
namespace {

struct BoardSize {
  unsigned width, height;
};

std::vector<std::string> chips_with_links(const SuiteOptions& options) {
  const auto has_links = [](const std::string& name) {
    const auto known = device::find_configuration(name);
    return known && known->geometry.links != 0;
  };
  std::vector<std::string> names;
  std::ranges::copy_if(options.chips, std::back_inserter(names), has_links);
  if (!names.empty()) return names;
  std::ranges::copy_if(built_chips(), std::back_inserter(names), has_links);
  return names;
}

/// Clocks of one chip for the product, from and to host memory, on the direct path; the result must be `expected`.
std::uint64_t on_one_chip(const std::string& chip, const Product& product, const CodesResult& expected) {
  Runtime runtime("sim:" + chip, {.path = JobPath::direct});
  const CodesResult result = runtime.gemm_codes(product.job, product.a, product.b);
  if (result.d != expected.d || !(result.flags == expected.flags)) {
    throw Error(ExitCode::check_failed, "one chip gives another result than the board", runtime.capabilities().uri);
  }
  return result.report.clocks;
}

void row(Table& table, const std::string& chip, BoardSize size, const Product& product) {
  const std::string text = fmt::format(
      R"({{"version": 1, "name": "bench", "chip": "{}", "mesh": {{"width": {}, "height": {}}}, "wires": {{"latency": 16}}}})",
      chip, size.width, size.height);
  BoardRuntime runtime(
      open_board(parse_board_file(text, fmt::format("{} x {} of hilbert bench", size.width, size.height)), 2));
  const CodesResult result = runtime.gemm_codes(product.job, product.a, product.b);
  product.require(result.d, result.flags, runtime.board().uri());
  const BoardFigures& f = runtime.figures();
  const unsigned chips = size.width * size.height;
  const double alone = static_cast<double>(on_one_chip(chip, product, result));
  const double speed_up = alone / static_cast<double>(result.report.clocks);
  const model::Geometry& g = runtime.geometry();
  const double ideal = product.macs() / (double(g.rows) * g.cols * g.depth * chips);
  double most = 0;  // words, of the busiest direction of a link
  for (std::size_t i = 0; i < runtime.board().file().links.size(); ++i) {
    for (const LinkEnd& end : runtime.board().link(i)) most = std::max(most, double(end.tx_words));
  }
  const double link_words = static_cast<double>(f.run_clocks) * runtime.link_bytes() / 8;
  table.row(fmt::format("{}x{}x{} {}", product.job.m, product.job.n, product.job.k, model::to_string(product.job.a)),
            {exact(static_cast<double>(result.report.clocks)), exact(static_cast<double>(f.run_clocks)),
             exact(ideal / static_cast<double>(f.run_clocks)), exact(result.report.utilisation()), exact(speed_up),
             exact(speed_up / chips), exact(most / link_words), exact(static_cast<double>(f.link_bytes)),
             exact(static_cast<double>(result.report.bytes_up))});
}

}  // namespace

void measure_distributed(const SuiteOptions& options) {
  struct Case {
    const char* format;
    std::uint32_t depth;  ///< K, in blocks
  };
  const auto chips = chips_with_links(options);
  for (const std::string& chip : chips) {
    const model::Geometry g = device::find_configuration(chip)->geometry;
    // Results that fill half of every chip's memory, as a square.
    const std::uint32_t side = std::max(g.rows, g.cols);
    std::uint32_t block = side;
    while (std::uint64_t{block + side} * (block + side) * 4 <= g.data_bytes() / 2) block += side;
    for (const BoardSize size : {BoardSize{1, 1}, {2, 2}, {5, 5}}) {
      Table table(fmt::format("One product over {} x {} chips {}", size.width, size.height, chip),
                  {{"clocks", 0},
                   {"while jobs run", 0},
                   {"arrays used %", 1, 100},
                   {"end to end %", 1, 100},
                   {"speed-up", 2},
                   {"of chips %", 1, 100},
                   {"busiest link %", 1, 100},
                   {"kB over links", 0, 1e-3},
                   {"kB up", 0, 1e-3}});
      for (const Case& c : {Case{"bf16", 10}, {"bf16", 20}, {"cf8_143:7", 10}}) {
        row(table, chip, size,
            Product(size.height * block, size.width * block, c.depth * block, *model::parse_format(c.format), g.depth));
      }
      table.note("clocks: of the board, from host memory to host memory");
      table.note("while jobs run: without what is written before the first job");
      table.note("arrays used, end to end: multiply-accumulates over those of all arrays in these clocks");
      table.note("speed-up: over one chip with the same product, direct path, from host memory");
      table.note("of chips: speed-up over their number");
      table.note("busiest link: words it carried one way over what it can, while jobs run");
      options.report(table);
    }
  }
  if (chips.empty()) {
    Table table("Products over boards", {});
    table.note("not measured: this build has no chip with links (-DHILBERT_CHIPS=\"small;4x8x2;node\")");
    options.report(table);
  }
}

}  // namespace hilbert::bench

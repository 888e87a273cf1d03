// SPDX-License-Identifier: Apache-2.0
#include "store/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/error.hpp>
#include <hilbert/sizes.hpp>
#include <numeric>

namespace hilbert::store {
namespace {

constexpr std::uint64_t most_lines = 1ULL << 24;

/// Counts by group and outcome, in one array.
class Counts {
 public:
  Counts(std::size_t groups, std::size_t outcomes) : width_(outcomes + 1), all_(groups * width_) {}

  void add(std::size_t group, std::uint8_t code, std::uint64_t experiments) {
    all_[group * width_ + std::min<std::size_t>(code, width_ - 1)] += experiments;
  }
  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] std::uint64_t& at(std::size_t group, std::size_t code) { return all_[group * width_ + code]; }
  /// The group's line, unless nothing is in it.
  void line(std::size_t group, std::string name, std::vector<Row>& rows) const {
    const auto begin = all_.begin() + static_cast<std::ptrdiff_t>(group * width_);
    Row row{std::move(name), {begin, begin + static_cast<std::ptrdiff_t>(width_)}};
    if (row.experiments() != 0) rows.push_back(std::move(row));
  }

 private:
  std::size_t width_;
  std::vector<std::uint64_t> all_;
};

/// The group of every site, and the names of the groups.
struct Grouping {
  std::vector<std::uint32_t> of;
  std::size_t count = 1;
};

Grouping group_sites(const Sites& sites, By by) {
  Grouping grouping;
  grouping.of.resize(sites.size());
  if (by == By::bit) {
    std::iota(grouping.of.begin(), grouping.of.end(), 0U);
    grouping.count = sites.size();
    return grouping;
  }
  for (const Sites::Run& run : sites.runs()) {
    const std::uint32_t group = by == By::unit         ? run.unit
                                : by == By::site_class ? run.site_class
                                : by == By::variable   ? run.name
                                                       : 0;
    std::fill_n(grouping.of.begin() + run.first, run.count, group);
  }
  grouping.count = by == By::unit         ? sites.units().size()
                   : by == By::site_class ? sites.classes().size()
                   : by == By::variable   ? sites.names().size()
                                          : 1;
  return grouping;
}

std::vector<Row> count_sites(const Verdicts& verdicts, By by) {
  const Results& results = verdicts.results();
  const Sites& sites = results.sites;
  const Grouping grouping = group_sites(sites, by);
  Counts counts(grouping.count, results.header.outcomes().size());
  for (const Block& block : results.blocks) {
    if (block.auxiliary) continue;
    if (block.shape == Shape::dense) {
      const std::uint32_t* const groups = grouping.of.data() + block.first_site;
      const std::uint8_t* code = block.code.data();
      for (std::uint32_t clock = 0; clock < block.clocks; ++clock) {
        for (std::uint32_t site = 0; site < block.sites; ++site) counts.add(groups[site], *code++, 1);
      }
      continue;
    }
    for (std::size_t i = 0; i < block.entries(); ++i) {
      const bool stretch = block.shape == Shape::stretches;
      counts.add(grouping.of[block.site[i]], block.code[i],
                 stretch ? std::uint64_t{block.last[i]} - block.first[i] + 1 : 1);
    }
  }
  std::vector<Row> rows;
  for (std::uint32_t group = 0; group < grouping.count; ++group) {
    counts.line(group,
                by == By::unit         ? sites.units()[group]
                : by == By::site_class ? sites.classes()[group]
                : by == By::variable   ? sites.names()[group]
                : by == By::bit        ? sites.label(group)
                                       : "all",
                rows);
  }
  return rows;
}

/// One more than the last clock with experiments.
std::uint64_t clocks_of(const Results& results) {
  std::uint64_t clocks = 0;
  for (const Block& block : results.blocks) {
    if (block.auxiliary || block.entries() == 0) continue;
    const std::uint64_t end = block.shape == Shape::dense       ? std::uint64_t{block.first_clock} + block.clocks
                              : block.shape == Shape::stretches ? *std::ranges::max_element(block.last) + 1ULL
                                                                : *std::ranges::max_element(block.first) + 1ULL;
    clocks = std::max(clocks, end);
  }
  return clocks;
}

std::vector<Row> count_clocks(const Verdicts& verdicts, std::uint32_t window) {
  const Results& results = verdicts.results();
  const std::uint64_t lines = ceil_div(clocks_of(results), std::uint64_t{window});
  if (lines > most_lines) {
    throw Error(ExitCode::bad_input, fmt::format("a table of {} windows", lines), "campaign",
                fmt::format("at most {}: give larger ones", most_lines));
  }
  Counts windows(lines, results.header.outcomes().size());
  // Of windows that are all within a stretch only the first is noted, and the one after the last: sums make counts of
  // it.
  Counts within(lines + 1, results.header.outcomes().size());
  for (const Block& block : results.blocks) {
    if (block.auxiliary) continue;
    for (std::size_t i = 0; i < block.entries() && block.shape != Shape::stretches; ++i) {
      windows.add(block.clock_of(i) / window, block.code[i], 1);
    }
    for (std::size_t i = 0; i < block.entries() && block.shape == Shape::stretches; ++i) {
      const std::uint32_t first = block.first[i] / window, last = block.last[i] / window;
      if (first == last) {
        windows.add(first, block.code[i], std::uint64_t{block.last[i]} - block.first[i] + 1);
        continue;
      }
      windows.add(first, block.code[i], window - block.first[i] % window);
      windows.add(last, block.code[i], block.last[i] % window + 1ULL);
      within.add(first + 1, block.code[i], 1);
      within.add(last, block.code[i], ~std::uint64_t{0});
    }
  }
  std::vector<Row> rows;
  for (std::size_t i = 0; i < lines; ++i) {
    for (std::size_t code = 0; code < within.width(); ++code) {
      if (i > 0) within.at(i, code) += within.at(i - 1, code);
      windows.at(i, code) += within.at(i, code) * window;
    }
    windows.line(i, std::to_string(i * window), rows);
  }
  return rows;
}

}  // namespace

std::uint64_t Row::experiments() const { return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}); }

std::vector<Row> count(const Verdicts& verdicts, By by, std::uint32_t window) {
  if (by != By::clock) return count_sites(verdicts, by);
  if (window == 0) throw Error(ExitCode::bad_input, "a window of 0 clocks", "campaign", "at least 1");
  return count_clocks(verdicts, window);
}

}  // namespace hilbert::store

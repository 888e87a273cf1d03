// SPDX-License-Identifier: Apache-2.0
// Experiments counted: how many came to what, altogether and by what they hit.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/verdicts.hpp"

namespace hilbert::store {

enum class By : std::uint8_t {
  all,   ///< one line
  unit,  ///< a line for each unit, class, variable (as the RTL names it) or bit of the table of sites, in its order
  site_class,
  variable,
  bit,
  clock,  ///< a line for each window of clocks
};

/// One line: all experiments on one unit, for example.
struct Row {
  std::string name;                   ///< "u_seq"; of windows their first clock, "120"
  std::vector<std::uint64_t> counts;  ///< by outcome; the last, behind all outcomes: known only with the other shards
  [[nodiscard]] std::uint64_t experiments() const;
};

/// The lines that have experiments. A stretch counts as many as it has clocks, an auxiliary block nothing.
/// `window`: clocks a line of By::clock, at least 1 (else Error, exit code 2).
[[nodiscard]] std::vector<Row> count(const Verdicts& verdicts, By by, std::uint32_t window = 1);

}  // namespace hilbert::store

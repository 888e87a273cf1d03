// SPDX-License-Identifier: Apache-2.0
// The sites of a campaign with their names: flip-flops, then memory bits, then, where transients are asked for, gates.
#pragma once

#include <functional>
#include <hilbert/tb/netlist.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "campaign/state.hpp"
#include "store/sites.hpp"

namespace hilbert::campaign {

/// What a design calls its parts. Without it: the instance that a register is in, and plain classes.
struct PartNames {
  std::function<std::string_view(std::string_view name)> unit;
  std::function<std::string_view(std::string_view name)> memory_class;
};

/// Sites 0 .. StateBits::count() - 1 are the StateBits of those numbers; gate g is site StateBits::count() + g.
store::Sites site_table(const tb::Netlist& netlist, bool gates, const PartNames& names);

/// Neighbouring sites.
struct SiteRange {
  std::uint32_t first = 0, last = 0;  ///< `last` is not among them

  [[nodiscard]] std::uint32_t count() const { return last - first; }
  bool operator==(const SiteRange&) const = default;
};

/// The sites below `limit`, from `from` on, that all filters fit, as ranges in order. A filter is a pattern (* ? [..])
/// for the name with or without its bit, or "unit:PATTERN" or "class:PATTERN". Error (exit code 2) if none does, which
/// names the filter that left nothing.
std::vector<SiteRange> select_sites(const store::Sites& sites, std::span<const std::string> filters, std::uint32_t from,
                                    std::uint32_t limit);

}  // namespace hilbert::campaign

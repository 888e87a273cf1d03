// SPDX-License-Identifier: Apache-2.0
#include "campaign/site_table.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <hilbert/error.hpp>
#include <unordered_map>

namespace hilbert::campaign {
namespace {

std::string_view instance_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? "top" : name.substr(0, dot);
}

/// "$flatten\u_tile.\u_seq.$abc$1" as "u_tile.u_seq.$abc$1".
std::string without_escapes(std::string_view cell) {
  constexpr std::string_view flattened = "$flatten";
  if (cell.starts_with(flattened)) cell.remove_prefix(flattened.size());
  std::string name(cell);
  std::erase(name, '\\');
  return name;
}

bool match(const std::string& pattern, std::string_view text) {
  return ::fnmatch(pattern.c_str(), std::string(text).c_str(), 0) == 0;
}

/// Of the sites of a run, which are bits of one variable.
class Filter {
 public:
  explicit Filter(const std::string& text) {
    if (text.starts_with("unit:")) {
      unit_ = text.substr(5);
    } else if (text.starts_with("class:")) {
      class_ = text.substr(6);
    } else {
      // Brackets of a name are no set of characters: u_bank[0] means itself.
      for (const char c : text) name_ += c == '[' ? "\\[" : std::string(1, c);
    }
  }
  [[nodiscard]] bool fits_run(const store::Site& site) const {
    if (!unit_.empty()) return match(unit_, site.unit);
    if (!class_.empty()) return match(class_, site.site_class);
    return match(name_, site.name);
  }
  [[nodiscard]] bool fits(const store::Sites& sites, std::uint32_t site) const {
    return !name_.empty() && name_.ends_with(']') && match(name_, sites.label(site));
  }

 private:
  std::string unit_, class_, name_;
};

}  // namespace

store::Sites site_table(const tb::Netlist& netlist, bool gates, const PartNames& names) {
  const auto unit = [&](std::string_view name) { return names.unit ? names.unit(name) : instance_of(name); };
  std::unordered_map<std::string_view, std::uint32_t> width;
  const auto widen = [&](const tb::BitName& bit) {
    std::uint32_t& known = width[bit.vector];
    known = std::max(known, bit.bit + 1);
  };
  for (const auto& known : netlist.flip_flop_names) {
    for (const tb::BitName& name : known) widen(name);
  }
  for (const tb::LostBit& lost : netlist.lost_bits) widen(lost.name);

  store::Sites sites;
  for (std::size_t i = 0; i < netlist.flip_flops.size(); ++i) {
    if (netlist.flip_flop_names[i].empty()) {
      throw Error(ExitCode::bad_input, fmt::format("flip-flop {} has no name", i), "netlist of " + netlist.top,
                  "synthesise with names kept");
    }
    const tb::BitName& name = netlist.flip_flop_names[i][0];
    sites.add({.name = name.vector,
               .unit = unit(name.vector),
               .site_class = "flip-flop",
               .bit = name.bit,
               .width = width[name.vector]});
  }
  for (const tb::Memory& memory : netlist.memories) {
    sites.add({.name = memory.name,
               .unit = unit(memory.name),
               .site_class = names.memory_class ? names.memory_class(memory.name) : "memory",
               .bit = 0,
               .width = memory.width,
               .words = memory.words},
              memory.width * memory.words);
  }
  if (gates) {
    for (const std::string& cell : netlist.gate_names) {
      const std::string name = without_escapes(cell);
      sites.add({.name = name, .unit = unit(name), .site_class = "gate"});
    }
  }
  return sites;
}

std::vector<SiteRange> select_sites(const store::Sites& sites, std::span<const std::string> filters, std::uint32_t from,
                                    std::uint32_t limit) {
  std::vector<SiteRange> ranges{{from, limit}};
  for (const std::string& text : filters) {
    const Filter filter(text);
    std::vector<SiteRange> left;
    const auto take = [&](std::uint32_t first, std::uint32_t last) {
      if (!left.empty() && left.back().last == first) {
        left.back().last = last;
      } else {
        left.push_back({first, last});
      }
    };
    for (const SiteRange& range : ranges) {
      for (const store::Sites::Run& run : sites.runs()) {
        const std::uint32_t first = std::max(range.first, run.first),
                            last = std::min(range.last, run.first + run.count);
        if (first >= last) continue;
        if (filter.fits_run(sites[first])) {
          take(first, last);
          continue;
        }
        for (std::uint32_t site = first; site < last; ++site) {
          if (filter.fits(sites, site)) take(site, site + 1);
        }
      }
    }
    if (left.empty()) {
      throw Error(ExitCode::bad_input,
                  filters.size() == 1 ? "no site fits the filter" : "no site fits this filter and those before it",
                  text, "hilbert campaign sites lists them");
    }
    ranges = std::move(left);
  }
  return ranges;
}

}  // namespace hilbert::campaign

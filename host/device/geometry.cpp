// SPDX-License-Identifier: Apache-2.0
#include "geometry.hpp"

#include <fmt/format.h>

#include <hilbert/error.hpp>
#include <hilbert/regs/chips.hpp>
#include <hilbert/suggestion.hpp>
#include <string>
#include <vector>

namespace hilbert::device {

Configuration require_configuration(std::string_view name, const std::string& where, std::string_view or_else) {
  const auto known = find_configuration(name.empty() ? "full" : name);
  if (known) return *known;
  std::vector<std::string_view> names;
  for (const Configuration& configuration : configurations()) names.push_back(configuration.name);
  throw Error(ExitCode::bad_input, fmt::format("unknown configuration '{}'{}", name, suggestion(name, names)), where,
              fmt::format("there are {}{}", configuration_names(), or_else));
}

void check_geometry(const model::Geometry& g, std::uint32_t controller_bytes, const std::string& where) {
  const auto problem = regs::chip::problem({.rows = g.rows,
                                            .cols = g.cols,
                                            .depth = g.depth,
                                            .banks = g.banks,
                                            .bank_bytes = g.bank_bytes,
                                            .queue_slots = g.queue_slots,
                                            .links = g.links,
                                            .link_max_words = g.link_max_words,
                                            .cpu_bytes = controller_bytes});
  if (problem) throw Error(ExitCode::bad_input, problem->what, where, problem->rule);
}

}  // namespace hilbert::device

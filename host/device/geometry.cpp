// SPDX-License-Identifier: Apache-2.0
#include "geometry.hpp"

#include <fmt/format.h>

#include <chips.hpp>
#include <hilbert/error.hpp>
#include <hilbert/suggestion.hpp>
#include <string>
#include <vector>

namespace hilbert::device {

namespace {

[[noreturn]] void refuse(std::string_view uri, std::string what, std::string next) {
  throw Error(ExitCode::bad_input, std::move(what), fmt::format("device '{}'", uri), std::move(next));
}

}  // namespace

Configuration require_configuration(std::string_view name, std::string_view uri, std::string_view or_else) {
  const auto known = find_configuration(name.empty() ? "full" : name);
  if (known) return *known;
  std::vector<std::string_view> names;
  for (const Configuration& configuration : configurations()) names.push_back(configuration.name);
  refuse(uri, fmt::format("unknown configuration '{}'{}", name, suggestion(name, names)),
         fmt::format("there are {}{}", configuration_names(), or_else));
}

void check_geometry(const model::Geometry& g, std::uint32_t controller_bytes, std::string_view uri) {
  const auto problem = regs::chip::problem({.rows = g.rows,
                                            .cols = g.cols,
                                            .depth = g.depth,
                                            .banks = g.banks,
                                            .bank_bytes = g.bank_bytes,
                                            .queue_slots = g.queue_slots,
                                            .links = g.links,
                                            .link_max_words = g.link_max_words,
                                            .cpu_bytes = controller_bytes},
                                           true);
  if (problem) refuse(uri, problem->what, problem->rule);
}

}  // namespace hilbert::device

// SPDX-License-Identifier: Apache-2.0
#include "configurations.hpp"

#include <hilbert/regs/chips.hpp>
#include <vector>

namespace hilbert::device {

namespace {

Configuration configuration(const regs::chip::Configuration& known) {
  const regs::chip::Parameters& p = known.parameters;
  return {.name = known.name,
          .geometry = {.rows = p.rows,
                       .cols = p.cols,
                       .depth = p.depth,
                       .banks = p.banks,
                       .bank_bytes = p.bank_bytes,
                       .queue_slots = p.queue_slots,
                       .links = p.links,
                       .link_max_words = p.links == 0 ? 0 : p.link_max_words},
          .controller_bytes = p.cpu_bytes,
          .link = {p.link_lanes, p.links == 0 ? 0 : p.link_max_words, p.link_buffer_words, p.link_replay_words,
                   p.link_window}};
}

}  // namespace

std::span<const Configuration> configurations() {
  static const std::vector<Configuration> table = [] {
    std::vector<Configuration> all;
    for (const auto& known : regs::chip::configurations) all.push_back(configuration(known));
    return all;
  }();
  return table;
}

std::optional<Configuration> find_configuration(std::string_view name) {
  for (const Configuration& c : configurations()) {
    if (c.name == name) return c;
  }
  return std::nullopt;
}

std::string configuration_names() {
  std::string names;
  for (const Configuration& c : configurations()) names += (names.empty() ? "" : ", ") + std::string(c.name);
  return names;
}

}  // namespace hilbert::device

// SPDX-License-Identifier: Apache-2.0
#include "hilbert/tb/netlist.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/error.hpp>

namespace hilbert::tb {

std::string_view to_string(LostBit::Why why) {
  constexpr std::string_view words[] = {"always 0", "always 1", "nothing reads it", "computed from others"};
  return words[static_cast<std::size_t>(why)];
}

std::span<const Net> Netlist::port(std::string_view name) const {
  const auto found = std::ranges::find(ports, name, &Port::name);
  if (found == ports.end() || found->nets.empty()) {
    throw Error(ExitCode::bad_input, fmt::format("no port {}", name), "netlist of " + top);
  }
  return found->nets;
}

}  // namespace hilbert::tb

// SPDX-License-Identifier: Apache-2.0
#include "geometry.hpp"

#include <fmt/format.h>

#include <bit>
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
  // The configuration registers hold these sizes in 8 bits, the memory map gives data memory 1 GiB.
  const auto size_ok = [](std::uint32_t n) { return std::has_single_bit(n) && n <= 128; };
  if (!size_ok(g.rows) || !size_ok(g.cols)) {
    refuse(uri, fmt::format("an array of {} x {} cells", g.rows, g.cols), "Rows and Cols are powers of two up to 128");
  }
  if (g.depth != 1 && g.depth != 2 && g.depth != 4) refuse(uri, fmt::format("Depth {}", g.depth), "Depth is 1, 2 or 4");
  if (g.rows < g.depth || g.cols < g.depth) {
    refuse(uri, fmt::format("{}x{}x{}", g.rows, g.cols, g.depth), "Rows and Cols must be at least Depth");
  }
  if (g.word_bytes() < 8 || g.word_bytes() > 64) {
    refuse(uri, fmt::format("a memory word of {} bytes", g.word_bytes()),
           "max(Rows, Cols) * Depth * 2 must be 8 to 64: one to eight 64-bit lanes, and a descriptor is whole words");
  }
  if (!size_ok(g.banks)) refuse(uri, fmt::format("banks={}", g.banks), "banks is a power of two up to 128");
  if (!std::has_single_bit(g.bank_bytes) || g.bank_bytes < g.word_bytes() ||
      std::uint64_t{g.banks} * g.bank_bytes > 0x4000'0000) {
    refuse(uri, fmt::format("bank_bytes={}", g.bank_bytes),
           fmt::format("bank_bytes is a power of two, at least a word ({}), and all banks together at most 1 GiB",
                       g.word_bytes()));
  }
  if (!size_ok(g.queue_slots) || g.queue_slots < 2) {
    refuse(uri, fmt::format("{} queue slots", g.queue_slots), "queue slots are a power of two, 2 to 128");
  }
  if (g.links != 0 && g.links != 4) {
    refuse(uri, fmt::format("links={}", g.links), "a chip has 0 or 4 links");
  }
  if (controller_bytes != 0 && (!std::has_single_bit(controller_bytes) || controller_bytes < 2 * g.word_bytes() ||
                                controller_bytes > 0x2000'0000)) {
    refuse(uri, fmt::format("controller_bytes={}", controller_bytes),
           fmt::format(
               "controller_bytes is 0 (no controller) or a power of two, at least two words ({}) and at most 512 MiB",
               2 * g.word_bytes()));
  }
}

}  // namespace hilbert::device

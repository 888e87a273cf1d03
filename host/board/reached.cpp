// SPDX-License-Identifier: Apache-2.0
// The devices of a board file, by the one parser of URIs and the table of schemes.
#include "board/reached.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/text.hpp>

#include "board/backends.hpp"
#include "device/scheme.hpp"

namespace hilbert::board {
namespace {

/// The scheme of a device whose chips links can join into a board: a chip of the board's configuration that is
/// simulated here. Nothing of any other.
std::optional<std::string> joined_by(const BoardFile& board, const Reached& device) {
  const Uri uri = *parse_uri(device.uri);
  if (uri.parameters || uri.text != board.configuration || !find_backend(uri.scheme)) return std::nullopt;
  return uri.scheme;
}

}  // namespace

Reached device_at(const JsonNode& node) {
  Reached device{node.text(), node};
  try {
    const device::Scheme& scheme = device::scheme_of(device.uri);
    if (scheme.can().board) node.refuse("a board in a board", "a device of one chip, say sim:small");
    (void)device::read_parameters(scheme, *parse_uri(device.uri), device.uri);
  } catch (const Error& error) {
    if (error.where().starts_with("device '") || error.where() == device.uri) {
      node.refuse(error.what_happened(), error.what_next());
    }
    throw;
  }
  return device;
}

void settle_devices(BoardFile& board, const std::vector<std::optional<Reached>>& reached, const JsonNode& root) {
  if (std::ranges::none_of(reached, [](const auto& device) { return device.has_value(); })) {
    return board.configuration.empty() ? (void)root["chip"] : void();
  }
  std::optional<std::size_t> first;  // that says whose chips they are
  std::optional<std::size_t> alone;  // that no link can join
  for (std::size_t i = 0; i < reached.size(); ++i) {
    if (!reached[i]) continue;
    const auto scheme = joined_by(board, *reached[i]);
    if (!scheme) {
      alone = alone.value_or(i);
    } else if (!first) {
      first = i;
      board.backend = *scheme;
    } else if (*scheme != board.backend && !board.links.empty()) {
      reached[i]->node.refuse(fmt::format("{} is a chip of {}:, {} one of {}:", to_string(board.chips[i]), *scheme,
                                          to_string(board.chips[*first]), board.backend),
                              "links join chips that are simulated the same way");
    } else if (*scheme != board.backend) {
      alone = i;
    }
  }
  if (!board.links.empty()) {
    if (!alone) return;
    reached[*alone]->node.refuse(fmt::format("{} is reached by {} alone: no link joins it to others",
                                             to_string(board.chips[*alone]), printable(reached[*alone]->uri, 40)),
                                 board.configuration.empty()
                                     ? "give \"chip\", or a board without links"
                                     : fmt::format("{0}:{2} or {1}:{2} for every chip, or a board without links",
                                                   backend_names[0], backend_names[1], board.configuration));
  }
  if (board.chips.size() == 1 && !alone) return;
  board.backend.clear();
  for (std::size_t i = 0; i < reached.size(); ++i) {
    if (!reached[i]) {
      root.refuse(fmt::format("no way to {}: no link, and no device", to_string(board.chips[i])),
                  "links must reach every chip, or every chip has a \"device\"");
    }
    board.devices.push_back(reached[i]->uri);
  }
  if (root.has("chip")) {
    root["chip"].refuse("every chip is what its device is", "leave out \"chip\", or join all chips by links");
  }
}

}  // namespace hilbert::board

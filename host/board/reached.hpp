// SPDX-License-Identifier: Apache-2.0
// Where the chips of a board file are: simulated together and joined by links, or apart, each behind a device of its
// own.
#pragma once

#include <hilbert/board.hpp>
#include <optional>
#include <string>
#include <vector>

#include "board/json_node.hpp"

namespace hilbert::board {

/// By which device a chip is reached, and where the file says so.
struct Reached {
  std::string uri;
  JsonNode node;
};

/// A device that can be there, as far as that can be told without opening it. Error (bad_input).
[[nodiscard]] Reached device_at(const JsonNode& node);

/// Fills in backend or devices of a board that has its chips and links, from what the file says of each chip, if it
/// does. Error (bad_input) for what links cannot join, and for a chip without any way to it.
void settle_devices(BoardFile& board, const std::vector<std::optional<Reached>>& reached, const JsonNode& root);

}  // namespace hilbert::board

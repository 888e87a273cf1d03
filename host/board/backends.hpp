// SPDX-License-Identifier: Apache-2.0
// What simulates a board whose chips are joined by links: named after the scheme of such a chip.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hilbert::board {

enum class Backend : std::uint8_t { sim, model };
inline constexpr std::array<std::string_view, 2> backend_names{"sim", "model"};

[[nodiscard]] constexpr std::optional<Backend> find_backend(std::string_view name) {
  const auto at = std::ranges::find(backend_names, name);
  if (at == backend_names.end()) return std::nullopt;
  return static_cast<Backend>(at - backend_names.begin());
}

}  // namespace hilbert::board

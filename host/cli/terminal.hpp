// SPDX-License-Identifier: Apache-2.0
// What a terminal can do: the one place that decides whether control sequences may be written.
#pragma once

#include <cstddef>

namespace hilbert::cli {

/// Whether a line on `descriptor` can be erased and written again: a terminal that is not a dumb one ($TERM unset,
/// empty, or "dumb": Emacs, consoles of build servers).
[[nodiscard]] bool can_rewrite_lines(int descriptor);

/// Its columns; 80 where it does not tell.
[[nodiscard]] std::size_t terminal_columns(int descriptor);

/// To the beginning of the line, and erase it: only where can_rewrite_lines().
inline constexpr const char* erase_line = "\r\x1b[K";

}  // namespace hilbert::cli

// SPDX-License-Identifier: Apache-2.0
// Text that others wrote, made fit to be shown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hilbert {

/// Any bytes as one line of text for a terminal: what is no UTF-8, control characters and characters that turn the
/// direction of writing or break lines become \xNN and \u{N}. After `most` characters it ends in "...".
[[nodiscard]] std::string printable(std::string_view text, std::size_t most = std::string_view::npos);

}  // namespace hilbert

// SPDX-License-Identifier: Apache-2.0
// Bytes from outside (names of files, of boards, of cases) as text that can be shown, stored and typed again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hilbert {

/// Any bytes as UTF-8 that XML 1.0, HTML and JSON can all hold and every parser reads: what is no UTF-8 (each maximal
/// part of a broken character, as Unicode recommends), control characters but \n and \t, and noncharacters such as
/// U+FFFE become U+FFFD. All reports take their text through this, so that a name is the same in each.
[[nodiscard]] std::string valid_text(std::string_view bytes);

/// Any bytes as one line that is safe on a terminal and tells them apart: what valid_text() would replace, and \n and
/// \t, and what turns the direction of writing or breaks lines, becomes \n, \t, \r or \xHH, a byte each. After `most`
/// characters it ends in "...".
[[nodiscard]] std::string printable(std::string_view bytes, std::size_t most = std::string_view::npos);

/// Any bytes as one word of a shell: plain, in '...', or, where they are not printable, in $'...' (bash, ksh, zsh).
[[nodiscard]] std::string shell_quoted(std::string_view bytes);

/// "1 job", "12 jobs", "2 retries". `noun`: of one of them.
[[nodiscard]] inline std::string counted(std::uint64_t count, std::string_view noun) {
  std::string text = std::to_string(count) + ' ' + std::string(noun);
  if (count == 1) return text;
  const bool ies = noun.ends_with('y') && !noun.ends_with("ay");
  if (ies) text.pop_back();
  return text + (ies ? "ies" : "s");
}

}  // namespace hilbert

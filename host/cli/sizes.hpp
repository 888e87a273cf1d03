// SPDX-License-Identifier: Apache-2.0
// Sizes on the command line: "16x16x32".
#pragma once

#include <algorithm>
#include <hilbert/number.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace hilbert::cli {

/// The numbers between the x of a text. Error (exit code 2) that names `option` for one that is none, or out of range.
template <Number T>
std::vector<T> parse_sizes(std::string_view text, const Range<T>& range, const std::string& option) {
  std::vector<T> sizes;
  while (true) {
    const std::size_t end = std::min(text.find('x'), text.size());
    sizes.push_back(parse_number(text.substr(0, end), range, option));
    if (end == text.size()) return sizes;
    text.remove_prefix(end + 1);
  }
}

}  // namespace hilbert::cli

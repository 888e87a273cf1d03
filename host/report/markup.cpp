// SPDX-License-Identifier: Apache-2.0
// Characters that mean something in XML and HTML, and those that may not be there at all.
#include "report/markup.hpp"

#include <hilbert/text.hpp>

namespace hilbert::report {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : valid_text(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string attribute(std::string_view text) {
  std::string out;
  for (const char c : escaped(text)) out += c == '\n' ? "&#10;" : c == '\t' ? "&#9;" : std::string(1, c);
  return out;
}

}  // namespace hilbert::report

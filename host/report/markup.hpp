// SPDX-License-Identifier: Apache-2.0
// Text inside XML and HTML.
#pragma once

#include <string>
#include <string_view>

namespace hilbert::report {

/// Any bytes as character data of XML or HTML: valid_text() (hilbert/text.hpp) with & < > " escaped.
[[nodiscard]] std::string escaped(std::string_view text);

/// The same as the value of an attribute in "", where a parser would read a newline or a tab as a space.
[[nodiscard]] std::string attribute(std::string_view text);

}  // namespace hilbert::report

// SPDX-License-Identifier: Apache-2.0
// Text inside XML and HTML.
#pragma once

#include <string>
#include <string_view>

namespace hilbert::report {

/// Text as character data or attribute value of XML or HTML; what XML 1.0 cannot hold becomes U+FFFD.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace hilbert::report

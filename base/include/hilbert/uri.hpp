// SPDX-License-Identifier: Apache-2.0
// URIs of devices and boards as text: SCHEME:TEXT[?key=value&...]. What TEXT and the keys mean is the scheme's.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hilbert {

/// The parts as they were written.
struct Uri {
  std::string scheme;                     ///< before the first ':'
  std::string text;                       ///< between that and the last '?': a configuration, a file, a place
  std::optional<std::string> parameters;  ///< behind the last '?', if there is one: so a value has no '?'

  bool operator==(const Uri&) const = default;
};

/// Nothing for a text without ':'. Never throws: what is not known is for the scheme to refuse.
[[nodiscard]] std::optional<Uri> parse_uri(std::string_view text);
/// As it was written.
[[nodiscard]] std::string to_string(const Uri& uri);

struct UriParameter {
  std::string key, value;
  bool operator==(const UriParameter&) const = default;
};

/// The parameters, in their order, each key one of `known` and given once. Error (bad_input) at `where` that says what
/// is wrong and what there is: `next`.
[[nodiscard]] std::vector<UriParameter> uri_parameters(const Uri& uri, std::span<const std::string_view> known,
                                                       const std::string& where, const std::string& next);

}  // namespace hilbert

// SPDX-License-Identifier: Apache-2.0
// What stands behind the '?' of a URI, the same for devices and boards.
#pragma once

#include <algorithm>
#include <hilbert/error.hpp>
#include <hilbert/renamed.hpp>
#include <hilbert/suggestion.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hilbert::device {

/// Keys and values of "key=value&key=value", each key one of `known` and given once. Error (exit code 2) at `where`
/// that says what is wrong and what there is: `next`.
inline std::vector<std::pair<std::string_view, std::string_view>> uri_parameters(std::string_view text,
                                                                                 const std::vector<std::string>& known,
                                                                                 const std::string& where,
                                                                                 const std::string& next) {
  const auto refuse = [&](std::string what) { throw Error(ExitCode::bad_input, std::move(what), where, next); };
  std::vector<std::pair<std::string_view, std::string_view>> found;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('&', at), text.size());
    const std::string_view parameter = text.substr(at, end - at);
    at = end + 1;
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    const std::string_view key = parameter.substr(0, equals);
    if (parameter.empty()) refuse(text.empty() ? "nothing after '?'" : "an empty parameter");
    if (std::ranges::find(known, key) == known.end()) {
      if (const std::string now = new_spelling("model:", key); !now.empty()) refuse(now);
      refuse("unknown parameter '" + std::string(key) + '\'' + suggestion(key, known));
    }
    if (equals == parameter.size()) refuse("no value for '" + std::string(key) + '\'');
    if (std::ranges::find(found, key, &std::pair<std::string_view, std::string_view>::first) != found.end()) {
      refuse('\'' + std::string(key) + "' is given twice");
    }
    found.emplace_back(key, parameter.substr(equals + 1));
  }
  return found;
}

}  // namespace hilbert::device

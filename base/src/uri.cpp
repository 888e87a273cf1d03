// SPDX-License-Identifier: Apache-2.0
#include "hilbert/uri.hpp"

#include <algorithm>
#include <hilbert/error.hpp>
#include <hilbert/renamed.hpp>
#include <hilbert/suggestion.hpp>

namespace hilbert {

std::optional<Uri> parse_uri(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  Uri uri;
  uri.scheme = text.substr(0, colon);
  const std::string_view rest = text.substr(colon + 1);
  const std::size_t question = rest.rfind('?');
  uri.text = rest.substr(0, question);
  if (question != std::string_view::npos) uri.parameters = rest.substr(question + 1);
  return uri;
}

std::string to_string(const Uri& uri) {
  return uri.scheme + ':' + uri.text + (uri.parameters ? '?' + *uri.parameters : std::string());
}

std::vector<UriParameter> uri_parameters(const Uri& uri, std::span<const std::string_view> known,
                                         const std::string& where, const std::string& next) {
  if (!uri.parameters) return {};
  const auto refuse = [&](std::string what) { throw Error(ExitCode::bad_input, std::move(what), where, next); };
  const std::string_view text = *uri.parameters;
  std::vector<UriParameter> found;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('&', at), text.size());
    const std::string_view parameter = text.substr(at, end - at);
    at = end + 1;
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    const std::string key(parameter.substr(0, equals));
    if (parameter.empty()) refuse(text.empty() ? "nothing after '?'" : "an empty parameter");
    if (std::ranges::find(known, key) == known.end()) {
      if (const std::string now = new_spelling(uri.scheme + ':', key); !now.empty()) refuse(now);
      refuse("unknown parameter '" + key + '\'' + suggestion(key, known));
    }
    if (equals == parameter.size()) refuse("no value for '" + key + '\'');
    if (std::ranges::find(found, key, &UriParameter::key) != found.end()) refuse('\'' + key + "' is given twice");
    found.push_back({key, std::string(parameter.substr(equals + 1))});
  }
  return found;
}

}  // namespace hilbert

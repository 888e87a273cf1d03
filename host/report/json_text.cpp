// SPDX-License-Identifier: Apache-2.0
// JSON with valid text in it.
#include "report/json_text.hpp"

#include <hilbert/text.hpp>
#include <nlohmann/json.hpp>

namespace hilbert::report {
namespace {

using Json = nlohmann::ordered_json;

Json valid(const Json& value) {
  if (value.is_string()) return valid_text(value.get_ref<const std::string&>());
  if (!value.is_structured()) return value;
  Json copy = value.is_array() ? Json::array() : Json::object();
  for (const auto& [key, element] : value.items()) {
    if (value.is_array()) {
      copy.push_back(valid(element));
    } else {
      copy[valid_text(key)] = valid(element);
    }
  }
  return copy;
}

}  // namespace

std::string json_text(const Json& value, int indent) { return valid(value).dump(indent) + '\n'; }

}  // namespace hilbert::report

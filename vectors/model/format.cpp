// SPDX-License-Identifier: Apache-2.0
// Names of formats, both ways.
#include "hilbert/model/format.hpp"

#include <charconv>

namespace hilbert::model {

std::optional<FormatSpec> parse_format(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  for (const FormatInfo& f : formats) {
    if (f.name != name) continue;
    if (!has_tensor_bias(f.format)) {
      return colon == std::string_view::npos ? std::optional(FormatSpec{f.format, 0}) : std::nullopt;
    }
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view digits = text.substr(colon + 1);
    unsigned bias = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bias);
    if (error != std::errc{} || end != digits.data() + digits.size() || bias > max_bias) return std::nullopt;
    return FormatSpec{f.format, static_cast<std::uint8_t>(bias)};
  }
  return std::nullopt;
}

std::string format_names(bool operands_alone) {
  std::string names;
  for (const FormatInfo& f : formats) {
    if (operands_alone && f.result_only) continue;
    if (!names.empty()) names += ", ";
    names += f.name;
    if (has_tensor_bias(f.format)) names += ":BIAS";
  }
  return names;
}

std::string to_string(FormatSpec spec) {
  std::string text{info(spec.format).name};
  if (has_tensor_bias(spec.format)) text += ':' + std::to_string(spec.bias);
  return text;
}

}  // namespace hilbert::model

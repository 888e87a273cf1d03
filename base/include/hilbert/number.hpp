// SPDX-License-Identifier: Apache-2.0
// Numbers that people write: options, parameters of URIs, environment variables. One reader for all of them, so that
// all take and refuse the same texts.
#pragma once

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <cstdlib>
#include <hilbert/error.hpp>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace hilbert {

/// Counts, sizes and seeds have no sign; rates and probabilities are real numbers.
template <class T>
concept Number = (std::unsigned_integral<T> && !std::same_as<T, bool>) || std::floating_point<T>;

/// What a number may be, both ends included. `unit` stands behind them in messages: "clocks", or nothing.
template <Number T>
struct Range {
  T least = 0, most = std::numeric_limits<T>::max();
  std::string_view unit{};
};

/// Every value a seed's type has.
template <std::unsigned_integral T>
inline constexpr Range<T> any_seed{};

/// As a person reads it: "1,000,000", "0.02".
template <Number T>
[[nodiscard]] std::string number_text(T value) {
  char buffer[64];
  std::string text(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
  if constexpr (std::unsigned_integral<T>) {
    for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  }
  return text;
}

/// "1 to 1,000,000 clocks".
template <Number T>
[[nodiscard]] std::string to_string(const Range<T>& range) {
  std::string text = number_text(range.least) + " to " + number_text(range.most);
  return range.unit.empty() ? text : text + ' ' + std::string(range.unit);
}

/// Reads the whole of `text`: decimal digits, or 0x and hexadecimal ones; a real number with point and exponent as
/// usual. No spaces, no plus, no NaN, no infinity. Says what is wrong, "'-1' is too small"; nothing if `value` was set.
template <Number T>
[[nodiscard]] std::optional<std::string> read_number(std::string_view text, const Range<T>& range, T& value) {
  const auto wrong = [&](const char* what) { return '\'' + std::string(text) + "' " + what; };
  const bool negative = text.starts_with('-');
  const char* const end = text.data() + text.size();
  std::from_chars_result read{};
  T number{};
  const char* kind = "is no number";
  if constexpr (std::unsigned_integral<T>) {
    kind = "is no whole number";
    std::string_view digits = text.substr(negative ? 1 : 0);
    const bool hexadecimal = digits.starts_with("0x") || digits.starts_with("0X");
    if (hexadecimal) digits.remove_prefix(2);
    read = std::from_chars(digits.data(), end, number, hexadecimal ? 16 : 10);
  } else {
    read = std::from_chars(text.data(), end, number);
  }
  if (read.ec == std::errc::invalid_argument || read.ptr != end) return wrong(kind);
  if (std::unsigned_integral<T> && negative) return wrong("is too small");
  if constexpr (std::floating_point<T>) {
    if (read.ec == std::errc{} && !std::isfinite(number)) return wrong(kind);
    if (read.ec == std::errc::result_out_of_range) return wrong("is beyond what the number can hold");
  }
  if (read.ec == std::errc::result_out_of_range || number > range.most) return wrong("is too large");
  if (number < range.least) return wrong("is too small");
  value = number;
  return std::nullopt;
}

/// The number, or Error(bad_input) at `where`: "--clocks: '-1' is too small (1 to 1,000,000 clocks)".
template <Number T>
[[nodiscard]] T parse_number(std::string_view text, const Range<T>& range, std::string_view where) {
  T value{};
  if (auto problem = read_number(text, range, value)) {
    throw Error(ExitCode::bad_input, *std::move(problem), std::string(where), to_string(range));
  }
  return value;
}

/// The number in an environment variable; `otherwise` if it is not set. Error as parse_number().
template <Number T>
[[nodiscard]] T number_from_environment(const char* name, T otherwise, const Range<T>& range = {}) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : parse_number(std::string_view(text), range, name);
}

}  // namespace hilbert

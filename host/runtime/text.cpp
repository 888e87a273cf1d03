// SPDX-License-Identifier: Apache-2.0
// UTF-8 by the table of well-formed byte sequences (Unicode 15, table 3-7).
#include "hilbert/text.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <optional>

namespace hilbert {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 0;
};

/// The first character of `text`, if it is well-formed.
std::optional<Character> first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return Character{lead, 1};
  const std::size_t bytes = lead >= 0xC2 && lead <= 0xDF   ? 2
                            : lead >= 0xE0 && lead <= 0xEF ? 3
                            : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                           : 0;
  if (bytes == 0 || text.size() < bytes) return std::nullopt;
  std::uint32_t code = lead & (0x7Fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return std::nullopt;
    code = code << 6 | (byte(i) & 0x3Fu);
  }
  constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  if (code < least[bytes] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return std::nullopt;
  return Character{code, bytes};
}

bool shown(std::uint32_t code) {
  const bool control = code < 0x20 || (code >= 0x7F && code <= 0x9F);
  const bool turns = code == 0x61C || (code >= 0x200E && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) ||
                     (code >= 0x2066 && code <= 0x2069);
  const bool breaks = code == 0x2028 || code == 0x2029;
  const bool no_character = (code & 0xFFFE) == 0xFFFE || (code >= 0xFDD0 && code <= 0xFDEF) || code == 0xFEFF;
  return !control && !turns && !breaks && !no_character;
}

}  // namespace

std::string printable(std::string_view text, std::size_t most) {
  std::string out;
  for (std::size_t count = 0; !text.empty(); ++count) {
    if (count == most) return out + "...";
    const auto character = first_character(text);
    const std::size_t bytes = character ? character->bytes : 1;
    if (character && shown(character->code)) {
      out += text.substr(0, bytes);
    } else if (character && character->code > 0x7F) {
      out += fmt::format("\\u{{{:x}}}", character->code);
    } else {
      out += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(text[0]));
    }
    text.remove_prefix(bytes);
  }
  return out;
}

}  // namespace hilbert

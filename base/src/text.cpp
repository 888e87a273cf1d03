// SPDX-License-Identifier: Apache-2.0
// Bytes from outside as text.
#include "hilbert/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace hilbert {
namespace {

/// The first character of a text, or what stands where one should: as many bytes as Unicode replaces by one U+FFFD.
struct Piece {
  std::size_t bytes = 1;
  bool good = false;  ///< a character that every format can hold and every terminal can show; \n and \t are such
  std::uint32_t code = 0;
};

bool can_be_shown(std::uint32_t c) {
  if (c == '\n' || c == '\t') return true;
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return false;        // C0, DEL, C1: terminals obey the last too
  return (c & 0xFFFE) != 0xFFFE && (c < 0xFDD0 || c > 0xFDEF);  // no noncharacter
}

/// Well-formed UTF-8 as in the Unicode Standard, table 3-7: the second byte decides on overlong forms, surrogates and
/// what lies beyond U+10FFFF.
Piece first_piece(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {1, can_be_shown(lead), lead};
  if (lead < 0xC2 || lead > 0xF4) return {};
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  std::uint32_t code = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned low = i > 1 ? 0x80 : lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned high = i > 1 ? 0xBF : lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (i == text.size() || byte(i) < low || byte(i) > high) return {i, false};
    code = code << 6 | (byte(i) & 0x3F);
  }
  return {length, can_be_shown(code), code};
}

/// Turns the direction of writing, or breaks a line: a character like others in a report, none for a line of a
/// terminal.
bool moves(std::uint32_t c) {
  return c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
         c == 0xFEFF;
}

}  // namespace

std::string valid_text(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    const Piece piece = first_piece(bytes);
    out += piece.good ? bytes.substr(0, piece.bytes) : std::string_view("\xEF\xBF\xBD");
    bytes.remove_prefix(piece.bytes);
  }
  return out;
}

std::string printable(std::string_view bytes, std::size_t most) {
  std::string out;
  for (std::size_t count = 0; !bytes.empty(); ++count) {
    if (count == most) return out + "...";
    const Piece piece = first_piece(bytes);
    const std::string_view here = bytes.substr(0, piece.bytes);
    if (piece.good && here != "\n" && here != "\t" && !moves(piece.code)) {
      out += here;
    } else {
      for (const char b : here) {
        out += b == '\n'   ? "\\n"
               : b == '\t' ? "\\t"
               : b == '\r' ? "\\r"
                           : fmt::format("\\x{:02x}", static_cast<unsigned char>(b));
      }
    }
    bytes.remove_prefix(piece.bytes);
  }
  return out;
}

std::string shell_quoted(std::string_view bytes) {
  const bool plain = std::ranges::all_of(bytes, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._:/+-").find(c) != std::string_view::npos;
  });
  if (plain && !bytes.empty()) return std::string(bytes);
  if (printable(bytes) == bytes) {
    std::string out = "'";
    for (const char c : bytes) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
  }
  // Octal, because it ends after three digits whatever follows.
  std::string out = "$'";
  for (const char c : bytes) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '\'' || c == '\\') {
      out += fmt::format("\\{}", c);
    } else {
      out += code < 0x20 || code >= 0x7F ? fmt::format("\\{:03o}", code) : std::string(1, c);
    }
  }
  return out + "'";
}

}  // namespace hilbert

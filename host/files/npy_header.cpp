// SPDX-License-Identifier: Apache-2.0
// NumPy's .npy container (numpy.lib.format): magic, version, length, header as a Python dictionary.
#include "files/npy_header.hpp"

#include <fmt/format.h>

#include <cstring>
#include <hilbert/error.hpp>
#include <hilbert/text.hpp>
#include <limits>
#include <optional>
#include <utility>

namespace hilbert {
namespace {

constexpr std::string_view magic_bytes{"\x93NUMPY", 6};
constexpr std::size_t header_limit = 1 << 16;  // ours are 118 bytes; NumPy itself refuses more than 10,000

/// The three keys of the header.
struct Keys {
  std::optional<std::string> descr;
  std::optional<bool> fortran_order;
  std::optional<std::vector<std::uint64_t>> shape;
};

/// A reader of the literals that NumPy writes, or wrote in its time: a dictionary of strings, booleans and tuples of
/// integers. Python 2 wrote "5L" and may have written u'descr'.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, std::string_view where) : text_(text), where_(where) {}

  Keys parse() {
    Keys header;
    expect('{');
    while (!accept('}')) {
      const std::string key = string();
      expect(':');
      if (key == "descr") {
        if (peek() == '[') refuse("its elements are records (a structured dtype), not numbers", "save one field of it");
        set(header.descr, string(), key);
      } else if (key == "fortran_order") {
        set(header.fortran_order, boolean(), key);
      } else if (key == "shape") {
        set(header.shape, tuple(), key);
      } else {
        refuse(fmt::format("its header has an unknown key '{}'", printable(key, 24)));
      }
      if (!accept(',') && peek() != '}') refuse("its header is damaged: ',' or '}' expected");
    }
    if (peek() != '\0') refuse("its header is damaged: text after '}'");
    if (!header.descr || !header.fortran_order || !header.shape) {
      refuse("its header lacks one of 'descr', 'fortran_order', 'shape'");
    }
    return header;
  }

 private:
  [[noreturn]] void refuse(std::string what, std::string next = {}) const {
    throw Error(ExitCode::bad_input, std::move(what), std::string(where_), std::move(next));
  }

  template <typename T>
  void set(std::optional<T>& slot, T value, const std::string& key) {
    if (slot) refuse(fmt::format("its header has the key '{}' twice", key));
    slot = std::move(value);
  }

  /// The next character that is no white space; '\0' at the end.
  char peek() {
    while (at_ < text_.size() && std::string_view(" \n\t\r\f").find(text_[at_]) != std::string_view::npos) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool accept(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) refuse(fmt::format("its header is damaged: '{}' expected", c));
  }

  std::string string() {
    if (peek() == 'u' || peek() == 'U') ++at_;
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote != '\'' && quote != '"') refuse("its header is damaged: a string expected");
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) refuse("its header is damaged: a string does not end");
    std::string value(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return value;
  }
  bool boolean() {
    peek();
    for (const auto& [name, value] : {std::pair{std::string_view("True"), true}, {std::string_view("False"), false}}) {
      if (text_.substr(at_, name.size()) == name) {
        at_ += name.size();
        return value;
      }
    }
    refuse("its header is damaged: True or False expected");
  }
  std::uint64_t integer() {
    if (peek() < '0' || peek() > '9') refuse("its header is damaged: a size expected");
    std::uint64_t value = 0;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
      const auto digit = static_cast<std::uint64_t>(text_[at_] - '0');
      if (value > (std::numeric_limits<std::uint64_t>::max() - digit) / 10) refuse("its shape is beyond 64 bits");
      value = value * 10 + digit;
    }
    if (at_ < text_.size() && (text_[at_] == 'L' || text_[at_] == 'l')) ++at_;
    return value;
  }
  std::vector<std::uint64_t> tuple() {
    std::vector<std::uint64_t> sizes;
    expect('(');
    while (!accept(')')) {
      sizes.push_back(integer());
      if (!accept(',') && peek() != ')') refuse("its header is damaged: ',' or ')' expected");
    }
    return sizes;
  }

  std::string_view text_, where_;
  std::size_t at_ = 0;
};

}  // namespace

std::string shape_text(const std::vector<std::uint64_t>& shape) {
  std::string text = "(";
  for (const std::uint64_t size : shape) text += fmt::format("{}, ", size);
  if (shape.size() > 1) text.resize(text.size() - 2);
  if (shape.size() == 1) text.pop_back();
  return text + ")";
}

NpyHeader parse_npy_header(std::span<const std::byte> file, std::string_view where) {
  const auto refuse = [&](std::string what, std::string next = {}) {
    throw Error(ExitCode::bad_input, std::move(what), std::string(where), std::move(next));
  };
  const auto byte_at = [&](std::size_t i) { return std::to_integer<std::uint32_t>(file[i]); };
  const std::string truncated = "the file ends inside its header";

  if (file.size() < magic_bytes.size() || std::memcmp(file.data(), magic_bytes.data(), magic_bytes.size()) != 0) {
    refuse("is no .npy file", "write it with numpy.save(file, x)");
  }
  if (file.size() < 10) refuse(truncated);
  const std::uint32_t major = byte_at(6);
  if (major < 1 || major > 3) refuse(fmt::format("has .npy version {}.{}, known are 1 to 3", major, byte_at(7)));
  const std::size_t header_at = major == 1 ? 10 : 12;
  if (file.size() < header_at) refuse(truncated);
  std::size_t header_bytes = byte_at(8) | byte_at(9) << 8;
  if (major != 1) header_bytes |= static_cast<std::size_t>(byte_at(10) | byte_at(11) << 8) << 16;
  if (header_bytes > header_limit) refuse(fmt::format("its header claims {} bytes", header_bytes));
  if (file.size() - header_at < header_bytes) refuse(truncated);

  const std::string_view text(reinterpret_cast<const char*>(file.data()) + header_at, header_bytes);
  Keys keys = HeaderParser(text, where).parse();
  return {std::move(*keys.descr), *keys.fortran_order, std::move(*keys.shape), header_at + header_bytes};
}

std::string format_npy_header(std::string_view descr, std::size_t rows, std::size_t cols) {
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}, {}), }}", descr, rows, cols);
  // Elements start at a multiple of 64, the header ends with a newline (numpy.lib.format).
  const std::size_t unpadded = magic_bytes.size() + 4 + header.size() + 1;
  header.append((64 - unpadded % 64) % 64, ' ');
  header += '\n';

  std::string head(magic_bytes);
  head += '\x01';
  head += '\0';
  head += static_cast<char>(header.size() & 0xFF);
  head += static_cast<char>(header.size() >> 8);
  return head + header;
}

}  // namespace hilbert

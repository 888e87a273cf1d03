// SPDX-License-Identifier: Apache-2.0
// NumPy's .npy container (numpy.lib.format): magic, version, header as a Python dictionary, raw elements.
#include "hilbert/npy.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <hilbert/error.hpp>
#include <hilbert/file.hpp>
#include <limits>
#include <optional>
#include <string>

namespace hilbert {
namespace {

constexpr std::string_view kMagic{"\x93NUMPY", 6};
constexpr std::size_t kHeaderLimit = 1 << 16;  // ours are 118 bytes; NumPy itself refuses more than 10,000

/// The three keys of the header.
struct Header {
  std::optional<std::string> descr;
  std::optional<bool> fortran_order;
  std::optional<std::vector<std::uint64_t>> shape;
};

/// A reader of exactly the literals that NumPy writes: a dictionary of strings, booleans and tuples of integers.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, std::string_view where) : text_(text), where_(where) {}

  Header parse() {
    Header header;
    expect('{');
    while (!accept('}')) {
      const std::string key = string();
      expect(':');
      if (key == "descr") {
        if (peek() == '[') refuse("its elements are records (a structured dtype), not float32");
        set(header.descr, string(), key);
      } else if (key == "fortran_order") {
        set(header.fortran_order, boolean(), key);
      } else if (key == "shape") {
        set(header.shape, tuple(), key);
      } else {
        refuse(fmt::format("its header has an unknown key '{}'", key));
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
  [[noreturn]] void refuse(std::string what) const {
    throw Error(ExitCode::bad_input, std::move(what), std::string(where_));
  }

  template <typename T>
  void set(std::optional<T>& slot, T value, const std::string& key) {
    if (slot) refuse(fmt::format("its header has the key '{}' twice", key));
    slot = std::move(value);
  }

  /// The next character that is no white space; '\0' at the end.
  char peek() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
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
    const char quote = peek();
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

std::string shape_text(const std::vector<std::uint64_t>& shape) {
  std::string text = "(";
  for (const std::uint64_t size : shape) text += fmt::format("{}, ", size);
  if (shape.size() > 1) text.resize(text.size() - 2);
  if (shape.size() == 1) text.pop_back();
  return text + ")";
}

}  // namespace

Matrix<float> parse_npy(std::span<const std::byte> file, std::string_view where) {
  const auto refuse = [&](std::string what, std::string next = {}) {
    throw Error(ExitCode::bad_input, std::move(what), std::string(where), std::move(next));
  };
  const auto byte_at = [&](std::size_t i) { return std::to_integer<std::uint32_t>(file[i]); };
  const std::string truncated = "the file ends inside its header";

  if (file.size() < kMagic.size() || std::memcmp(file.data(), kMagic.data(), kMagic.size()) != 0) {
    refuse("is no .npy file", "write it with numpy.save(file, x.astype('float32'))");
  }
  if (file.size() < 10) refuse(truncated);
  const std::uint32_t major = byte_at(6);
  if (major < 1 || major > 3) refuse(fmt::format("has .npy version {}.{}, known are 1 to 3", major, byte_at(7)));
  const std::size_t header_at = major == 1 ? 10 : 12;
  if (file.size() < header_at) refuse(truncated);
  std::size_t header_bytes = byte_at(8) | byte_at(9) << 8;
  if (major != 1) header_bytes |= static_cast<std::size_t>(byte_at(10) | byte_at(11) << 8) << 16;
  if (header_bytes > kHeaderLimit) refuse(fmt::format("its header claims {} bytes", header_bytes));
  if (file.size() - header_at < header_bytes) refuse(truncated);
  const auto body = file.subspan(header_at + header_bytes);

  const std::string_view text(reinterpret_cast<const char*>(file.data()) + header_at, header_bytes);
  const Header header = HeaderParser(text, where).parse();
  const std::string& descr = *header.descr;
  if (descr != "<f4" && descr != ">f4") {
    refuse(fmt::format("holds '{}' elements, not float32 ('<f4')", descr), "convert it with x.astype('float32')");
  }
  const auto& shape = *header.shape;
  if (shape.size() != 2) {
    refuse(fmt::format("has {} dimension{}, shape {}, not a matrix's 2", shape.size(), shape.size() == 1 ? "" : "s",
                       shape_text(shape)),
           "reshape it to (rows, columns)");
  }
  if (*header.fortran_order && shape[0] > 1 && shape[1] > 1) {
    refuse("is stored in Fortran (column-major) order", "write it with numpy.ascontiguousarray(x)");
  }
  const std::uint64_t rows = shape[0], cols = shape[1];
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max() / sizeof(float);
  if (cols != 0 && rows > most / cols) refuse(fmt::format("its shape {} is beyond any memory", shape_text(shape)));
  const std::uint64_t bytes = rows * cols * sizeof(float);
  if (body.size() != bytes) {
    refuse(fmt::format("holds {} bytes of elements, its shape {} needs {}", body.size(), shape_text(shape), bytes),
           body.size() < bytes ? "the file is truncated" : "there is more in the file than the matrix");
  }

  Matrix<float> matrix(rows, cols);
  if (bytes != 0) std::memcpy(matrix.data(), body.data(), bytes);
  const bool big = descr[0] == '>';
  if (big != (std::endian::native == std::endian::big)) {
    for (float& value : matrix.elements()) {
      value = std::bit_cast<float>(__builtin_bswap32(std::bit_cast<std::uint32_t>(value)));
    }
  }
  return matrix;
}

Matrix<float> read_npy(const std::filesystem::path& path) { return parse_npy(read_file(path), path.string()); }

std::vector<std::byte> format_npy(MatrixView<const float> matrix) {
  static_assert(std::endian::native == std::endian::little);
  std::string header =
      fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {}), }}", matrix.rows, matrix.cols);
  // Elements start at a multiple of 64, the header ends with a newline (numpy.lib.format).
  const std::size_t unpadded = kMagic.size() + 4 + header.size() + 1;
  header.append((64 - unpadded % 64) % 64, ' ');
  header += '\n';

  std::string head(kMagic);
  head += '\x01';
  head += '\0';
  head += static_cast<char>(header.size() & 0xFF);
  head += static_cast<char>(header.size() >> 8);
  head += header;
  std::vector<std::byte> file(head.size() + matrix.size() * sizeof(float));
  std::memcpy(file.data(), head.data(), head.size());
  std::byte* out = file.data() + head.size();
  if (matrix.dense()) {
    if (matrix.size() != 0) std::memcpy(out, matrix.data, matrix.size() * sizeof(float));
    return file;
  }
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.cols; ++j, out += sizeof(float)) std::memcpy(out, &matrix(i, j), sizeof(float));
  }
  return file;
}

void write_npy(const std::filesystem::path& path, MatrixView<const float> matrix) {
  write_file(path, format_npy(matrix));
}

}  // namespace hilbert

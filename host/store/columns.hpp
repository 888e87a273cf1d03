// SPDX-License-Identifier: Apache-2.0
// Columns of numbers in the content of a record, little endian, one after the other.
#pragma once

#include <fmt/format.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <hilbert/error.hpp>
#include <hilbert/little_endian.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace hilbert::store {

template <class T>
void append_column(std::vector<std::byte>& to, const std::vector<T>& column) {
  if constexpr (std::endian::native == std::endian::little) {
    const auto bytes = std::as_bytes(std::span(column));
    to.insert(to.end(), bytes.begin(), bytes.end());
  } else {
    for (const T value : column) append_number(to, value);
  }
}

/// Takes columns from a content in their order. Error (exit code 2) at `where` if it has fewer bytes than are asked
/// for: so no more memory is taken than it has.
class Columns {
 public:
  Columns(std::span<const std::byte> content, std::string where) : rest_(content), where_(std::move(where)) {}

  template <class T>
  [[nodiscard]] std::vector<T> column(std::size_t count) {
    if (count > rest_.size() / sizeof(T)) refuse("a record is shorter than its columns");
    std::vector<T> values(count);
    const auto bytes = rest_.first(count * sizeof(T));
    if constexpr (std::endian::native == std::endian::little) {
      if (count != 0) std::memcpy(values.data(), bytes.data(), bytes.size());
    } else {
      for (std::size_t i = 0; i < count; ++i) values[i] = number_at<T>(bytes, i * sizeof(T));
    }
    rest_ = rest_.subspan(bytes.size());
    return values;
  }
  [[nodiscard]] std::vector<std::uint32_t> numbers(std::size_t count) { return column<std::uint32_t>(count); }
  template <class T>
  [[nodiscard]] T number() {
    return column<T>(1)[0];
  }
  /// Texts that each end with a byte 0.
  [[nodiscard]] std::vector<std::string> texts(std::size_t count) {
    if (count > rest_.size()) refuse("a record has fewer words than it says");
    std::vector<std::string> all(count);
    for (std::string& text : all) {
      const auto* const begin = reinterpret_cast<const char*>(rest_.data());
      const void* const end = rest_.empty() ? nullptr : std::memchr(begin, 0, rest_.size());
      if (end == nullptr) refuse("a record ends inside a word");
      text.assign(begin, static_cast<const char*>(end));
      rest_ = rest_.subspan(text.size() + 1);
    }
    return all;
  }
  void end() const {
    if (!rest_.empty()) refuse(fmt::format("a record has {} bytes after its end", rest_.size()));
  }

 private:
  [[noreturn]] void refuse(std::string what) const { throw Error(ExitCode::bad_input, std::move(what), where_); }

  std::span<const std::byte> rest_;
  std::string where_;
};

}  // namespace hilbert::store

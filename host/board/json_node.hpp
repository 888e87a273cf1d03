// SPDX-License-Identifier: Apache-2.0
// JSON files that people write: every complaint names the file and the place in it, none repeats more than a few
// characters of what it found there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hilbert {

inline constexpr std::size_t deepest_json = 64;         ///< arrays and objects within each other
inline constexpr std::size_t longest_json = 4'000'000;  ///< bytes of a file

/// A value and where it is. What is asked of it and is not so is an Error (exit code 2).
class JsonNode {
 public:
  [[noreturn]] void refuse(const std::string& what, const std::string& next) const;

  /// Refuses what is not an object, and keys that are not among these.
  void only(std::initializer_list<std::string_view> keys) const;
  [[nodiscard]] bool has(const std::string& key) const;
  [[nodiscard]] JsonNode operator[](const std::string& key) const;
  [[nodiscard]] std::vector<JsonNode> list(std::optional<std::size_t> size = {}) const;
  [[nodiscard]] std::uint64_t integer(std::uint64_t least, std::uint64_t most) const;
  [[nodiscard]] double rate() const;
  [[nodiscard]] bool is_object() const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::string text() const;  ///< not empty

 private:
  struct Document;
  friend JsonNode parse_json(std::string_view text, const std::string& file, const std::string& hint);

  JsonNode(std::shared_ptr<const Document> document, const nlohmann::json& value, std::string pointer);
  [[noreturn]] void refuse_value(const std::string& wanted) const;

  std::shared_ptr<const Document> document_;
  const nlohmann::json* value_;
  std::string pointer_;
};

/// The whole text as one value; `file` is for messages, `hint` says where to read what such a file has. Error (exit
/// code 2) for what is no JSON, is deeper than deepest_json, has a key twice in one object or a number that no double
/// holds.
[[nodiscard]] JsonNode parse_json(std::string_view text, const std::string& file, const std::string& hint);
/// The same of a file of at most longest_json bytes.
[[nodiscard]] JsonNode read_json(const std::filesystem::path& path, const std::string& hint);

}  // namespace hilbert

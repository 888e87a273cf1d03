// SPDX-License-Identifier: Apache-2.0
// Reading in two passes: the first builds nothing and refuses what a program cannot be expected to bear.
#include "board/json_node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/error.hpp>
#include <hilbert/file.hpp>
#include <hilbert/text.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace hilbert {
namespace {

using Json = nlohmann::json;

constexpr std::size_t shown_characters = 24;

/// A key as part of a JSON pointer (RFC 6901), short and printable.
std::string step(std::string_view key) {
  std::string escaped;
  for (const char c : key.substr(0, 4 * shown_characters)) {
    escaped += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  }
  return '/' + printable(escaped, shown_characters);
}

std::string where(const std::string& file, const std::string& pointer) {
  return fmt::format("{}, at {}", file, pointer.empty() ? "/" : pointer);
}

std::string shown(const Json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "an array";
  if (value.is_string()) return fmt::format("\"{}\"", printable(value.get_ref<const std::string&>(), shown_characters));
  return value.dump();
}

/// What a text is refused for as a whole, and its syntax.
class Gate : public nlohmann::json_sax<Json> {
 public:
  Gate(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  bool null() override { return scalar(); }
  bool boolean(bool) override { return scalar(); }
  bool number_integer(number_integer_t) override { return scalar(); }
  bool number_unsigned(number_unsigned_t) override { return scalar(); }
  bool number_float(number_float_t, const string_t&) override { return scalar(); }
  bool string(string_t&) override { return scalar(); }
  bool binary(binary_t&) override { return scalar(); }
  bool start_object(std::size_t) override { return open(false); }
  bool start_array(std::size_t) override { return open(true); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    levels_.back().key = name;
    if (levels_.back().keys.insert(name).second) return true;
    refuse(where(file_, pointer()), "the same key a second time", "a key is given once in an object");
  }
  bool parse_error(std::size_t position, const std::string&, const Json::exception& error) override {
    if (dynamic_cast<const Json::out_of_range*>(&error) != nullptr) {
      refuse(where(file_, pointer()), "a number that is too large", "at most about 1.8e308");
    }
    // "[json.exception.parse_error.101] parse error at line 3, column 1: syntax error while ...; expected ..."
    std::string_view why = error.what();
    why = why.substr(std::min(why.find(": ") + 2, why.size()));
    refuse_at(position, "no JSON", printable(why, 160));
  }

  /// Where byte number `position` is, counted from 1.
  [[noreturn]] void refuse_at(std::size_t position, std::string what, std::string next) const {
    const auto before = text_.substr(0, position);
    refuse(fmt::format("{}, line {}", file_, 1 + std::count(before.begin(), before.end(), '\n')), std::move(what),
           std::move(next));
  }

 private:
  struct Level {
    bool array = false;
    std::size_t index = 0;
    std::string key;
    std::set<std::string> keys;
  };

  [[noreturn]] static void refuse(std::string where, std::string what, std::string next) {
    throw Error(ExitCode::bad_input, std::move(what), std::move(where), std::move(next));
  }
  [[nodiscard]] std::string pointer() const {
    std::string text;
    for (const Level& level : levels_) text += level.array ? fmt::format("/{}", level.index) : step(level.key);
    return text;
  }
  bool scalar() {
    if (!levels_.empty()) ++levels_.back().index;
    return true;
  }
  bool open(bool array) {
    if (levels_.size() == deepest_json) {
      refuse(where(file_, pointer()), fmt::format("deeper than {} arrays and objects within each other", deepest_json),
             "nothing that is read here needs so many");
    }
    levels_.push_back({array, 0, {}, {}});
    return true;
  }
  bool close() {
    levels_.pop_back();
    return scalar();
  }

  std::string_view text_;
  const std::string& file_;
  std::vector<Level> levels_;
};

}  // namespace

struct JsonNode::Document {
  std::string file, hint;
  Json json;
};

JsonNode::JsonNode(std::shared_ptr<const Document> document, const Json& value, std::string pointer)
    : document_(std::move(document)), value_(&value), pointer_(std::move(pointer)) {}

void JsonNode::refuse(const std::string& what, const std::string& next) const {
  throw Error(ExitCode::bad_input, what, where(document_->file, pointer_), next);
}

void JsonNode::refuse_value(const std::string& wanted) const {
  refuse(fmt::format("{} does not belong here", shown(*value_)), wanted);
}

void JsonNode::only(std::initializer_list<std::string_view> keys) const {
  if (!value_->is_object()) refuse("not an object", fmt::format("an object with {}", fmt::join(keys, ", ")));
  for (const auto& [key, _] : value_->items()) {
    if (std::ranges::find(keys, key) == keys.end()) {
      (*this)[key].refuse("unknown key", fmt::format("the keys here are {}", fmt::join(keys, ", ")));
    }
  }
}

bool JsonNode::has(const std::string& key) const { return value_->contains(key); }

JsonNode JsonNode::operator[](const std::string& key) const {
  if (!has(key)) refuse(fmt::format("no \"{}\"", key), document_->hint);
  return {document_, (*value_)[key], pointer_ + step(key)};
}

std::vector<JsonNode> JsonNode::list(std::optional<std::size_t> size) const {
  if (!value_->is_array() || (size && value_->size() != *size)) {
    refuse("not what belongs here", size ? fmt::format("an array of {}", *size) : "an array");
  }
  std::vector<JsonNode> nodes;
  for (std::size_t i = 0; i < value_->size(); ++i) {
    nodes.push_back({document_, (*value_)[i], fmt::format("{}/{}", pointer_, i)});
  }
  return nodes;
}

std::uint64_t JsonNode::integer(std::uint64_t least, std::uint64_t most) const {
  const bool whole = value_->is_number_unsigned();
  if (!whole || value_->get<std::uint64_t>() < least || value_->get<std::uint64_t>() > most) {
    refuse_value(fmt::format("a whole number, {} to {}", least, most));
  }
  return value_->get<std::uint64_t>();
}

double JsonNode::rate() const {
  if (!value_->is_number() || !(value_->get<double>() >= 0 && value_->get<double>() <= 1)) {
    refuse_value("a rate, 0 to 1");
  }
  return value_->get<double>();
}

bool JsonNode::is_object() const { return value_->is_object(); }

bool JsonNode::boolean() const {
  if (!value_->is_boolean()) refuse_value("true or false");
  return value_->get<bool>();
}

std::string JsonNode::text() const {
  if (!value_->is_string() || value_->get_ref<const std::string&>().empty()) refuse_value("a string that is not empty");
  return value_->get<std::string>();
}

JsonNode parse_json(std::string_view text, const std::string& file, const std::string& hint) {
  Gate gate(text, file);
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos) {  // nlohmann takes it for the end
    gate.refuse_at(zero, "no JSON", "a byte 0; JSON is text in UTF-8");
  }
  Json::sax_parse(text, &gate);
  auto document = std::make_shared<JsonNode::Document>(JsonNode::Document{file, hint, Json::parse(text)});
  const Json& root = document->json;
  return {std::move(document), root, ""};
}

JsonNode read_json(const std::filesystem::path& path, const std::string& hint) {
  const std::vector<std::byte> bytes = read_file(path, longest_json);
  return parse_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path.string(), hint);
}

}  // namespace hilbert

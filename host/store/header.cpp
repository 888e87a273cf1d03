// SPDX-License-Identifier: Apache-2.0
#include "store/header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/error.hpp>
#include <hilbert/sizes.hpp>
#include <hilbert/text.hpp>
#include <set>

#include "store/block.hpp"

namespace hilbert::store {
namespace {

using Json = nlohmann::json;

std::string shown(const Json* value) {
  return value == nullptr ? "missing" : printable(value->dump(-1, ' ', false, Json::error_handler_t::replace), 80);
}

const Json* find(const Json& object, const std::string& name) {
  const auto at = object.find(name);
  return at == object.end() ? nullptr : &*at;
}

/// The first difference below two values; `name` is the way to them.
std::optional<std::string> first_difference(const Json& a, const Json& b, const std::string& name,
                                            const std::set<std::string>& left_out) {
  std::set<std::string> names;
  for (const Json* each : {&a, &b}) {
    for (const auto& [key, value] : each->items()) names.insert(key);
  }
  for (const std::string& key : names) {
    if (left_out.contains(key)) continue;
    const Json *of_a = find(a, key), *of_b = find(b, key);
    if (of_a != nullptr && of_b != nullptr && *of_a == *of_b) continue;
    const std::string way = name + printable(key);
    if (of_a != nullptr && of_b != nullptr && of_a->is_object() && of_b->is_object()) {
      return first_difference(*of_a, *of_b, way + '.', {});
    }
    return fmt::format("{} is {} in one and {} in the other", way, shown(of_a), shown(of_b));
  }
  return std::nullopt;
}

}  // namespace

Header::Header(Json json, const std::string& where) : json_(std::move(json)) {
  const auto require = [&](bool good, const char* what) {
    if (!good) throw Error(ExitCode::bad_input, fmt::format("its header has no {}", what), where);
  };
  const auto number = [&](const char* object, const char* name, std::uint32_t least) {
    const Json* const inner = json_.is_object() ? find(json_, object) : nullptr;
    const Json* const value = inner != nullptr && inner->is_object() ? find(*inner, name) : nullptr;
    // What a program has made may be a signed number, what was parsed is an unsigned one.
    const bool good = value != nullptr && value->is_number_integer() && *value >= least && *value <= 0x7FFF'FFFF;
    require(good, fmt::format("number {}.{}", object, name).c_str());
    return value->get<std::uint32_t>();
  };
  const auto words = [&](const char* name) {
    const Json* const list = json_.is_object() ? find(json_, name) : nullptr;
    require(
        list != nullptr && list->is_array() && std::ranges::all_of(*list, [](const Json& j) { return j.is_string(); }),
        fmt::format("list of words {}", name).c_str());
    return list->get<std::vector<std::string>>();
  };
  blocks_ = number("plan", "blocks", 0);
  shards_ = number("shard", "of", 1);
  shard_ = number("shard", "index", 1);
  require(shard_ <= shards_, "shard.index that is at most shard.of");
  outcomes_ = words("outcomes");
  require(!outcomes_.empty() && outcomes_.size() <= most_outcomes &&
              std::set<std::string>(outcomes_.begin(), outcomes_.end()).size() == outcomes_.size(),
          "list of 1 to 64 different outcomes");
  informative_ = words("informative");
  require(std::ranges::none_of(informative_, [](const auto& name) { return name == "plan" || name == "outcomes"; }),
          "list of informative fields without plan and outcomes");
}

std::uint32_t Header::own_blocks() const { return blocks_ < shard_ ? 0 : ceil_div(blocks_ - (shard_ - 1), shards_); }

Header Header::as_shard(std::uint32_t index, std::uint32_t of) const {
  Json json = json_;
  json["shard"] = {{"index", index}, {"of", of}};
  return {std::move(json), "results file"};
}

std::optional<std::string> Header::difference(const Header& other) const {
  if (informative_ != other.informative_) {
    return first_difference({{"informative", json_["informative"]}}, {{"informative", other.json_["informative"]}}, "",
                            {});
  }
  std::set<std::string> left_out(informative_.begin(), informative_.end());
  left_out.insert("shard");
  return first_difference(json_, other.json_, "", left_out);
}

}  // namespace hilbert::store

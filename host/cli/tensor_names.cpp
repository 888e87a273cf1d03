// SPDX-License-Identifier: Apache-2.0
// Names of cases made from files of tensors: as short as tells them apart.
#include "tensor_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/vectors/case.hpp>
#include <iterator>
#include <map>

namespace hilbert::cli {
namespace {

std::string name_of(const TensorSource& source) {
  std::string name;
  for (const std::filesystem::path& file : source.files) {
    const auto parts = static_cast<std::size_t>(std::distance(file.begin(), file.end()));
    auto part = file.begin();
    std::advance(part, parts - 1 - std::min(source.folders, parts - 2));  // never the root
    if (!name.empty()) name += '-';
    for (; std::next(part) != file.end(); ++part) name += part->string() + '-';
    name += file.stem().string();
  }
  std::ranges::replace_if(
      name, [](char c) { return !vectors::legal_in_name(c); }, '_');
  return name;
}

}  // namespace

std::vector<std::string> tensor_names(std::vector<TensorSource> sources) {
  for (TensorSource& source : sources) {
    for (std::filesystem::path& file : source.files) file = std::filesystem::absolute(file).lexically_normal();
  }
  for (bool changed = true; changed;) {
    changed = false;
    std::map<std::string, std::vector<TensorSource*>> by_name;
    for (TensorSource& source : sources) by_name[name_of(source)].push_back(&source);
    for (const auto& [name, same] : by_name) {
      const TensorSource* first = same.front();
      if (std::ranges::all_of(same, [&](const TensorSource* s) { return s->files == first->files; })) continue;
      for (TensorSource* source : same) {
        ++source->folders;
        changed = changed || name_of(*source) != name;
      }
    }
  }
  std::vector<std::string> names;
  std::map<std::string, unsigned> count;  // the same files again, or names that differ in replaced characters alone
  for (const TensorSource& source : sources) {
    const std::string name = name_of(source);
    const unsigned number = ++count[name];
    names.push_back(number == 1 ? name : fmt::format("{}+{}", name, number));
  }
  return names;
}

}  // namespace hilbert::cli

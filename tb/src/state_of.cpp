// SPDX-License-Identifier: Apache-2.0
#include "state_of.hpp"

#include <utility>

namespace hilbert::tb {
namespace {

bool take(std::string_view& text, std::string_view front) {
  if (!text.starts_with(front)) return false;
  text.remove_prefix(front.size());
  return true;
}

unsigned hexadecimal(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'A' + 10); }

constexpr std::string_view top_prefix = "TOP__";

}  // namespace

std::string rtl_name(std::string_view rest) {
  std::string name;
  while (!rest.empty()) {
    if (take(rest, "__DOT__")) {
      name += '.';
    } else if (take(rest, "__BRA__")) {
      name += '[';
    } else if (take(rest, "__KET__")) {
      name += ']';
    } else if (take(rest, "__PVT__")) {                        // Verilator's mark of what it may rename
    } else if (rest.size() >= 5 && rest.starts_with("__0")) {  // any other character
      name += static_cast<char>(hexadecimal(rest[3]) << 4 | hexadecimal(rest[4]));
      rest.remove_prefix(5);
    } else {
      name += rest.front();
      rest.remove_prefix(1);
    }
  }
  return name;
}

void StateCollector::enter(std::string_view instance) {
  instance_ = take(instance, top_prefix) ? rtl_name(instance) + '.' : std::string();
}

void StateCollector::variable(std::string_view member, ModelVariable variable) {
  if (member.starts_with("__V") || member.find("__DOT____V") != std::string_view::npos) return;  // Verilator's own
  std::string name = instance_ + rtl_name(member);
  if (const std::size_t top = name.find('.'); top != std::string::npos) name.erase(0, top + 1);
  variable.name = std::move(name);
  state.variables.push_back(std::move(variable));
}

void StateCollector::store(std::span<std::byte> data) {
  if (!state.storage.empty() && state.storage.back().data() + state.storage.back().size() == data.data()) {
    state.storage.back() = {state.storage.back().data(), state.storage.back().size() + data.size()};
  } else {
    state.storage.push_back(data);
  }
}

}  // namespace hilbert::tb

// SPDX-License-Identifier: Apache-2.0
#include "hilbert/tb/faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <hilbert/error.hpp>
#include <hilbert/suggestion.hpp>
#include <utility>

namespace hilbert::tb {
namespace {

void require_bit(const ModelVariable& site, std::uint64_t bit) {
  if (bit >= site.bits()) {
    throw Error(ExitCode::bad_input, fmt::format("no bit {}: there are {}", bit, site.bits()), site.name);
  }
}

}  // namespace

std::size_t ModelState::offset_of(const std::byte* data) const {
  std::size_t before = 0;
  for (const auto& part : storage) {
    if (data >= part.data() && data < part.data() + part.size()) {
      return before + static_cast<std::size_t>(data - part.data());
    }
    before += part.size();
  }
  throw Error(ExitCode::machine, "not in the storage of the verilated model", "the verilated model");
}

Faults::Faults(ModelState state, std::string_view suffix) : state_(std::move(state)) {
  for (const ModelVariable& variable : state_.variables) {
    if (variable.name.ends_with(suffix)) sites_.push_back(variable);
  }
  std::ranges::sort(sites_, {}, &ModelVariable::name);
  for (const auto& part : state_.storage) snapshot_bytes_ += part.size();
}

const ModelVariable& Faults::site(std::string_view name) const {
  const auto found = std::ranges::lower_bound(sites_, name, {}, &ModelVariable::name);
  if (found == sites_.end() || found->name != name) {
    std::vector<std::string_view> names;
    for (const ModelVariable& known : sites_) names.emplace_back(known.name);
    throw Error(ExitCode::bad_input, fmt::format("no register or memory '{}'{}", name, suggestion(name, names)),
                "the verilated model");
  }
  return *found;
}

std::uint64_t Faults::bits() const {
  std::uint64_t sum = 0;
  for (const ModelVariable& site : sites_) sum += site.bits();
  return sum;
}

bool Faults::value(const BitName& bit) const {
  const ModelVariable& variable = site(bit.vector);
  require_bit(variable, bit.bit);
  return (*variable.byte_of(bit.bit) & variable.mask_of(bit.bit)) != std::byte{0};
}

void Faults::flip(std::span<const BitName> bits) {
  std::vector<std::pair<std::byte*, std::byte>> found;  // all, before the first is changed
  for (const BitName& bit : bits) {
    const ModelVariable& variable = site(bit.vector);
    require_bit(variable, bit.bit);
    found.emplace_back(variable.byte_of(bit.bit), variable.mask_of(bit.bit));
  }
  for (const auto& [byte, mask] : found) *byte ^= mask;
  state_.settle();
}

Snapshot Faults::snapshot() const {
  Snapshot all;
  all.reserve(snapshot_bytes_);
  for (const auto& part : state_.storage) all.insert(all.end(), part.begin(), part.end());
  return all;
}

void Faults::restore(const Snapshot& snapshot) {
  refuse_foreign(snapshot);
  const std::byte* from = snapshot.data();
  for (const auto& part : state_.storage) {
    std::memcpy(part.data(), from, part.size());
    from += part.size();
  }
}

std::vector<BitName> Faults::differences(const Snapshot& golden) const {
  refuse_foreign(golden);
  std::vector<BitName> found;
  for (const ModelVariable& site : sites_) {
    const std::byte* then = golden.data() + state_.offset_of(site.data);
    if (std::memcmp(then, site.data, std::size_t{site.words} * site.stride) == 0) continue;
    for (std::uint64_t bit = 0; bit < site.bits(); ++bit) {
      const std::byte* now = site.byte_of(bit);
      if (((then[now - site.data] ^ *now) & site.mask_of(bit)) != std::byte{0}) {
        found.push_back({site.name, static_cast<std::uint32_t>(bit)});
      }
    }
  }
  return found;
}

void Faults::refuse_foreign(const Snapshot& snapshot) const {
  if (snapshot.size() == snapshot_bytes_) return;
  throw Error(ExitCode::bad_input, fmt::format("a snapshot of {} bytes, not {}", snapshot.size(), snapshot_bytes_),
              "the verilated model", "take it from a model of the same class");
}

}  // namespace hilbert::tb

// SPDX-License-Identifier: Apache-2.0
#include "campaign/spread.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/text.hpp>
#include <map>

namespace hilbert::campaign {

Spread::Spread(const RtlTarget& rtl, const store::Sites& sites, std::uint32_t clock,
               const std::optional<std::filesystem::path>& waveform)
    : rtl_(rtl), sites_(sites), clock_(clock) {
  if (!waveform) return;
  waveform_.emplace(*waveform);
  for (const tb::ModelVariable& variable : rtl.state().variables) {
    if (variable.words != 1) continue;
    traced_.push_back({variable.data, waveform_->add("undisturbed." + variable.name, variable.width),
                       waveform_->add("disturbed." + variable.name, variable.width)});
  }
  fault_ = waveform_->add("fault", 1);
  count_ = waveform_->add("different", 32);
  waveform_->start();
  // The undisturbed run until then: both are the same.
  for (std::uint32_t t = 0; t < clock; ++t) {
    waveform_->time(std::uint64_t{10} * t);
    for (const Traced& traced : traced_) {
      const std::byte* value = rtl.undisturbed(t, traced.live);
      waveform_->value(traced.undisturbed, value);
      waveform_->value(traced.disturbed, value);
    }
    const std::uint32_t none = 0;
    waveform_->value(fault_, reinterpret_cast<const std::byte*>(&none));
    waveform_->value(count_, reinterpret_cast<const std::byte*>(&none));
  }
}

void Spread::trace(std::uint32_t clock, std::uint32_t different) {
  waveform_->time(std::uint64_t{10} * clock);
  for (const Traced& traced : traced_) {
    waveform_->value(traced.undisturbed, rtl_.undisturbed(clock, traced.live));
    waveform_->value(traced.disturbed, traced.live);
  }
  const std::uint32_t now = clock == clock_ ? 1 : 0;
  waveform_->value(fault_, reinterpret_cast<const std::byte*>(&now));
  waveform_->value(count_, reinterpret_cast<const std::byte*>(&different));
}

std::string Spread::parts_of(const std::vector<StateBit>& different) const {
  std::map<std::string, std::size_t> counts;
  for (const StateBit bit : different) ++counts[std::string(sites_[bit].unit)];
  std::vector<std::pair<std::size_t, std::string>> order;
  for (const auto& [unit, count] : counts) order.emplace_back(count, unit);
  std::ranges::sort(
      order, [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  std::string text;
  for (const auto& [count, unit] : order) text += fmt::format("{}{} in {}", text.empty() ? "" : ", ", count, unit);
  return text;
}

void Spread::see(std::uint32_t clock, const std::vector<StateBit>& different) {
  if (waveform_) trace(clock, static_cast<std::uint32_t>(different.size()));
  constexpr std::size_t most_names = 6;
  std::string names;
  if (different.size() <= most_names) {
    for (const StateBit bit : different) names += (names.empty() ? "" : ", ") + sites_.label(bit);
  } else {
    names = parts_of(different);
  }
  if (names == last_) return;
  text_ += fmt::format("clock {:>6}: {}\n", clock,
                       different.empty() ? "nothing differs" : counted(different.size(), "bit") + ": " + names);
  last_ = std::move(names);
}

std::string Spread::finish() {
  if (waveform_) waveform_->close();
  return std::move(text_);
}

}  // namespace hilbert::campaign

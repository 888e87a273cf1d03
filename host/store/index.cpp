// SPDX-License-Identifier: Apache-2.0
#include "store/index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/error.hpp>
#include <set>
#include <utility>

namespace hilbert::store {
namespace {

[[noreturn]] void refuse_twice(const Block& a, const Block& b, const std::string& where) {
  throw Error(ExitCode::bad_input, fmt::format("blocks {} and {} hold the same upsets", a.number, b.number), where);
}

/// Site and clock as one number that sorts.
std::uint64_t key(std::uint32_t site, std::uint32_t clock) { return std::uint64_t{site} << 32 | clock; }

}  // namespace

Index::Index(const std::vector<Block>& blocks, const std::string& where) : blocks_(blocks) {
  add_dense(where);
  add_stretches(where);
}

void Index::add_dense(const std::string& where) {
  std::set<std::uint32_t> borders;
  std::vector<std::uint32_t> dense;
  for (std::uint32_t b = 0; b < blocks_.size(); ++b) {
    const Block& block = blocks_[b];
    if (block.shape != Shape::dense || block.entries() == 0) continue;
    dense.push_back(b);
    borders.insert(block.first_site);
    borders.insert(block.first_site + block.sites);
  }
  for (const std::uint32_t border : borders) bands_.push_back({border, {}});
  std::ranges::sort(dense, {}, [&](std::uint32_t b) { return blocks_[b].first_clock; });
  for (const std::uint32_t b : dense) {
    const Block& block = blocks_[b];
    for (auto band = std::ranges::lower_bound(bands_, block.first_site, {}, &Band::first_site);
         band->first_site != block.first_site + block.sites; ++band) {
      if (!band->blocks.empty()) {
        const Block& before = blocks_[band->blocks.back()];
        if (before.first_clock + before.clocks > block.first_clock) refuse_twice(before, block, where);
      }
      band->blocks.push_back(b);
    }
  }
}

void Index::add_stretches(const std::string& where) {
  for (std::uint32_t b = 0; b < blocks_.size(); ++b) {
    if (blocks_[b].shape == Shape::stretches && blocks_[b].entries() != 0) stretches_.push_back(b);
  }
  std::ranges::sort(stretches_, {}, [&](std::uint32_t b) { return key(blocks_[b].site[0], blocks_[b].first[0]); });
  for (std::size_t i = 1; i < stretches_.size(); ++i) {
    const Block &before = blocks_[stretches_[i - 1]], &block = blocks_[stretches_[i]];
    if (key(before.site.back(), before.last.back()) >= key(block.site[0], block.first[0])) {
      refuse_twice(before, block, where);
    }
  }
  if (bands_.empty()) return;
  for (const std::uint32_t b : stretches_) {
    const Block& block = blocks_[b];
    for (std::size_t i = 0; i < block.entries(); ++i) {
      const Band* const band = band_of(block.site[i]);
      if (band == nullptr) continue;
      for (const std::uint32_t d : band->blocks) {
        const Block& dense = blocks_[d];
        if (block.first[i] < dense.first_clock + dense.clocks && block.last[i] >= dense.first_clock) {
          refuse_twice(block, dense, where);
        }
      }
    }
  }
}

const Index::Band* Index::band_of(std::uint32_t site) const {
  const auto after = std::ranges::upper_bound(bands_, site, {}, &Band::first_site);
  return after == bands_.begin() ? nullptr : &*(after - 1);
}

std::optional<Place> Index::find_dense(std::uint32_t site, std::uint32_t clock) const {
  const Band* const band = band_of(site);
  if (band == nullptr) return std::nullopt;
  const auto after =
      std::ranges::upper_bound(band->blocks, clock, {}, [&](std::uint32_t b) { return blocks_[b].first_clock; });
  if (after == band->blocks.begin()) return std::nullopt;
  const std::uint32_t b = *(after - 1);
  const Block& block = blocks_[b];
  if (clock - block.first_clock >= block.clocks) return std::nullopt;
  return Place{b, (clock - block.first_clock) * block.sites + (site - block.first_site)};
}

std::optional<Place> Index::find_stretch(std::uint32_t site, std::uint32_t clock) const {
  const auto after = std::ranges::upper_bound(
      stretches_, key(site, clock), {}, [&](std::uint32_t b) { return key(blocks_[b].site[0], blocks_[b].first[0]); });
  if (after == stretches_.begin()) return std::nullopt;
  const Block& block = blocks_[*(after - 1)];
  std::size_t low = 0;  // the last stretch that begins at or before this upset
  for (std::size_t high = block.entries(); high - low > 1;) {
    const std::size_t middle = low + (high - low) / 2;
    (key(block.site[middle], block.first[middle]) <= key(site, clock) ? low : high) = middle;
  }
  if (block.site[low] != site || block.last[low] < clock) return std::nullopt;
  return Place{*(after - 1), static_cast<std::uint32_t>(low)};
}

std::optional<Place> Index::find(std::uint32_t site, std::uint32_t clock) const {
  const std::optional<Place> dense = find_dense(site, clock);
  return dense ? dense : find_stretch(site, clock);
}

}  // namespace hilbert::store

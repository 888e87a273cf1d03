// SPDX-License-Identifier: Apache-2.0
#include "store/sites.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/error.hpp>
#include <limits>

#include "store/columns.hpp"

namespace hilbert::store {
namespace {

constexpr std::size_t run_columns = 7;

[[noreturn]] void broken(std::string what, const std::string& where) {
  throw Error(ExitCode::bad_input, std::move(what), where);
}

}  // namespace

std::uint32_t Sites::Words::of(std::string_view word) {
  const auto known = index.find(word);
  if (known != index.end()) return known->second;
  const auto number = static_cast<std::uint32_t>(all.size());
  all.emplace_back(word);
  index.emplace(word, number);
  return number;
}

void Sites::add(const Site& site, std::uint32_t count) {
  if (count == 0) return;
  const auto wrong = [&](const char* what) { broken(fmt::format("site {} {}", size_, what), "table of sites"); };
  if (site.name.empty()) wrong("has no name");
  for (const std::string_view word : {site.name, site.unit, site.site_class}) {
    if (word.find('\0') != std::string_view::npos) wrong("has a byte 0 in a word");
  }
  const std::uint64_t bits = std::uint64_t{site.width} * std::max(site.words, 1U);
  if (std::uint64_t{site.bit} + count > bits) wrong("is a bit that its variable does not have");
  if (std::uint64_t{size_} + count >= std::numeric_limits<std::uint32_t>::max()) wrong("is one too many");

  const Run run{
      size_,      count,     names_.of(site.name), units_.of(site.unit), classes_.of(site.site_class), site.bit,
      site.width, site.words};
  size_ += count;
  if (!runs_.empty()) {
    Run& last = runs_.back();
    Run joined = run;
    joined.first = last.first, joined.count = last.count, joined.bit = last.bit;
    if (joined == last && last.bit + last.count == run.bit) {
      last.count += count;
      return;
    }
  }
  runs_.push_back(run);
}

Site Sites::operator[](std::uint32_t site) const {
  const auto after = std::ranges::upper_bound(runs_, site, {}, &Run::first);
  const Run& run = *(after - 1);
  return {names_.all[run.name],
          units_.all[run.unit],
          classes_.all[run.site_class],
          run.bit + (site - run.first),
          run.width,
          run.words};
}

std::string Sites::label(std::uint32_t site) const {
  const Site s = (*this)[site];
  if (s.words != 0) return fmt::format("{}[{}][{}]", s.name, s.bit / s.width, s.bit % s.width);
  return s.width == 1 ? std::string(s.name) : fmt::format("{}[{}]", s.name, s.bit);
}

std::vector<std::byte> Sites::pack() const {
  std::vector<std::byte> bytes;
  for (const std::size_t count : {runs_.size(), names_.all.size(), units_.all.size(), classes_.all.size()}) {
    append_number(bytes, static_cast<std::uint32_t>(count));
  }
  for (const auto column :
       {&Run::count, &Run::name, &Run::unit, &Run::site_class, &Run::bit, &Run::width, &Run::words}) {
    for (const Run& run : runs_) append_number(bytes, run.*column);
  }
  for (const Words* words : {&names_, &units_, &classes_}) {
    for (const std::string& word : words->all) {
      const auto text = std::as_bytes(std::span(word.c_str(), word.size() + 1));
      bytes.insert(bytes.end(), text.begin(), text.end());
    }
  }
  return bytes;
}

Sites Sites::unpack(std::span<const std::byte> content, const std::string& where) {
  Columns in(content, where);
  const auto counts = in.numbers(4);
  const std::uint32_t runs = counts[0];
  std::vector<std::vector<std::uint32_t>> columns;
  for (std::size_t i = 0; i < run_columns; ++i) columns.push_back(in.numbers(runs));
  std::vector<std::vector<std::string>> words;
  for (std::size_t i = 1; i < counts.size(); ++i) words.push_back(in.texts(counts[i]));
  in.end();

  Sites sites;
  for (std::uint32_t run = 0; run < runs; ++run) {
    std::string_view text[3];
    for (std::size_t i = 0; i < 3; ++i) {
      const std::uint32_t index = columns[1 + i][run];
      if (index >= words[i].size()) broken(fmt::format("its table of sites has no word {}", index), where);
      text[i] = words[i][index];
    }
    sites.add({text[0], text[1], text[2], columns[4][run], columns[5][run], columns[6][run]}, columns[0][run]);
  }
  if (!std::ranges::equal(sites.pack(), content)) broken("its table of sites is not as hilbert writes it", where);
  return sites;
}

}  // namespace hilbert::store

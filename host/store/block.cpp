// SPDX-License-Identifier: Apache-2.0
#include "store/block.hpp"

#include <fmt/format.h>

#include <hilbert/error.hpp>
#include <limits>

#include "store/columns.hpp"

namespace hilbert::store {
namespace {

constexpr std::uint64_t most_clocks = std::numeric_limits<std::uint32_t>::max();

}  // namespace

std::uint64_t Block::experiments() const {
  if (auxiliary) return 0;
  if (shape != Shape::stretches) return entries();
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < entries(); ++i) sum += std::uint64_t{last[i]} - first[i] + 1;
  return sum;
}

std::uint32_t Block::site_of(std::size_t entry) const {
  return shape == Shape::dense ? first_site + static_cast<std::uint32_t>(entry % sites) : site[entry];
}

std::uint32_t Block::clock_of(std::size_t entry) const {
  return shape == Shape::dense ? first_clock + static_cast<std::uint32_t>(entry / sites) : first[entry];
}

void Block::check(std::uint32_t site_count, std::size_t outcomes, const std::string& where) const {
  const auto require = [&](bool good, std::string_view what) {
    if (!good) throw Error(ExitCode::bad_input, fmt::format("block {} {}", number, what), where);
  };
  const std::size_t n = entries();
  const bool dense = shape == Shape::dense;
  const std::size_t lines = dense ? 0 : n;
  require(shape <= Shape::list, "has a shape that does not exist");
  require(end.size() == n && detail.size() == n && site.size() == lines && first.size() == lines &&
              last.size() == (shape == Shape::stretches ? n : 0),
          "has columns of different lengths");
  if (dense) {
    require(std::uint64_t{sites} * clocks == n, "has not an entry for each upset");
    require(std::uint64_t{first_site} + sites <= site_count, "has sites that are not in the table");
    require(std::uint64_t{first_clock} + clocks < most_clocks, "has clocks beyond the largest number");
  } else {
    require((first_site | sites | first_clock | clocks) == 0, "has a rectangle, and is not dense");
  }
  require(!auxiliary || (dense && first_experiment == 0), "is auxiliary, and holds experiments");
  require(first_experiment <= std::numeric_limits<std::uint64_t>::max() / 2,
          "has experiments beyond the largest number");

  for (std::size_t i = 0; i < lines; ++i) {
    require(site[i] < site_count, "has a site that is not in the table");
    require(first[i] < most_clocks, "has a clock beyond the largest number");
    if (shape == Shape::list) continue;
    require(first[i] <= last[i] && last[i] < most_clocks, "has a stretch that ends before it begins");
    require(i == 0 || site[i - 1] < site[i] || (site[i - 1] == site[i] && last[i - 1] < first[i]),
            "has stretches that overlap or are not sorted");
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (code[i] != alias) {
      require(code[i] < outcomes, "has an outcome that is not in the header's list");
      continue;
    }
    require(detail[i] < site_count, "has an alias of a site that is not in the table");
    require(end[i] >= (shape == Shape::stretches ? last[i] : clock_of(i)), "has an alias that goes back in time");
  }
}

std::vector<std::byte> Block::pack() const {
  std::vector<std::byte> bytes;
  bytes.reserve(40 + entries() * 21);
  append_number(bytes, number);
  append_number(bytes, static_cast<std::uint8_t>(shape));
  append_number(bytes, static_cast<std::uint8_t>(auxiliary ? 1 : 0));
  append_number(bytes, std::uint16_t{0});
  append_number(bytes, first_experiment);
  for (const std::uint32_t value :
       {static_cast<std::uint32_t>(entries()), first_site, sites, first_clock, clocks, 0U}) {
    append_number(bytes, value);
  }
  append_column(bytes, code);
  for (const auto* column : {&site, &first, &last, &end, &detail}) append_column(bytes, *column);
  return bytes;
}

Block Block::unpack(std::span<const std::byte> content, const std::string& where) {
  Columns in(content, where);
  const auto require = [&](bool good, std::string_view what) {
    if (!good) throw Error(ExitCode::bad_input, fmt::format("a block {}", what), where);
  };
  Block block;
  block.number = in.number<std::uint32_t>();
  const auto shape = in.number<std::uint8_t>(), flags = in.number<std::uint8_t>();
  const auto reserved = in.number<std::uint16_t>();
  block.first_experiment = in.number<std::uint64_t>();
  const auto head = in.numbers(6);
  require(shape <= static_cast<std::uint8_t>(Shape::list), "has a shape that does not exist");
  require(flags <= 1 && reserved == 0 && head[5] == 0, "has reserved bits that are not 0");
  block.shape = static_cast<Shape>(shape);
  block.auxiliary = flags == 1;
  const std::size_t n = head[0];
  block.first_site = head[1], block.sites = head[2], block.first_clock = head[3], block.clocks = head[4];
  block.code = in.column<std::uint8_t>(n);
  if (block.shape != Shape::dense) {
    block.site = in.numbers(n);
    block.first = in.numbers(n);
    if (block.shape == Shape::stretches) block.last = in.numbers(n);
  }
  block.end = in.numbers(n);
  block.detail = in.numbers(n);
  in.end();
  return block;
}

}  // namespace hilbert::store

// SPDX-License-Identifier: Apache-2.0
#include "store/verdicts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/error.hpp>
#include <hilbert/number.hpp>

#include "store/index.hpp"

namespace hilbert::store {
namespace {

/// An alias that is being followed: whoever meets it has gone round in a circle.
constexpr std::uint8_t followed = 254;
static_assert(followed >= most_outcomes);

}  // namespace

Verdicts::Verdicts(Results results, const std::string& where) : results_(std::move(results)) {
  for (std::uint32_t b = 0; b < results_.blocks.size(); ++b) {
    const Block& block = results_.blocks[b];
    if (block.auxiliary || block.entries() == 0) continue;
    Numbers numbers{b, block.first_experiment, {}};
    if (block.shape == Shape::stretches) {
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < block.entries(); ++i) {
        if (i % step == 0) numbers.before.push_back(sum);
        sum += std::uint64_t{block.last[i]} - block.first[i] + 1;
      }
    }
    experiments_ += block.experiments();
    numbers_.push_back(std::move(numbers));
  }
  resolve(where);
}

std::string Verdicts::name_of(const Block& block, std::size_t entry) const {
  return fmt::format("the upset of {} in clock {}", results_.sites.label(block.site_of(entry)), block.clock_of(entry));
}

void Verdicts::resolve(const std::string& where) {
  std::vector<Block>& blocks = results_.blocks;
  const Index index(blocks, where);
  const bool complete = results_.complete();
  const auto refuse = [&](std::string what) { throw Error(ExitCode::bad_input, std::move(what), where); };
  std::vector<Place> chain;
  // From the last to the first: most aliases lead to the next clock, which is known then.
  for (std::size_t b = blocks.size(); b-- > 0;) {
    for (std::size_t entry = blocks[b].entries(); entry-- > 0;) {
      if (blocks[b].code[entry] != alias) continue;
      chain.clear();
      Place at{static_cast<std::uint32_t>(b), static_cast<std::uint32_t>(entry)};
      std::uint8_t code = alias;
      std::uint32_t end = 0, detail = 0;
      for (;;) {
        Block& block = blocks[at.block];
        code = block.code[at.entry], end = block.end[at.entry], detail = block.detail[at.entry];
        if (code == followed) refuse("aliases go in a circle at " + name_of(block, at.entry));
        if (code != alias) break;
        block.code[at.entry] = followed;
        chain.push_back(at);
        const std::optional<Place> next = index.find(detail, end);
        if (!next) {
          if (complete) {
            refuse(fmt::format("{} became that of {} in clock {}, which no block holds", name_of(block, at.entry),
                               results_.sites.label(detail), end));
          }
          break;
        }
        at = *next;
      }
      for (const Place& place : chain) {
        Block& block = blocks[place.block];
        block.code[place.entry] = code, block.end[place.entry] = end, block.detail[place.entry] = detail;
      }
    }
  }
}

std::optional<Experiment> Verdicts::find(std::uint64_t number) const {
  const auto after = std::ranges::upper_bound(numbers_, number, {}, &Numbers::first);
  if (after == numbers_.begin()) return std::nullopt;
  const Numbers& numbers = *(after - 1);
  const Block& block = results_.blocks[numbers.block];
  std::uint64_t left = number - numbers.first;
  const auto made = [&](std::size_t entry, std::uint32_t clock) {
    return Experiment{number, block.site_of(entry), clock, block.code[entry], block.end[entry], block.detail[entry]};
  };
  if (block.shape != Shape::stretches) {
    if (left >= block.entries()) return std::nullopt;
    return made(static_cast<std::size_t>(left), block.clock_of(static_cast<std::size_t>(left)));
  }
  const auto part =
      static_cast<std::size_t>(std::ranges::upper_bound(numbers.before, left) - numbers.before.begin() - 1);
  left -= numbers.before[part];
  for (std::size_t i = part * step; i < block.entries(); ++i) {
    const std::uint64_t length = std::uint64_t{block.last[i]} - block.first[i] + 1;
    if (left < length) return made(i, block.first[i] + static_cast<std::uint32_t>(left));
    left -= length;
  }
  return std::nullopt;
}

Experiment Verdicts::experiment(std::uint64_t number) const {
  if (const std::optional<Experiment> found = find(number)) return *found;
  throw Error(ExitCode::bad_input, fmt::format("experiment {} is not in this file", number_text(number)),
              "results file", fmt::format("it has {}", number_text(experiments_)));
}

}  // namespace hilbert::store

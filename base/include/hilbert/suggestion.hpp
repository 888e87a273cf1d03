// SPDX-License-Identifier: Apache-2.0
// "Did you mean": the known word nearest to one that is not known.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hilbert {

/// Letters to insert, drop or change, and neighbours to exchange, to make one word of the other.
[[nodiscard]] inline std::size_t word_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, last(b.size() + 1), row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    before = std::exchange(last, row);
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      row[j + 1] = std::min({last[j] + (a[i] == b[j] ? 0 : 1), row[j] + 1, last[j + 1] + 1});
      const bool exchanged = i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j];
      if (exchanged) row[j + 1] = std::min(row[j + 1], before[j - 1] + 1);
    }
  }
  return row.back();
}

/// ", did you mean 'gemm'?", to stand behind a complaint; "" if no word of `known` is near. Any range of words.
template <class Words>
[[nodiscard]] std::string suggestion(std::string_view word, const Words& known) {
  constexpr std::size_t longest = 64;  // nobody mistypes more, and the distance takes time by the square
  std::string nearest;
  std::size_t least = std::max<std::size_t>(word.size() / 3, 1) + 1;
  if (word.size() > longest) return nearest;
  for (const auto& candidate : known) {
    if (candidate == word) continue;  // known, and meant for another place
    const std::size_t distance = word_distance(word, candidate);
    if (distance < least) least = distance, nearest = candidate;
  }
  return nearest.empty() ? nearest : ", did you mean '" + nearest + "'?";
}

}  // namespace hilbert

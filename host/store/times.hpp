// SPDX-License-Identifier: Apache-2.0
// How long a campaign took: beside its results, which are the same however long it was.
#pragma once

#include <filesystem>
#include <optional>

namespace hilbert::store {

struct Times {
  double seconds = 0;      ///< from beginning to end, all sessions of a campaign together
  double cpu_seconds = 0;  ///< of all threads
};

/// "small.hbc.times" of "small.hbc".
[[nodiscard]] std::filesystem::path times_path(const std::filesystem::path& results);
/// Adds to what earlier sessions of the campaign took.
void add_times(const std::filesystem::path& results, const Times& times);
/// Nothing if there is no such file: results may be copied without. Error (exit code 2) for one that makes no sense.
[[nodiscard]] std::optional<Times> read_times(const std::filesystem::path& results);

}  // namespace hilbert::store

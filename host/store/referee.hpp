// SPDX-License-Identifier: Apache-2.0
// What a referee found: experiments run again by another engine, and whether that one says the same.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

#include "store/verdicts.hpp"

namespace hilbert::store {

/// What the referee says of an experiment, in the words of an entry of a block.
struct Replay {
  std::uint64_t number = 0;
  std::uint8_t code = 0;
  std::uint32_t end = 0, detail = 0;
  bool operator==(const Replay&) const = default;
};

/// The experiments that a referee runs again: `count` of `all` of the campaign, or all of them, in order. It looks at
/// no results, so that shards have the same sample, and each runs those that it holds (Verdicts::holds).
[[nodiscard]] std::vector<std::uint64_t> referee_sample(std::uint64_t all, std::uint64_t count, std::uint64_t seed);

/// The referee's record, for Writer::finish(). It says what the referee found and not whether that is right: an
/// experiment whose alias leads into another shard is judged once they are merged.
[[nodiscard]] nlohmann::json referee_record(std::vector<Replay> replays);

struct Refereed {
  std::uint64_t replayed = 0;
  std::uint64_t open = 0;         ///< of them, not judged: for want of other shards
  std::vector<Replay> different;  ///< what the referee says, where the results say otherwise
};

/// Compares every replay of the file's record with the results. Error (exit code 2) at `where` for a record that is no
/// referee_record(), or replays what is not there. All 0 without a record.
[[nodiscard]] Refereed refereed(const Verdicts& verdicts, const std::string& where = "results file");

}  // namespace hilbert::store

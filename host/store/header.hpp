// SPDX-License-Identifier: Apache-2.0
// What a campaign is: all that decides its results, and all that is needed to replay one of its experiments.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace hilbert::store {

/// JSON whose meaning is the campaign's, but for the fields that this class reads (README.md, The header). Two files
/// belong to one campaign if their headers are equal without `shard` and what `informative` lists.
class Header {
 public:
  Header() = default;
  /// Error (exit code 2) at `where` if a field that the store needs is missing or makes no sense.
  Header(nlohmann::json json, const std::string& where);

  [[nodiscard]] const nlohmann::json& json() const { return json_; }
  [[nodiscard]] const std::vector<std::string>& outcomes() const { return outcomes_; }  ///< names, by code
  [[nodiscard]] std::uint32_t blocks() const { return blocks_; }                        ///< of the whole campaign
  [[nodiscard]] std::uint32_t shard() const { return shard_; }                          ///< 1 .. shards()
  [[nodiscard]] std::uint32_t shards() const { return shards_; }

  /// The blocks of shard i of n are i - 1, i - 1 + n, i - 1 + 2n, ...: how many, the k-th of them, whether one is.
  [[nodiscard]] std::uint32_t own_blocks() const;
  [[nodiscard]] std::uint32_t own_block(std::uint32_t k) const { return shard_ - 1 + k * shards_; }
  [[nodiscard]] bool owns(std::uint32_t block) const { return block < blocks_ && block % shards_ == shard_ - 1; }

  /// Whether a block's first experiment may be the next number after the block before it in the file.
  [[nodiscard]] bool may_follow(std::uint64_t first_experiment, std::uint64_t next) const {
    return shards_ == 1 ? first_experiment == next : first_experiment >= next;
  }

  /// The same campaign as shard `index` of `of`.
  [[nodiscard]] Header as_shard(std::uint32_t index, std::uint32_t of) const;

  /// The first field in which two campaigns differ, by name, with both values; nothing if they are one:
  /// "workload.size is [8,8,8] in one and [16,16,16] in the other".
  [[nodiscard]] std::optional<std::string> difference(const Header& other) const;

 private:
  nlohmann::json json_;
  std::vector<std::string> outcomes_, informative_;
  std::uint32_t blocks_ = 0, shard_ = 1, shards_ = 1;
};

}  // namespace hilbert::store

// SPDX-License-Identifier: Apache-2.0
// Writing the results of a campaign as they come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "store/block.hpp"
#include "store/growing_file.hpp"
#include "store/header.hpp"
#include "store/sites.hpp"

namespace hilbert::store {

class ResultsReader;

/// The file has a name from the beginning and grows by whole blocks, in the order of their numbers. So it has the same
/// bytes whoever delivers the blocks in which order, and however often its process is killed and resumed.
class Writer {
 public:
  /// A new file. Error (exit code 2) if there is a file of this name, whatever it is.
  static Writer create(const std::filesystem::path& path, const Header& header, const Sites& sites);

  enum class Cut {
    torn,     ///< only what a killed process leaves: a last record that is not whole
    damaged,  ///< everything from the first damage on
  };
  /// Goes on with a file: what is behind its last whole block is cut off, as far as `cut` allows. Error (exit code 2)
  /// if more is damaged, or if it is no results file.
  static Writer resume(const std::filesystem::path& path, Cut cut = Cut::torn);

  [[nodiscard]] const Header& header() const { return header_; }
  [[nodiscard]] const Sites& sites() const { return sites_; }
  /// What resume() has cut off, and why; "": nothing.
  [[nodiscard]] const std::string& was_cut() const { return was_cut_; }
  /// Nothing is missing, the end neither.
  [[nodiscard]] bool finished() const { return finished_; }
  /// Blocks of this shard that are not in the file, in order.
  [[nodiscard]] std::vector<std::uint32_t> missing() const;

  /// May be called by several threads, for every missing block once, in any order. A block that comes early waits in
  /// memory, compressed. Error (exit code 2) for a block that breaks a rule, is not of this shard, or was there
  /// already; 3 if the file cannot take it: what it has stays, and nothing more can be appended.
  void append(const Block& block);

  /// The end, once no block is missing (else Error, exit code 2).
  void finish(const std::optional<nlohmann::json>& referee = std::nullopt);

 private:
  Writer(GrowingFile file, Header header, Sites sites, std::string where)
      : file_(std::move(file)), header_(std::move(header)), sites_(std::move(sites)), where_(std::move(where)) {}
  Writer(GrowingFile file, const ResultsReader& read);
  void refuse_if_failed() const;
  void grow(std::span<const std::byte> bytes);

  struct Waiting {
    std::vector<std::byte> packed;
    std::uint64_t first_experiment = 0, experiments = 0;
    bool auxiliary = false;
  };

  GrowingFile file_;
  Header header_;
  Sites sites_;
  std::string where_, was_cut_;
  std::mutex mutex_;  ///< of what follows
  std::map<std::uint32_t, Waiting> waiting_;
  std::uint32_t blocks_ = 0;       ///< in the file
  std::uint64_t experiments_ = 0;  ///< in them
  std::uint64_t next_experiment_ = 0;
  bool finished_ = false, failed_ = false;
};

}  // namespace hilbert::store

// SPDX-License-Identifier: Apache-2.0
// Reading results files: whole ones, and what can be had of damaged ones.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "store/block.hpp"
#include "store/header.hpp"
#include "store/record.hpp"
#include "store/sites.hpp"

namespace hilbert::store {

/// Goes through a file record by record, and holds it to the order that README.md promises.
class ResultsReader {
 public:
  /// Reads header and sites. Error (exit code 2) if there is no such file, or these two are not whole.
  explicit ResultsReader(const std::filesystem::path& path);

  [[nodiscard]] const Header& header() const { return header_; }
  [[nodiscard]] const Sites& sites() const { return sites_; }

  /// The next block, checked; nothing after the last one, when what follows has been read too. Error (exit code 2) if a
  /// block whose checksum is right breaks a rule.
  [[nodiscard]] std::optional<Block> next();

  // The file so far; all of it once next() has given nothing.
  [[nodiscard]] std::uint32_t blocks() const { return blocks_; }                    ///< read
  [[nodiscard]] std::uint64_t experiments() const { return experiments_; }          ///< in them
  [[nodiscard]] std::uint64_t next_experiment() const { return next_experiment_; }  ///< the number after them
  [[nodiscard]] std::uint64_t resumable() const { return resumable_; }  ///< bytes to the end of the last block
  [[nodiscard]] const std::vector<std::byte>& packed() const { return packed_; }  ///< the last block, as in the file
  [[nodiscard]] const std::optional<nlohmann::json>& referee() const { return referee_; }
  [[nodiscard]] bool finished() const { return finished_; }  ///< it has its end
  [[nodiscard]] const std::optional<Damage>& damage() const { return damage_; }
  [[nodiscard]] const std::string& where() const { return reader_.where(); }

  /// Error (exit code 2) that says what is wrong, unless the file is finished and not damaged.
  void require_whole() const;

 private:
  [[nodiscard]] Record begin_with(Kind kind, const char* name);
  [[nodiscard]] nlohmann::json json_of(const Record& record) const;
  void read_end(const Record& record);
  void damaged(const Record& record, std::string what);

  RecordReader reader_;
  Header header_;
  Sites sites_;
  std::uint32_t blocks_ = 0;
  std::uint64_t experiments_ = 0, next_experiment_ = 0, resumable_ = 0;
  std::vector<std::byte> packed_;
  std::optional<nlohmann::json> referee_;
  bool finished_ = false;
  std::optional<Damage> damage_;
};

struct Results {
  Header header;
  Sites sites;
  std::vector<Block> blocks;
  std::optional<nlohmann::json> referee;
  bool finished = false;
  std::string damage;  ///< what was lost and where; "": nothing

  /// Every block of the campaign is here.
  [[nodiscard]] bool complete() const { return blocks.size() == header.blocks(); }
};

/// A whole file. Error (exit code 2) if it is damaged anywhere, or not finished.
[[nodiscard]] Results read(const std::filesystem::path& path);
/// What is before the damage, or before the end of an unfinished file, and what the damage is. Error (exit code 2) if
/// header and sites are not whole.
[[nodiscard]] Results recover(const std::filesystem::path& path);

/// What stands in header, referee and end records. Sorted keys, no spaces: one text for one value. Error (exit code 2)
/// for texts that are no UTF-8.
[[nodiscard]] std::vector<std::byte> json_content(const nlohmann::json& json);
/// The end record of a file with so much in it.
[[nodiscard]] nlohmann::json end_of(std::uint32_t blocks, std::uint64_t experiments);

}  // namespace hilbert::store

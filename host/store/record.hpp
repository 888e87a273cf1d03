// SPDX-License-Identifier: Apache-2.0
// A results file as records, whatever they hold: packed, checked, read one after the other (README.md, The file).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hilbert::store {

inline constexpr std::uint32_t file_version = 1;
inline constexpr std::size_t prefix_bytes = 16;       ///< of the file: magic, version, checksum
inline constexpr std::size_t record_head_bytes = 16;  ///< of a record: lengths, kind, checksum
/// No record is larger, neither in the file nor unpacked.
inline constexpr std::uint32_t most_record_bytes = 1U << 30;

enum class Kind : std::uint8_t { header = 'H', sites = 'S', block = 'B', referee = 'R', end = 'E' };

/// How every results file begins.
[[nodiscard]] std::vector<std::byte> file_prefix();

/// A record as it stands in the file. Error (exit code 2) if the content is longer than most_record_bytes.
[[nodiscard]] std::vector<std::byte> pack_record(Kind kind, std::span<const std::byte> content);

struct Record {
  Kind kind = Kind::header;
  std::uint64_t at = 0;            ///< where it begins in the file
  std::vector<std::byte> packed;   ///< as it stands there
  std::vector<std::byte> content;  ///< unpacked
};

/// Where a file stops making sense.
struct Damage {
  std::uint64_t at = 0;    ///< the first byte that cannot be used; all before it are whole records
  std::uint64_t lost = 0;  ///< bytes from there to the end
  std::string what;        ///< "the checksum of its record is wrong"
  bool torn = false;       ///< what a process leaves that was killed while it wrote: a last record that is not whole
};

/// "damaged at byte 120 of 400: ...".
[[nodiscard]] std::string to_string(const Damage& damage);

/// Goes through a file once. Nothing is believed before its checksum was, and no more memory is taken than a checked
/// length says.
class RecordReader {
 public:
  /// Error (exit code 2) if there is no such file, if it is no results file, or one of another version.
  explicit RecordReader(const std::filesystem::path& path);

  /// The next record; nothing at the end of the file and where it is damaged.
  [[nodiscard]] std::optional<Record> next();
  [[nodiscard]] const std::optional<Damage>& damage() const { return damage_; }
  [[nodiscard]] std::uint64_t at() const { return at_; }  ///< the end of the last record
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] const std::string& where() const { return where_; }

 private:
  [[noreturn]] void refuse(std::string what, std::string next = {}) const;
  [[nodiscard]] std::vector<std::byte> read(std::uint64_t at, std::size_t count);
  [[nodiscard]] std::optional<Record> damaged(std::string what, bool torn);
  [[nodiscard]] bool only_zeros_follow();

  std::ifstream file_;
  std::string where_;
  std::uint64_t size_ = 0, at_ = 0;
  std::optional<Damage> damage_;
};

}  // namespace hilbert::store

// SPDX-License-Identifier: Apache-2.0
// Files that appear whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hilbert {

/// Writes a file beside its final name and moves it there with commit(); without commit() nothing is left behind and an
/// older file of that name stays as it was. Standard output, by whatever name, and what is no regular file are
/// written in place. Every failure (no such folder, no permission, disk full) is an Error with exit code 3, a directory
/// as target 2.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text) { write(std::as_bytes(std::span(text))); }
  /// Flushes to the disk, checks, and gives the file its name.
  void commit();

 private:
  [[noreturn]] void fail(std::string_view action, int error_number) const;

  std::filesystem::path path_;
  std::string temporary_;  ///< "" when written in place
  int descriptor_ = -1;
};

/// AtomicFile in one call.
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file(const std::filesystem::path& path, std::string_view text);

/// The whole file. Error (exit code 2) if it is missing, a directory, unreadable, or longer than `max_bytes`.
[[nodiscard]] std::vector<std::byte> read_file(const std::filesystem::path& path,
                                               std::uint64_t max_bytes = std::uint64_t{1} << 34);

}  // namespace hilbert

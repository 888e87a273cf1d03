// SPDX-License-Identifier: Apache-2.0
// A file that grows by whole pieces, whatever ends the process.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace hilbert::store {

/// Only one process at a time has a file as a GrowingFile. What has been appended is in the system's hands: killing the
/// process loses nothing. A crash of the machine may lose the last `sync_seconds`, or what came after the last sync().
class GrowingFile {
 public:
  static constexpr int sync_seconds = 5;

  /// A new file that appears whole with its first piece. Error (exit code 2) if anything has this name, 3 if the
  /// machine refuses.
  static GrowingFile create(const std::filesystem::path& path, std::span<const std::byte> begin);
  /// An existing one. Error (exit code 2) if there is none, 3 if another process has it or the machine refuses.
  static GrowingFile open(const std::filesystem::path& path);
  GrowingFile(GrowingFile&& other) noexcept;
  GrowingFile& operator=(GrowingFile&&) = delete;
  ~GrowingFile();

  /// The whole piece, or Error (exit code 3) and the file as it was; then it takes no more.
  void append(std::span<const std::byte> piece);
  /// Cuts off what is behind byte `size`; the next piece is appended there.
  void cut(std::uint64_t size);
  /// To the disk.
  void sync();

 private:
  GrowingFile(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  [[noreturn]] void fail(std::string_view action, int error_number) const;
  void lock() const;

  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::chrono::steady_clock::time_point synced_ = std::chrono::steady_clock::now();
};

}  // namespace hilbert::store

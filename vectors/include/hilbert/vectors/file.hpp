// SPDX-License-Identifier: Apache-2.0
// Vector files, read and written case by case (vectors/README.md section 7).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <istream>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include <hilbert/vectors/case.hpp>

namespace hilbert {
class AtomicFile;
}

namespace hilbert::vectors {

inline constexpr std::uint32_t file_version = 1;
inline constexpr std::size_t header_bytes = 64;
inline constexpr std::uint32_t max_record_bytes = 1u << 30;
inline constexpr std::uint32_t max_note_bytes = 1u << 16;

/// The header, but for magic and its own checksum.
struct FileInfo {
  std::uint32_t version = file_version;
  std::uint32_t cases = 0;
  std::uint64_t content_bytes = 0;  ///< uncompressed
  std::uint64_t body_bytes = 0;     ///< compressed: the file's size less the header
  std::uint32_t content_crc = 0;    ///< CRC-32 of the uncompressed content: names what a file says
  std::uint32_t body_crc = 0;
  std::uint32_t zstd_version = 0;  ///< of the library that compressed the body, as ZSTD_versionNumber() gives it

  bool operator==(const FileInfo&) const = default;
};

/// Whether a file is there that begins as vector files do.
[[nodiscard]] bool is_vector_file(const std::filesystem::path& path);

/// Reads a file from front to back in bounded memory. Everything wrong with a file is an Error with exit code 2 that
/// says what; the header, the file's length and the checksum of its body are verified before the constructor returns.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& path);
  /// From a stream that can seek; `where` names it in errors.
  Reader(std::unique_ptr<std::istream> stream, std::string where);
  ~Reader();
  Reader(Reader&&) noexcept;

  [[nodiscard]] const FileInfo& info() const { return info_; }
  /// How the file came about, in the writer's words.
  [[nodiscard]] const std::string& note() const { return note_; }
  /// The next case; nothing after the last, when the content's length and checksum have been verified too.
  [[nodiscard]] std::optional<Case> next();

 private:
  struct Decompressor;

  [[noreturn]] void refuse(std::string what, std::string next = {}) const;
  [[noreturn]] void refuse_body(std::size_t zstd_error) const;
  void read_header();
  void verify_body();
  [[nodiscard]] std::vector<std::byte> take(std::uint64_t count);
  [[nodiscard]] std::uint32_t take_length(std::uint32_t limit, const char* what);
  void finish();

  std::unique_ptr<std::istream> stream_;
  std::string where_;
  FileInfo info_;
  std::string note_;
  std::unique_ptr<Decompressor> body_;
  std::uint64_t content_left_ = 0;
  std::uint32_t content_crc_ = 0;
  std::uint32_t cases_left_ = 0;
  bool finished_ = false;
};

/// Collects cases; the compressed body waits in an unnamed temporary file, so memory stays bounded.
class Writer {
 public:
  explicit Writer(const std::string& note);
  ~Writer();
  Writer(Writer&&) noexcept;

  /// Error (exit code 2) for a name that is illegal or taken, and for a job whose sizes do not fit its matrices.
  void add(const Case& item);
  [[nodiscard]] std::uint32_t cases() const { return info_.cases; }

  /// Ends the file and gives it its name; it appears whole or not at all.
  FileInfo commit(const std::filesystem::path& path);
  /// The same into a file that was opened before the work; its own commit() is left to the caller.
  FileInfo write_to(AtomicFile& file);
  /// Ends the file in memory.
  [[nodiscard]] std::vector<std::byte> bytes();

 private:
  struct Compressor;

  void append(const std::vector<std::byte>& content);
  void end();
  template <typename Sink>
  void emit(Sink&& sink);

  FileInfo info_;
  std::unique_ptr<Compressor> body_;
  std::unordered_set<std::string> names_;
};

/// A case as a record's payload, and back. decode_record throws Error (exit code 2) with a text that says which rule of
/// section 7 is broken; it allocates nothing that the payload's length does not cover.
[[nodiscard]] std::vector<std::byte> encode_record(const Case& item);
[[nodiscard]] Case decode_record(std::span<const std::byte> payload, const std::string& where);

/// CRC-32 as in zlib, gzip and PNG (polynomial 0x04C11DB7 reflected), carried on from `crc` (0 to begin).
[[nodiscard]] std::uint32_t crc32(std::uint32_t crc, std::span<const std::byte> bytes);

/// The 64 bytes of a header.
[[nodiscard]] std::array<std::byte, header_bytes> pack_header(const FileInfo& info);

}  // namespace hilbert::vectors

// SPDX-License-Identifier: Apache-2.0
#include "store/record.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <hilbert/crc32c.hpp>
#include <hilbert/error.hpp>
#include <hilbert/little_endian.hpp>
#include <hilbert/text.hpp>

namespace hilbert::store {
namespace {

/// As a PNG file's: a transfer that changes line ends or clears bit 7 is seen at once.
constexpr std::array<std::byte, 8> magic{std::byte{0x89}, std::byte{'H'},  std::byte{'B'},  std::byte{'C'},
                                         std::byte{'\r'}, std::byte{'\n'}, std::byte{0x1A}, std::byte{'\n'}};

/// One level for all files, so that the same library writes the same bytes. Higher ones cost more time than the engine
/// takes to find the outcomes.
constexpr int level = 3;

constexpr std::size_t head_crc_at = 12;

}  // namespace

std::vector<std::byte> file_prefix() {
  std::vector<std::byte> bytes(magic.begin(), magic.end());
  append_number(bytes, file_version);
  append_number(bytes, crc32c(bytes));
  return bytes;
}

std::vector<std::byte> pack_record(Kind kind, std::span<const std::byte> content) {
  if (content.size() > most_record_bytes) {
    throw Error(ExitCode::bad_input, fmt::format("a record of {} bytes", content.size()), "results file",
                fmt::format("at most {}: make smaller blocks", most_record_bytes));
  }
  std::vector<std::byte> bytes(record_head_bytes + ZSTD_compressBound(content.size()));
  const std::size_t length = ZSTD_compress(bytes.data() + record_head_bytes, bytes.size() - record_head_bytes,
                                           content.data(), content.size(), level);
  if (ZSTD_isError(length) != 0) throw Error(ExitCode::machine, ZSTD_getErrorName(length), "zstd");
  bytes.resize(record_head_bytes + length);
  const std::span<std::byte> head = std::span(bytes).first(record_head_bytes);
  put_number(head, 0, static_cast<std::uint32_t>(length));
  put_number(head, 4, static_cast<std::uint32_t>(content.size()));
  put_number(head, 8, static_cast<std::uint32_t>(kind));
  put_number(head, head_crc_at, crc32c(head.first(head_crc_at)));
  append_number(bytes, crc32c(std::span(bytes).subspan(record_head_bytes)));
  return bytes;
}

std::string to_string(const Damage& damage) {
  return fmt::format("damaged at byte {} of {}: {}", damage.at, damage.at + damage.lost, damage.what);
}

RecordReader::RecordReader(const std::filesystem::path& path) : where_(printable(path.string())) {
  std::error_code none;
  if (std::filesystem::is_directory(path, none)) refuse("is a directory", "give the name of a results file");
  if (std::filesystem::exists(path, none) && !std::filesystem::is_regular_file(path, none)) {
    refuse("is no regular file", "results are read more than once: copy them into a file");
  }
  file_.open(path, std::ios::binary | std::ios::ate);
  if (!file_) refuse(fmt::format("cannot open: {}", std::strerror(errno)));
  size_ = static_cast<std::uint64_t>(file_.tellg());
  if (size_ == 0) refuse("is empty");
  const std::vector<std::byte> begin = read(0, static_cast<std::size_t>(std::min<std::uint64_t>(size_, prefix_bytes)));
  const std::vector<std::byte> expected = file_prefix();
  const std::size_t seen = std::min(begin.size(), magic.size());
  if (!std::equal(begin.begin(), begin.begin() + static_cast<std::ptrdiff_t>(seen), magic.begin())) {
    refuse("is no results file: it does not begin with their magic bytes");
  }
  if (begin.size() < prefix_bytes) refuse(fmt::format("is cut off after {} bytes", begin.size()));
  if (crc32c(std::span(begin).first(prefix_bytes - 4)) != number_at<std::uint32_t>(begin, prefix_bytes - 4)) {
    refuse("is damaged: the checksum of its first bytes is wrong");
  }
  if (const auto version = number_at<std::uint32_t>(begin, magic.size()); version != file_version) {
    refuse(fmt::format("has version {}, this program reads version {}", version, file_version),
           version > file_version ? "a newer hilbert wrote it" : "an older hilbert wrote it");
  }
  at_ = prefix_bytes;
}

void RecordReader::refuse(std::string what, std::string next) const {
  throw Error(ExitCode::bad_input, std::move(what), where_, std::move(next));
}

std::vector<std::byte> RecordReader::read(std::uint64_t at, std::size_t count) {
  std::vector<std::byte> bytes(count);
  file_.seekg(static_cast<std::streamoff>(at));
  file_.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(count));
  if (!file_) {
    throw Error(ExitCode::machine, fmt::format("cannot be read at byte {}", at), where_,
                "it has become shorter meanwhile, or its disk is damaged");
  }
  return bytes;
}

std::optional<Record> RecordReader::damaged(std::string what, bool torn) {
  damage_ = Damage{at_, size_ - at_, std::move(what), torn};
  return std::nullopt;
}

/// After a crash of the machine, bytes that never reached the disk are zeros in some file systems.
bool RecordReader::only_zeros_follow() {
  constexpr std::uint64_t step = 1U << 16;
  for (std::uint64_t at = at_; at < size_; at += step) {
    const auto bytes = read(at, static_cast<std::size_t>(std::min(step, size_ - at)));
    if (std::ranges::any_of(bytes, [](std::byte b) { return b != std::byte{0}; })) return false;
  }
  return true;
}

std::optional<Record> RecordReader::next() {
  if (damage_ || at_ == size_) return std::nullopt;
  const std::uint64_t left = size_ - at_;
  if (left < record_head_bytes) return damaged("its last record is not whole", true);
  Record record;
  record.at = at_;
  const std::vector<std::byte> head = read(at_, record_head_bytes);
  if (crc32c(std::span(head).first(head_crc_at)) != number_at<std::uint32_t>(head, head_crc_at)) {
    return damaged("the checksum of a record's head is wrong", only_zeros_follow());
  }
  const auto length = number_at<std::uint32_t>(head, 0), content = number_at<std::uint32_t>(head, 4),
             kind = number_at<std::uint32_t>(head, 8);
  if (kind > 0xFF || std::string_view("HSBRE").find(static_cast<char>(kind)) == std::string_view::npos) {
    return damaged(fmt::format("no record is of kind {}", kind), false);
  }
  record.kind = static_cast<Kind>(kind);
  if (length > ZSTD_compressBound(most_record_bytes) || content > most_record_bytes) {
    return damaged(fmt::format("a record of {} and {} bytes is too large", length, content), false);
  }
  const std::uint64_t whole = record_head_bytes + std::uint64_t{length} + 4;
  if (left < whole) return damaged("its last record is not whole", true);
  record.packed = read(at_, static_cast<std::size_t>(whole));
  const std::span<const std::byte> payload = std::span(record.packed).subspan(record_head_bytes, length);
  if (crc32c(payload) != number_at<std::uint32_t>(record.packed, static_cast<std::size_t>(whole) - 4)) {
    return damaged("the checksum of a record is wrong", left == whole);
  }
  if (ZSTD_getFrameContentSize(payload.data(), payload.size()) != content) {
    return damaged("a record does not unpack to the length that it says", false);
  }
  record.content.resize(content);
  const std::size_t got = ZSTD_decompress(record.content.data(), content, payload.data(), payload.size());
  if (ZSTD_isError(got) != 0 || got != content) return damaged("zstd refuses a record", false);
  at_ += whole;
  return record;
}

}  // namespace hilbert::store

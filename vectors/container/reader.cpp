// SPDX-License-Identifier: Apache-2.0
// Reading vector files: nothing is believed before its checksum was.
#include <fmt/format.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <hilbert/error.hpp>
#include <new>
#include <span>

#include "header.hpp"

namespace hilbert::vectors {

namespace {

/// Content is taken in steps of this size, so that memory grows with what a file holds and not with what it claims.
constexpr std::size_t step = 1u << 16;

std::unique_ptr<std::istream> open(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw Error(ExitCode::bad_input, "is a directory", path.string(), "give the name of a vector file");
  }
  auto file = std::make_unique<std::ifstream>(path, std::ios::binary);
  if (!*file) {
    throw Error(ExitCode::bad_input, fmt::format("cannot open: {}", std::strerror(errno)), path.string());
  }
  return file;
}

std::size_t read_some(std::istream& stream, std::span<std::byte> out) {
  stream.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size()));
  return static_cast<std::size_t>(stream.gcount());
}

}  // namespace

struct Reader::Decompressor {
  struct FreeContext {
    void operator()(ZSTD_DCtx* freed) const { ZSTD_freeDCtx(freed); }
  };
  std::unique_ptr<ZSTD_DCtx, FreeContext> context{ZSTD_createDCtx()};
  std::vector<std::byte> buffer = std::vector<std::byte>(ZSTD_DStreamInSize());
  ZSTD_inBuffer in{buffer.data(), 0, 0};
  std::uint64_t body_left = 0;
  bool frame_ended = false;
};

Reader::Reader(const std::filesystem::path& path) : Reader(open(path), path.string()) {}

Reader::Reader(std::unique_ptr<std::istream> stream, std::string where)
    : stream_(std::move(stream)), where_(std::move(where)), body_(std::make_unique<Decompressor>()) {
  if (!body_->context) throw std::bad_alloc();
  read_header();
  verify_body();
  content_left_ = info_.content_bytes;
  cases_left_ = info_.cases;
  const auto note = take(take_length(max_note_bytes, "note"));
  note_.assign(reinterpret_cast<const char*>(note.data()), note.size());
}
bool is_vector_file(const std::filesystem::path& path) {
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none)) return false;
  std::ifstream file(path, std::ios::binary);
  std::array<std::byte, magic_bytes.size()> begin{};
  return read_some(file, begin) == begin.size() && begin == magic_bytes;
}

Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;

void Reader::refuse(std::string what, std::string next) const {
  throw Error(ExitCode::bad_input, std::move(what), where_, std::move(next));
}

/// Memory that is short is not the file's fault.
void Reader::refuse_body(std::size_t zstd_error) const {
  if (ZSTD_getErrorCode(zstd_error) == ZSTD_error_memory_allocation) throw std::bad_alloc();
  refuse(fmt::format("has a body that zstd refuses: {}", ZSTD_getErrorName(zstd_error)));
}

void Reader::read_header() {
  std::array<std::byte, header_bytes> header{};
  const std::size_t got = read_some(*stream_, header);
  const std::span<const std::byte> bytes(header);
  if (!std::equal(magic_bytes.begin(), magic_bytes.begin() + std::min(got, magic_bytes.size()), bytes.begin()) ||
      got == 0) {
    refuse(got == 0 ? "is empty" : "is no vector file: it does not begin with the magic bytes",
           "vector files are made by hilbert vectors gen");
  }
  if (got < header_bytes) refuse(fmt::format("is truncated: {} bytes, the header alone has {}", got, header_bytes));
  info_.version = number_at<std::uint32_t>(bytes, 8);
  if (info_.version != file_version) {
    refuse(fmt::format("has version {}, this program reads version {}", info_.version, file_version),
           "a newer hilbert wrote it, or its header is damaged");
  }
  if (crc32(0, bytes.first(header_bytes - 4)) != number_at<std::uint32_t>(bytes, header_bytes - 4)) {
    refuse("is damaged: the checksum of its header is wrong", "fetch or generate it again");
  }
  info_.cases = number_at<std::uint32_t>(bytes, 12);
  info_.content_bytes = number_at<std::uint64_t>(bytes, 16);
  info_.body_bytes = number_at<std::uint64_t>(bytes, 24);
  info_.content_crc = number_at<std::uint32_t>(bytes, 32);
  info_.body_crc = number_at<std::uint32_t>(bytes, 36);
  info_.zstd_version = number_at<std::uint32_t>(bytes, 40);
  if (std::ranges::any_of(bytes.subspan(44, 16), [](std::byte b) { return b != std::byte{0}; })) {
    refuse("has a header whose reserved bytes 44 to 59 are not zero");
  }
}

void Reader::verify_body() {
  stream_->clear();
  stream_->seekg(0, std::ios::end);
  const std::streamoff size = stream_->tellg();
  if (!*stream_ || size < 0) refuse("cannot be read twice: a vector file must be a file, not a pipe");
  const std::uint64_t body = static_cast<std::uint64_t>(size) - header_bytes;
  if (body < info_.body_bytes) {
    refuse(fmt::format("is truncated: {} bytes of {}", size, info_.body_bytes + header_bytes), "fetch it again");
  }
  if (body > info_.body_bytes) refuse(fmt::format("has {} bytes after its end", body - info_.body_bytes));

  stream_->seekg(header_bytes);
  std::uint32_t crc = 0;
  for (std::uint64_t left = body; left != 0;) {
    const std::size_t got =
        read_some(*stream_, std::span(body_->buffer).first(std::min<std::uint64_t>(left, body_->buffer.size())));
    if (got == 0) refuse("cannot be read to its end");
    crc = crc32(crc, std::span(body_->buffer).first(got));
    left -= got;
  }
  if (crc != info_.body_crc) refuse("is damaged: the checksum of its body is wrong", "fetch or generate it again");
  stream_->clear();
  stream_->seekg(header_bytes);
  body_->body_left = info_.body_bytes;
}

std::vector<std::byte> Reader::take(std::uint64_t count) {
  if (count > content_left_) {
    refuse(fmt::format("ends inside a record: {} bytes of content are left, {} are asked for", content_left_, count));
  }
  Decompressor& z = *body_;
  std::vector<std::byte> all;
  while (all.size() < count) {
    const std::size_t begin = all.size();
    all.resize(begin + std::min<std::uint64_t>(count - begin, step));
    ZSTD_outBuffer out{all.data() + begin, all.size() - begin, 0};
    while (out.pos < out.size) {
      if (z.frame_ended) refuse("has a body that ends before its content does");
      if (z.in.pos == z.in.size && z.body_left != 0) {
        z.in = {z.buffer.data(),
                read_some(*stream_, std::span(z.buffer).first(std::min<std::uint64_t>(z.body_left, z.buffer.size()))),
                0};
        if (z.in.size == 0) refuse("cannot be read to its end");
        z.body_left -= z.in.size;
      }
      const std::size_t before_in = z.in.pos, before_out = out.pos;
      const std::size_t result = ZSTD_decompressStream(z.context.get(), &out, &z.in);
      if (ZSTD_isError(result) != 0) refuse_body(result);
      z.frame_ended = result == 0;
      if (!z.frame_ended && z.in.pos == before_in && out.pos == before_out) {
        refuse("has a body that ends before its content does");
      }
    }
  }
  content_left_ -= count;
  content_crc_ = crc32(content_crc_, all);
  return all;
}

std::uint32_t Reader::take_length(std::uint32_t limit, const char* what) {
  const auto length = number_at<std::uint32_t>(take(4), 0);
  if (length > limit) refuse(fmt::format("has a {} of {} bytes; at most {} are allowed", what, length, limit));
  return length;
}

std::optional<Case> Reader::next() {
  if (finished_) return std::nullopt;
  if (cases_left_ == 0) {
    finish();
    return std::nullopt;
  }
  const std::uint32_t number = info_.cases - cases_left_;
  const auto payload = take(take_length(max_record_bytes, "record"));
  --cases_left_;
  return decode_record(payload, fmt::format("{}: record {}", where_, number));
}

void Reader::finish() {
  if (content_left_ != 0) refuse(fmt::format("has {} bytes of content after its last case", content_left_));
  Decompressor& z = *body_;
  // The end of the frame may still be unread; nothing more may come out, and nothing may follow.
  std::byte more{};
  while (!z.frame_ended) {
    if (z.in.pos == z.in.size && z.body_left != 0) {
      z.in = {z.buffer.data(),
              read_some(*stream_, std::span(z.buffer).first(std::min<std::uint64_t>(z.body_left, z.buffer.size()))), 0};
      z.body_left -= z.in.size;
    }
    ZSTD_outBuffer out{&more, 1, 0};
    const std::size_t before = z.in.pos;
    const std::size_t result = ZSTD_decompressStream(z.context.get(), &out, &z.in);
    if (ZSTD_isError(result) != 0) refuse_body(result);
    if (out.pos != 0) refuse("has content beyond the length that its header says");
    z.frame_ended = result == 0;
    if (!z.frame_ended && z.in.pos == before) refuse("has a body without an end");
  }
  if (z.in.pos != z.in.size || z.body_left != 0) refuse("has bytes after the zstd frame of its body");
  if (content_crc_ != info_.content_crc) refuse("has content that does not match its checksum");
  finished_ = true;
}

}  // namespace hilbert::vectors

// SPDX-License-Identifier: Apache-2.0
// Writing vector files.
#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <hilbert/error.hpp>
#include <hilbert/file.hpp>
#include <new>

#include "header.hpp"

namespace hilbert::vectors {

namespace {
/// Level 19 costs seconds a megabyte, which a corpus that lives in git is worth; all files are written with it, so that
/// the same library writes the same bytes.
constexpr int level = 19;
}  // namespace

struct Writer::Compressor {
  struct FreeContext {
    void operator()(ZSTD_CCtx* freed) const { ZSTD_freeCCtx(freed); }
  };
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<ZSTD_CCtx, FreeContext> context{ZSTD_createCCtx()};
  std::unique_ptr<std::FILE, CloseFile> spool{std::tmpfile()};
  std::vector<std::byte> buffer = std::vector<std::byte>(ZSTD_CStreamOutSize());
  bool ended = false;

  [[noreturn]] static void fail(const char* action) {
    throw Error(ExitCode::machine, fmt::format("cannot {}: {}", action, std::strerror(errno)),
                "the temporary file of a vector file", "free some space in the folder for temporary files");
  }
};

std::array<std::byte, header_bytes> pack_header(const FileInfo& info) {
  std::array<std::byte, header_bytes> header{};
  std::ranges::copy(magic_bytes, header.begin());
  const std::span<std::byte> bytes(header);
  put_number(bytes, 8, info.version);
  put_number(bytes, 12, info.cases);
  put_number(bytes, 16, info.content_bytes);
  put_number(bytes, 24, info.body_bytes);
  put_number(bytes, 32, info.content_crc);
  put_number(bytes, 36, info.body_crc);
  put_number(bytes, 40, info.zstd_version);
  put_number(bytes, header_bytes - 4, crc32(0, bytes.first(header_bytes - 4)));
  return header;
}

Writer::Writer(const std::string& note) : body_(std::make_unique<Compressor>()) {
  if (note.size() > max_note_bytes) {
    throw Error(ExitCode::bad_input, fmt::format("a note of {} bytes", note.size()), "vector file",
                fmt::format("a note has at most {} bytes", max_note_bytes));
  }
  if (!body_->context) throw std::bad_alloc();
  if (!body_->spool) Compressor::fail("create");
  ZSTD_CCtx_setParameter(body_->context.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(body_->context.get(), ZSTD_c_checksumFlag, 0);  // the header's checksums cover more
  info_.zstd_version = ZSTD_versionNumber();
  std::vector<std::byte> content(4 + note.size());
  put_number(std::span(content), 0, static_cast<std::uint32_t>(note.size()));
  std::ranges::copy(std::as_bytes(std::span(note)), content.begin() + 4);
  append(content);
}
Writer::~Writer() = default;
Writer::Writer(Writer&&) noexcept = default;

void Writer::append(const std::vector<std::byte>& content) {
  Compressor& z = *body_;
  const bool last = content.empty();
  ZSTD_inBuffer in{content.data(), content.size(), 0};
  std::size_t left = 1;
  while (last ? left != 0 : in.pos < in.size) {
    ZSTD_outBuffer out{z.buffer.data(), z.buffer.size(), 0};
    left = ZSTD_compressStream2(z.context.get(), &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
    if (ZSTD_isError(left) != 0) throw Error(ExitCode::machine, ZSTD_getErrorName(left), "zstd");
    const std::span<const std::byte> made = std::span(z.buffer).first(out.pos);
    info_.body_bytes += made.size();
    info_.body_crc = crc32(info_.body_crc, made);
    if (std::fwrite(made.data(), 1, made.size(), z.spool.get()) != made.size()) Compressor::fail("write");
  }
  info_.content_bytes += content.size();
  info_.content_crc = crc32(info_.content_crc, content);
}

void Writer::add(const Case& item) {
  const std::vector<std::byte> payload = encode_record(item);
  if (!names_.insert(item.name).second) {
    throw Error(ExitCode::bad_input, "a case of this name is already in the file", fmt::format("case '{}'", item.name));
  }
  std::vector<std::byte> content;
  content.reserve(4 + payload.size());
  append_number(content, static_cast<std::uint32_t>(payload.size()));
  content.insert(content.end(), payload.begin(), payload.end());
  append(content);
  ++info_.cases;
}

void Writer::end() {
  if (body_->ended) return;
  append({});
  body_->ended = true;
}

template <typename Sink>
void Writer::emit(Sink&& sink) {
  end();
  sink(std::span<const std::byte>(pack_header(info_)));
  std::FILE* spool = body_->spool.get();
  if (std::fflush(spool) != 0 || std::fseek(spool, 0, SEEK_SET) != 0) Compressor::fail("write");
  std::uint64_t left = info_.body_bytes;
  while (left != 0) {
    const std::size_t got =
        std::fread(body_->buffer.data(), 1, std::min<std::uint64_t>(left, body_->buffer.size()), spool);
    if (got == 0) Compressor::fail("read back");
    sink(std::span<const std::byte>(body_->buffer).first(got));
    left -= got;
  }
}

FileInfo Writer::commit(const std::filesystem::path& path) {
  AtomicFile file(path);
  write_to(file);
  file.commit();
  return info_;
}

FileInfo Writer::write_to(AtomicFile& file) {
  emit([&](std::span<const std::byte> part) { file.write(part); });
  return info_;
}

std::vector<std::byte> Writer::bytes() {
  std::vector<std::byte> all;
  emit([&](std::span<const std::byte> part) { all.insert(all.end(), part.begin(), part.end()); });
  return all;
}

}  // namespace hilbert::vectors

// SPDX-License-Identifier: Apache-2.0
// IDX files: two zero bytes, type, dimensions; big-endian sizes; values.
#include "files/idx.hpp"

#include <fmt/format.h>
#define ZLIB_CONST  // zlib promises not to write its input
#include <zlib.h>

#include <algorithm>
#include <array>
#include <hilbert/error.hpp>
#include <hilbert/file.hpp>
#include <memory>
#include <new>
#include <string>

namespace hilbert {
namespace {

constexpr std::uint64_t most_values = std::uint64_t{1} << 31;

[[noreturn]] void refuse(std::string what, std::string_view where) {
  throw Error(ExitCode::bad_input, std::move(what), std::string(where), "fetch the file again");
}

bool is_gzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte{0x1F} && bytes[1] == std::byte{0x8B};
}

/// Gives the bytes of a file in order, inflating gzip on the way: all its members, one after the other (RFC 1952,
/// section 2.2), and as gzip(1) and Python's gzip do it, zeros that pad one of them.
class Source {
 public:
  Source(std::span<const std::byte> file, std::string_view where) : rest_(file), where_(where) {
    if (!is_gzip(file)) return;
    stream_.reset(new z_stream{});
    if (inflateInit2(stream_.get(), 16 + MAX_WBITS) != Z_OK) {
      throw Error(ExitCode::machine, "zlib cannot start", std::string(where));
    }
  }

  /// Fills `out`, or refuses the file as too short.
  void read(std::span<std::uint8_t> out) {
    const std::size_t got = take(out);
    if (got != out.size()) refuse(fmt::format("is truncated: {} bytes are missing", out.size() - got), where_);
  }

  /// Refuses a file that goes on; checks gzip's length and CRC-32, which come last.
  void end() {
    std::uint8_t extra = 0;
    if (take({&extra, 1}) != 0) refuse("goes on after the last value", where_);
    if (stream_ && !between_) refuse("is truncated: the gzip trailer is missing", where_);
  }

 private:
  struct Close {
    void operator()(z_stream* stream) const {
      inflateEnd(stream);
      delete stream;  // NOLINT(cppcoreguidelines-owning-memory): this is the owner's deleter
    }
  };

  std::size_t take(std::span<std::uint8_t> out) {
    if (!stream_) {
      const std::size_t count = std::min(out.size(), rest_.size());
      std::transform(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(count), out.begin(),
                     [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
      rest_ = rest_.subspan(count);
      return count;
    }
    stream_->next_out = out.data();
    stream_->avail_out = static_cast<uInt>(out.size());
    while (stream_->avail_out != 0) {
      if (between_ && !next_member()) break;
      stream_->next_in = reinterpret_cast<const Bytef*>(rest_.data());
      stream_->avail_in = static_cast<uInt>(std::min<std::size_t>(rest_.size(), UINT32_MAX));
      const uInt given = stream_->avail_in;
      const int status = inflate(stream_.get(), Z_NO_FLUSH);
      rest_ = rest_.subspan(given - stream_->avail_in);
      if (status == Z_STREAM_END) {
        between_ = true;
      } else if (status == Z_BUF_ERROR) {
        break;  // no more input
      } else if (status == Z_MEM_ERROR) {
        throw std::bad_alloc();
      } else if (status != Z_OK) {
        refuse(fmt::format("is damaged: {}", stream_->msg != nullptr ? stream_->msg : "bad gzip data"), where_);
      }
    }
    return out.size() - stream_->avail_out;
  }

  /// Whether another member follows, which is then begun. Refuses what is none.
  bool next_member() {
    while (!rest_.empty() && rest_[0] == std::byte{}) rest_ = rest_.subspan(1);
    if (rest_.empty()) return false;
    if (!is_gzip(rest_)) refuse(fmt::format("has {} bytes after its gzip data that are none", rest_.size()), where_);
    inflateReset(stream_.get());
    between_ = false;
    return true;
  }

  std::span<const std::byte> rest_;
  std::string_view where_;
  std::unique_ptr<z_stream, Close> stream_;
  bool between_ = false;  ///< members: one has ended, with its length and checksum right
};

/// What does not begin as an IDX file or a gzip is read no further; 2 GiB of values are the most that one may hold.
std::vector<std::byte> read_part_file(const std::filesystem::path& path, unsigned dimensions) {
  constexpr std::uint64_t most = most_values + (std::uint64_t{1} << 20);
  return read_file(path, most, [&](std::span<const std::byte> begin) {
    constexpr std::array<std::byte, 3> bytes{std::byte{0}, std::byte{0}, std::byte{8}};
    const bool idx = begin.size() < bytes.size() || std::equal(bytes.begin(), bytes.end(), begin.begin());
    if (!idx && !is_gzip(begin)) (void)parse_idx(begin, dimensions, path.string());  // refuses it
    return most;
  });
}

LabelledImages read_part(const std::filesystem::path& folder, const std::string& prefix) {
  const auto read = [&](const std::string& name, unsigned dimensions) {
    for (const char* extension : {".gz", ""}) {
      const std::filesystem::path path = folder / (name + extension);
      if (std::filesystem::exists(path)) return parse_idx(read_part_file(path, dimensions), dimensions, path.string());
    }
    throw Error(ExitCode::bad_input, fmt::format("has no {}.gz", name), folder.string(),
                "install Debian's package dataset-fashion-mnist, or name the folder with --data");
  };
  IdxArray images = read(prefix + "-images-idx3-ubyte", 3), labels = read(prefix + "-labels-idx1-ubyte", 1);
  if (images.sizes[0] != labels.sizes[0] || images.values.empty()) {
    refuse(fmt::format("{} {} images, but {} labels", images.sizes[0], prefix, labels.sizes[0]), folder.string());
  }
  return {images.sizes[1], images.sizes[2], std::move(images.values), std::move(labels.values)};
}

}  // namespace

IdxArray parse_idx(std::span<const std::byte> file, unsigned dimensions, std::string_view where) {
  Source source(file, where);
  std::uint8_t magic[4];
  source.read(magic);
  if (magic[0] != 0 || magic[1] != 0) refuse("is no IDX file", where);
  if (magic[2] != 0x08) refuse(fmt::format("holds type {:#04x}, expected 0x08, unsigned bytes", magic[2]), where);
  if (magic[3] != dimensions) refuse(fmt::format("has {} dimensions, expected {}", magic[3], dimensions), where);
  IdxArray array;
  std::uint64_t count = 1;
  for (unsigned i = 0; i < dimensions; ++i) {
    std::uint8_t size[4];
    source.read(size);
    array.sizes.push_back(std::uint32_t{size[0]} << 24 | size[1] << 16 | size[2] << 8 | size[3]);
    count *= array.sizes.back();  // at most 2^31 * 2^32
    if (count > most_values) refuse("is larger than 2 GiB", where);
  }
  // Deflate makes at most 1032 bytes of one (zlib's documentation): a short file that claims to be long gets no memory.
  if (count / 1040 > file.size()) refuse(fmt::format("is truncated: it says it holds {} values", count), where);
  array.values.resize(count);
  source.read(array.values);
  source.end();
  return array;
}

ImageDataset read_image_dataset(const std::filesystem::path& folder) {
  ImageDataset set{read_part(folder, "train"), read_part(folder, "t10k")};
  if (set.train.rows != set.test.rows || set.train.cols != set.test.cols) {
    refuse("training and test images have different sizes", folder.string());
  }
  for (const LabelledImages* part : {&set.train, &set.test}) {
    for (const std::uint8_t label : part->labels) {
      if (label >= set.classes) refuse(fmt::format("label {} is beyond {}", label, set.classes - 1), folder.string());
    }
  }
  return set;
}

}  // namespace hilbert

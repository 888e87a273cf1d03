// SPDX-License-Identifier: Apache-2.0
// Files that appear whole or not at all: temporary file, fsync, rename.
#include "hilbert/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <hilbert/error.hpp>
#include <hilbert/standard_streams.hpp>

namespace hilbert {
namespace {

/// The next step that fits an errno; "" where none is better than the message.
std::string_view advice(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return "free some space, then run again: nothing was left behind";
    case ENOENT:
      return "make the folder first";
    case EACCES:
    case EPERM:
    case EROFS:
      return "choose a place you may write to";
    default:
      return "";
  }
}

}  // namespace

void AtomicFile::fail(std::string_view action, int error_number) const {
  throw Error(ExitCode::machine, fmt::format("cannot {}: {}", action, std::strerror(error_number)), path_.string(),
              std::string(advice(error_number)));
}

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
  struct stat status {};
  const bool exists = ::stat(path_.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) {
    throw Error(ExitCode::bad_input, "is a directory", path_.string(), "give the name of a file");
  }
  if (exists && is_standard_output(path_.c_str())) {
    descriptor_ = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (descriptor_ < 0) fail("open for writing", errno);
    return;
  }
  if (exists && !S_ISREG(status.st_mode)) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail("open for writing", errno);
    return;
  }
  // A link keeps pointing where it points: its target is what is replaced.
  std::error_code ignored;
  if (exists) {
    if (auto target = std::filesystem::canonical(path_, ignored); !ignored) path_ = std::move(target);
  }
  std::string name = path_.string() + ".XXXXXX";
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ < 0) fail("create", errno);
  temporary_ = std::move(name);
  // mkostemp makes private files; a new file gets what open() would have given it, an old one keeps its mode.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (::fchmod(descriptor_, exists ? (status.st_mode & 07777) : (0666 & ~mask)) != 0)
    errno = 0;  // its mode is a courtesy
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("write", errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void AtomicFile::commit() {
  const bool in_place = temporary_.empty();
  // Pipes and terminals have no disk to flush to (EINVAL).
  if (::fsync(descriptor_) != 0 && !(in_place && (errno == EINVAL || errno == ENOTSUP)))
    fail("flush to the disk", errno);
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  if (closed != 0) fail("close", errno);
  if (in_place) return;
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("rename into place", errno);
  temporary_.clear();
  // The name itself is on the disk only once its folder is; some file systems cannot flush a folder, and need not.
  const std::filesystem::path folder = path_.has_parent_path() ? path_.parent_path() : ".";
  if (const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); handle >= 0) {
    ::fsync(handle);
    ::close(handle);
  }
}

void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  write_file(path, std::as_bytes(std::span(text)));
}

std::vector<std::byte> read_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
  const auto refuse = [&](std::string what, std::string next = {}) {
    throw Error(ExitCode::bad_input, std::move(what), path.string(), std::move(next));
  };
  struct Closer {
    int descriptor;
    ~Closer() {
      if (descriptor >= 0) ::close(descriptor);
    }
  } file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.descriptor < 0) refuse(fmt::format("cannot open: {}", std::strerror(errno)));
  struct stat status {};
  if (::fstat(file.descriptor, &status) != 0) refuse(fmt::format("cannot stat: {}", std::strerror(errno)));
  if (S_ISDIR(status.st_mode)) refuse("is a directory", "give the name of a file");

  std::vector<std::byte> bytes;
  if (S_ISREG(status.st_mode) && static_cast<std::uint64_t>(status.st_size) <= max_bytes) {
    bytes.reserve(static_cast<std::size_t>(status.st_size));
  }
  std::vector<std::byte> chunk(std::size_t{1} << 16);
  for (;;) {
    const ssize_t got = ::read(file.descriptor, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) refuse(fmt::format("cannot read: {}", std::strerror(errno)));
    if (got == 0) return bytes;
    if (bytes.size() + static_cast<std::size_t>(got) > max_bytes) {
      refuse(fmt::format("is longer than {} bytes", max_bytes));
    }
    bytes.insert(bytes.end(), chunk.begin(), chunk.begin() + got);
  }
}

}  // namespace hilbert

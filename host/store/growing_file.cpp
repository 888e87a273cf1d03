// SPDX-License-Identifier: Apache-2.0
#include "store/growing_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <hilbert/descriptor.hpp>
#include <hilbert/error.hpp>
#include <hilbert/text.hpp>
#include <random>
#include <utility>

namespace hilbert::store {
namespace {

namespace fs = std::filesystem;

/// The next step that fits an errno; `begun`: the file is there, and goes on.
std::string advice(int error_number, bool begun) {
  const char* const then = begun ? ", then resume: what was written before is kept" : ", then run again";
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return std::string("free some space") + then;
    case EFBIG:
      return std::string("raise the limit on the size of files (ulimit -f)") + then;
    case ENOENT:
      return "make the folder first";
    case EACCES:
    case EPERM:
    case EROFS:
      return "choose a place you may write to";
    case EWOULDBLOCK:
      return "another process is writing it: wait for its end";
    default:
      return "";
  }
}

}  // namespace

void GrowingFile::fail(std::string_view action, int error_number) const {
  throw Error(ExitCode::machine, fmt::format("cannot {}: {}", action, std::strerror(error_number)),
              printable(path_.string()), advice(error_number, size_ != 0));
}

GrowingFile::GrowingFile(GrowingFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      synced_(other.synced_) {}

GrowingFile::~GrowingFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void GrowingFile::lock() const {
  // Where a file system knows no locks, nobody is told.
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) fail("have it for itself", errno);
}

GrowingFile GrowingFile::create(const fs::path& path, std::span<const std::byte> begin) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  GrowingFile file(path, ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666));
  const std::string nameless = fmt::format("/proc/self/fd/{}", file.descriptor_);
  std::string temporary;  // where the file system knows no nameless files, or without /proc they could have no name
  if (file.descriptor_ < 0 || ::access(nameless.c_str(), F_OK) != 0) {
    if (file.descriptor_ >= 0) ::close(file.descriptor_);
    temporary = fmt::format("{}.{:08x}", path.string(), std::random_device{}());
    file.descriptor_ = ::open(temporary.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
    if (file.descriptor_ < 0) file.fail("create", errno);
  }
  // Neither of the two ever replaces what is there.
  const auto give_name = [&] {
    if (temporary.empty()) {
      return ::linkat(AT_FDCWD, nameless.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) == 0;
    }
    return ::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0 ||
           ::link(temporary.c_str(), path.c_str()) == 0;
  };
  try {
    file.lock();
    file.append(begin);
    file.sync();
    if (!give_name()) {
      if (errno != EEXIST) file.fail("create", errno);
      throw Error(ExitCode::bad_input, "is there already", printable(path.string()),
                  "results are never overwritten: resume it, or choose another name");
    }
  } catch (...) {
    if (!temporary.empty()) ::unlink(temporary.c_str());
    throw;
  }
  if (!temporary.empty()) ::unlink(temporary.c_str());
  // The name is on the disk only once its folder is; some file systems cannot flush a folder, and need not.
  if (const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); handle >= 0) {
    (void)::fsync(handle);
    ::close(handle);
  }
  return file;
}

GrowingFile GrowingFile::open(const fs::path& path) {
  GrowingFile file(path, ::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (file.descriptor_ < 0 && errno == ENOENT) {
    throw Error(ExitCode::bad_input, "is not there", printable(path.string()), "there is nothing to resume");
  }
  if (file.descriptor_ < 0) file.fail("open for writing", errno);
  file.lock();
  const off_t end = ::lseek(file.descriptor_, 0, SEEK_END);
  if (end < 0) file.fail("find its end", errno);
  file.size_ = static_cast<std::uint64_t>(end);
  return file;
}

void GrowingFile::append(std::span<const std::byte> piece) {
  if (!write_all(descriptor_, piece)) {
    const int reason = errno;
    // Else the next resume() finds a torn record, and cuts it off.
    const bool taken_back = ::ftruncate(descriptor_, static_cast<off_t>(size_)) == 0;
    fail(taken_back ? "write" : "write, nor take back half of a record", reason);
  }
  size_ += piece.size();
  if (std::chrono::steady_clock::now() - synced_ >= std::chrono::seconds(sync_seconds)) sync();
}

void GrowingFile::cut(std::uint64_t size) {
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0 ||
      ::lseek(descriptor_, static_cast<off_t>(size), SEEK_SET) < 0) {
    fail("cut off its damaged end", errno);
  }
  size_ = size;
}

void GrowingFile::sync() {
  if (::fdatasync(descriptor_) != 0) fail("flush to the disk", errno);
  synced_ = std::chrono::steady_clock::now();
}

}  // namespace hilbert::store

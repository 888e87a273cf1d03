// SPDX-License-Identifier: Apache-2.0
// Files that appear whole or not at all: a nameless file, fsync, a name.
#include "hilbert/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <hilbert/descriptor.hpp>
#include <hilbert/error.hpp>
#include <hilbert/standard_streams.hpp>
#include <optional>
#include <utility>

#include "unfinished.hpp"

namespace hilbert {
namespace {

namespace fs = std::filesystem;

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
    case EFBIG:
      return "raise the limit on the size of files (ulimit -f); nothing was left behind";
    case ENAMETOOLONG:
      return "choose a shorter name";
    default:
      return "";
  }
}

std::string nameless_path(int descriptor) { return fmt::format("/proc/self/fd/{}", descriptor); }

/// Where a chain of links ends, whether or not something is there; a circle ends in one of its links.
fs::path end_of_links(fs::path path) {
  for (int i = 0; i < 40; ++i) {
    std::error_code none;
    const fs::path to = fs::read_symlink(path, none);
    if (none) break;
    path = to.is_absolute() ? to : path.parent_path() / to;
  }
  return path;
}

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

/// N, where a path names a descriptor of this process: /dev/fd/N, /proc/self/fd/N, or a link that leads to one.
std::optional<int> own_descriptor(fs::path path) {
  std::error_code none;
  const std::string own = fs::canonical("/proc/self/fd", none).string() + '/';
  for (int i = 0; i < 40 && !none; ++i) {
    const std::string name = (fs::canonical(folder_of(path), none) / path.filename()).string();
    if (name.starts_with(own)) return std::atoi(name.c_str() + own.size());
    const fs::path to = fs::read_symlink(path, none);
    path = to.is_absolute() ? to : folder_of(path) / to;
  }
  return std::nullopt;
}

/// A nameless file wherever temporary files are; -1 with errno.
int open_spool() {
  std::FILE* file = std::tmpfile();
  if (file == nullptr) return -1;
  const int descriptor = ::fcntl(::fileno(file), F_DUPFD_CLOEXEC, 3);
  std::fclose(file);
  return descriptor;
}

}  // namespace

void AtomicFile::fail(std::string_view action, int error_number) const {
  throw Error(ExitCode::machine, fmt::format("cannot {}: {}", action, std::strerror(error_number)), path_.string(),
              std::string(advice(error_number)));
}

AtomicFile::AtomicFile(fs::path path) : path_(std::move(path)) {
  const fs::path target = end_of_links(path_);
  struct stat status {};
  const bool exists = ::stat(path_.c_str(), &status) == 0;
  if (!exists && errno != ENOENT) fail("create", errno);
  if ((exists && S_ISDIR(status.st_mode)) || target.filename().empty()) {
    throw Error(ExitCode::bad_input, path_.empty() ? "no name of a file" : "is a directory", path_.string(),
                "give the name of a file");
  }
  if (exists && is_standard_output(path_.c_str())) {
    descriptor_ = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (descriptor_ < 0) fail("open for writing", errno);
    return;
  }
  if (const auto descriptor = own_descriptor(path_); exists && descriptor) {
    // What has been opened is written to where it stands, and keeps its name and what is in it.
    const int mode = ::fcntl(*descriptor, F_GETFL);
    if (mode >= 0 && (mode & O_ACCMODE) == O_RDONLY) fail("open for writing", EBADF);
    descriptor_ = ::fcntl(*descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (descriptor_ < 0) fail("open for writing", errno);
    return;
  }
  // Its folder would allow to replace it; whoever protected it did not mean that.
  if (exists && S_ISREG(status.st_mode) && ::faccessat(AT_FDCWD, path_.c_str(), W_OK, AT_EACCESS) != 0)
    fail("open for writing", errno);
  // The second: a descriptor's link in /proc whose file has lost its name.
  if (exists && (!S_ISREG(status.st_mode) || ::access(target.c_str(), F_OK) != 0)) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor_ < 0) fail("open for writing", errno);
    return;
  }
  name_ = target.filename().string();
  folder_ = ::open(folder_of(target).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder_ < 0) fail("create", errno);
  descriptor_ = open_temporary();
  int reason = errno;
  if (descriptor_ < 0 && exists) {  // nothing new can be made there, but what is there can perhaps be written
    old_ = ::openat(folder_, name_.c_str(), O_WRONLY | O_CLOEXEC);
    if (old_ >= 0 && (descriptor_ = open_spool()) < 0) reason = errno;
  }
  if (descriptor_ < 0) {
    close_all();
    fail("create", reason);
  }
  if (exists) (void)::fchmod(descriptor_, status.st_mode & 07777);  // an old file keeps its mode: a courtesy
}

AtomicFile::~AtomicFile() { close_all(); }

void AtomicFile::close_all() {
  if (!temporary_.empty()) ::unlinkat(folder_, temporary_.c_str(), 0);
  forget_temporary();
  for (int* descriptor : {&descriptor_, &old_, &folder_}) {
    if (*descriptor >= 0) ::close(*descriptor);
    *descriptor = -1;
  }
}

void AtomicFile::forget_temporary() {
  temporary_.clear();
  forget_unfinished(slot_);
  slot_ = -1;
}

template <typename Make>
bool AtomicFile::make_temporary(Make make) {
  for (int attempt = 0; attempt < 16; ++attempt) {
    temporary_ = unfinished_name();
    slot_ = note_unfinished(folder_, temporary_);
    if (make(temporary_.c_str())) return true;
    const int reason = errno;
    forget_temporary();
    errno = reason;
    if (reason != EEXIST) break;
  }
  return false;
}

int AtomicFile::open_temporary() {
  int descriptor = ::openat(folder_, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
  if (descriptor >= 0) {
    if (::access(nameless_path(descriptor).c_str(), F_OK) == 0) return descriptor;
    ::close(descriptor);  // without /proc it could never be given a name
  }
  (void)make_temporary([&](const char* name) {
    descriptor = ::openat(folder_, name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
    return descriptor >= 0;
  });
  return descriptor;
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  if (!write_all(descriptor_, bytes)) fail("write", errno);
}

bool AtomicFile::give_name() {
  if (temporary_.empty()) {
    const auto link = [&](const char* name) {
      return ::linkat(AT_FDCWD, nameless_path(descriptor_).c_str(), folder_, name, AT_SYMLINK_FOLLOW) == 0;
    };
    if (link(name_.c_str())) return true;
    if (errno != EEXIST || !make_temporary(link)) return false;  // linkat does not replace: rename does
  }
  if (::renameat(folder_, temporary_.c_str(), folder_, name_.c_str()) != 0) return false;
  forget_temporary();
  return true;
}

void AtomicFile::copy_to(int target) {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) fail("read back", errno);
  // Room first, so that a full disk costs nothing; where this is not known, the copy itself will tell.
  if (::fallocate(target, FALLOC_FL_KEEP_SIZE, 0, std::max<off_t>(status.st_size, 1)) != 0 && errno == ENOSPC)
    fail("write", errno);
  std::vector<std::byte> chunk(std::size_t{1} << 16);
  for (off_t at = 0; at < status.st_size;) {
    const ssize_t got = ::pread(descriptor_, chunk.data(), chunk.size(), at);
    if (got <= 0) fail("read back", got < 0 ? errno : EIO);
    if (!write_all(target, std::span(chunk).first(static_cast<std::size_t>(got)))) fail("write", errno);
    at += got;
  }
  if (::ftruncate(target, status.st_size) != 0) fail("write", errno);
  if (::fsync(target) != 0) fail("flush to the disk", errno);
}

void AtomicFile::commit() {
  const bool in_place = folder_ < 0;
  // Pipes and terminals have no disk to flush to (EINVAL).
  if (::fsync(descriptor_) != 0 && !(in_place && (errno == EINVAL || errno == ENOTSUP || errno == EROFS)))
    fail("flush to the disk", errno);
  if (in_place) {
    if (::close(std::exchange(descriptor_, -1)) != 0) fail("close", errno);
    return;
  }
  if (old_ >= 0) {
    copy_to(old_);
  } else if (!give_name()) {
    const int reason = errno;  // a mount point (EBUSY), somebody else's file in a folder like /tmp (EPERM), ...
    old_ = ::openat(folder_, name_.c_str(), O_WRONLY | O_CLOEXEC);
    if (old_ < 0) fail("give the file its name", reason);
    copy_to(old_);
  }
  // The name itself is on the disk only once its folder is; some file systems cannot flush a folder, and need not.
  if (const int handle = ::openat(folder_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); handle >= 0) {
    ::fsync(handle);
    ::close(handle);
  }
  close_all();
}

bool same_file(const fs::path& a, const fs::path& b) {
  struct stat sa {
  }, sb{};
  const bool has_a = ::stat(a.c_str(), &sa) == 0, has_b = ::stat(b.c_str(), &sb) == 0;
  if (has_a != has_b) return false;
  const auto same = [&] { return sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino; };
  if (has_a) return same() && !S_ISCHR(sa.st_mode) && !S_ISBLK(sa.st_mode);
  const fs::path to_a = end_of_links(a), to_b = end_of_links(b);
  return to_a.filename() == to_b.filename() && ::stat(folder_of(to_a).c_str(), &sa) == 0 &&
         ::stat(folder_of(to_b).c_str(), &sb) == 0 && same();
}

void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  write_file(path, std::as_bytes(std::span(text)));
}

}  // namespace hilbert

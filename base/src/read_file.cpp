// SPDX-License-Identifier: Apache-2.0
// Whole files into memory.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <hilbert/error.hpp>

#include "hilbert/file.hpp"

namespace hilbert {

std::vector<std::byte> read_file(const std::filesystem::path& path, std::uint64_t max_bytes, const FileBegin& begin) {
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
  constexpr std::size_t step = std::size_t{1} << 16;
  std::vector<std::byte> chunk(step);
  for (bool looked = !begin;;) {
    const ssize_t got = ::read(file.descriptor, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) refuse(fmt::format("cannot read: {}", std::strerror(errno)));
    bytes.insert(bytes.end(), chunk.begin(), chunk.begin() + got);
    if (!looked && (got == 0 || bytes.size() >= file_begin_bytes)) {  // a pipe gives less at a time
      max_bytes = std::min(max_bytes, begin(bytes));
      looked = true;
    }
    if (bytes.size() > max_bytes) refuse(fmt::format("is longer than {} bytes", max_bytes));
    if (got == 0) return bytes;
  }
}

}  // namespace hilbert

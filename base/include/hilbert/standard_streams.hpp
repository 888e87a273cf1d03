// SPDX-License-Identifier: Apache-2.0
// Standard input, output and error, where files could get in their way.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace hilbert {

/// First in main(). A program may be started with some of its descriptors 0 to 2 closed; the next file it opened would
/// get that number, and reports or messages would be written into it. Each closed one becomes /dev/null, opened the
/// other way round, so that what is written to a closed standard output still fails and is not lost in silence.
inline void occupy_standard_streams() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF) continue;
    const int opened = ::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);  // the lowest free number
    if (opened < 0 || opened == descriptor) continue;
    ::dup2(opened, descriptor);
    ::close(opened);
  }
}

/// Whether a file that exists is the one that standard output writes to, whatever its name: what is written to it must
/// be written there, not into another file that takes its name. Not the null device, where nothing can get mixed.
[[nodiscard]] inline bool is_standard_output(const char* path) {
  struct stat file {
  }, out{};
  if (::stat(path, &file) != 0 || ::fstat(STDOUT_FILENO, &out) != 0) return false;
  if (file.st_dev != out.st_dev || file.st_ino != out.st_ino) return false;
  return !S_ISCHR(out.st_mode) || ::isatty(STDOUT_FILENO) != 0;
}

}  // namespace hilbert

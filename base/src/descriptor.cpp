// SPDX-License-Identifier: Apache-2.0
// Writes that end in an errno and in nothing else.
#include "hilbert/descriptor.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ctime>

namespace hilbert {
namespace {

/// While it lives, a write to a pipe that nobody reads and one beyond the limit on file sizes fail with an errno
/// instead of ending the process: both signals go to the thread that writes, which takes them back.
class NoWriteSignals {
 public:
  NoWriteSignals() {
    ::sigemptyset(&both_);
    ::sigaddset(&both_, SIGPIPE);
    ::sigaddset(&both_, SIGXFSZ);
    ::pthread_sigmask(SIG_BLOCK, &both_, &before_);
  }
  ~NoWriteSignals() {
    const int kept = errno;
    const timespec at_once{};
    while (::sigtimedwait(&both_, nullptr, &at_once) > 0) {
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = kept;
  }
  NoWriteSignals(const NoWriteSignals&) = delete;
  NoWriteSignals& operator=(const NoWriteSignals&) = delete;

 private:
  sigset_t both_, before_;
};

}  // namespace

bool write_all(int descriptor, std::span<const std::byte> bytes) {
  const NoWriteSignals guard;
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace hilbert

// SPDX-License-Identifier: Apache-2.0
// What a terminal can do, from the environment and the kernel.
#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace hilbert::cli {

bool can_rewrite_lines(int descriptor) {
  const char* const kind = std::getenv("TERM");
  return kind != nullptr && *kind != '\0' && std::string_view(kind) != "dumb" && ::isatty(descriptor) != 0;
}

std::size_t terminal_columns(int descriptor) {
  winsize size{};
  const bool told = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col != 0;
  return told ? size.ws_col : 80;
}

}  // namespace hilbert::cli

// SPDX-License-Identifier: Apache-2.0
// Writing to what the operating system has open.
#pragma once

#include <cstddef>
#include <span>

namespace hilbert {

/// Writes all bytes; false with errno. A pipe that nobody reads and a limit on file sizes are such failures too: no
/// signal ends the process (SIGPIPE, SIGXFSZ).
[[nodiscard]] bool write_all(int descriptor, std::span<const std::byte> bytes);

}  // namespace hilbert

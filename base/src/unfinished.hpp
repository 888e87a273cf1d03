// SPDX-License-Identifier: Apache-2.0
// Names of files that are being written, where a signal handler can find them.
#pragma once

#include <string>

namespace hilbert {

/// Notes that `name` in the folder of this descriptor is to be removed if the process is ended; gives its place for
/// forget_unfinished(), or -1 if too many are being written at once: then nobody removes it.
[[nodiscard]] int note_unfinished(int folder, const std::string& name) noexcept;
void forget_unfinished(int place) noexcept;

/// ".hilbert-" and 64 random bits: short enough beside a target whose name is as long as a name may be.
[[nodiscard]] std::string unfinished_name();

}  // namespace hilbert

// SPDX-License-Identifier: Apache-2.0
// Chaos: the core is reset, hung and starved, memory words go wrong, the host port stalls, while commands are in
// flight. Every command must end with a right result or a reported error, in bounded time, and all must come right in
// the end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "chaos_options.hpp"

namespace hilbert::firmware {

/// One run, which follows from seed and index alone. Nothing, or what was wrong in words.
[[nodiscard]] std::optional<std::string> chaos_run(const ChaosOptions& options, std::uint64_t index,
                                                   ChaosCounts& counts);

/// The counts as a table.
[[nodiscard]] std::string describe(const ChaosCounts& counts);

}  // namespace hilbert::firmware

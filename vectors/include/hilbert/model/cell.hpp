// SPDX-License-Identifier: Apache-2.0
// One step of a dot-product cell, word by word as in vectors/README.md section 2: the reference for RTL and fast path.
#pragma once

#include <cstdint>
#include <span>

#include "hilbert/model/flags.hpp"
#include "hilbert/model/operand.hpp"

namespace hilbert::model {

inline constexpr unsigned kMaxDepth = 4;

/// c + sum a[i] * b[i], rounded once; Depth = a.size() = b.size() = 1..4. `int_mode`: both operand formats are int8, so
/// *int_range* is watched.
std::uint32_t dot_step(std::span<const Operand> a, std::span<const Operand> b, std::uint32_t c, bool int_mode,
                       Flags& flags);

}  // namespace hilbert::model

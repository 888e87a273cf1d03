// SPDX-License-Identifier: Apache-2.0
// One step of a dot-product cell, word by word as in vectors/README.md section 2: the reference for RTL and fast path.
#pragma once

#include <cstdint>
#include <hilbert/regs/job.hpp>
#include <span>

#include "hilbert/model/flags.hpp"
#include "hilbert/model/operand.hpp"

namespace hilbert::model {

/// Bits by which a product of 16 bits and a significand of 24 move up to the top of the window; what is then subtracted
/// from the anchor for the power of two of the sum.
inline constexpr int product_shift = regs::job::window - 16, sum_shift = regs::job::window - 24;
inline constexpr int sum_weight = 252 + regs::job::window;
inline constexpr unsigned max_depth = 4;

/// c + sum a[i] * b[i], rounded once; Depth = a.size() = b.size() = 1..4. `int_mode`: both operand formats are int8, so
/// *int_range* is watched.
std::uint32_t dot_step(std::span<const Operand> a, std::span<const Operand> b, std::uint32_t c, bool int_mode,
                       Flags& flags);

}  // namespace hilbert::model

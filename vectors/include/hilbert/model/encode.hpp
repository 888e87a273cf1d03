// SPDX-License-Identifier: Apache-2.0
// Conversion of an FP32 result to a result format (vectors/README.md section 3).
#pragma once

#include <cstdint>

#include "hilbert/model/flags.hpp"
#include "hilbert/model/format.hpp"

namespace hilbert::model {

enum class Rounding : std::uint8_t { nearest, stochastic };

/// A negative number, -0 and -infinity become +0; NaN stays.
constexpr std::uint32_t relu(std::uint32_t fp32) {
  const bool nan = (fp32 & 0x7FFF'FFFFu) > 0x7F80'0000u;
  return !nan && fp32 >> 31 != 0 ? 0u : fp32;
}

/// The code of FP32 bits in `spec`. `r` is the element's random16() and used by stochastic rounding alone. fp32 as a
/// target passes the bits through (NaN made canonical): no rounding, no saturation, no flag.
std::uint32_t encode(std::uint32_t fp32, FormatSpec spec, Rounding rounding, bool saturate, bool literal,
                     std::uint16_t r, Flags& flags);

}  // namespace hilbert::model

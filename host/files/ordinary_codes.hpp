// SPDX-License-Identifier: Apache-2.0
// Operands to measure with: ordinary numbers in any format, the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <hilbert/model/format.hpp>
#include <vector>

namespace hilbert {

/// rows x cols codes of numbers around zero that are bell-shaped (the sum of four uniform ones), of unit variance,
/// times 32 in int8.
[[nodiscard]] std::vector<std::byte> ordinary_codes(std::uint32_t rows, std::uint32_t cols, model::FormatSpec format,
                                                    std::uint64_t seed);

}  // namespace hilbert

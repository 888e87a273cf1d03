// SPDX-License-Identifier: Apache-2.0
// The largest matrix, and sizes that are multiplied without running over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace hilbert {

/// M, N, K, rows and columns: nothing larger is computed, packed or read.
inline constexpr std::uint64_t max_size = std::uint64_t{1} << 31;
inline constexpr const char* max_size_text = "a matrix has at most 2147483648 (2^31) rows and columns";

/// "Beyond any memory": what sums and products below give where 64 bits do not hold them. No buffer has as many bytes.
inline constexpr std::uint64_t beyond_memory = std::numeric_limits<std::uint64_t>::max();

constexpr std::uint64_t times(std::uint64_t x, std::uint64_t y) {
  std::uint64_t product = 0;
  return __builtin_mul_overflow(x, y, &product) ? beyond_memory : product;
}
constexpr std::uint64_t plus(std::uint64_t x, std::uint64_t y) {
  std::uint64_t sum = 0;
  return __builtin_add_overflow(x, y, &sum) ? beyond_memory : sum;
}

/// x / y rounded up; y is not 0.
template <typename Unsigned>
constexpr Unsigned ceil_div(Unsigned x, Unsigned y) {
  return x / y + (x % y != 0 ? 1 : 0);
}

/// Bytes of rows x cols elements.
constexpr std::uint64_t matrix_bytes(std::uint64_t rows, std::uint64_t cols, std::uint64_t element_bytes) {
  return times(times(rows, cols), element_bytes);
}

/// Whether one object of so many bytes can exist in this process.
constexpr bool fits_memory(std::uint64_t bytes) {
  return bytes <= static_cast<std::uint64_t>(std::numeric_limits<std::ptrdiff_t>::max());
}

}  // namespace hilbert

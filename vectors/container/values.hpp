// SPDX-License-Identifier: Apache-2.0
// Codes worth testing: how the families fill their matrices.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "hilbert/model/format.hpp"
#include "hilbert/random.hpp"
#include "hilbert/vectors/case.hpp"

namespace hilbert::vectors {

enum class Style : std::uint8_t {
  any,     ///< every bit pattern alike
  finite,  ///< every finite number alike
  near,    ///< finite, of similar size, so that sums neither overflow nor are ruled by one product
  corner   ///< zeros, smallest, largest, one, infinities, NaN, of both signs
};

/// The codes of Style::corner.
[[nodiscard]] std::vector<std::uint32_t> corners(model::Format format);
[[nodiscard]] bool is_finite(model::Format format, std::uint32_t code);
[[nodiscard]] std::uint32_t pick(model::FormatSpec spec, Style style, Rng& rng);
[[nodiscard]] std::vector<std::byte> matrix(std::uint32_t rows, std::uint32_t cols, model::FormatSpec spec, Style style,
                                            Rng& rng);
/// rows x cols codes of `spec` from a function of (row, col).
template <typename Code>
std::vector<std::byte> matrix_of(std::uint32_t rows, std::uint32_t cols, model::FormatSpec spec, Code&& code);

/// Any operand format, or any result format; CFloat8 with a bias in the middle of its range.
[[nodiscard]] model::FormatSpec operand_format(Rng& rng);
[[nodiscard]] model::FormatSpec result_format(Rng& rng);
/// A format with a bias (in the middle of the range for CFloat8).
[[nodiscard]] model::FormatSpec with_bias(model::Format format, Rng& rng);

inline constexpr std::array<model::Format, 6> operand_formats{model::Format::bf16,    model::Format::cf8_143,
                                                              model::Format::cf8_152, model::Format::e4m3,
                                                              model::Format::e5m2,    model::Format::int8};

/// The exact value of a code.
[[nodiscard]] float to_float(model::FormatSpec spec, std::uint32_t code, bool literal = false);

/// Aggregates, so that random arguments are drawn in the order in which they stand: braces promise that, calls do not.
struct Sizes {
  std::uint32_t m, n, k;
};
struct Styles {
  Style a, b, c;
};
void set_sizes(MatrixJob& job, Sizes sizes);
/// Random options; stochastic rounding gets a seed and an origin.
void set_options(MatrixJob& job, std::uint32_t bits, Rng& rng);
/// Fills A, B and, with accumulate, C.
void fill(MatrixJob& job, Styles styles, Rng& rng);

/// "bf16-e4m3-fp32-5x4x9+relu": formats, sizes and options for a name.
[[nodiscard]] std::string label(const MatrixJob& job);

template <typename Code>
std::vector<std::byte> matrix_of(std::uint32_t rows, std::uint32_t cols, model::FormatSpec spec, Code&& code) {
  const std::size_t bytes = model::element_bytes(spec.format);
  std::vector<std::byte> out;
  out.reserve(std::size_t{rows} * cols * bytes);
  for (std::uint32_t i = 0; i < rows; ++i) {
    for (std::uint32_t j = 0; j < cols; ++j) {
      const std::uint32_t value = code(i, j);
      for (std::size_t b = 0; b < bytes; ++b) out.push_back(static_cast<std::byte>(value >> (8 * b) & 0xFFu));
    }
  }
  return out;
}

}  // namespace hilbert::vectors

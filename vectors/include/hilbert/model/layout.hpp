// SPDX-License-Identifier: Apache-2.0
// Panel order: how a matrix lies in tile memory (rtl/README.md, "Matrix layout").
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "hilbert/sizes.hpp"

namespace hilbert::model {

/// A rows x cols matrix in panels of `panel_rows` rows. Operand A, C, D: panel_rows = Rows. Operand B is its transpose,
/// N x K, with panel_rows = Cols.
struct PanelLayout {
  std::uint32_t rows = 0, cols = 0;
  std::uint32_t panel_rows = 0, depth = 0;
  std::uint32_t element_bytes = 0;  ///< 1, 2 or 4
  std::uint32_t word_bytes = 0;

  constexpr std::uint32_t panels() const { return ceil_div(rows, panel_rows); }
  constexpr std::uint32_t groups() const { return ceil_div(cols, depth); }

  /// Bytes of one panel, rounded up to whole words; the stride of a written matrix must not be less. beyond_memory
  /// (sizes.hpp) where 64 bits do not hold it.
  constexpr std::uint64_t panel_bytes() const {
    const std::uint64_t elements = times(times(groups(), depth), panel_rows);
    return times(ceil_div<std::uint64_t>(times(elements, element_bytes), word_bytes), word_bytes);
  }

  /// Byte offset of element (i, j) from the base; below extent(stride), if that is not beyond_memory.
  constexpr std::uint64_t offset(std::uint32_t i, std::uint32_t j, std::uint64_t stride) const {
    const std::uint64_t index = (std::uint64_t{j / depth} * panel_rows + i % panel_rows) * depth + j % depth;
    return i / panel_rows * stride + index * element_bytes;
  }

  /// Bytes from the base to the end of the last panel, or beyond_memory.
  constexpr std::uint64_t extent(std::uint64_t stride) const {
    return panels() == 0 ? 0 : plus(times(panels() - 1, stride), panel_bytes());
  }
};

/// How the dense matrix outside tile memory lies.
enum class Order : std::uint8_t {
  row_major,  ///< element (i, j) at i * cols + j
  transposed  ///< element (i, j) at j * rows + i: a row-major K x N matrix B as its transpose
};

/// Writes the dense matrix into `image` (its first byte is the base) in panel order: padding and the rest of a panel's
/// last word become zero, bytes between panels stay. Throws std::invalid_argument if a size or the stride does not fit.
void pack_panels(const PanelLayout& layout, std::span<const std::byte> dense, std::span<std::byte> image,
                 std::uint64_t stride, Order order = Order::row_major);

/// The inverse: reads the elements inside the matrix. Panels may overlap (stride 0 reads one panel again and again).
void unpack_panels(const PanelLayout& layout, std::span<const std::byte> image, std::span<std::byte> dense,
                   std::uint64_t stride, Order order = Order::row_major);

}  // namespace hilbert::model

// SPDX-License-Identifier: Apache-2.0
// The frame of a .npy file: what its header says, and where its elements begin.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hilbert {

struct NpyHeader {
  std::string descr;  ///< NumPy's name of the dtype, as the file spells it
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;
  std::size_t bytes = 0;  ///< of magic, version, length and header: then come the elements
};

/// Error (exit code 2) naming `where` for what is no .npy file or has a damaged header.
[[nodiscard]] NpyHeader parse_npy_header(std::span<const std::byte> file, std::string_view where);

/// The frame of a file written now: version 1.0, C order, elements at a multiple of 64.
[[nodiscard]] std::string format_npy_header(std::string_view descr, std::size_t rows, std::size_t cols);

/// "(2, 3)", "(5,)".
[[nodiscard]] std::string shape_text(const std::vector<std::uint64_t>& shape);

}  // namespace hilbert

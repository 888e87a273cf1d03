// SPDX-License-Identifier: Apache-2.0
// NumPy .npy files of float32 matrices (format versions 1.0, 2.0 and 3.0 read, 1.0 written).
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include <hilbert/matrix.hpp>

namespace hilbert {

/// Reads a two-dimensional float32 array in C order, little or big endian. Anything else is an Error (exit code 2) that
/// says what the file holds and how to convert it.
[[nodiscard]] Matrix<float> read_npy(const std::filesystem::path& path);

/// The same from memory; `where` names the source in errors.
[[nodiscard]] Matrix<float> parse_npy(std::span<const std::byte> file, std::string_view where);

/// Writes float32, C order, little endian, version 1.0; the file appears whole or not at all (hilbert/file.hpp).
void write_npy(const std::filesystem::path& path, MatrixView<const float> matrix);

/// The same into memory.
[[nodiscard]] std::vector<std::byte> format_npy(MatrixView<const float> matrix);

}  // namespace hilbert

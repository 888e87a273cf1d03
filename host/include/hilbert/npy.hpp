// SPDX-License-Identifier: Apache-2.0
// NumPy .npy files of matrices (format versions 1.0, 2.0 and 3.0 read, 1.0 written).
//
// Read are numbers of NumPy's dtypes float16, float32, float64, int8 to int64 and uint8 to uint64 in either byte order
// and any spelling, and ml_dtypes' bfloat16, which NumPy writes as '<V2'; in C or Fortran order. Each number must be a
// float32 exactly: nothing is rounded in secret. ml_dtypes' 8-bit formats lose their name in a file ('<V1'; '<f1' for
// float8_e5m2, which numpy.load refuses): their elements are codes, of a format that the reader must know.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hilbert/convert.hpp>
#include <hilbert/matrix.hpp>

namespace hilbert {

/// What a file holds: numbers, or codes of which it does not say the format.
struct NpyMatrix {
  std::string where;  ///< the file, for messages
  std::size_t rows = 0, cols = 0;
  Matrix<float> numbers;         ///< empty if it holds codes
  std::size_t code_bytes = 0;    ///< of each code; 0: it holds numbers
  std::vector<std::byte> codes;  ///< dense, row-major, little endian

  [[nodiscard]] bool holds_codes() const { return code_bytes != 0; }
};

/// Whether unsigned integers are numbers or, as format_npy_codes writes them, codes.
enum class NpyUnsigned : bool { numbers, codes };

/// Anything that is not read is an Error (exit code 2) that says what the file holds and what to do about it.
[[nodiscard]] NpyMatrix read_npy_matrix(const std::filesystem::path& path,
                                        NpyUnsigned unsigned_integers = NpyUnsigned::numbers);
/// The same from memory; `where` names the source in errors.
[[nodiscard]] NpyMatrix parse_npy_matrix(std::span<const std::byte> file, std::string_view where,
                                         NpyUnsigned unsigned_integers = NpyUnsigned::numbers);

/// In `format`: numbers rounded into it, codes as they are. Error (exit code 2) if its codes have another width.
[[nodiscard]] CodeMatrix as_codes(const NpyMatrix& matrix, FormatArg format, const EncodeOptions& options = {});

/// Numbers alone: codes are refused.
[[nodiscard]] Matrix<float> read_npy(const std::filesystem::path& path);
[[nodiscard]] Matrix<float> parse_npy(std::span<const std::byte> file, std::string_view where);

/// Writes float32, C order, little endian; the file appears whole or not at all (hilbert/file.hpp).
void write_npy(const std::filesystem::path& path, MatrixView<const float> matrix);
/// The same into memory.
[[nodiscard]] std::vector<std::byte> format_npy(MatrixView<const float> matrix);

/// Codes in a dtype that NumPy loads by itself: fp32 as '<f4' and int8 as '|i1', which are the numbers; bf16 as '<u2';
/// all others as '|u1'. ml_dtypes: x.view(ml_dtypes.bfloat16), x.view(ml_dtypes.float8_e4m3fn).
[[nodiscard]] std::vector<std::byte> format_npy_codes(const CodeMatrix& matrix);

}  // namespace hilbert

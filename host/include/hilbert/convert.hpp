// SPDX-License-Identifier: Apache-2.0
// float32 matrices to codes of any format and back, on the host, with the bits of the reference model's encode.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <hilbert/matrix.hpp>
#include <hilbert/model/encode.hpp>
#include <hilbert/model/flags.hpp>
#include <hilbert/model/format.hpp>

namespace hilbert {

/// A format, given as a spec or by its name: "bf16", "cf8_143:7", ... Error (exit code 2) for a name that is none.
struct FormatArg {
  model::FormatSpec spec;

  FormatArg(model::FormatSpec format) : spec(format) {}               // NOLINT(google-explicit-constructor)
  FormatArg(std::string_view name);                                   // NOLINT(google-explicit-constructor)
  FormatArg(const char* name) : FormatArg(std::string_view(name)) {}  // NOLINT(google-explicit-constructor)
  operator model::FormatSpec() const { return spec; }                 // NOLINT(google-explicit-constructor)
};

/// How float32 numbers become codes (vectors/README.md sections 3 and 4).
struct EncodeOptions {
  model::Rounding rounding = model::Rounding::nearest;
  bool saturate = false;
  bool literal = false;              ///< the literal CFloat8 subnormal rule
  std::uint32_t seed = 0;            ///< of stochastic rounding
  std::uint16_t row0 = 0, col0 = 0;  ///< logical position of the first element, for stochastic rounding
};

/// A matrix of codes in host memory: dense, row-major, little endian.
struct CodeMatrix {
  model::FormatSpec format;
  std::size_t rows = 0, cols = 0;
  std::vector<std::byte> codes;
  model::Flags flags;  ///< raised by the conversion that made it
};

/// Bit for bit model::encode of every element.
[[nodiscard]] CodeMatrix encode_matrix(MatrixView<const float> values, FormatArg format,
                                       const EncodeOptions& options = {});

/// The exact values of the codes.
[[nodiscard]] Matrix<float> decode_matrix(const CodeMatrix& matrix, bool literal = false);
void decode_codes(std::span<const std::byte> codes, model::FormatSpec format, bool literal, std::span<float> out);

}  // namespace hilbert

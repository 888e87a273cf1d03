// SPDX-License-Identifier: Apache-2.0
#include "files/ordinary_codes.hpp"

#include <hilbert/convert.hpp>
#include <hilbert/random.hpp>

namespace hilbert {

std::vector<std::byte> ordinary_codes(std::uint32_t rows, std::uint32_t cols, model::FormatSpec format,
                                      std::uint64_t seed) {
  Rng random(seed);
  Matrix<float> values(rows, cols);
  const float scale = format.format == model::Format::int8 ? 32.0f : 1.0f;
  for (float& value : values.elements()) {
    const std::uint64_t bits = random.next();
    float sum = 0;  // of four numbers in 0..1, each with variance 1/12
    for (unsigned i = 0; i < 4; ++i) sum += static_cast<float>(bits >> 16 * i & 0xFFFF) / 65536.0f;
    value = (sum - 2.0f) * 1.7320508f * scale;
  }
  EncodeOptions options;
  options.saturate = true;
  return encode_matrix(values, format, options).codes;
}

}  // namespace hilbert

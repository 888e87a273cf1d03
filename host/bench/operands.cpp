// SPDX-License-Identifier: Apache-2.0
// Operands and the check of what is made of them.
#include "bench/operands.hpp"

#include <fmt/format.h>

#include <hilbert/convert.hpp>
#include <hilbert/error.hpp>
#include <hilbert/random.hpp>

namespace hilbert::bench {

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

Product::Product(std::uint32_t m, std::uint32_t n, std::uint32_t k, model::FormatSpec format, unsigned depth,
                 bool accumulate) {
  job.m = m, job.n = n, job.k = k;
  job.a = job.b = format;
  job.depth = depth;
  job.accumulate = accumulate;
  a = ordinary_codes(m, k, format, 1);
  b = ordinary_codes(k, n, format, 2);
  if (accumulate) c = ordinary_codes(m, n, model::FormatSpec{}, 3);
}

void Product::require(const std::vector<std::byte>& d, model::Flags flags, const std::string& where) const {
  const model::GemmResult expected = model::gemm(job, a, b, c);
  if (d == expected.d && flags == expected.flags) return;
  throw Error(ExitCode::check_failed,
              fmt::format("the {}x{}x{} product in {} is not the reference model's", job.m, job.n, job.k,
                          model::to_string(job.a)),
              where, "hilbert regress finds out what is wrong");
}

}  // namespace hilbert::bench

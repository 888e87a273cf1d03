// SPDX-License-Identifier: Apache-2.0
// A product and the check of what is made of it.
#include "bench/product.hpp"

#include <fmt/format.h>

#include <hilbert/error.hpp>

namespace hilbert::bench {

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

// SPDX-License-Identifier: Apache-2.0
// Operands to measure with: ordinary numbers in any format, the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <hilbert/model/gemm.hpp>
#include <vector>

namespace hilbert::bench {

/// rows x cols codes of numbers around zero that are bell-shaped (the sum of four uniform ones), of unit variance,
/// times 32 in int8.
[[nodiscard]] std::vector<std::byte> ordinary_codes(std::uint32_t rows, std::uint32_t cols, model::FormatSpec format,
                                                    std::uint64_t seed);

/// A product with its operands.
struct Product {
  model::Gemm job;
  std::vector<std::byte> a, b, c;

  /// M x N x K from `format` to fp32. `accumulate`: with a C.
  Product(std::uint32_t m, std::uint32_t n, std::uint32_t k, model::FormatSpec format, unsigned depth,
          bool accumulate = false);

  [[nodiscard]] double macs() const { return double(job.m) * job.n * job.k; }
  /// Error (exit code 1) unless `d` and `flags` are the reference model's.
  void require(const std::vector<std::byte>& d, model::Flags flags, const std::string& where) const;
};

}  // namespace hilbert::bench

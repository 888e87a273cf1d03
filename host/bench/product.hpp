// SPDX-License-Identifier: Apache-2.0
// A matrix product to measure with, the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <hilbert/model/gemm.hpp>
#include <vector>

#include "files/ordinary_codes.hpp"

namespace hilbert::bench {

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

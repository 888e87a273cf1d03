// SPDX-License-Identifier: Apache-2.0
// A whole matrix product, bit for bit what the tile computes (vectors/README.md section 6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "hilbert/model/flags.hpp"
#include "hilbert/model/format.hpp"

namespace hilbert::model {

/// D[m x n] = convert(relu(C[m x n] + A[m x k] * B[k x n])).
struct Gemm {
  std::uint32_t m = 0, n = 0, k = 0;
  FormatSpec a, b, d;
  bool accumulate = false;  ///< start from C; otherwise from +0 and C is not read
  bool relu = false;
  bool saturate = false;
  bool stochastic = false;
  bool literal = false;              ///< the literal CFloat8 subnormal rule, for A, B and D
  std::uint32_t seed = 0;            ///< of stochastic rounding
  std::uint16_t row0 = 0, col0 = 0;  ///< logical position of D[0][0], for stochastic rounding
  unsigned depth = 4;                ///< terms of a cell's step: 1, 2 or 4
};

struct GemmResult {
  std::vector<std::byte> d;
  Flags flags;
};

/// All matrices row-major, dense, little-endian codes; C in fp32 (may be empty without `accumulate`).
/// Throws std::invalid_argument for sizes that do not fit or are beyond max_size (sizes.hpp), fp32 operands, a depth
/// other than 1, 2, 4, or a bias out of range.
GemmResult gemm(const Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                std::span<const std::byte> c = {});

/// The same through dot_step alone: the definition that gemm() is tested against. Slow.
GemmResult gemm_reference(const Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                          std::span<const std::byte> c = {});

}  // namespace hilbert::model

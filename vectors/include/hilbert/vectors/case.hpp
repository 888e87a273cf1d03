// SPDX-License-Identifier: Apache-2.0
// One test case: a job on whole matrices with its expected result, or a descriptor that must be refused.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <hilbert/model/descriptor.hpp>
#include <hilbert/model/flags.hpp>
#include <hilbert/model/gemm.hpp>

namespace hilbert::vectors {

/// The Depths a tile can have, in the order of MatrixJob::result_of.
inline constexpr std::array<unsigned, 3> depths{1, 2, 4};

struct Expected {
  std::vector<std::byte> d;  ///< m x n codes, dense, row-major
  model::Flags flags;

  bool operator==(const Expected&) const = default;
};

/// GEMM or CONVERT. A result depends on the tile's Depth and on nothing else of it, so the same job serves every tile.
struct MatrixJob {
  bool convert = false;            ///< CONVERT of A (m x n) to D: k = 0, no B, no C
  model::Gemm job;                 ///< `depth` is not used
  std::vector<std::byte> a, b, c;  ///< dense, row-major codes: A m x k, B k x n, C m x n (fp32, with accumulate)
  std::vector<Expected> results;   ///< distinct results, 1 to 3
  std::array<std::uint8_t, 3> result_of{};  ///< for each of depths the index of its result; a new index is the next

  [[nodiscard]] std::uint64_t a_bytes() const;
  [[nodiscard]] std::uint64_t b_bytes() const;
  [[nodiscard]] std::uint64_t c_bytes() const;
  [[nodiscard]] std::uint64_t d_bytes() const;
  /// The result on a tile of Depth 1, 2 or 4.
  [[nodiscard]] const Expected& expected(unsigned depth) const;
};

/// The tiles for which a refusal is promised; 0 and the default maximum: any.
struct Scope {
  std::uint32_t rows = 0, cols = 0, depth = 0;
  std::uint32_t min_data_bytes = 0, max_data_bytes = 0xFFFF'FFFF;

  [[nodiscard]] bool holds(const model::Geometry& geometry) const;
  bool operator==(const Scope&) const = default;
};

struct RefusedDescriptor {
  model::Words words{};
  model::CheckResult expected;  ///< never OK
  Scope scope;
};

/// Whether a case's name may have this character.
[[nodiscard]] bool legal_in_name(char c);

struct Case {
  std::string name;  ///< unique in its file; 1 to 255 of the characters A-Z a-z 0-9 . _ : / + -
  std::variant<MatrixJob, RefusedDescriptor> body;
};

/// Computes what the reference model says for every Depth: fills `results` and `result_of`.
void expect(MatrixJob& job);
/// What the reference model says for one Depth. `by_definition`: through model::gemm_reference instead of model::gemm.
[[nodiscard]] Expected compute(const MatrixJob& job, unsigned depth, bool by_definition = false);

/// "5x4x9 bf16 * e4m3 -> fp32 relu saturate", "5x4 fp32 -> int8", "refused BAD_SIZE word 3".
[[nodiscard]] std::string describe(const Case& item);

}  // namespace hilbert::vectors

// SPDX-License-Identifier: Apache-2.0
// What every way to compute a matrix product shares: what is refused, packed operands, flags of a product cut along K.
#pragma once

#include <cstddef>
#include <functional>
#include <hilbert/matrix.hpp>
#include <hilbert/model/descriptor.hpp>
#include <hilbert/model/gemm.hpp>
#include <hilbert/model/layout.hpp>
#include <hilbert/runtime.hpp>
#include <span>
#include <vector>

namespace hilbert {

/// Error(bad_input) for a product that no device computes: an empty one, one with a matrix that is too large
/// (checked_matrix_bytes), a format or bias that does not exist, fp32 operands, another Depth than the device's.
void check_job(const model::Gemm& job, unsigned device_depth);
/// Error(bad_input) unless the codes have the sizes that the job says. `c` is looked at with accumulate alone.
void check_codes(const model::Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                 std::span<const std::byte> c);

/// Dense codes in panel order, panels back to back.
[[nodiscard]] std::vector<std::byte> packed(const model::PanelLayout& layout, std::span<const std::byte> codes,
                                            model::Order order);

/// Flags of a product whose K is cut, from those of the jobs with the first step of K and of the others. Loading a
/// carried sum that is subnormal raises *denormal* although the whole product would not have: that flag is then taken
/// from the operands and C themselves.
[[nodiscard]] model::Flags resolve_denormal(const model::Gemm& job, model::Flags first, model::Flags later,
                                            std::span<const std::byte> a, std::span<const std::byte> b,
                                            std::span<const std::byte> c);

/// What one job cost.
[[nodiscard]] Report work_of(const model::Completion& done);

/// What computes on codes: Runtime::gemm_codes and its like.
using CodesProduct = std::function<CodesResult(const model::Gemm&, std::span<const std::byte>,
                                               std::span<const std::byte>, std::span<const std::byte>)>;

struct MatrixSize {
  std::size_t rows = 0, cols = 0;
};
/// The product of matrices of these sizes, with C where options.c says so (its values are not looked at).
/// Error(bad_input) if they do not fit together or check_job refuses it.
[[nodiscard]] model::Gemm gemm_job(const GemmOptions& options, unsigned depth, MatrixSize a, MatrixSize b);

/// D of float matrices: operands are rounded, `multiply` computes, codes become numbers.
[[nodiscard]] GemmResult gemm_of_floats(MatrixView<const float> a, MatrixView<const float> b,
                                        const GemmOptions& options, unsigned depth, const CodesProduct& multiply);

}  // namespace hilbert

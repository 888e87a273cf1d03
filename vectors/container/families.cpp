// SPDX-License-Identifier: Apache-2.0
// The table of families.
#include "families.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <hilbert/error.hpp>
#include <hilbert/model/encode.hpp>
#include <hilbert/suggestion.hpp>

#include "model/bytes.hpp"
#include "values.hpp"

namespace hilbert::vectors {
namespace {

constexpr std::array all_families{
    Family{"random", "any formats, options, sizes and codes", 600, family::random},
    Family{"formats", "every pair of operand formats with every result format", 504, family::formats},
    Family{"biases", "every bias of both CFloat8 formats, as operand and as result", 256, family::biases},
    Family{"corners", "zeros, subnormals, largest, infinities and NaN against each other", 288, family::corners},
    Family{"ties", "conversions at, just below and just above the midpoint of two neighbours", 360, family::ties},
    Family{"steps", "a cell's cut and rounding: terms at the window's edge and at half a unit", 240, family::steps},
    Family{"stochastic", "stochastic rounding, with origins that wrap round", 252, family::stochastic},
    Family{"literal", "CFloat8 subnormals as Tesla's paper prints them, and the gap above them", 128, family::literal},
    Family{"cancellation", "sums that all but vanish", 180, family::cancellation},
    Family{"overflow", "sums and conversions beyond the largest number", 168, family::overflow},
    Family{"underflow", "sums and conversions among the subnormals", 168, family::underflow},
    Family{"accumulate", "C of every kind, infinities and NaN included", 240, family::accumulate},
    Family{"options", "every combination of the options", 192, family::options},
    Family{"shapes", "sizes around the edges of panels, groups and words", 384, family::shapes},
    Family{"tiling", "jobs that are larger than a tile's memory", 16, family::tiling},
    Family{"int8", "exact integer sums, and sums that leave the exact range", 96, family::int8},
    Family{"convert", "CONVERT from every format to every format", 294, family::convert},
};

std::vector<std::byte> encoded(MatrixView<const float> values, model::FormatSpec spec, bool saturate, bool literal) {
  const std::size_t bytes = model::element_bytes(spec.format);
  std::vector<std::byte> codes(values.size() * bytes);
  model::Flags ignored;
  std::size_t index = 0;
  for (std::size_t i = 0; i < values.rows; ++i) {
    for (std::size_t j = 0; j < values.cols; ++j, ++index) {
      const auto bits = std::bit_cast<std::uint32_t>(values(i, j));
      model::store_code(codes, index, bytes,
                        model::encode(bits, spec, model::Rounding::nearest, saturate, literal, 0, ignored));
    }
  }
  return codes;
}

}  // namespace

std::span<const Family> families() { return all_families; }

const Family& find_family(std::string_view name) {
  const auto found = std::ranges::find(all_families, name, &Family::name);
  if (found != all_families.end()) return *found;
  std::vector<std::string_view> known;
  for (const Family& f : all_families) known.push_back(f.name);
  throw Error(ExitCode::bad_input, fmt::format("there is no family '{}'{}", name, suggestion(name, known)), "",
              fmt::format("families are {}", fmt::join(known, ", ")));
}

Case generate(const Family& family, std::uint64_t seed, std::uint32_t index) {
  Rng rng(seed, family.name, index);
  MatrixJob job;
  const std::string end = family.make(index, rng, job);
  expect(job);
  return {fmt::format("{}/{:04}-{}", family.name, index, end), std::move(job)};
}

Case tensor_case(std::string name, model::Gemm gemm, MatrixView<const float> a, MatrixView<const float> b,
                 MatrixView<const float> c) {
  const bool accumulate = c.size() != 0;
  if (a.cols != b.rows || a.size() == 0 || b.size() == 0 || (accumulate && (c.rows != a.rows || c.cols != b.cols))) {
    throw Error(ExitCode::bad_input,
                fmt::format("A is {} x {}, B is {} x {}, C is {} x {}: no product", a.rows, a.cols, b.rows, b.cols,
                            c.rows, c.cols),
                name);
  }
  for (const MatrixView<const float>& matrix : {a, b, c}) {
    (void)checked_matrix_bytes(matrix.rows, matrix.cols, sizeof(float), name);
  }
  MatrixJob job;
  job.job = gemm;
  job.job.accumulate = accumulate;
  set_sizes(job, {static_cast<std::uint32_t>(a.rows), static_cast<std::uint32_t>(b.cols),
                  static_cast<std::uint32_t>(a.cols)});
  job.a = encoded(a, gemm.a, gemm.saturate, gemm.literal);
  job.b = encoded(b, gemm.b, gemm.saturate, gemm.literal);
  if (accumulate) job.c = encoded(c, {}, false, false);
  expect(job);
  return {std::move(name), std::move(job)};
}

}  // namespace hilbert::vectors

// SPDX-License-Identifier: Apache-2.0
// Expected results from the reference model; cases in words.
#include "hilbert/vectors/case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/model/encode.hpp>
#include <hilbert/model/operand.hpp>
#include <hilbert/model/stochastic.hpp>
#include <hilbert/sizes.hpp>

#include "model/bytes.hpp"

namespace hilbert::vectors {
namespace {

std::uint64_t matrix_bytes(std::uint32_t rows, std::uint32_t cols, model::FormatSpec spec) {
  return hilbert::matrix_bytes(rows, cols, model::element_bytes(spec.format));
}

Expected convert(const MatrixJob& job) {
  const model::Gemm& g = job.job;
  const std::size_t from = model::element_bytes(g.a.format), to = model::element_bytes(g.d.format);
  const auto rounding = g.stochastic ? model::Rounding::stochastic : model::Rounding::nearest;
  Expected result;
  result.d.resize(job.d_bytes());
  std::size_t index = 0;
  for (std::uint32_t i = 0; i < g.m; ++i) {
    for (std::uint32_t j = 0; j < g.n; ++j, ++index) {
      std::uint32_t v = model::to_fp32(g.a, model::load_code(job.a, index, from), g.literal, result.flags);
      if (g.relu) v = model::relu(v);
      const std::uint16_t r =
          model::random16(g.seed, static_cast<std::uint16_t>(g.row0 + i), static_cast<std::uint16_t>(g.col0 + j));
      model::store_code(result.d, index, to, model::encode(v, g.d, rounding, g.saturate, g.literal, r, result.flags));
    }
  }
  return result;
}

}  // namespace

std::uint64_t MatrixJob::a_bytes() const { return matrix_bytes(job.m, convert ? job.n : job.k, job.a); }
std::uint64_t MatrixJob::b_bytes() const { return convert ? 0 : matrix_bytes(job.k, job.n, job.b); }
std::uint64_t MatrixJob::c_bytes() const { return job.accumulate ? matrix_bytes(job.m, job.n, {}) : 0; }
std::uint64_t MatrixJob::d_bytes() const { return matrix_bytes(job.m, job.n, job.d); }

const Expected& MatrixJob::expected(unsigned depth) const {
  const auto at = std::find(depths.begin(), depths.end(), depth) - depths.begin();
  return results.at(result_of.at(static_cast<std::size_t>(at)));
}

bool Scope::holds(const model::Geometry& g) const {
  const auto fits = [](std::uint32_t wanted, std::uint32_t have) { return wanted == 0 || wanted == have; };
  return fits(rows, g.rows) && fits(cols, g.cols) && fits(depth, g.depth) && g.data_bytes() >= min_data_bytes &&
         g.data_bytes() <= max_data_bytes;
}

Expected compute(const MatrixJob& job, unsigned depth, bool by_definition) {
  if (job.convert) return convert(job);
  model::Gemm gemm = job.job;
  gemm.depth = depth;
  model::GemmResult result =
      by_definition ? model::gemm_reference(gemm, job.a, job.b, job.c) : model::gemm(gemm, job.a, job.b, job.c);
  return {std::move(result.d), result.flags};
}

void expect(MatrixJob& job) {
  job.results.clear();
  for (std::size_t i = 0; i < depths.size(); ++i) {
    if (job.convert && i != 0) {  // no sum, so no Depth
      job.result_of[i] = 0;
      continue;
    }
    Expected result = compute(job, depths[i]);
    const auto known = std::find(job.results.begin(), job.results.end(), result);
    job.result_of[i] = static_cast<std::uint8_t>(known - job.results.begin());
    if (known == job.results.end()) job.results.push_back(std::move(result));
  }
}

std::string describe(const Case& item) {
  if (const auto* refused = std::get_if<RefusedDescriptor>(&item.body)) {
    return fmt::format("refused {} word {}", model::to_string(refused->expected.status), refused->expected.field);
  }
  const auto& job = std::get<MatrixJob>(item.body);
  const model::Gemm& g = job.job;
  std::string text = job.convert ? fmt::format("{}x{} {} -> {}", g.m, g.n, model::to_string(g.a), model::to_string(g.d))
                                 : fmt::format("{}x{}x{} {} * {} -> {}", g.m, g.n, g.k, model::to_string(g.a),
                                               model::to_string(g.b), model::to_string(g.d));
  if (g.accumulate) text += " accumulate";
  if (g.relu) text += " relu";
  if (g.saturate) text += " saturate";
  if (g.stochastic) text += fmt::format(" stochastic seed {:#x} origin {},{}", g.seed, g.row0, g.col0);
  if (g.literal) text += " literal";
  return text;
}

}  // namespace hilbert::vectors

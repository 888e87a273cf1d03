// SPDX-License-Identifier: Apache-2.0
// Products over a board, compared bit for bit with the reference model's.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <hilbert/board_runtime.hpp>
#include <hilbert/model/gemm.hpp>
#include <string>
#include <vector>

#include "support/random.hpp"

namespace hilbert {

/// Codes of any bit pattern, infinities and NaNs among them; `tame`: numbers around one, so that sums stay ordinary.
inline std::vector<std::byte> random_codes(std::size_t count, model::FormatSpec format, Random& random, bool tame) {
  const std::size_t size = model::element_bytes(format.format);
  std::vector<std::byte> codes(count * size);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    auto byte = static_cast<std::uint32_t>(random.bits32());
    if (tame && size > 1 && i % size == size - 1) byte = 0x3E | (byte & 0x81);
    codes[i] = static_cast<std::byte>(byte);
  }
  return codes;
}

inline std::string to_text(const model::Gemm& job) {
  return fmt::format("{} x {} x {}, {} * {} -> {}{}{}{}{}{}, seed {}", job.m, job.n, job.k, model::to_string(job.a),
                     model::to_string(job.b), model::to_string(job.d), job.accumulate ? ", C" : "",
                     job.relu ? ", relu" : "", job.saturate ? ", saturate" : "", job.stochastic ? ", stochastic" : "",
                     job.literal ? ", literal" : "", job.seed);
}

/// Computes `job` of random operands on the board, whose bits and flags must be the reference model's.
inline CodesResult expect_exact(BoardRuntime& runtime, model::Gemm job, unsigned seed, bool tame = false) {
  Random random(seed);
  job.depth = runtime.geometry().depth;
  const auto a = random_codes(std::size_t{job.m} * job.k, job.a, random, tame);
  const auto b = random_codes(std::size_t{job.k} * job.n, job.b, random, tame);
  std::vector<std::byte> c;
  if (job.accumulate) c = random_codes(std::size_t{job.m} * job.n, {model::Format::fp32, 0}, random, tame);
  const model::GemmResult expected = model::gemm(job, a, b, c);
  const CodesResult got = runtime.gemm_codes(job, a, b, c);
  EXPECT_EQ(got.d == expected.d, true) << to_text(job) << "; operands from seed " << seed;
  EXPECT_EQ(got.flags.bits, expected.flags.bits) << to_text(job) << "; operands from seed " << seed;
  return got;
}

/// Any formats and options, M, N, K up to `most`.
inline model::Gemm random_job(Random& random, std::uint32_t most) {
  const auto format = [&](unsigned formats) {
    model::FormatSpec spec{static_cast<model::Format>(random.below(formats)), 0};
    if (model::has_tensor_bias(spec.format)) spec.bias = static_cast<std::uint8_t>(random.below(64));
    return spec;
  };
  const auto operand = [&] {
    model::FormatSpec spec;
    do {
      spec = format(7);
    } while (spec.format == model::Format::fp32);
    return spec;
  };
  model::Gemm job;
  job.m = 1 + random.below(most), job.n = 1 + random.below(most), job.k = 1 + random.below(most);
  job.a = operand(), job.b = operand(),
  job.d = random.below(2) == 0 ? model::FormatSpec{model::Format::fp32, 0} : format(7);
  job.accumulate = random.below(2) != 0, job.relu = random.below(4) == 0, job.saturate = random.below(2) != 0;
  job.stochastic = random.below(3) == 0, job.literal = random.below(4) == 0;
  if (job.stochastic) {
    job.seed = static_cast<std::uint32_t>(random.bits32());
    job.row0 = static_cast<std::uint16_t>(random.bits32()), job.col0 = static_cast<std::uint16_t>(random.bits32());
  }
  return job;
}

}  // namespace hilbert

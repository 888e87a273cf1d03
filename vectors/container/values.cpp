// SPDX-License-Identifier: Apache-2.0
// Codes worth testing.
#include "values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <hilbert/model/operand.hpp>

namespace hilbert::vectors {
namespace {

using model::Format;
using model::FormatSpec;

std::uint32_t code_mask(Format f) {
  const auto bits = 8 * model::element_bytes(f);
  return static_cast<std::uint32_t>((std::uint64_t{1} << bits) - 1);
}
std::uint32_t sign_bit(Format f) { return code_mask(f) ^ code_mask(f) >> 1; }

/// A code whose exponent field is within `spread` of the field of 1.0 (or of the middle for CFloat8).
std::uint32_t near_code(FormatSpec spec, std::uint32_t spread, Rng& rng) {
  const model::FormatInfo& f = model::info(spec.format);
  const std::uint32_t fields = 1u << f.exponent_bits;
  const std::uint32_t centre = fields / 2 - 1;
  const std::uint32_t low = centre > spread ? centre - spread : 0;
  const std::uint32_t high = std::min(centre + spread, fields - 2);
  const std::uint32_t exponent = rng.between(low, high);
  const std::uint32_t mantissa = rng.bits32() & ((1u << f.mantissa_bits) - 1);
  return (rng.bits32() & 1u) * sign_bit(spec.format) | exponent << f.mantissa_bits | mantissa;
}

}  // namespace

bool is_finite(Format format, std::uint32_t code) {
  const model::FormatInfo& f = model::info(format);
  if (f.specials == model::Specials::none) return true;
  return (code & ~sign_bit(format)) <= f.largest;
}

std::vector<std::uint32_t> corners(Format format) {
  const model::FormatInfo& f = model::info(format);
  if (format == Format::int8) return {0x00, 0x01, 0xFF, 0x7F, 0x80, 0x81, 0x40, 0xC0};
  const std::uint32_t one_exponent = ((1u << (f.exponent_bits - 1)) - 1) << f.mantissa_bits;
  const std::uint32_t smallest_normal = 1u << f.mantissa_bits;
  std::vector<std::uint32_t> positive{0,
                                      1,
                                      smallest_normal - 1,
                                      smallest_normal,
                                      smallest_normal + 1,
                                      f.largest,
                                      f.largest - 1,
                                      one_exponent,
                                      one_exponent + 1};
  if (f.specials == model::Specials::nan_only) positive.push_back(f.largest + 1);
  if (f.specials == model::Specials::ieee) {
    positive.push_back(f.largest + 1);                                  // infinity
    positive.push_back((f.largest + 1) | 1u << (f.mantissa_bits - 1));  // quiet NaN
    positive.push_back(f.largest + 2);                                  // a NaN that is not canonical
  }
  std::vector<std::uint32_t> all = positive;
  for (const std::uint32_t code : positive) all.push_back(code | sign_bit(format));
  return all;
}

std::uint32_t pick(FormatSpec spec, Style style, Rng& rng) {
  const std::uint32_t mask = code_mask(spec.format);
  switch (style) {
    case Style::any:
      break;
    case Style::finite:
      for (;;) {
        const std::uint32_t code = rng.bits32() & mask;
        if (is_finite(spec.format, code)) return code;
      }
    case Style::near:
      if (spec.format == Format::int8) break;
      return near_code(spec, model::info(spec.format).exponent_bits >= 8 ? 5 : 4, rng);
    case Style::corner: {
      const auto all = corners(spec.format);
      return all[rng.below(static_cast<std::uint32_t>(all.size()))];
    }
  }
  return rng.bits32() & mask;
}

std::vector<std::byte> matrix(std::uint32_t rows, std::uint32_t cols, FormatSpec spec, Style style, Rng& rng) {
  return matrix_of(rows, cols, spec, [&](std::uint32_t, std::uint32_t) { return pick(spec, style, rng); });
}

FormatSpec with_bias(Format format, Rng& rng) {
  if (!model::has_tensor_bias(format)) return {format, 0};
  const std::uint32_t middle = format == Format::cf8_143 ? 7 : 15;
  return {format, static_cast<std::uint8_t>(rng.between(middle - 4, middle + 4))};
}

FormatSpec operand_format(Rng& rng) { return with_bias(operand_formats[rng.below(6)], rng); }
FormatSpec result_format(Rng& rng) { return with_bias(static_cast<Format>(rng.below(7)), rng); }

float to_float(FormatSpec spec, std::uint32_t code, bool literal) {
  model::Flags ignored;
  return std::bit_cast<float>(model::to_fp32(spec, code, literal, ignored));
}

void set_sizes(MatrixJob& job, Sizes s) { job.job.m = s.m, job.job.n = s.n, job.job.k = s.k; }

void set_options(MatrixJob& job, std::uint32_t bits, Rng& rng) {
  model::Gemm& g = job.job;
  g.accumulate = (bits & 1u) != 0 && !job.convert;
  g.relu = (bits & 2u) != 0;
  g.saturate = (bits & 4u) != 0;
  g.stochastic = (bits & 8u) != 0;
  g.literal = (bits & 16u) != 0;
  if (!g.stochastic) return;
  g.seed = rng.bits32();
  g.row0 = static_cast<std::uint16_t>(rng.bits32());
  g.col0 = static_cast<std::uint16_t>(rng.bits32());
}

void fill(MatrixJob& job, Styles styles, Rng& rng) {
  const model::Gemm& g = job.job;
  job.a = matrix(g.m, job.convert ? g.n : g.k, g.a, styles.a, rng);
  if (!job.convert) job.b = matrix(g.k, g.n, g.b, styles.b, rng);
  if (g.accumulate) job.c = matrix(g.m, g.n, FormatSpec{}, styles.c, rng);
}

std::string label(const MatrixJob& job) {
  const model::Gemm& g = job.job;
  std::string text = model::to_string(g.a);
  if (!job.convert) text += '-' + model::to_string(g.b);
  text += fmt::format("-{}-{}x{}", model::to_string(g.d), g.m, g.n);
  if (!job.convert) text += fmt::format("x{}", g.k);
  if (g.accumulate) text += "+accumulate";
  if (g.relu) text += "+relu";
  if (g.saturate) text += "+saturate";
  if (g.stochastic) text += "+stochastic";
  if (g.literal) text += "+literal";
  return text;
}

}  // namespace hilbert::vectors

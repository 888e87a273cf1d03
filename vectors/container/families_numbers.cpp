// SPDX-License-Identifier: Apache-2.0
// Families that are about numbers: rounding, cutting, overflow, special values.
#include <fmt/format.h>

#include <bit>
#include <cmath>

#include "families.hpp"
#include "values.hpp"

namespace hilbert::vectors::family {
namespace {

using model::Format;
using model::FormatSpec;

constexpr FormatSpec bf16_spec{Format::bf16, 0}, fp32_spec{Format::fp32, 0};

/// The fields of a number. Braces draw their random numbers from left to right, function arguments in any order.
struct Fields {
  std::uint32_t sign, exponent, mantissa;
};
constexpr std::uint32_t bf16(Fields f) { return (f.sign & 1u) << 15 | f.exponent << 7 | (f.mantissa & 0x7Fu); }
constexpr std::uint32_t fp32(Fields f) { return (f.sign & 1u) << 31 | f.exponent << 23 | (f.mantissa & 0x7F'FFFFu); }

/// Turns the job into D = convert(C): A and B are zeros, which leave every C as it is (a step with no product is
/// exact).
void pass_through(MatrixJob& job, std::vector<std::byte> c) {
  job.job.a = bf16_spec, job.job.b = bf16_spec;
  job.job.accumulate = true;
  job.a = matrix_of(job.job.m, job.job.k, bf16_spec, [](auto, auto) { return 0u; });
  job.b = matrix_of(job.job.k, job.job.n, bf16_spec, [](auto, auto) { return 0u; });
  job.c = std::move(c);
}

/// A finite magnitude code that has a finite neighbour above it.
std::uint32_t low_neighbour(FormatSpec spec, Rng& rng) {
  const std::uint32_t largest = model::info(spec.format).largest;
  // One in four among the subnormals and smallest normals, which are few.
  if (rng.once_in(4)) return rng.below(std::min(largest, 2u << model::info(spec.format).mantissa_bits));
  return rng.below(largest);
}

/// FP32 bits on the midpoint of two neighbours of `spec`, next to it, on a neighbour, or a quarter between.
std::uint32_t near_tie(FormatSpec spec, bool literal, Rng& rng) {
  const std::uint32_t low_code = low_neighbour(spec, rng);
  const double low = to_float(spec, low_code, literal), high = to_float(spec, low_code + 1, literal);
  const auto bits = [](double v) { return std::bit_cast<std::uint32_t>(static_cast<float>(v)); };
  const std::uint32_t middle = bits((low + high) / 2);  // exact: at most 9 significant bits
  const std::uint32_t sign = rng.bits32() & 0x8000'0000u;
  switch (rng.below(6)) {
    case 0:
      return sign | (middle == 0 ? 0 : middle - 1);
    case 1:
      return sign | (middle + 1);
    case 2:
      return sign | bits(low);
    case 3:
      return sign | bits(low + (high - low) / 4);
    default:
      return sign | middle;
  }
}

FormatSpec result_but_fp32(std::uint32_t index, Rng& rng) {
  const auto format = static_cast<Format>(1 + index % 6);
  return model::has_tensor_bias(format) ? FormatSpec{format, static_cast<std::uint8_t>(rng.below(64))}
                                        : FormatSpec{format, 0};
}

}  // namespace

std::string corners(std::uint32_t index, Rng& rng, MatrixJob& job) {
  job.job.a = with_bias(operand_formats[index % 6], rng);
  job.job.b = with_bias(operand_formats[index / 6 % 6], rng);
  job.job.d = result_format(rng);
  set_sizes(job, {rng.between(4, 7), rng.between(4, 7), rng.between(1, 3)});
  set_options(job, index / 36 % 2 != 0 ? 4u | (rng.bits32() & 2u) : rng.bits32() & 2u, rng);
  fill(job, {Style::corner, Style::corner, Style::corner}, rng);
  return label(job);
}

std::string ties(std::uint32_t index, Rng& rng, MatrixJob& job) {
  const FormatSpec d = result_but_fp32(index, rng);
  set_sizes(job, {4, 12, 1});
  job.job.d = d;
  set_options(job, (index / 6 % 2 != 0 ? 16u : 0u) | (index / 12 % 3 == 1 ? 4u : 0u) | (index / 12 % 3 == 2 ? 8u : 0u),
              rng);
  const bool literal = job.job.literal;
  pass_through(job, matrix_of(4, 12, fp32_spec, [&](auto, auto) { return near_tie(d, literal, rng); }));
  return label(job);
}

std::string steps(std::uint32_t index, Rng& rng, MatrixJob& job) {
  // Large terms with small ones 2^-8 to 2^-40 of them: the first that the window cuts, and half a unit of the result.
  job.job.a = bf16_spec, job.job.b = bf16_spec, job.job.d = fp32_spec;
  set_sizes(job, {4, 4, 2 + index % 7});
  set_options(job, rng.below(2), rng);
  const std::uint32_t base = rng.between(100, 150);
  job.a = matrix_of(4, job.job.k, bf16_spec, [&](auto, std::uint32_t k) {
    const std::uint32_t down = k == 0 || rng.once_in(4) ? 0 : rng.between(8, 40);
    const std::uint32_t mantissa = rng.once_in(3) ? 0 : rng.bits32() & 0x7F;
    return bf16({rng.once_in(2), base - down, mantissa});
  });
  job.b = matrix_of(job.job.k, 4, bf16_spec, [&](auto, auto) {
    return bf16({rng.once_in(2), rng.between(126, 128), rng.once_in(3) ? 0 : rng.bits32()});
  });
  if (job.job.accumulate) {
    job.c = matrix_of(4, 4, fp32_spec, [&](auto, auto) {
      return fp32({rng.below(2), rng.between(base - 30, base + 10), rng.bits32()});
    });
  }
  return label(job);
}

std::string stochastic(std::uint32_t index, Rng& rng, MatrixJob& job) {
  const auto format = static_cast<Format>(index % 7);
  job.job.a = with_bias(operand_formats[index / 7 % 6], rng);
  job.job.b = operand_format(rng);
  job.job.d = with_bias(format, rng);
  set_sizes(job, {rng.between(3, 9), rng.between(3, 9), rng.between(1, 9)});
  set_options(job, 8u | (rng.bits32() & 6u), rng);
  model::Gemm& g = job.job;
  if (index / 7 % 3 == 0) g.row0 = static_cast<std::uint16_t>(65536 - rng.between(1, g.m));  // wraps inside the matrix
  if (index / 7 % 3 == 1) g.col0 = static_cast<std::uint16_t>(65536 - rng.between(1, g.n));
  if (index / 7 % 3 == 2) g.seed = index % 2 == 0 ? 0 : 0xFFFF'FFFFu;
  fill(job, {Style::near, Style::near, Style::near}, rng);
  return label(job);
}

std::string literal(std::uint32_t index, Rng& rng, MatrixJob& job) {
  const Format format = index % 2 == 0 ? Format::cf8_143 : Format::cf8_152;
  const std::uint32_t subnormals = 1u << model::info(format).mantissa_bits;
  job.job.a = {format, static_cast<std::uint8_t>(rng.below(64))};
  job.job.b = {Format::cf8_152, 15};
  // B is about one, so the result lies among D's subnormals and in the gap above them if D has A's bias.
  job.job.d = {format, job.job.a.bias};
  set_sizes(job, {5, 6, 1 + index / 2 % 3});
  set_options(job, 16u | (rng.bits32() & 0xEu), rng);
  const auto code = [&](auto, auto) {
    const std::uint32_t sign = rng.bits32() & 0x80u;
    return sign | rng.below(2 * subnormals);
  };
  job.a = matrix_of(5, job.job.k, job.job.a, code);
  job.b = matrix_of(job.job.k, 6, job.job.b, [&](auto, auto) { return 0x3Cu + rng.below(5) - 2; });
  return label(job);
}

std::string cancellation(std::uint32_t index, Rng& rng, MatrixJob& job) {
  job.job.a = with_bias(operand_formats[index % 6], rng);
  job.job.b = with_bias(operand_formats[index / 6 % 6], rng);
  job.job.d = index % 3 == 0 ? result_format(rng) : fp32_spec;
  const std::uint32_t pairs = rng.between(1, 5);
  set_sizes(job, {4, 5, 2 * pairs});
  fill(job, {Style::near, Style::near, Style::near}, rng);
  // Column 2i + 1 of A is column 2i negated, rows 2i and 2i + 1 of B are the same but for a last bit now and then.
  const std::size_t a_bytes = model::element_bytes(job.job.a.format), b_bytes = model::element_bytes(job.job.b.format);
  const std::uint32_t k = job.job.k;
  for (std::uint32_t i = 0; i < job.job.m; ++i) {
    for (std::uint32_t p = 0; p < k; p += 2) {
      const std::size_t from = (std::size_t{i} * k + p) * a_bytes, to = from + a_bytes;
      for (std::size_t b = 0; b < a_bytes; ++b) job.a[to + b] = job.a[from + b];
      if (job.job.a.format == Format::int8) {
        if (job.a[to] == std::byte{0x80}) job.a[from] = job.a[to] = std::byte{0x7F};  // -128 has no negative
        job.a[to] = static_cast<std::byte>(0x100 - std::to_integer<unsigned>(job.a[to]));
      } else {
        job.a[to + a_bytes - 1] ^= std::byte{0x80};
      }
    }
  }
  const std::size_t row = job.job.n * b_bytes;
  for (std::uint32_t p = 0; p < k; p += 2) {
    for (std::size_t b = 0; b < row; ++b) {
      job.b[(p + 1) * row + b] = job.b[p * row + b] ^ static_cast<std::byte>(b % b_bytes == 0 && rng.once_in(3));
    }
  }
  return label(job);
}

std::string overflow(std::uint32_t index, Rng& rng, MatrixJob& job) {
  job.job.a = bf16_spec, job.job.b = bf16_spec;
  job.job.d = index % 2 == 0 ? fp32_spec : result_format(rng);
  set_sizes(job, {4, 4, rng.between(1, 6)});
  set_options(job, rng.bits32() & 7u, rng);
  // Exponents that add up to the largest: products near 2^127 from both sides; with D narrow, near its largest number.
  const std::uint32_t top = index % 2 == 0 ? 254 + 127 : 254 + rng.between(2, 20);
  const std::uint32_t first = std::min(rng.between(top - 254, 254), 254u);
  job.a = matrix_of(4, job.job.k, bf16_spec, [&](auto, auto) { return bf16({rng.once_in(4), first, rng.bits32()}); });
  job.b = matrix_of(job.job.k, 4, bf16_spec, [&](auto, auto) {
    return bf16({rng.once_in(4), std::min(top - first + 1 - rng.below(3), 254u), rng.bits32()});
  });
  if (job.job.accumulate) {
    job.c = matrix_of(4, 4, fp32_spec, [&](auto, auto) {
      return fp32({rng.below(2), index % 2 == 0 ? 254u : rng.between(128, 150), rng.bits32()});
    });
  }
  return label(job);
}

std::string underflow(std::uint32_t index, Rng& rng, MatrixJob& job) {
  job.job.a = bf16_spec, job.job.b = bf16_spec;
  job.job.d = index % 2 == 0 ? fp32_spec : result_format(rng);
  set_sizes(job, {4, 4, rng.between(1, 6)});
  const std::uint32_t rounding = rng.once_in(3) ? 8u : 0u;
  set_options(job, (rng.bits32() & 0x13u) | rounding, rng);
  // Products around 2^-126 and below 2^-149; with D narrow, around its smallest numbers.
  const int centre = index % 2 == 0 ? -static_cast<int>(rng.between(120, 150)) : -static_cast<int>(rng.between(4, 24));
  const std::uint32_t first = rng.between(centre < -100 ? 1 : 100, 127);
  job.a = matrix_of(4, job.job.k, bf16_spec, [&](auto, auto) {
    return bf16({rng.once_in(3), rng.once_in(8) ? 0 : first, rng.bits32()});
  });
  job.b = matrix_of(job.job.k, 4, bf16_spec, [&](auto, auto) {
    const int field = 254 + centre - static_cast<int>(first) - static_cast<int>(rng.below(4));
    return bf16({rng.once_in(3), static_cast<std::uint32_t>(std::max(field, 0)), rng.bits32()});
  });
  if (job.job.accumulate) {
    job.c = matrix_of(4, 4, fp32_spec, [&](auto, auto) { return fp32({rng.below(2), rng.below(2), rng.bits32()}); });
  }
  return label(job);
}

std::string accumulate(std::uint32_t index, Rng& rng, MatrixJob& job) {
  job.job.a = operand_format(rng), job.job.b = operand_format(rng);
  job.job.d = index % 2 == 0 ? fp32_spec : result_format(rng);
  set_sizes(job, {rng.between(1, 6), rng.between(1, 9), rng.between(1, 7)});
  set_options(job, 1u | (rng.bits32() & 0x1Eu), rng);
  constexpr Style kinds[] = {Style::near, Style::any, Style::corner};
  fill(job, {Style::near, Style::near, kinds[index % 3]}, rng);
  return label(job);
}

std::string int8(std::uint32_t index, Rng& rng, MatrixJob& job) {
  const FormatSpec spec{Format::int8, 0};
  job.job.a = spec, job.job.b = spec;
  job.job.d = index % 4 == 3 ? spec : fp32_spec;
  const bool far = index % 3 == 2;  // 2^24 / 127^2 = 1040.2: longer sums of largest products leave the exact range
  set_sizes(job, {rng.between(2, 5), rng.between(2, 5), far ? rng.between(1030, 1050) : rng.between(1, 40)});
  set_options(job, rng.bits32() & 7u, rng);
  if (far) {
    const std::uint32_t a_code = rng.once_in(2) ? 0x7F : 0x80;
    job.a = matrix_of(job.job.m, job.job.k, spec, [&](auto i, auto) { return i == 1 ? 0x7Eu : a_code; });
    job.b = matrix_of(job.job.k, job.job.n, spec, [&](auto, auto j) { return j == 1 ? 0x80u : 0x7Fu; });
    if (job.job.accumulate) job.c = matrix(job.job.m, job.job.n, fp32_spec, Style::near, rng);
  } else {
    fill(job, {Style::any, index % 2 == 0 ? Style::any : Style::corner, Style::near}, rng);
    if (job.job.accumulate) {  // integers, so that the sums stay exact
      job.c = matrix_of(job.job.m, job.job.n, fp32_spec, [&](auto, auto) {
        const auto whole = static_cast<float>(static_cast<std::int32_t>(rng.bits32()) >> 8);
        return std::bit_cast<std::uint32_t>(whole);
      });
    }
  }
  return label(job);
}

}  // namespace hilbert::vectors::family

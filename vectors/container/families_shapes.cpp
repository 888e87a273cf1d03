// SPDX-License-Identifier: Apache-2.0
// Families that are about formats, options and sizes.
#include <fmt/format.h>

#include <array>

#include "families.hpp"
#include "values.hpp"

namespace hilbert::vectors::family {
namespace {

using model::Format;
using model::FormatSpec;

Style any_style(Rng& rng) {
  constexpr std::array styles{Style::near, Style::near, Style::near, Style::finite, Style::any, Style::corner};
  return styles[rng.below(static_cast<std::uint32_t>(styles.size()))];
}

}  // namespace

std::string random(std::uint32_t, Rng& rng, MatrixJob& job) {
  job.job.a = operand_format(rng), job.job.b = operand_format(rng), job.job.d = result_format(rng);
  const std::uint32_t most = rng.once_in(8) ? 40 : 14;
  set_sizes(job, {rng.between(1, most), rng.between(1, most), rng.between(1, most + 6)});
  set_options(job, rng.bits32() & rng.bits32(), rng);
  fill(job, {any_style(rng), any_style(rng), any_style(rng)}, rng);
  return label(job);
}

std::string formats(std::uint32_t index, Rng& rng, MatrixJob& job) {
  job.job.a = with_bias(operand_formats[index % 6], rng);
  job.job.b = with_bias(operand_formats[index / 6 % 6], rng);
  job.job.d = with_bias(static_cast<Format>(index / 36 % 7), rng);
  set_sizes(job, {rng.between(2, 6), rng.between(2, 6), rng.between(1, 9)});
  set_options(job, rng.bits32() & 0xEu, rng);
  fill(job, {Style::near, Style::near, Style::near}, rng);
  return label(job);
}

std::string biases(std::uint32_t index, Rng& rng, MatrixJob& job) {
  const auto bias = static_cast<std::uint8_t>(index % 64);
  const Format format = index / 64 % 2 == 0 ? Format::cf8_143 : Format::cf8_152;
  const Format other = format == Format::cf8_143 ? Format::cf8_152 : Format::cf8_143;
  job.job.a = {format, bias};
  job.job.b = {other, static_cast<std::uint8_t>(rng.below(64))};
  // D's numbers are about as large as the products: its bias is A's and B's, less the middle of the exponent range.
  const int d_bias = static_cast<int>(bias) + job.job.b.bias - (index % 2 == 0 ? 7 : 15);
  job.job.d = {index % 2 == 0 ? Format::cf8_143 : Format::cf8_152,
               static_cast<std::uint8_t>(std::min(std::max(d_bias, 0), 63))};
  set_sizes(job, {3, 4, rng.between(1, 6)});
  set_options(job, rng.bits32() & 0x18u, rng);
  fill(job, {Style::any, Style::any, Style::near}, rng);
  return label(job);
}

std::string options(std::uint32_t index, Rng& rng, MatrixJob& job) {
  job.job.a = operand_format(rng), job.job.b = operand_format(rng), job.job.d = result_format(rng);
  set_sizes(job, {rng.between(1, 6), rng.between(1, 6), rng.between(1, 6)});
  set_options(job, index % 32, rng);
  fill(job, {Style::near, any_style(rng), Style::near}, rng);
  return label(job);
}

std::string shapes(std::uint32_t index, Rng& rng, MatrixJob& job) {
  // One less than, equal to, and one more than the panels and groups of every configuration.
  constexpr std::array<std::uint32_t, 11> sides{1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17};
  job.job.a = operand_format(rng), job.job.b = operand_format(rng), job.job.d = result_format(rng);
  set_sizes(job, {sides[index % sides.size()], sides[index * 7 / 3 % sides.size()],
                  index % 3 == 0 ? rng.between(1, 9) : sides[rng.below(11)]});
  set_options(job, rng.bits32() & rng.bits32() & 7u, rng);
  fill(job, {Style::near, Style::near, Style::near}, rng);
  return label(job);
}

std::string tiling(std::uint32_t index, Rng& rng, MatrixJob& job) {
  // small has 8 KiB, full 128 KiB. Few different values, so that the file stays small.
  struct Shape {
    std::uint32_t m, n, k;
  };
  constexpr std::array<Shape, 8> sizes{{{40, 40, 60},
                                        {16, 16, 700},
                                        {200, 9, 24},
                                        {9, 200, 24},
                                        {24, 24, 2900},
                                        {33, 65, 50},
                                        {520, 6, 130},
                                        {70, 70, 9}}};
  const Shape s = sizes[index % sizes.size()];
  job.job.a = index % 8 == 4 ? FormatSpec{Format::bf16, 0} : operand_format(rng);
  job.job.b = index % 8 == 4 ? FormatSpec{Format::bf16, 0} : operand_format(rng);
  job.job.d = index % 2 == 0 ? result_format(rng) : FormatSpec{Format::bf16, 0};
  set_sizes(job, {s.m, s.n, s.k});
  set_options(job, (index % 3 == 0 ? 1u : 0u) | (rng.bits32() & 0xEu), rng);
  std::array<std::uint32_t, 4> a_codes{}, b_codes{};
  for (auto& code : a_codes) code = pick(job.job.a, Style::near, rng);
  for (auto& code : b_codes) code = pick(job.job.b, Style::near, rng);
  job.a = matrix_of(s.m, s.k, job.job.a, [&](auto, auto) { return a_codes[rng.below(4)]; });
  job.b = matrix_of(s.k, s.n, job.job.b, [&](auto, auto) { return b_codes[rng.below(4)]; });
  if (job.job.accumulate) job.c = matrix(s.m, s.n, FormatSpec{}, Style::near, rng);
  return label(job);
}

std::string convert(std::uint32_t index, Rng& rng, MatrixJob& job) {
  job.convert = true;
  const auto spec = [&](std::uint32_t code) {
    const auto format = static_cast<Format>(code);
    const bool wide = index / 49 % 3 == 2 && model::has_tensor_bias(format);
    return wide ? FormatSpec{format, static_cast<std::uint8_t>(rng.below(64))} : with_bias(format, rng);
  };
  job.job.a = spec(index % 7), job.job.d = spec(index / 7 % 7);
  set_sizes(job, {rng.between(1, 9), rng.between(1, 12), 0});
  constexpr std::array<std::uint32_t, 3> modes{0, 4, 8};
  set_options(job, modes[index / 49 % 3] | (rng.bits32() & 0x12u), rng);
  constexpr std::array<Style, 3> styles{Style::near, Style::corner, Style::any};
  fill(job, {styles[index / 49 % 3], Style::any, Style::any}, rng);
  return label(job);
}

}  // namespace hilbert::vectors::family

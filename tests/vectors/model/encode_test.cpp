// SPDX-License-Identifier: Apache-2.0
// Encoding against a search in the table of every value of the target format.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "exact.hpp"
#include "hilbert/model/cell.hpp"
#include "hilbert/model/encode.hpp"
#include "hilbert/model/operand.hpp"
#include "support/random.hpp"

namespace hilbert::model::test {
namespace {

/// The nonnegative finite values of a format in the order of their codes, and one grid point more: hi of the largest.
/// Doubles hold them, every FP32 number and all differences and products below exactly.
std::vector<double> grid_of(FormatSpec spec, bool negative, bool literal) {
  std::vector<double> grid;
  if (spec.format == Format::int8) {
    for (int i = 0; i <= (negative ? 129 : 128); ++i) grid.push_back(i);
    return grid;
  }
  for (std::uint32_t code = 0;; ++code) {
    const Exact v = exact_of(spec, code, literal);
    if (v.kind != Exact::number || v.negative) break;
    grid.push_back(std::ldexp((v.magnitude >> (scale - 160)).convert_to<double>(), -160));
  }
  grid.push_back(2 * grid.back() - grid[grid.size() - 2]);
  return grid;
}

/// Section 3 by definition: look up the neighbours, compare distances, choose.
struct Oracle {
  FormatSpec spec;
  bool literal;
  std::vector<double> positive, negative;

  Oracle(FormatSpec s, bool lit)
      : spec(s), literal(lit), positive(grid_of(s, false, lit)), negative(grid_of(s, true, lit)) {}

  struct Result {
    std::uint32_t code;
    Flags flags;
    bool operator==(const Result&) const = default;
  };

  Result operator()(float v, Rounding rounding, bool saturate, std::uint16_t r) const {
    const bool minus = std::signbit(v);
    const std::vector<double>& grid = minus ? negative : positive;
    const double magnitude = std::fabs(double{v});
    const auto above = std::upper_bound(grid.begin(), grid.end(), magnitude);
    bool overflow = above == grid.end();
    std::size_t index = 0;
    if (!overflow) {
      index = static_cast<std::size_t>(above - grid.begin()) - 1;
      const double from_lo = magnitude - grid[index], interval = grid[index + 1] - grid[index];
      if (rounding == Rounding::stochastic) {
        // floor(f * 2^16) + r >= 2^16 is f * 2^16 >= 2^16 - r, the right side being whole.
        index += from_lo * 65536 >= interval * (65536 - r) ? 1 : 0;
      } else {
        index += 2 * from_lo > interval || (2 * from_lo == interval && index % 2 != 0) ? 1 : 0;
      }
      overflow = index + 1 == grid.size();
    }
    Result out{0, {}};
    const bool is_int = spec.format == Format::int8;
    const std::uint32_t largest = static_cast<std::uint32_t>(grid.size()) - 2;
    bool exact = false;
    if (!overflow) {
      out.code = static_cast<std::uint32_t>(index);
      exact = grid[index] == magnitude;
      const double smallest_normal = is_int ? 0 : grid[std::size_t{1} << info(spec.format).mantissa_bits];
      out.flags.raise_if(Flag::underflow, magnitude != 0 && grid[index] < smallest_normal);
    } else {
      out.flags.raise(Flag::overflow);
      const bool clamp = saturate || is_int || has_tensor_bias(spec.format);
      out.code = clamp ? largest : spec.format == Format::e4m3 ? 0x7F : spec.format == Format::e5m2 ? 0x7C : 0x7F80;
    }
    out.flags.raise_if(Flag::inexact, !exact);
    if (is_int)
      out.code = (minus ? 256 - out.code : out.code) & 0xFF;
    else if (minus)
      out.code |= spec.format == Format::bf16 ? 0x8000 : 0x80;
    return out;
  }
};

void expect_encodes(const Oracle& oracle, float v, Rounding rounding, bool saturate, std::uint16_t r) {
  Oracle::Result got{0, {}};
  got.code = encode(bits_of(v), oracle.spec, rounding, saturate, oracle.literal, r, got.flags);
  const Oracle::Result want = oracle(v, rounding, saturate, r);
  ASSERT_EQ(got, want) << to_string(oracle.spec) << (oracle.literal ? " literal" : "") << " v = " << std::hexfloat << v
                       << (rounding == Rounding::nearest ? " nearest" : " stochastic") << " r = " << r
                       << " saturate = " << saturate << ": got " << got.code << ' ' << to_string(got.flags) << ", want "
                       << want.code << ' ' << to_string(want.flags);
}

/// Both signs, both roundings, saturating or not, at and around one point.
void expect_around(const Oracle& oracle, double point, Random& random) {
  const auto exact = static_cast<float>(point);
  if (!std::isfinite(exact)) return;
  for (const float near : {std::nextafterf(exact, 0.0f), exact, std::nextafterf(exact, INFINITY)}) {
    for (const float v : {near, -near}) {
      if (!std::isfinite(v)) continue;
      const bool saturate = random.bits32() % 2 != 0;
      ASSERT_NO_FATAL_FAILURE(expect_encodes(oracle, v, Rounding::nearest, saturate, 0));
      const auto r = static_cast<std::uint16_t>(random.bits32());
      for (const std::uint16_t each : {std::uint16_t{0}, std::uint16_t{0x8000}, std::uint16_t{0xFFFF}, r}) {
        ASSERT_NO_FATAL_FAILURE(expect_encodes(oracle, v, Rounding::stochastic, saturate, each));
      }
    }
  }
}

void expect_all_neighbours(FormatSpec spec, bool literal) {
  Random random(seed_of(1));
  const Oracle oracle(spec, literal);
  const std::vector<double>& grid = oracle.negative;
  for (std::size_t i = 0; i + 1 < grid.size(); ++i) {
    const double lo = grid[i], hi = grid[i + 1];
    for (const double f : {0.0, 0.25, 0.5, 0.75, 1.0})
      ASSERT_NO_FATAL_FAILURE(expect_around(oracle, lo + f * (hi - lo), random));
  }
}

TEST(Encode, NeighboursAndMidpointsOfEveryNarrowCode) {
  for (const FormatSpec spec : narrow_formats()) {
    for (const bool literal : {false, true}) ASSERT_NO_FATAL_FAILURE(expect_all_neighbours(spec, literal));
  }
}

TEST(Encode, NeighboursAndMidpointsOfEveryBf16Code) { expect_all_neighbours({Format::bf16, 0}, false); }

TEST(Encode, RandomBits) {
  Random random(seed_of(2));
  for (const FormatSpec spec : operand_formats()) {
    for (const bool literal : {false, true}) {
      const Oracle oracle(spec, literal);
      for (int i = 0; i < (spec.format == Format::bf16 ? 200000 : 5000); ++i) {
        // Half anywhere in FP32, half near the format's range.
        float v = as_float(static_cast<std::uint32_t>(random.bits32()));
        if (i % 2 != 0)
          v = std::ldexp(as_float(0x3F800000u | (random.bits32() & 0x807FFFFFu)),
                         static_cast<int>(random.bits32() % 48) - effective_bias(spec) - 6);
        if (!std::isfinite(v)) continue;
        const Rounding rounding = random.bits32() % 2 != 0 ? Rounding::nearest : Rounding::stochastic;
        ASSERT_NO_FATAL_FAILURE(
            expect_encodes(oracle, v, rounding, random.bits32() % 2 != 0, static_cast<std::uint16_t>(random.bits32())));
      }
    }
  }
}

TEST(Encode, EveryCodeSurvivesARoundTrip) {
  for (const FormatSpec spec : operand_formats()) {
    for (const bool literal : {false, true}) {
      for (std::uint32_t code = 0; code < (spec.format == Format::bf16 ? 65536u : 256u); ++code) {
        Flags ignored, flags;
        const std::uint32_t v = to_fp32(spec, code, literal, ignored);
        if (v == canonical_nan) continue;
        ASSERT_EQ(encode(v, spec, Rounding::stochastic, false, literal, 0xFFFF, flags), code) << to_string(spec);
        ASSERT_FALSE(flags.has(Flag::inexact) && (v & 0x7FFFFFFF) != 0x7F800000);
        ASSERT_FALSE(flags.has(Flag::overflow));
      }
    }
  }
}

TEST(Encode, Specials) {
  constexpr std::uint32_t inf = 0x7F800000, minus_inf = 0xFF800000;
  constexpr std::uint8_t invalid = 1, overflow_flag = 4, inexact_flag = 16;
  struct Row {
    FormatSpec spec;
    std::uint32_t in;
    bool saturate;
    std::uint32_t code;
    int flags;
  };
  const Row rows[] = {
      {{Format::bf16, 0}, inf, false, 0x7F80, 0},
      {{Format::bf16, 0}, minus_inf, false, 0xFF80, 0},
      {{Format::bf16, 0}, inf, true, 0x7F7F, overflow_flag | inexact_flag},
      {{Format::bf16, 0}, minus_inf, true, 0xFF7F, overflow_flag | inexact_flag},
      {{Format::bf16, 0}, 0xFFC12345, true, 0x7FC0, 0},
      {{Format::e5m2, 0}, inf, false, 0x7C, 0},
      {{Format::e5m2, 0}, minus_inf, true, 0xFB, overflow_flag | inexact_flag},
      {{Format::e5m2, 0}, 0x7F800001, false, 0x7E, 0},
      {{Format::e4m3, 0}, inf, false, 0x7F, inexact_flag},
      {{Format::e4m3, 0}, minus_inf, false, 0xFF, inexact_flag},
      {{Format::e4m3, 0}, minus_inf, true, 0xFE, overflow_flag | inexact_flag},
      {{Format::e4m3, 0}, 0xFFC00000, true, 0x7F, 0},
      {{Format::cf8_143, 7}, inf, false, 0x7F, overflow_flag | inexact_flag},
      {{Format::cf8_143, 7}, minus_inf, true, 0xFF, overflow_flag | inexact_flag},
      {{Format::cf8_143, 7}, 0xFFC00000, false, 0x7F, invalid},
      {{Format::cf8_152, 63}, minus_inf, false, 0xFF, overflow_flag | inexact_flag},
      {{Format::cf8_152, 0}, 0x7FC00000, true, 0x7F, invalid},
      {{Format::int8, 0}, inf, false, 0x7F, overflow_flag | inexact_flag},
      {{Format::int8, 0}, minus_inf, false, 0x80, overflow_flag | inexact_flag},
      {{Format::int8, 0}, 0xFFC00000, false, 0x7F, invalid},
      {{Format::int8, 0}, bits_of(-128.4f), false, 0x80, inexact_flag},
      {{Format::int8, 0}, bits_of(-128.5f), false, 0x80, inexact_flag},
      {{Format::int8, 0}, bits_of(-128.6f), false, 0x80, overflow_flag | inexact_flag},
      {{Format::int8, 0}, bits_of(127.4f), false, 0x7F, inexact_flag},
      {{Format::int8, 0}, bits_of(127.5f), false, 0x7F, overflow_flag | inexact_flag},
      {{Format::int8, 0}, 0x80000000, false, 0x00, 0},
      {{Format::fp32, 0}, 0xFF812345, true, canonical_nan, 0},
      {{Format::fp32, 0}, minus_inf, true, minus_inf, 0},
      {{Format::fp32, 0}, 0x80000001, true, 0x80000001, 0},
  };
  for (const Row& row : rows) {
    for (const Rounding rounding : {Rounding::nearest, Rounding::stochastic}) {
      if (rounding == Rounding::stochastic && row.spec.format == Format::int8) continue;
      Flags flags;
      EXPECT_EQ(encode(row.in, row.spec, rounding, row.saturate, false, 1, flags), row.code)
          << to_string(row.spec) << ' ' << row.in;
      EXPECT_EQ(flags.bits, row.flags) << to_string(row.spec) << ' ' << row.in;
    }
  }
}

// The literal rule's gap: between (2^M - 1) u and 2^(M+1) u there is nothing, and a tie goes to the even code, the
// upper.
TEST(Encode, LiteralGap) {
  const FormatSpec spec{Format::cf8_143, 0};
  const auto nearest = [&](double v) {
    Flags flags;
    return encode(bits_of(static_cast<float>(v)), spec, Rounding::nearest, false, true, 0, flags);
  };
  EXPECT_EQ(nearest(7.0 / 8), 7u);
  EXPECT_EQ(nearest(7.75 / 8), 7u);
  EXPECT_EQ(nearest(16.0 / 8), 8u);
  EXPECT_EQ(nearest(11.49 / 8), 7u);
  EXPECT_EQ(nearest(11.5 / 8), 8u);
  EXPECT_EQ(nearest(11.51 / 8), 8u);
}

TEST(Encode, StochasticProbabilityIsTheFractionCutTo16Bits) {
  Random random(seed_of(3));
  for (const FormatSpec spec :
       {FormatSpec{Format::bf16, 0}, {Format::e4m3, 0}, {Format::cf8_152, 20}, {Format::int8, 0}}) {
    for (int n = 0; n < 8; ++n) {
      const float v = std::ldexp(as_float(0x3F800000u | (random.bits32() & 0x7FFFFFu)), n % 4);
      std::uint32_t up = 0;
      Flags flags;
      const std::uint32_t lo = encode(bits_of(v), spec, Rounding::stochastic, false, false, 0, flags);
      for (std::uint32_t r = 0; r < 65536; ++r) {
        const std::uint32_t code =
            encode(bits_of(v), spec, Rounding::stochastic, false, false, static_cast<std::uint16_t>(r), flags);
        ASSERT_TRUE(code == lo || code == lo + 1);
        up += code - lo;
      }
      const double below = to_double(spec, lo, false), above = to_double(spec, lo + 1, false);
      EXPECT_EQ(up, static_cast<std::uint32_t>((double{v} - below) / (above - below) * 65536));
    }
  }
}

TEST(Encode, Relu) {
  EXPECT_EQ(relu(bits_of(1.5f)), bits_of(1.5f));
  EXPECT_EQ(relu(bits_of(-1.5f)), 0u);
  EXPECT_EQ(relu(0x80000000u), 0u);
  EXPECT_EQ(relu(0xFF800000u), 0u);
  EXPECT_EQ(relu(0x7F800000u), 0x7F800000u);
  EXPECT_EQ(relu(0x80000001u), 0u);
  EXPECT_EQ(relu(0xFFC00000u), 0xFFC00000u);
  EXPECT_EQ(relu(canonical_nan), canonical_nan);
}

}  // namespace
}  // namespace hilbert::model::test

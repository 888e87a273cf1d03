// SPDX-License-Identifier: Apache-2.0
// The cell's step against exact integers, against the machine's fused multiply-add, and against its own error bound.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "exact.hpp"
#include "hilbert/model/cell.hpp"
#include "support/random.hpp"

namespace hilbert::model::test {
namespace {

constexpr std::uint32_t inf = 0x7F800000;

struct Terms {
  std::vector<Operand> a, b;
  std::uint32_t c = 0;
};

std::uint32_t run(const Terms& t, Flags& flags, bool int_mode = false) {
  return dot_step(t.a, t.b, t.c, int_mode, flags);
}

Operand bf16(std::uint32_t code) {
  Flags ignored;
  return decode({Format::bf16, 0}, code, false, ignored);
}
Operand bf16(float v) { return bf16(bits_of(v) >> 16); }
Operand int8(int v) {
  Flags ignored;
  return decode({Format::int8, 0}, static_cast<std::uint32_t>(v) & 0xFF, false, ignored);
}

Integer exact_product(const Operand& a, const Operand& b) {
  const Integer magnitude = scaled(std::uint64_t{a.sig} * b.sig, a.x + b.x - 268);
  return a.sign != b.sign ? Integer(-magnitude) : magnitude;
}

/// Section 2's anchor.
int anchor_of(const Terms& t) {
  int anchor = std::max<int>(t.c >> 23 & 0xFF, 1) + 126;
  for (std::size_t i = 0; i < t.a.size(); ++i) {
    if (t.a[i].sig != 0 && t.b[i].sig != 0) anchor = std::max(anchor, t.a[i].x + t.b[i].x);
  }
  return anchor;
}

Integer exact_sum(const Terms& t) {
  Integer sum = exact_of({Format::fp32, 0}, t.c, false).value();
  for (std::size_t i = 0; i < t.a.size(); ++i) sum += exact_product(t.a[i], t.b[i]);
  return sum;
}

/// A second implementation: exact terms cut to multiples of 2^(A - 280), and the machine's own rounding of a double,
/// which holds the sum of them exactly, to a float.
std::uint32_t by_exact_terms(const Terms& t, Flags& flags) {
  const Integer unit = scaled(1, anchor_of(t) - 280);
  Integer sum = exact_of({Format::fp32, 0}, t.c, false).value() / unit;  // cpp_int divides toward zero
  for (std::size_t i = 0; i < t.a.size(); ++i) sum += exact_product(t.a[i], t.b[i]) / unit;
  if (sum == 0) return 0;
  const auto rounded = static_cast<float>(std::ldexp(sum.convert_to<double>(), anchor_of(t) - 280));
  flags.raise_if(Flag::overflow, std::isinf(rounded));
  flags.raise_if(Flag::underflow, std::fabs(rounded) < 0x1p-126f);
  return bits_of(rounded);
}

enum class Kind { ordinary, any_code, narrow, cancelling, tiny, huge, zeros, wide };
constexpr std::array all_kinds{Kind::ordinary, Kind::any_code, Kind::narrow, Kind::cancelling,
                               Kind::tiny,     Kind::huge,     Kind::zeros,  Kind::wide};

/// Finite operands and accumulator of one kind.
Terms random_terms(Kind kind, unsigned depth, Random& random) {
  const auto between = [&](int low, int high) {
    return low + static_cast<int>(random.bits32() % static_cast<unsigned>(high - low + 1));
  };
  const auto operand = [&](int e_low, int e_high) {
    return bf16((random.bits32() % 2) << 15 | static_cast<std::uint32_t>(between(e_low, e_high)) << 7 |
                random.bits32() % 128);
  };
  const auto fp32 = [&](int e_low, int e_high) {
    return static_cast<std::uint32_t>(random.bits32() % 2) << 31 |
           static_cast<std::uint32_t>(between(e_low, e_high)) << 23 | (random.bits32() & 0x7FFFFF);
  };
  Terms t;
  Flags ignored;
  const FormatSpec narrow[] = {
      {Format::cf8_143, static_cast<std::uint8_t>(random.bits32() % 64)}, {Format::e5m2, 0}, {Format::e4m3, 0}};
  for (unsigned i = 0; i < depth; ++i) {
    switch (kind) {
      case Kind::ordinary:
        t.a.push_back(operand(120, 130));
        t.b.push_back(operand(120, 130));
        break;
      case Kind::any_code:
      case Kind::cancelling:
        t.a.push_back(operand(0, 254));
        t.b.push_back(operand(0, 254));
        break;
      case Kind::narrow: {
        Operand v[2];
        for (Operand& each : v) {
          do each = decode(narrow[random.bits32() % 3], random.bits32() & 0xFF, random.bits32() % 2 != 0, ignored);
          while (each.cls != Class::finite);
        }
        t.a.push_back(v[0]);
        t.b.push_back(v[1]);
        break;
      }
      case Kind::tiny:
        t.a.push_back(operand(0, 70));
        t.b.push_back(operand(0, 70));
        break;
      case Kind::huge:
        t.a.push_back(operand(188, 192));
        t.b.push_back(operand(188, 193));
        break;
      case Kind::zeros:
        t.a.push_back(random.bits32() % 2 ? bf16(random.bits32() % 2 << 15) : operand(0, 254));
        t.b.push_back(random.bits32() % 2 ? bf16(random.bits32() % 2 << 15) : operand(0, 254));
        break;
      case Kind::wide:
        t.a.push_back(operand(124, 130));
        t.b.push_back(operand(110, 140));
        break;
    }
  }
  switch (kind) {
    case Kind::ordinary:
      t.c = fp32(115, 135);
      break;
    case Kind::any_code:
    case Kind::zeros:
      t.c = random.bits32() % 4 == 0 ? static_cast<std::uint32_t>(random.bits32() % 2) << 31 : fp32(0, 254);
      break;
    case Kind::narrow:
      t.c = fp32(40, 190);
      break;
    case Kind::tiny:
      t.c = fp32(0, 24);
      break;
    case Kind::huge:
      t.c = fp32(250, 254);
      break;
    case Kind::wide:
      t.c = fp32(90, 150);
      break;
    case Kind::cancelling: {
      // c is nearly the negative of the largest product; the rest is chance.
      const int anchor = t.a[0].x + t.b[0].x;
      const double p = (t.a[0].sign != t.b[0].sign ? -1.0 : 1.0) * t.a[0].sig * t.b[0].sig;
      const auto opposite = static_cast<float>(-std::ldexp(p, anchor - 268));
      t.c = std::isfinite(opposite) ? bits_of(opposite) ^ (random.bits32() % 3) : 0;
      if ((t.c & inf) == inf) t.c = 0;
      break;
    }
  }
  return t;
}

std::string describe(const Terms& t) {
  std::string text = "c = " + std::to_string(t.c);
  for (std::size_t i = 0; i < t.a.size(); ++i) {
    for (const Operand& v : {t.a[i], t.b[i]}) {
      text += (v.sign ? " -" : " +") + std::to_string(v.sig) + "*2^(" + std::to_string(v.x) + "-134)";
    }
  }
  return text;
}

TEST(Cell, EqualsExactTermsCutAndRoundedByTheMachine) {
  Random random(seed_of(1));
  Flags seen;
  for (const unsigned depth : {1u, 2u, 4u}) {
    for (const Kind kind : all_kinds) {
      for (int n = 0; n < 20000; ++n) {
        const Terms t = random_terms(kind, depth, random);
        Flags got_flags, want_flags;
        const std::uint32_t got = run(t, got_flags), want = by_exact_terms(t, want_flags);
        ASSERT_EQ(got, want) << describe(t);
        ASSERT_EQ(got_flags, want_flags) << describe(t);
        seen |= got_flags;
      }
    }
  }
  EXPECT_TRUE(seen.has(Flag::overflow) && seen.has(Flag::underflow)) << "the data reached neither end of FP32";
}

TEST(Cell, KeepsTheErrorBound) {
  Random random(seed_of(2));
  for (const unsigned depth : {1u, 2u, 4u}) {
    for (const Kind kind : all_kinds) {
      for (int n = 0; n < 10000; ++n) {
        const Terms t = random_terms(kind, depth, random);
        Flags flags;
        const Exact got = exact_of({Format::fp32, 0}, run(t, flags), false);
        if (got.kind != Exact::number) continue;
        const Integer error = abs(got.value() - exact_sum(t));
        const Integer cut = depth * scaled(1, anchor_of(t) - 280);
        // Half a unit in the last place of the result, seen from above: of the larger binade if rounding carried.
        const std::uint32_t field = std::max<std::uint32_t>(run(t, flags) >> 23 & 0xFF, 1);
        const Integer half_ulp = scaled(1, static_cast<int>(field) - 151);
        ASSERT_LT(error, cut + half_ulp) << describe(t);
      }
    }
  }
}

// D products of 0.992 units each vanish beside an accumulator: no bound of D - 1 units could hold.
TEST(Cell, TheErrorBoundIsTight) {
  for (const unsigned depth : {1u, 2u, 4u}) {
    Terms t;
    for (unsigned i = 0; i < depth; ++i) {
      t.a.push_back({false, 127, 255, Class::finite});
      t.b.push_back({false, 127, 255, Class::finite});
    }
    t.c = static_cast<std::uint32_t>(254 + 28 - 126) << 23;  // E_c + 126 = q + 28: every product is cut to nothing
    Flags flags;
    ASSERT_EQ(run(t, flags), t.c);
    const Integer error = exact_sum(t) - exact_of({Format::fp32, 0}, t.c, false).value();
    const Integer unit = scaled(1, anchor_of(t) - 280);
    EXPECT_LT(error, depth * unit);
    EXPECT_GT(error * 100, depth * unit * 99);
  }
}

// Where no cut loses anything, Depth 1 is the machine's fused multiply-add (a zero sum is +0 here, whatever its terms).
TEST(Cell, DepthOneIsFusedMultiplyAddWhereNothingIsCut) {
  Random random(seed_of(3));
  int compared = 0, cut = 0;
  for (const Kind kind : all_kinds) {
    for (int n = 0; n < 50000; ++n) {
      const Terms t = random_terms(kind, 1, random);
      const int anchor = anchor_of(t);
      const int e_c = std::max<int>(t.c >> 23 & 0xFF, 1);
      const bool product_whole = t.a[0].sig == 0 || t.b[0].sig == 0 || anchor - t.a[0].x - t.b[0].x <= 12;
      if (!product_whole || anchor - e_c - 126 > 4) {
        ++cut;
        continue;
      }
      const auto as_machine = [](const Operand& v) {
        return static_cast<float>((v.sign ? -1 : 1) * std::ldexp(v.sig, v.x - 134));
      };
      Flags flags;
      const float want = std::fma(as_machine(t.a[0]), as_machine(t.b[0]), as_float(t.c));
      const std::uint32_t got = run(t, flags);
      ASSERT_EQ(got, exact_sum(t) == 0 ? 0u : bits_of(want)) << describe(t);
      ++compared;
    }
  }
  EXPECT_GT(compared, 50000);
  EXPECT_GT(cut, 10000);
}

// 1.0 * b has its leading bit one below the window's top: b from 2^-13 to 2^3 of c fits whole beside it.
TEST(Cell, AddsLikeTheMachineWhereNothingIsCut) {
  Random random(seed_of(4));
  for (int n = 0; n < 200000; ++n) {
    const int e = 14 + static_cast<int>(random.bits32() % 236);
    const std::uint32_t c = static_cast<std::uint32_t>(random.bits32() % 2) << 31 |
                            static_cast<std::uint32_t>(e) << 23 | (random.bits32() & 0x7FFFFF);
    const auto addend = static_cast<std::uint32_t>(random.bits32() % 2) << 15 |
                        static_cast<std::uint32_t>(e - 13 + static_cast<int>(random.bits32() % 17)) << 7 |
                        random.bits32() % 128;
    const Terms t{{bf16(1.0f)}, {bf16(addend)}, c};
    Flags flags;
    const float want = as_float(c) + as_float(addend << 16);
    ASSERT_EQ(run(t, flags), want == 0 ? 0u : bits_of(want));
  }
}

TEST(Cell, OrderOfTermsDoesNotMatter) {
  Random random(seed_of(5));
  for (const Kind kind : all_kinds) {
    for (int n = 0; n < 2000; ++n) {
      Terms t = random_terms(kind, 4, random);
      Flags flags;
      const std::uint32_t want = run(t, flags);
      const Terms exchanged{t.b, t.a, t.c};
      ASSERT_EQ(run(exchanged, flags), want);
      std::array<std::size_t, 4> order{0, 1, 2, 3};
      while (std::next_permutation(order.begin(), order.end())) {
        Terms p{{}, {}, t.c};
        for (const std::size_t i : order) {
          p.a.push_back(t.a[i]);
          p.b.push_back(t.b[i]);
        }
        ASSERT_EQ(run(p, flags), want);
      }
    }
  }
}

TEST(Cell, NegatingEverythingNegatesTheResult) {
  Random random(seed_of(6));
  for (const Kind kind : all_kinds) {
    for (int n = 0; n < 5000; ++n) {
      Terms t = random_terms(kind, 4, random);
      Flags flags, same;
      const std::uint32_t plus = run(t, flags);
      t.c ^= 0x80000000;
      for (Operand& v : t.a) v.sign = !v.sign;
      const std::uint32_t minus = run(t, same);
      const bool zero_sum = plus == 0 && !flags.has(Flag::underflow);
      ASSERT_EQ(minus, zero_sum ? 0u : plus ^ 0x80000000) << describe(t);
      ASSERT_EQ(flags, same);
    }
  }
}

// Every combination of classes and signs: NaNs and infinities come out where IEEE 754 arithmetic makes them.
TEST(Cell, SpecialsAsInIeeeArithmetic) {
  const float values[] = {0.0f, -0.0f, 1.0f, -1.0f, 0x1p-130f, INFINITY, -INFINITY, NAN};
  for (const unsigned depth : {1u, 2u}) {
    const unsigned count = depth == 1 ? 512 : 32768;
    for (unsigned n = 0; n < count; ++n) {
      Terms t;
      unsigned digits = n;
      const auto next = [&] { return values[std::exchange(digits, digits / 8) % 8]; };
      const float c = next();
      t.c = bits_of(c);
      double want = c;
      bool nan_in = std::isnan(c);
      for (unsigned i = 0; i < depth; ++i) {
        const float a = next(), b = next();
        t.a.push_back(bf16(a));
        t.b.push_back(bf16(b));
        want += double{a} * double{b};
        nan_in = nan_in || std::isnan(a) || std::isnan(b);
      }
      Flags flags;
      const std::uint32_t got = run(t, flags);
      ASSERT_EQ(got == canonical_nan, std::isnan(want)) << n;
      ASSERT_EQ(std::isnan(as_float(got)), std::isnan(want)) << n;
      ASSERT_EQ(flags.has(Flag::invalid), std::isnan(want) && !nan_in) << n;
      ASSERT_FALSE(flags.has(Flag::overflow));
      if (std::isinf(want)) {
        ASSERT_EQ(as_float(got), static_cast<float>(want)) << n;
      }
      ASSERT_EQ(std::isfinite(want), std::isfinite(as_float(got))) << n;
    }
  }
}

TEST(Cell, ZeroSumsArePositive) {
  Flags flags;
  EXPECT_EQ(run({{bf16(-1.0f)}, {bf16(0.0f)}, 0x80000000}, flags), 0u);
  EXPECT_EQ(run({{bf16(1.0f)}, {bf16(1.0f)}, bits_of(-1.0f)}, flags), 0u);
  EXPECT_EQ(flags, Flags{});
  const Operand tiny_a{true, 50, 128, Class::finite}, tiny_b{false, 50, 128, Class::finite};
  EXPECT_EQ(run({{tiny_a}, {tiny_b}, 0}, flags), 0u) << "cut to nothing: S = 0";
  EXPECT_EQ(flags, Flags{});
  // Not cut to nothing, but half of the smallest subnormal: it rounds to zero and keeps its sign.
  const Operand a{true, 59, 128, Class::finite}, b{false, 45, 128, Class::finite};  // -2^-150
  EXPECT_EQ(run({{a}, {b}, 0}, flags), 0x80000000u);
  EXPECT_TRUE(flags.has(Flag::underflow));
}

TEST(Cell, Int8IsExactBelow2To24AndSaysWhenNot) {
  Random random(seed_of(7));
  bool left_range = false;
  for (const unsigned depth : {1u, 2u, 4u}) {
    for (int run_number = 0; run_number < 60; ++run_number) {
      const bool extreme = run_number % 2 != 0;
      std::int64_t exact = 0;
      std::uint32_t c = 0;
      Flags flags;
      bool in_range = true;
      for (int step = 0; step < 1500 && in_range; ++step) {
        Terms t;
        t.c = c;
        for (unsigned i = 0; i < depth; ++i) {
          const int a = extreme ? -128 : static_cast<int>(random.bits32() % 256) - 128;
          const int b = extreme ? (run_number % 4 == 1 ? -128 : 127) : static_cast<int>(random.bits32() % 256) - 128;
          t.a.push_back(int8(a));
          t.b.push_back(int8(b));
          exact += a * b;
        }
        c = run(t, flags, true);
        in_range = std::abs(exact) < (1 << 24);
        ASSERT_EQ(flags.has(Flag::int_range), !in_range);
        ASSERT_TRUE(!in_range || as_float(c) == static_cast<float>(exact));
      }
      left_range = left_range || !in_range;
      flags = {};
      (void)run({{int8(-128)}, {int8(-128)}, bits_of(0x1p24f)}, flags, false);
      ASSERT_FALSE(flags.has(Flag::int_range)) << "only int8 watches the range";
    }
  }
  EXPECT_TRUE(left_range);
}

}  // namespace
}  // namespace hilbert::model::test

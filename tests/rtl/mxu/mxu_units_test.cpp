// SPDX-License-Identifier: Apache-2.0
// The combinational units of the matrix engine against the reference model, exhaustively where that is possible.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include "Vhb_mxu_units.h"
#include "hilbert/model/cell.hpp"
#include "hilbert/model/encode.hpp"
#include "hilbert/model/operand.hpp"
#include "hilbert/model/stochastic.hpp"
#include "support/random.hpp"

namespace hilbert::model {
namespace {

constexpr std::uint32_t first_seed = 20240601;
constexpr unsigned max_reported = 5;

/// Every format that a job can name, with every bias and both subnormal rules where they matter.
struct Variant {
  FormatSpec spec;
  bool literal;
};
std::vector<Variant> variants(bool with_fp32) {
  std::vector<Variant> all;
  for (const FormatInfo& f : formats) {
    if (f.format == Format::fp32 && !with_fp32) continue;
    const unsigned biases = has_tensor_bias(f.format) ? max_bias + 1u : 1u;
    for (unsigned bias = 0; bias < biases; ++bias) {
      for (const bool literal : {false, true}) all.push_back({{f.format, static_cast<std::uint8_t>(bias)}, literal});
    }
  }
  return all;
}

class Units : public ::testing::Test {
 protected:
  void select(const Variant& v) {
    dut_.fmt_i = static_cast<std::uint8_t>(v.spec.format);
    dut_.bias_i = v.spec.bias;
    dut_.literal_i = v.literal;
  }

  /// Counts a mismatch and reports the first few. `what` is only called for those.
  template <class What>
  void expect(bool good, What what) {
    if (good) return;
    if (++failures_ <= max_reported) ADD_FAILURE() << what();
  }

  void TearDown() override { EXPECT_EQ(failures_, 0u) << "mismatches in all"; }

  static std::string hex(std::uint64_t v) {
    char text[24];
    std::snprintf(text, sizeof text, "%#llx", static_cast<unsigned long long>(v));
    return text;
  }

  Vhb_mxu_units dut_;
  Random random_{first_seed};
  unsigned failures_ = 0;
};

TEST_F(Units, DecodesEveryCodeOfEveryFormat) {
  dut_.dec_valid_i = 1;
  std::uint64_t codes = 0;
  for (const Variant& v : variants(false)) {
    select(v);
    const std::uint32_t count = element_bytes(v.spec.format) == 2 ? 0x1'0000u : 0x100u;
    for (std::uint32_t code = 0; code < count; ++code, ++codes) {
      dut_.code_i = code | (count == 0x100 ? random_.bits32() << 8 : random_.bits32() << 16);  // rubbish above the code
      dut_.eval();
      Flags flags;
      const Operand want = decode(v.spec, code, v.literal, flags);
      const Class cls = dut_.dec_nan_o ? Class::nan : dut_.dec_inf_o ? Class::inf : Class::finite;
      bool good = cls == want.cls && dut_.dec_denormal_o == flags.has(Flag::denormal);
      if (want.cls != Class::nan) good = good && dut_.dec_sign_o == want.sign && dut_.dec_nonzero_o == (want.sig != 0);
      if (want.cls == Class::finite)
        good = good && dut_.dec_sig_o == want.sig && (want.sig == 0 || dut_.dec_x_o == want.x);
      expect(good, [&] { return to_string(v.spec) + " literal " + std::to_string(v.literal) + " code " + hex(code); });
    }
  }
  EXPECT_EQ(codes, 2 * 65536u + 2 * 2 * 64 * 256u + 3 * 2 * 256u);
}

TEST_F(Units, PaddingDecodesToZero) {
  for (const Variant& v : variants(false)) {
    select(v);
    for (unsigned i = 0; i < 64; ++i) {
      dut_.code_i = i == 0 ? 0xFFFFFFFFu : random_.bits32();
      dut_.eval();
      expect(dut_.dec_sig_o == 0 && !dut_.dec_nonzero_o && !dut_.dec_inf_o && !dut_.dec_nan_o && !dut_.dec_denormal_o,
             [&] { return to_string(v.spec) + " code " + hex(dut_.code_i); });
    }
  }
}

TEST_F(Units, ConvertsEveryCodeToFp32) {
  dut_.to_fp32_valid_i = 1;
  for (const Variant& v : variants(true)) {
    select(v);
    const bool fp32 = v.spec.format == Format::fp32;
    const std::uint32_t count = fp32 ? 200'000u : element_bytes(v.spec.format) == 2 ? 0x1'0000u : 0x100u;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t code = !fp32        ? i
                                 : i % 2 == 0 ? random_.bits32()
                                              : (random_.bits32() & 0x807F'FFFFu) | (i & 2) * 0x3FC0'0000u;
      dut_.code_i = code;
      dut_.eval();
      Flags flags;
      const std::uint32_t want = to_fp32(v.spec, code, v.literal, flags);
      expect(dut_.fp32_o == want && dut_.fp32_denormal_o == flags.has(Flag::denormal), [&] {
        return to_string(v.spec) + " code " + hex(code) + ": want " + hex(want) + " got " + hex(dut_.fp32_o);
      });
    }
  }
}

TEST_F(Units, DrawsTheRandomNumbers) {
  dut_.hash_valid_i = 1;
  for (unsigned i = 0; i < 100'000; ++i) {
    const std::uint32_t seed = random_.bits32();
    const auto row = static_cast<std::uint16_t>(random_.bits32()),
               col = static_cast<std::uint16_t>(random_.bits32() & ~1u);
    dut_.seed_i = seed;
    dut_.row_i = row;
    dut_.col_pair_i = col >> 1;
    dut_.eval();
    expect(dut_.even_o == random16(seed, row, col) && dut_.odd_o == random16(seed, row, col | 1u),
           [&] { return "seed " + hex(seed) + " row " + hex(row) + " col " + hex(col); });
  }
}

class Encoder : public Units {
 protected:
  void check(const Variant& v, std::uint32_t value, std::uint16_t r) {
    dut_.code_i = value;
    dut_.random_i = r;
    for (unsigned options = 0; options < 8; ++options) {
      const bool use_relu = options & 1, saturate = options & 2, stochastic = options & 4;
      if (use_relu && random_.bits32() % 4 != 0) continue;
      dut_.relu_i = use_relu;
      dut_.saturate_i = saturate;
      dut_.stochastic_i = stochastic;
      dut_.eval();
      Flags flags;
      const std::uint32_t want =
          encode(use_relu ? relu(value) : value, v.spec, stochastic ? Rounding::stochastic : Rounding::nearest,
                 saturate, v.literal, r, flags);
      expect(dut_.enc_code_o == want && dut_.enc_flags_o == flags.bits, [&] {
        return to_string(v.spec) + (v.literal ? " literal" : "") + (use_relu ? " relu" : "") +
               (saturate ? " saturate" : "") + (stochastic ? " stochastic r " + hex(r) : "") + " of " + hex(value) +
               ": want " + hex(want) + " (" + to_string(flags) + ") got " + hex(dut_.enc_code_o) + " (" +
               to_string(Flags{dut_.enc_flags_o}) + ")";
      });
    }
  }

  std::uint16_t draw() {
    constexpr std::array<std::uint16_t, 6> edges{0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF};
    const unsigned n = random_.bits32();
    return n % 2 == 0 ? edges[n / 2 % edges.size()] : static_cast<std::uint16_t>(n >> 16);
  }
};

TEST_F(Encoder, AroundEveryCodeAndEveryMidpoint) {
  dut_.enc_valid_i = 1;
  for (const Variant& v : variants(false)) {
    select(v);
    const std::uint32_t step = element_bytes(v.spec.format) == 2 ? 37 : v.spec.bias % 8 == 7 ? 1 : 3;
    const std::uint32_t top = element_bytes(v.spec.format) == 2 ? 0x7F7F
                              : v.spec.format == Format::int8   ? 0x7E
                                                                : info(v.spec.format).largest;
    for (std::uint32_t code = random_.bits32() % step; code < top; code += step) {
      const double lo = to_double(v.spec, code, v.literal), hi = to_double(v.spec, code + 1, v.literal);
      for (const double at : {lo, (lo + hi) / 2, lo + (hi - lo) / 65536 * draw()}) {
        const std::uint32_t centre = std::bit_cast<std::uint32_t>(static_cast<float>(at));
        for (int d = -1; d <= 1; ++d) {
          const std::uint32_t magnitude = (centre + static_cast<std::uint32_t>(d)) & 0x7FFF'FFFFu;
          check(v, magnitude | (random_.bits32() & 0x8000'0000u), draw());
        }
      }
    }
  }
}

TEST_F(Encoder, EverywhereElse) {
  dut_.enc_valid_i = 1;
  for (const Variant& v : variants(true)) {
    select(v);
    for (const std::uint32_t value :
         {0u, 1u, 0x007F'FFFFu, 0x0080'0000u, 0x7F7F'FFFFu, 0x7F80'0000u, 0x7F80'0001u, 0x7FC0'0000u, 0x7FFF'FFFFu,
          0x3F80'0000u, 0x42FE'0000u, 0x42FF'0000u, 0x42FF'0001u, 0x4300'0000u, 0x4300'8000u, 0x4300'8001u,
          0x4380'0000u, 0x4F00'0000u}) {
      check(v, value, draw());
      check(v, value | 0x8000'0000u, draw());
    }
    const int bias = effective_bias(v.spec);
    for (unsigned i = 0; i < 2000; ++i) {
      const std::uint32_t near =
          static_cast<std::uint32_t>(127 - bias + static_cast<int>(random_.bits32() % 48) - 12) & 0xFFu;
      const std::uint32_t exponent = i % 4 == 0 ? random_.bits32() & 0xFFu : near;
      check(v, exponent << 23 | (random_.bits32() & 0x807F'FFFFu), draw());
    }
  }
}

TEST_F(Encoder, MaskedElementsAreZeroWithoutAFlag) {
  for (const Variant& v : variants(true)) {
    select(v);
    dut_.code_i = 0xFFC1'2345u;
    dut_.eval();
    expect(dut_.enc_code_o == 0 && dut_.enc_flags_o == 0, [&] { return to_string(v.spec); });
  }
}

/// One way to make operands and an accumulator: each aims at another part of the cell.
/// `brim`: a sum that fills all 31 bits, in which the lowest bit of an accumulator shifted by four decides a tie.
enum class Aim { any_word, close, cancel, special, integer, tiny, huge, tie, brim, count };

class Cell : public Units, public ::testing::WithParamInterface<unsigned> {
 protected:
  bool one_in(std::uint32_t n) { return random_.below(n) == 0; }

  Operand finite(std::uint32_t x, std::uint32_t sig) {
    return {one_in(2), static_cast<std::uint8_t>(x), static_cast<std::uint8_t>(sig), Class::finite};
  }
  std::uint32_t fp32(std::uint32_t exponent) { return (exponent & 0xFFu) << 23 | (random_.bits32() & 0x807F'FFFFu); }

  Operand operand(Aim aim) {
    const std::uint32_t sig = one_in(8) ? 0 : one_in(4) ? random_.below(128) : 128 + random_.below(128);
    switch (aim) {
      case Aim::any_word:
        return finite(random_.below(256), random_.below(256));
      case Aim::close:
      case Aim::cancel:
        return finite(120 + random_.below(14), sig);
      case Aim::special:
        if (one_in(6)) return {one_in(2), static_cast<std::uint8_t>(random_.bits32()), 128, Class::inf};
        if (one_in(16)) return {one_in(2), static_cast<std::uint8_t>(random_.bits32()), 192, Class::nan};
        return finite(100 + random_.below(56), one_in(3) ? 0 : sig);
      case Aim::integer:
        return finite(134, random_.below(129));
      case Aim::tiny:
        return finite(1 + random_.below(140), sig);
      case Aim::brim:
        return {false, 127, 255, Class::finite};
      case Aim::huge:
        return finite(180 + random_.below(75), sig);
      default:
        return finite(126 + random_.below(4) * 4, 1u << random_.below(8));
    }
  }

  std::uint32_t accumulator(Aim aim, std::uint32_t previous) {
    if (one_in(16)) return one_in(2) ? 0x8000'0000u : 0;
    switch (aim) {
      case Aim::any_word:
        return random_.bits32();
      case Aim::close:
        return one_in(2) ? previous : fp32(115 + random_.below(24));
      case Aim::special:
        return one_in(8) ? 0x7F80'0000u | (random_.bits32() & 0x8000'0000u) | (one_in(3) ? 1 : 0) : fp32(127);
      case Aim::integer:
        return std::bit_cast<std::uint32_t>(static_cast<float>(static_cast<int>(random_.below(1u << 26)) - (1 << 25)));
      case Aim::tiny:
        return one_in(2) ? random_.bits32() & 0x80FF'FFFFu : fp32(random_.below(40));
      case Aim::brim:
        return (124u << 23 | (random_.bits32() & 0x007F'FF00u)) + (0x40u | (random_.bits32() & 0x81u));
      case Aim::huge:
        return fp32(225 + random_.below(30));
      default:
        return fp32(119 + random_.below(30)) & 0xFF80'0000u;
    }
  }

  void drive(std::span<const Operand> a, std::span<const Operand> b, std::uint32_t c) {
    const auto field = [](std::span<const Operand> v, unsigned width, auto get) {
      std::uint32_t word = 0;
      for (std::size_t i = 0; i < v.size(); ++i) word |= static_cast<std::uint32_t>(get(v[i])) << (i * width);
      return word;
    };
    const auto sign = [](const Operand& o) { return o.sign; };
    const auto x = [](const Operand& o) { return o.x; };
    const auto sig = [](const Operand& o) { return o.sig; };
    const auto nonzero = [](const Operand& o) { return o.sig != 0; };
    const auto inf = [](const Operand& o) { return o.cls == Class::inf; };
    const auto nan = [](const Operand& o) { return o.cls == Class::nan; };
    dut_.a_sign_i = static_cast<std::uint8_t>(field(a, 1, sign));
    dut_.b_sign_i = static_cast<std::uint8_t>(field(b, 1, sign));
    dut_.a_x_i = field(a, 8, x);
    dut_.b_x_i = field(b, 8, x);
    dut_.a_sig_i = field(a, 8, sig);
    dut_.b_sig_i = field(b, 8, sig);
    dut_.a_nonzero_i = static_cast<std::uint8_t>(field(a, 1, nonzero));
    dut_.b_nonzero_i = static_cast<std::uint8_t>(field(b, 1, nonzero));
    dut_.a_inf_i = static_cast<std::uint8_t>(field(a, 1, inf));
    dut_.b_inf_i = static_cast<std::uint8_t>(field(b, 1, inf));
    dut_.a_nan_i = static_cast<std::uint8_t>(field(a, 1, nan));
    dut_.b_nan_i = static_cast<std::uint8_t>(field(b, 1, nan));
    dut_.acc_i = c;
  }
};

TEST_P(Cell, MillionsOfStepsOfEveryKind) {
  const unsigned depth = GetParam();
  const unsigned slice = static_cast<unsigned>(std::countr_zero(depth));
  constexpr unsigned steps = 2'000'000;
  dut_.cell_valid_i = static_cast<std::uint8_t>(1u << slice);
  std::array<Operand, max_depth> a{}, b{};
  std::uint32_t previous = 0;
  std::uint8_t seen = 0;
  for (unsigned i = 0; i < steps; ++i) {
    const auto aim = static_cast<Aim>(random_.below(static_cast<std::uint32_t>(Aim::count)));
    for (unsigned k = 0; k < depth; ++k) {
      a[k] = operand(aim);
      b[k] = operand(aim);
    }
    std::uint32_t c = accumulator(aim, previous);
    const bool int_mode = aim == Aim::integer;
    Flags ignored;
    const std::span<const Operand> sa{a.data(), depth}, sb{b.data(), depth};
    // A cancelling step's accumulator is minus the sum of its products, give or take one unit.
    if (aim == Aim::cancel) c = (dot_step(sa, sb, 0, false, ignored) ^ 0x8000'0000u) + random_.below(3) - 1;
    Flags flags;
    const std::uint32_t want = dot_step(sa, sb, c, int_mode, flags);
    drive(sa, sb, c);
    dut_.int_mode_i = int_mode;
    dut_.eval();
    const std::uint32_t got = dut_.cell_result_o[slice];
    const auto got_flags = static_cast<std::uint8_t>(dut_.cell_flags_o >> (6 * slice) & 63u);
    expect(got == want && got_flags == flags.bits, [&] {
      std::string terms;
      for (unsigned k = 0; k < depth; ++k) {
        for (const Operand& o : {a[k], b[k]})
          terms += std::string(o.sign ? " -" : " +") + std::to_string(o.sig) + "p" + std::to_string(o.x) + "c" +
                   std::to_string(static_cast<int>(o.cls));
        terms += ",";
      }
      return "step " + std::to_string(i) + " aim " + std::to_string(static_cast<int>(aim)) + terms + " c " + hex(c) +
             ": want " + hex(want) + " (" + to_string(flags) + ") got " + hex(got) + " (" +
             to_string(Flags{got_flags}) + ")";
    });
    previous = want;
    seen |= flags.bits;
  }
  // The stimuli reached every flag a cell has.
  Flags all;
  for (const Flag f : {Flag::invalid, Flag::overflow, Flag::underflow, Flag::int_range}) all.raise(f);
  EXPECT_EQ(seen, all.bits);
}

TEST_P(Cell, KeepsTheAccumulatorWhenDisabled) {
  dut_.cell_valid_i = 0;
  const std::array<Operand, max_depth> inf{Operand{false, 255, 128, Class::inf}};
  drive(inf, std::array<Operand, max_depth>{}, 0x1234'5678u);
  dut_.eval();
  EXPECT_EQ(dut_.cell_result_o[std::countr_zero(GetParam())], 0x1234'5678u);
  EXPECT_EQ(dut_.cell_flags_o, 0u);
}

INSTANTIATE_TEST_SUITE_P(Depths, Cell, ::testing::Values(1u, 2u, 4u),
                         [](const auto& p) { return "Depth" + std::to_string(p.param); });

}  // namespace
}  // namespace hilbert::model

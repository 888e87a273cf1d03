// SPDX-License-Identifier: Apache-2.0
// Decoding of every code of every format, bias and subnormal rule, against exact integers and published values.
#include <gtest/gtest.h>

#include "exact.hpp"
#include "hilbert/model/cell.hpp"
#include "hilbert/model/operand.hpp"

namespace hilbert::model::test {
namespace {

void expect_decodes(FormatSpec spec, std::uint32_t code, bool literal) {
  SCOPED_TRACE(testing::Message() << to_string(spec) << " code " << code << " literal " << literal);
  const Exact want = exact_of(spec, code, literal);
  Flags flags, fp32_flags;
  const Operand got = decode(spec, code, literal, flags);
  const std::uint32_t fp32 = to_fp32(spec, code, literal, fp32_flags);
  const double as_double = to_double(spec, code, literal);
  Flags want_flags;
  want_flags.raise_if(Flag::denormal, want.subnormal);
  ASSERT_EQ(flags, want_flags);
  ASSERT_EQ(fp32_flags, want_flags);
  switch (want.kind) {
    case Exact::nan:
      ASSERT_EQ(got.cls, Class::nan);
      ASSERT_EQ(fp32, canonical_nan);
      ASSERT_TRUE(std::isnan(as_double));
      break;
    case Exact::infinity:
      ASSERT_EQ(got.cls, Class::inf);
      ASSERT_EQ(got.sign, want.negative);
      ASSERT_EQ(fp32, want.negative ? 0xFF800000u : 0x7F800000u);
      ASSERT_EQ(as_double, want.negative ? -INFINITY : INFINITY);
      break;
    case Exact::number: {
      ASSERT_EQ(got.cls, Class::finite);
      ASSERT_EQ(got.sign, want.negative);
      ASSERT_EQ(scaled(got.sig, got.x - 134), want.magnitude);
      // The FP32 code is exactly the operand: no rounding anywhere.
      const Exact through = exact_of({Format::fp32, 0}, fp32, false);
      ASSERT_EQ(through.kind, Exact::number);
      ASSERT_EQ(through.negative, want.negative);
      ASSERT_EQ(through.magnitude, want.magnitude);
      ASSERT_EQ(scaled(as_double), want.value());
      ASSERT_EQ(std::signbit(as_double), want.negative);
      break;
    }
  }
}

TEST(Decode, EveryNarrowCodeBiasAndRule) {
  for (const FormatSpec spec : narrow_formats()) {
    for (const bool literal : {false, true}) {
      for (std::uint32_t code = 0; code < 256; ++code) ASSERT_NO_FATAL_FAILURE(expect_decodes(spec, code, literal));
    }
  }
}

TEST(Decode, EveryBf16Code) {
  for (const bool literal : {false, true}) {
    for (std::uint32_t code = 0; code < 65536; ++code)
      ASSERT_NO_FATAL_FAILURE(expect_decodes({Format::bf16, 0}, code, literal));
  }
}

TEST(Decode, Bf16IsTheUpperHalfOfAFloat) {
  for (std::uint32_t code = 0; code < 65536; ++code) {
    const float machine = as_float(code << 16);
    if (std::isnan(machine)) continue;
    ASSERT_EQ(to_double({Format::bf16, 0}, code, false), double{machine}) << code;
  }
}

// OCP 8-bit Floating Point Specification, tables 1 and 2 (E4M3, E5M2).
TEST(Decode, PublishedOcpValues) {
  const auto e4m3 = [](std::uint32_t c) { return to_double({Format::e4m3, 0}, c, false); };
  const auto e5m2 = [](std::uint32_t c) { return to_double({Format::e5m2, 0}, c, false); };
  EXPECT_EQ(e4m3(0x7E), 448.0);
  EXPECT_EQ(e4m3(0xFE), -448.0);
  EXPECT_EQ(e4m3(0x08), std::ldexp(1.0, -6));
  EXPECT_EQ(e4m3(0x07), std::ldexp(0.875, -6));
  EXPECT_EQ(e4m3(0x01), std::ldexp(1.0, -9));
  EXPECT_TRUE(std::isnan(e4m3(0x7F)) && std::isnan(e4m3(0xFF)));
  EXPECT_EQ(e5m2(0x7B), 57344.0);
  EXPECT_EQ(e5m2(0x04), std::ldexp(1.0, -14));
  EXPECT_EQ(e5m2(0x03), std::ldexp(0.75, -14));
  EXPECT_EQ(e5m2(0x01), std::ldexp(1.0, -16));
  EXPECT_EQ(e5m2(0x7C), INFINITY);
  EXPECT_EQ(e5m2(0xFC), -INFINITY);
  for (const std::uint32_t c : {0x7Du, 0x7Eu, 0x7Fu, 0xFDu, 0xFEu, 0xFFu}) EXPECT_TRUE(std::isnan(e5m2(c)));
  int e4m3_specials = 0;
  for (std::uint32_t c = 0; c < 256; ++c) e4m3_specials += std::isfinite(e4m3(c)) ? 0 : 1;
  EXPECT_EQ(e4m3_specials, 2);
}

// Tesla's CFloat8 paper: no infinities or NaNs, the all-ones exponent an ordinary number.
TEST(Decode, CFloatAgainstOcp) {
  EXPECT_EQ(to_double({Format::cf8_143, 7}, 0x7F, false), 480.0);
  EXPECT_EQ(to_double({Format::cf8_143, 7}, 0x08, false), std::ldexp(1.0, -6));
  for (unsigned b = 0; b <= max_bias; ++b) {
    const FormatSpec spec{Format::cf8_143, static_cast<std::uint8_t>(b)};
    for (std::uint32_t c = 0; c < 256; ++c) {
      if ((c & 0x7F) == 0x7F) continue;
      ASSERT_EQ(to_double(spec, c, false), std::ldexp(to_double({Format::e4m3, 0}, c, false), 7 - static_cast<int>(b)));
    }
  }
}

TEST(Decode, LiteralRuleHalvesCFloatSubnormalsOnly) {
  for (const FormatSpec spec : operand_formats()) {
    for (std::uint32_t code = 0; code < (spec.format == Format::bf16 ? 65536u : 256u); ++code) {
      const double plain = to_double(spec, code, false), literal = to_double(spec, code, true);
      if (std::isnan(plain)) continue;
      ASSERT_EQ(literal, has_tensor_bias(spec.format) && exact_of(spec, code, false).subnormal ? plain / 2 : plain);
    }
  }
}

TEST(Decode, Fp32Source) {
  for (const std::uint32_t nan : {0x7F800001u, 0x7FFFFFFFu, 0xFFC00000u, 0xFF800001u}) {
    Flags flags;
    EXPECT_EQ(to_fp32({Format::fp32, 0}, nan, false, flags), canonical_nan);
    EXPECT_EQ(flags, Flags{});
  }
  for (const std::uint32_t code : {0u, 0x80000000u, 0x00800000u, 0x7F7FFFFFu, 0x7F800000u, 0xFF800000u, 0x3F800001u}) {
    Flags flags;
    EXPECT_EQ(to_fp32({Format::fp32, 0}, code, false, flags), code);
    EXPECT_EQ(flags, Flags{});
  }
  for (const std::uint32_t code : {1u, 0x80000001u, 0x007FFFFFu}) {
    Flags flags;
    EXPECT_EQ(to_fp32({Format::fp32, 0}, code, false, flags), code);
    EXPECT_TRUE(flags.has(Flag::denormal));
  }
}

}  // namespace
}  // namespace hilbert::model::test

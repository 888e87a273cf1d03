// SPDX-License-Identifier: Apache-2.0
// The fast conversions against the reference model's encode and decode, element by element.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <hilbert/convert.hpp>
#include <hilbert/model/operand.hpp>
#include <hilbert/model/stochastic.hpp>
#include <limits>

#include "support/errors.hpp"
#include "support/random.hpp"

namespace hilbert {
namespace {

using model::FormatSpec;

const std::vector<std::string> names{"fp32",       "bf16",       "cf8_143:0", "cf8_143:7", "cf8_143:63", "cf8_152:0",
                                     "cf8_152:15", "cf8_152:63", "e4m3",      "e5m2",      "int8"};

/// Every upper half of an FP32 number with lower halves around the rounding boundaries: all exponents, signs, NaNs.
Matrix<float> every_case() {
  const std::uint32_t low[] = {0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF};
  Matrix<float> values(std::size(low), 65536);
  for (std::size_t i = 0; i < std::size(low); ++i) {
    for (std::uint32_t high = 0; high < 65536; ++high) values(i, high) = std::bit_cast<float>(high << 16 | low[i]);
  }
  return values;
}

std::uint32_t code_at(const CodeMatrix& m, std::size_t index) {
  std::uint32_t code = 0;
  const std::size_t bytes = model::element_bytes(m.format.format);
  std::memcpy(&code, m.codes.data() + index * bytes, bytes);
  return code;
}

void expect_as_model(const Matrix<float>& values, FormatSpec format, const EncodeOptions& options) {
  const CodeMatrix codes = encode_matrix(values, format, options);
  model::Flags flags;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < values.rows(); ++i) {
    for (std::size_t j = 0; j < values.cols(); ++j) {
      const std::uint16_t r = model::random16(options.seed, static_cast<std::uint16_t>(options.row0 + i),
                                              static_cast<std::uint16_t>(options.col0 + j));
      const std::uint32_t expected = model::encode(std::bit_cast<std::uint32_t>(values(i, j)), format, options.rounding,
                                                   options.saturate, options.literal, r, flags);
      if (code_at(codes, i * values.cols() + j) == expected) continue;
      if (wrong++ < 3) {
        ADD_FAILURE() << model::to_string(format) << ": " << std::hexfloat << values(i, j) << " gave " << std::hex
                      << code_at(codes, i * values.cols() + j) << ", the model " << expected;
      }
    }
  }
  EXPECT_EQ(wrong, 0u);
  EXPECT_EQ(model::to_string(codes.flags), model::to_string(flags)) << model::to_string(format);
}

TEST(Convert, NearestEqualsTheModelForEveryUpperHalf) {
  const Matrix<float> values = every_case();
  for (const std::string& name : names) {
    for (const bool saturate : {false, true}) {
      for (const bool literal : {false, true}) {
        EncodeOptions options;
        options.saturate = saturate;
        options.literal = literal;
        expect_as_model(values, FormatArg(name), options);
      }
    }
  }
}

TEST(Convert, StochasticEqualsTheModelFromAnyOrigin) {
  Random random(seed_of(20));
  Matrix<float> values(64, 63);
  for (float& v : values.elements()) v = std::bit_cast<float>(static_cast<std::uint32_t>(random.bits32()));
  for (std::size_t i = 0; i < values.size(); i += 2)
    values.elements()[i] = std::ldexp(float(random.bits32() % 4096) - 2048, -9);
  for (const std::string& name : names) {
    EncodeOptions options;
    options.rounding = model::Rounding::stochastic;
    options.seed = 0xDEADBEEF;
    options.row0 = 65500;  // passes 65535
    options.col0 = 65501;
    expect_as_model(values, FormatArg(name), options);
  }
}

/// Flags of a single element each, so that one element's flag cannot hide another's.
TEST(Convert, FlagsOfSingleElements) {
  Random random(seed_of(21));
  for (const std::string& name : names) {
    const FormatArg format(name);
    for (int i = 0; i < 3000; ++i) {
      Matrix<float> one(1, 1);
      one(0, 0) =
          std::bit_cast<float>(static_cast<std::uint32_t>(random.bits32()) & (i % 3 == 0 ? 0xFFFF0000u : 0xFFFFFFFFu));
      if (i % 5 == 0) one(0, 0) = std::bit_cast<float>(static_cast<std::uint32_t>(random.bits32()) & 0x80FFFFFFu);
      for (const bool saturate : {false, true}) {
        EncodeOptions options;
        options.saturate = saturate;
        model::Flags flags;
        model::encode(std::bit_cast<std::uint32_t>(one(0, 0)), format, options.rounding, saturate, false, 0, flags);
        ASSERT_EQ(model::to_string(encode_matrix(one, format, options).flags), model::to_string(flags))
            << name << " " << std::hexfloat << one(0, 0) << " saturate " << saturate;
      }
    }
  }
}

TEST(Convert, TransposedViewsGiveTheTransposedCodes) {
  Matrix<float> values(37, 21);
  for (std::size_t i = 0; i < values.size(); ++i) values.elements()[i] = static_cast<float>(i) * 0.37f - 50.0f;
  const CodeMatrix straight = encode_matrix(values, "bf16"), turned = encode_matrix(values.view().transposed(), "bf16");
  ASSERT_EQ(turned.rows, 21u);
  for (std::size_t i = 0; i < 37; ++i) {
    for (std::size_t j = 0; j < 21; ++j) EXPECT_EQ(code_at(straight, i * 21 + j), code_at(turned, j * 37 + i));
  }
}

TEST(Convert, DecodeEqualsTheModelForEveryCode) {
  for (const std::string& name : names) {
    const FormatArg format(name);
    const std::size_t bytes = model::element_bytes(format.spec.format);
    for (const bool literal : {false, true}) {
      const std::uint32_t count = bytes == 1 ? 256 : 65536;
      CodeMatrix codes{format, 1, count, std::vector<std::byte>(count * bytes), {}};
      for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t code = bytes == 4 ? i << 16 | (i * 40503u & 0xFFFFu) : i;
        std::memcpy(codes.codes.data() + i * bytes, &code, bytes);
      }
      const Matrix<float> values = decode_matrix(codes, literal);
      for (std::uint32_t i = 0; i < count; ++i) {
        model::Flags ignored;
        ASSERT_EQ(std::bit_cast<std::uint32_t>(values(0, i)),
                  model::to_fp32(format, code_at(codes, i), literal, ignored))
            << name << " code " << code_at(codes, i);
      }
    }
  }
}

TEST(Convert, UnknownFormatsNameTheKnownOnes) {
  expect_error(ExitCode::bad_input, "cf8_143:BIAS", [] { FormatArg("fp16"); });
  expect_error(ExitCode::bad_input, "no such number format: 'cf8_143:64'", [] { FormatArg("cf8_143:64"); });
}

}  // namespace
}  // namespace hilbert

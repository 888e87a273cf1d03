// SPDX-License-Identifier: Apache-2.0
// gemm(): the fast path against the definition, exact int8, tiling, and positions.
#include "hilbert/model/gemm.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "exact.hpp"
#include "hilbert/sizes.hpp"
#include "support/random.hpp"

namespace hilbert::model::test {
namespace {

using Bytes = std::vector<std::byte>;

void put(Bytes& to, std::uint32_t code, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) to.push_back(static_cast<std::byte>(code >> (8 * i)));
}

enum class Data { ordinary, any_code, mostly_zero, tiny, huge, rare_special };
constexpr std::array all_data{Data::ordinary, Data::any_code, Data::mostly_zero,
                              Data::tiny,     Data::huge,     Data::rare_special};

std::uint32_t random_code(Format f, Data data, Random& random) {
  const auto bits = static_cast<std::uint32_t>(random.bits32());
  if (data == Data::mostly_zero && bits % 8 != 0) return 0;
  if (data == Data::rare_special && bits % 500 == 0)
    return f == Format::bf16 ? 0x7F80 | (bits >> 16 & 0x8001) : 0x7C | (bits >> 16 & 0x83);
  if (f != Format::bf16) return (bits >> 8 & 0xFF) & (data == Data::rare_special ? 0xBF : 0xFF);
  const std::uint32_t fraction = bits >> 8 & 0x807F;
  const auto exponent = [&](unsigned low, unsigned count) { return (low + (bits >> 24) % count) << 7; };
  switch (data) {
    case Data::tiny:
      return fraction | exponent(50, 20);
    case Data::huge:
      return fraction | exponent(185, 8);
    case Data::any_code:
      return bits >> 8 & 0xFFFF;
    case Data::ordinary:
    case Data::mostly_zero:
    case Data::rare_special:
      break;
  }
  return fraction | exponent(118, 12);
}

Bytes random_matrix(std::size_t elements, Format f, Data data, Random& random) {
  Bytes m;
  for (std::size_t i = 0; i < elements; ++i) put(m, random_code(f, data, random), element_bytes(f));
  return m;
}

Bytes random_fp32(std::size_t elements, Data data, Random& random) {
  Bytes m;
  for (std::size_t i = 0; i < elements; ++i) {
    auto bits = static_cast<std::uint32_t>(random.bits32());
    if (data != Data::any_code) {
      const unsigned e = data == Data::tiny ? 0 : data == Data::huge ? 250 : 120;
      bits = (bits & 0x807FFFFF) | (e + (bits >> 23 & 3)) << 23;
    }
    put(m, bits, 4);
  }
  return m;
}

FormatSpec random_format(Random& random, bool fp32) {
  const auto f = static_cast<Format>(random.bits32() % 7);
  if (f == Format::fp32 && !fp32) return {Format::bf16, 0};
  return {f, static_cast<std::uint8_t>(has_tensor_bias(f) ? random.bits32() % 64 : 0)};
}

TEST(Gemm, FastPathEqualsTheDefinition) {
  Random random(seed_of(1));
  Flags seen;
  for (int n = 0; n < 1500; ++n) {
    Gemm job;
    const Data data = all_data[static_cast<std::size_t>(n) % all_data.size()];
    job.m = 1 + static_cast<std::uint32_t>(random.bits32() % 9);
    job.n = 1 + static_cast<std::uint32_t>(random.bits32() % 70);
    job.k = 1 + static_cast<std::uint32_t>(random.bits32() % 40);
    job.depth = 1u << random.bits32() % 3;
    job.a = n % 3 == 0 ? random_format(random, false) : FormatSpec{Format::bf16, 0};
    job.b = n % 3 == 0 ? random_format(random, false) : job.a;
    job.d = n % 2 == 0 ? random_format(random, true) : FormatSpec{Format::fp32, 0};
    job.accumulate = random.bits32() % 2 != 0;
    job.relu = random.bits32() % 4 == 0;
    job.saturate = random.bits32() % 2 != 0;
    job.stochastic = random.bits32() % 2 != 0;
    job.literal = random.bits32() % 2 != 0;
    job.seed = static_cast<std::uint32_t>(random.bits32());
    job.row0 = static_cast<std::uint16_t>(random.bits32());
    job.col0 = static_cast<std::uint16_t>(random.bits32());
    const Bytes a = random_matrix(std::size_t{job.m} * job.k, job.a.format, data, random);
    const Bytes b = random_matrix(std::size_t{job.k} * job.n, job.b.format, data, random);
    const Bytes c = random_fp32(std::size_t{job.m} * job.n, data, random);
    const GemmResult fast = gemm(job, a, b, c), slow = gemm_reference(job, a, b, c);
    ASSERT_EQ(fast.d, slow.d) << "job " << n;
    ASSERT_EQ(fast.flags, slow.flags) << "job " << n << ": " << to_string(fast.flags) << " / " << to_string(slow.flags);
    seen |= fast.flags;
  }
  for (const Flag f : {Flag::invalid, Flag::denormal, Flag::overflow, Flag::underflow, Flag::inexact}) {
    EXPECT_TRUE(seen.has(f)) << "the data never raised "
                             << to_string(Flags{static_cast<std::uint8_t>(1u << static_cast<unsigned>(f))});
  }
}

// Overflow in the middle of K makes an infinity that later steps must meet as one; 2^127 * 2 - inf is NaN.
TEST(Gemm, OverflowOnTheWayStaysInfinite) {
  Gemm job{.m = 1, .n = 40, .k = 8, .a = {Format::bf16, 0}, .b = {Format::bf16, 0}, .d = {Format::fp32, 0}, .depth = 2};
  Bytes a, b;
  for (std::uint32_t k = 0; k < job.k; ++k) put(a, 0x7F00, 2);  // 2^127
  for (std::uint32_t k = 0; k < job.k; ++k) {
    for (std::uint32_t j = 0; j < job.n; ++j) put(b, j == 3 && k < 4 ? 0x4000 : k >= 4 ? 0xBF80 : 0x0000, 2);
  }
  const GemmResult fast = gemm(job, a, b), slow = gemm_reference(job, a, b);
  EXPECT_EQ(fast.d, slow.d);
  EXPECT_EQ(fast.flags, slow.flags);
  EXPECT_TRUE(fast.flags.has(Flag::overflow));
}

TEST(Gemm, Int8IsExact) {
  Random random(seed_of(2));
  for (const unsigned depth : {1u, 2u, 4u}) {
    const Gemm job{.m = 5,
                   .n = 37,
                   .k = 1000,
                   .a = {Format::int8, 0},
                   .b = {Format::int8, 0},
                   .d = {Format::fp32, 0},
                   .depth = depth};
    const Bytes a = random_matrix(std::size_t{job.m} * job.k, Format::int8, Data::any_code, random);
    const Bytes b = random_matrix(std::size_t{job.k} * job.n, Format::int8, Data::any_code, random);
    Bytes want;
    for (std::size_t i = 0; i < job.m; ++i) {
      for (std::size_t j = 0; j < job.n; ++j) {
        int sum = 0;
        for (std::size_t k = 0; k < job.k; ++k)
          sum += static_cast<std::int8_t>(a[i * job.k + k]) * static_cast<std::int8_t>(b[k * job.n + j]);
        put(want, bits_of(static_cast<float>(sum)), 4);
      }
    }
    const GemmResult got = gemm(job, a, b);
    EXPECT_EQ(got.d, want);
    EXPECT_EQ(got.flags, Flags{});
  }
}

TEST(Gemm, Int8SaysWhenItLeavesItsRange) {
  Gemm job{.m = 1, .n = 1, .k = 1023, .a = {Format::int8, 0}, .b = {Format::int8, 0}, .d = {Format::fp32, 0}};
  const std::size_t just_below = 1023;
  EXPECT_FALSE(
      gemm(job, Bytes(just_below, std::byte{0x80}), Bytes(just_below, std::byte{0x80})).flags.has(Flag::int_range));
  job.k = 1024;  // 2^24
  EXPECT_TRUE(gemm(job, Bytes(1024, std::byte{0x80}), Bytes(1024, std::byte{0x80})).flags.has(Flag::int_range));
}

Bytes columns(const Bytes& m, std::size_t row_elements, std::size_t first, std::size_t count, std::size_t bytes) {
  Bytes part;
  for (std::size_t i = 0; i * row_elements * bytes < m.size(); ++i) {
    const auto row = m.begin() + static_cast<std::ptrdiff_t>((i * row_elements + first) * bytes);
    part.insert(part.end(), row, row + static_cast<std::ptrdiff_t>(count * bytes));
  }
  return part;
}

Bytes rows(const Bytes& m, std::size_t row_bytes, std::size_t first, std::size_t count) {
  return {m.begin() + static_cast<std::ptrdiff_t>(first * row_bytes),
          m.begin() + static_cast<std::ptrdiff_t>((first + count) * row_bytes)};
}

TEST(Gemm, CuttingKAtMultiplesOfDepthChangesNothing) {
  Random random(seed_of(3));
  for (const unsigned depth : {1u, 2u, 4u}) {
    for (const Data data : all_data) {
      Gemm whole{.m = 6,
                 .n = 41,
                 .k = 29,
                 .a = {Format::bf16, 0},
                 .b = {Format::e5m2, 0},
                 .d = {Format::bf16, 0},
                 .relu = true,
                 .stochastic = true,
                 .seed = 5,
                 .row0 = 9,
                 .col0 = 4,
                 .depth = depth};
      const Bytes a = random_matrix(std::size_t{whole.m} * whole.k, Format::bf16, data, random);
      const Bytes b = random_matrix(std::size_t{whole.k} * whole.n, Format::e5m2, data, random);
      Gemm first = whole;
      first.k = 16;
      first.d = {Format::fp32, 0};
      first.relu = false;
      const GemmResult partial = gemm(first, columns(a, 29, 0, 16, 2), rows(b, whole.n, 0, 16));
      Gemm second = whole;
      second.k = 13;
      second.accumulate = true;
      const GemmResult pieces = gemm(second, columns(a, 29, 16, 13, 2), rows(b, whole.n, 16, 13), partial.d);
      EXPECT_EQ(pieces.d, gemm(whole, a, b).d);
    }
  }
}

TEST(Gemm, ATileAtItsOriginIsAPartOfTheWhole) {
  Random random(seed_of(4));
  const Gemm whole{.m = 12,
                   .n = 50,
                   .k = 9,
                   .a = {Format::cf8_143, 9},
                   .b = {Format::bf16, 0},
                   .d = {Format::cf8_152, 12},
                   .stochastic = true,
                   .seed = 77,
                   .row0 = 65530,
                   .col0 = 65500,
                   .depth = 4};
  const Bytes a = random_matrix(std::size_t{whole.m} * whole.k, whole.a.format, Data::ordinary, random);
  const Bytes b = random_matrix(std::size_t{whole.k} * whole.n, whole.b.format, Data::ordinary, random);
  const Bytes d = gemm(whole, a, b).d;
  Gemm part = whole;
  part.m = 7;
  part.n = 13;
  part.row0 = static_cast<std::uint16_t>(whole.row0 + 5);  // over the modulo
  part.col0 = static_cast<std::uint16_t>(whole.col0 + 33);
  const Bytes tile = gemm(part, rows(a, whole.k, 5, 7), columns(b, 50, 33, 13, 2)).d;
  EXPECT_EQ(tile, rows(columns(d, 50, 33, 13, 1), 13, 5, 7));
  Gemm reseeded = whole;
  reseeded.seed = 78;
  EXPECT_NE(gemm(reseeded, a, b).d, d);
  EXPECT_EQ(gemm(whole, a, b).d, d);
}

TEST(Gemm, RefusesWhatCannotBe) {
  const Gemm good{.m = 2, .n = 3, .k = 4, .a = {Format::bf16, 0}, .b = {Format::int8, 0}, .d = {Format::fp32, 0}};
  const Bytes a(16), b(12), c(24);
  EXPECT_NO_THROW(gemm(good, a, b));
  EXPECT_THROW(gemm(good, Bytes(15), b), std::invalid_argument);
  EXPECT_THROW(gemm(good, a, Bytes(13)), std::invalid_argument);
  const auto refused = [&](auto change) {
    Gemm bad = good;
    change(bad);
    EXPECT_THROW(gemm(bad, a, b, c), std::invalid_argument);
  };
  refused([](Gemm& g) { g.depth = 3; });
  refused([](Gemm& g) { g.depth = 8; });
  refused([](Gemm& g) { g.a.format = Format::fp32; });
  refused([](Gemm& g) { g.a.bias = 1; });
  refused([](Gemm& g) { g.d = {Format::cf8_143, 64}; });
  refused([](Gemm& g) { g.d.format = static_cast<Format>(7); });
  Gemm accumulating = good;
  accumulating.accumulate = true;
  EXPECT_NO_THROW(gemm(accumulating, a, b, c));
  EXPECT_THROW(gemm(accumulating, a, b), std::invalid_argument);
}

/// Without operands (K = 0) a job of a few bytes can ask for a result of any size.
TEST(Gemm, SizesBeyondTheLimitAreRefused) {
  Gemm job;
  job.a = job.b = {Format::bf16, 0};
  const auto refused = [&](std::uint64_t m, std::uint64_t n, std::uint64_t k) {
    job.m = static_cast<std::uint32_t>(m), job.n = static_cast<std::uint32_t>(n), job.k = static_cast<std::uint32_t>(k);
    EXPECT_THROW(gemm(job, {}, {}), std::invalid_argument) << m << " " << n << " " << k;
    EXPECT_THROW(gemm_reference(job, {}, {}), std::invalid_argument) << m << " " << n << " " << k;
  };
  refused(max_size, max_size, 0);  // 2^64 bytes of fp32
  refused(max_size + 1, 0, 0);
  refused(0, max_size + 1, 0);
  refused(0, 0, max_size + 1);
  refused(0xFFFF'FFFF, 0xFFFF'FFFF, 0);
}

}  // namespace
}  // namespace hilbert::model::test

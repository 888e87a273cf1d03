// SPDX-License-Identifier: Apache-2.0
// Descriptor fields and every row of the table of checks in rtl/README.md, in its order.
#include "hilbert/model/descriptor.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "exact.hpp"
#include "support/random.hpp"

namespace hilbert::model::test {
namespace {

constexpr Geometry full_tile{};

/// Legal and far from every limit; 3 panels each in `full`: A 20 x 10 bf16, B 10 x 17, C and D 20 x 17.
Descriptor good_gemm() {
  Descriptor d;
  d.opcode = Opcode::gemm;
  d.accumulate = d.stochastic = true;
  d.tag = 42;
  d.a = {Format::bf16, 0};
  d.b = {Format::cf8_143, 7};
  d.d = {Format::fp32, 0};
  d.m = 20;
  d.n = 17;
  d.k = 10;
  d.a_at = {0, 0x400};
  d.b_at = {0x8000, 0x400};
  d.c_at = {0x10000, 0x400};
  d.d_at = {0x18000, 0x400};
  d.seed = 5;
  d.row0 = 1;
  d.col0 = 2;
  d.wait_semaphore = 3;
  d.wait_count = 4;
  d.signal_semaphore = 5;
  d.signal_count = 6;
  return d;
}

Descriptor good_convert() {
  Descriptor d;
  d.opcode = Opcode::convert;
  d.relu = d.saturate = d.literal = true;
  d.a = {Format::fp32, 0};
  d.d = {Format::int8, 0};
  d.m = 20;
  d.n = 17;
  d.a_at = {0, 0x400};
  d.d_at = {0x8000, 0x400};
  return d;
}

Descriptor good_copy() {
  Descriptor d;
  d.opcode = Opcode::copy;
  d.irq = true;
  d.m = 3;
  d.n = 2;
  d.a_at = {0, 0};
  d.d_at = {0x8000, 0x80};
  return d;
}

Descriptor good_fill() {
  Descriptor d;
  d.opcode = Opcode::fill;
  d.m = 3;
  d.n = 2;
  d.d_at = {0x8000, 0x80};
  d.seed = 0xDEADBEEF;
  return d;
}

Descriptor good_sync() { return {}; }

struct Case {
  std::string name;
  Status status;
  unsigned field;
  std::function<void(Words&)> break_it;
};

auto set_bits(unsigned word, std::uint32_t bits) {
  return [=](Words& w) { w[word] |= bits; };
}
auto set_word(unsigned word, std::uint32_t value) {
  return [=](Words& w) { w[word] = value; };
}
auto set_field(unsigned word, unsigned low, unsigned width, std::uint32_t value) {
  return [=](Words& w) {
    const std::uint32_t mask = ((1u << width) - 1) << low;
    w[word] = (w[word] & ~mask) | value << low;
  };
}

void expect_check(const Words& w, Status status, unsigned field, const std::string& name) {
  const CheckResult got = check(w, full_tile);
  EXPECT_EQ(to_string(got.status), to_string(status)) << name;
  EXPECT_EQ(got.field, field) << name;
}

void expect_cases(const Descriptor& good, const std::vector<Case>& cases) {
  expect_check(good.pack(), Status::ok, 0, "good");
  for (const Case& c : cases) {
    Words w = good.pack();
    c.break_it(w);
    expect_check(w, c.status, c.field, c.name);
  }
}

TEST(Descriptor, FieldsLieWhereTheTableSays) {
  const Words w = good_gemm().pack();
  const Words want{0x00000901,
                   42,
                   1u | (2u | 7u << 4) << 10,
                   20 | 17u << 16,
                   10,
                   0,
                   0x8000,
                   0x10000,
                   0x18000,
                   0x400,
                   0x400,
                   0x400,
                   0x400,
                   5,
                   1 | 2u << 16,
                   3u | 4u << 8 | 5u << 16 | 6u << 24};
  EXPECT_EQ(w, want);
  Descriptor all = good_gemm();
  all.relu = all.saturate = all.literal = all.irq = true;
  all.d = {Format::cf8_152, 63};
  EXPECT_EQ(all.pack()[0], 0x3F01u);
  EXPECT_EQ(all.pack()[2] >> 20, 3u | 63u << 4);
}

TEST(Descriptor, RoundTrips) {
  for (const Descriptor& d : {good_gemm(), good_convert(), good_copy(), good_fill(), good_sync()})
    EXPECT_EQ(Descriptor::unpack(d.pack()), d);
}

TEST(Completion, FieldsLieWhereTheTableSays) {
  Completion c;
  c.tag = 1;
  c.status = Status::overlap;
  c.field = 8;
  c.flags.bits = 0x2A;
  c.opcode = 2;
  c.sequence = 3;
  c.poison_address = 4;
  c.clocks = 5;
  c.busy = 6;
  c.wait_operands = 7;
  c.wait_result = 8;
  c.wait_c = 9;
  c.wait_semaphore = 10;
  c.corrected = 11;
  const Words want{1, 0x022A0809, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 0, 0, 0, 0};
  EXPECT_EQ(c.pack(), want);
  EXPECT_EQ(Completion::unpack(want), c);
}

// In the order of the table: the pairs test below relies on it. Panels and bytes in `full` for good_gemm(): A 3 panels
// of ceil(10/4) * 8 * 4 * 2 = 192; B 3 of 96 -> 128; C, D 3 of ceil(17/4) * 8 * 4 * 4 = 640.
std::vector<Case> gemm_cases() {
  return {
      {"opcode 0", Status::bad_opcode, 0, set_field(0, 0, 8, 0)},
      {"opcode 6", Status::bad_opcode, 0, set_field(0, 0, 8, 6)},
      {"opcode 255", Status::bad_opcode, 0, set_field(0, 0, 8, 255)},
      {"reserved bit 14", Status::bad_option, 0, set_bits(0, 1u << 14)},
      {"reserved bit 31", Status::bad_option, 0, set_bits(0, 1u << 31)},
      {"format of A is 7", Status::bad_format, 2, set_field(2, 0, 4, 7)},
      {"format of A is 15", Status::bad_format, 2, set_field(2, 0, 4, 15)},
      {"A is fp32", Status::bad_format, 2, set_field(2, 0, 4, 0)},
      {"A is bf16 with a bias", Status::bad_format, 2, set_field(2, 4, 6, 1)},
      {"B is fp32", Status::bad_format, 2, set_field(2, 10, 10, 0)},
      {"format of B is 8", Status::bad_format, 2, set_field(2, 10, 4, 8)},
      {"B is e4m3 with CFloat's bias", Status::bad_format, 2, set_field(2, 10, 4, 4)},
      {"format of D is 7", Status::bad_format, 2, set_field(2, 20, 4, 7)},
      {"D is fp32 with a bias", Status::bad_format, 2, set_field(2, 24, 6, 63)},
      {"format bits 31:30", Status::bad_format, 2, set_bits(2, 1u << 30)},
      {"M = 0", Status::bad_size, 3, set_field(3, 0, 16, 0)},
      {"N = 0", Status::bad_size, 3, set_field(3, 16, 16, 0)},
      {"K = 0", Status::bad_size, 4, set_field(4, 0, 16, 0)},
      {"reserved bits of word 4", Status::bad_size, 4, set_bits(4, 1u << 16)},
      {"base A misaligned", Status::misaligned, 5, set_bits(5, 1)},
      {"base B misaligned", Status::misaligned, 6, set_bits(6, 32)},
      {"base C misaligned", Status::misaligned, 7, set_bits(7, 8)},
      {"base D misaligned", Status::misaligned, 8, set_bits(8, 4)},
      {"stride A misaligned", Status::misaligned, 9, set_bits(9, 1)},
      {"stride B misaligned", Status::misaligned, 10, set_bits(10, 2)},
      {"stride C misaligned", Status::misaligned, 11, set_bits(11, 16)},
      {"stride D misaligned", Status::misaligned, 12, set_bits(12, 32)},
      {"reserved bit 3", Status::bad_semaphore, 15, set_bits(15, 1u << 3)},
      {"reserved bit 7", Status::bad_semaphore, 15, set_bits(15, 1u << 7)},
      {"reserved bit 19", Status::bad_semaphore, 15, set_bits(15, 1u << 19)},
      {"reserved bit 23", Status::bad_semaphore, 15, set_bits(15, 1u << 23)},
      {"base A outside", Status::out_of_range, 5, set_word(5, 0x20040)},
      {"stride A outside", Status::out_of_range, 9, set_word(9, 0x20040)},
      {"A ends outside", Status::out_of_range, 5, set_word(5, 0x20000)},
      {"A's sum needs more than 32 bits", Status::out_of_range, 5,
       [](Words& w) {
         w[3] = 0xFFFF | 17u << 16;
         w[9] = 0x20000;
       }},
      {"base B outside", Status::out_of_range, 6, set_word(6, 0xFFFFFFC0)},
      {"stride B outside", Status::out_of_range, 10, set_word(10, 0xFFFFFFC0)},
      {"B ends outside", Status::out_of_range, 6, set_word(6, 0x20000)},
      {"base C outside", Status::out_of_range, 7, set_word(7, 0x20040)},
      {"stride C outside", Status::out_of_range, 11, set_word(11, 0x20040)},
      {"C ends outside", Status::out_of_range, 7, set_word(7, 0x20000)},
      {"base D outside", Status::out_of_range, 8, set_word(8, 0x20040)},
      {"stride D outside", Status::out_of_range, 12, set_word(12, 0x20040)},
      {"D ends outside", Status::out_of_range, 8, set_word(8, 0x20000)},
      {"panels of D overlap", Status::overlap, 12, set_word(12, 640 - 64)},
      {"D on A", Status::overlap, 8, set_word(8, 0)},
      {"D meets A's last word", Status::overlap, 8, [](Words& w) { w[5] = 0x18000 - 0x800 - 192 + 64; }},
      {"D's last word meets A", Status::overlap, 8, [](Words& w) { w[5] = 0x18000 + 0x800 + 640 - 64; }},
      {"D on B", Status::overlap, 8, [](Words& w) { w[6] = 0x18000; }},
      {"D on C, another stride", Status::overlap, 8,
       [](Words& w) {
         w[7] = 0x18000;
         w[11] = 0x440;
       }},
      {"D on C, another base", Status::overlap, 8, [](Words& w) { w[7] = 0x18040; }},
      {"D on C, not fp32", Status::overlap, 8,
       [](Words& w) {
         w[7] = 0x18000;
         w[2] |= 1u << 20;
       }},
  };
}

TEST(Checks, Gemm) { expect_cases(good_gemm(), gemm_cases()); }

TEST(Checks, OneWordTooFar) {
  expect_cases(good_gemm(), {{"A", Status::out_of_range, 5, set_word(5, 0x20000 - 0x800 - 192 + 64)},
                             {"B", Status::out_of_range, 6, set_word(6, 0x20000 - 0x800 - 128 + 64)},
                             {"C", Status::out_of_range, 7, set_word(7, 0x20000 - 0x800 - 640 + 64)},
                             {"D", Status::out_of_range, 8, set_word(8, 0x20000 - 0x800 - 640 + 64)}});
}

TEST(Checks, LimitsThatAreStillLegal) {
  const auto ok = [](const std::string& name, auto change) {
    Words w = good_gemm().pack();
    change(w);
    expect_check(w, Status::ok, 0, name);
  };
  ok("D in place of C", [](Words& w) { w[7] = 0x18000; });
  ok("D ends with the memory", [](Words& w) { w[8] = 0x20000 - 0x800 - 640; });
  ok("stride D = a panel", [](Words& w) { w[12] = 640; });
  ok("A just below D", [](Words& w) { w[5] = 0x18000 - 0x800 - 192; });
  ok("A just above D", [](Words& w) { w[5] = 0x18000 + 0x800 + 640; });
  ok("A's panels overlap", [](Words& w) { w[9] = 0; });
  ok("A is B", [](Words& w) {
    w[6] = 0;
    w[10] = 0x400;
  });
  ok("one panel of D, stride 0", [](Words& w) {
    w[3] = 8 | 17u << 16;
    w[12] = 0;
  });
  ok("every option", [](Words& w) { w[0] |= 0x3F00; });
  ok("e5m2 everywhere", [](Words& w) { w[2] = 5 | 5 << 10 | 5 << 20; });
}

TEST(Checks, UnusedFieldsOfGemm) {
  Descriptor d = good_gemm();
  d.accumulate = d.stochastic = false;
  d.c_at = {};
  d.seed = 0;
  d.row0 = d.col0 = 0;
  expect_cases(d, {{"base C without accumulate", Status::unused, 7, set_word(7, 64)},
                   {"misaligned and unused is unused", Status::unused, 7, set_word(7, 1)},
                   {"stride C without accumulate", Status::unused, 11, set_word(11, 64)},
                   {"seed", Status::unused, 13, set_word(13, 1)},
                   {"origin", Status::unused, 14, set_word(14, 0x10000)},
                   {"a misaligned word 12 comes before an unused word 7", Status::misaligned, 12, [](Words& w) {
                      w[7] = 64;
                      w[12] = 1;
                    }}});
}

TEST(Checks, Convert) {
  expect_cases(good_convert(), {{"accumulate", Status::bad_option, 0, set_bits(0, 1u << 8)},
                                {"format of A is 7", Status::bad_format, 2, set_field(2, 0, 4, 7)},
                                {"bias of A", Status::bad_format, 2, set_field(2, 4, 6, 1)},
                                {"format of B", Status::bad_format, 2, set_field(2, 10, 4, 1)},
                                {"bias of B", Status::bad_format, 2, set_field(2, 14, 6, 32)},
                                {"bias of D", Status::bad_format, 2, set_field(2, 24, 6, 1)},
                                {"M = 0", Status::bad_size, 3, set_field(3, 0, 16, 0)},
                                {"K", Status::bad_size, 4, set_word(4, 1)},
                                {"base A misaligned", Status::misaligned, 5, set_word(5, 32)},
                                {"base B", Status::unused, 6, set_word(6, 64)},
                                {"base C", Status::unused, 7, set_word(7, 64)},
                                {"stride B", Status::unused, 10, set_word(10, 64)},
                                {"stride C", Status::unused, 11, set_word(11, 64)},
                                {"seed", Status::unused, 13, set_word(13, 1)},
                                {"origin", Status::unused, 14, set_word(14, 1)},
                                {"semaphore", Status::bad_semaphore, 15, set_bits(15, 1u << 5)},
                                {"A ends outside", Status::out_of_range, 5, set_word(5, 0x20000 - 0x840)},
                                {"panels of D overlap", Status::overlap, 12, set_word(12, 64)},
                                {"in place", Status::overlap, 8, set_word(8, 0)}});
}

TEST(Checks, Copy) {
  expect_cases(good_copy(), {{"relu", Status::bad_option, 0, set_bits(0, 1u << 9)},
                             {"saturate", Status::bad_option, 0, set_bits(0, 1u << 10)},
                             {"stochastic", Status::bad_option, 0, set_bits(0, 1u << 11)},
                             {"literal", Status::bad_option, 0, set_bits(0, 1u << 12)},
                             {"a format", Status::bad_format, 2, set_word(2, 1)},
                             {"N = 0", Status::bad_size, 3, set_field(3, 16, 16, 0)},
                             {"K", Status::bad_size, 4, set_word(4, 1)},
                             {"base B", Status::unused, 6, set_word(6, 64)},
                             {"pattern", Status::unused, 13, set_word(13, 1)},
                             {"origin", Status::unused, 14, set_word(14, 1)},
                             {"rows of D overlap", Status::overlap, 12, set_word(12, 64)},
                             {"D meets A", Status::overlap, 8, set_word(5, 0x8000 + 0x100 + 64)},
                             {"a source row ends outside", Status::out_of_range, 5, set_word(5, 0x20000 - 64)}});
}

TEST(Checks, Fill) {
  expect_cases(good_fill(), {{"M = 0", Status::bad_size, 3, set_field(3, 0, 16, 0)},
                             {"a source", Status::unused, 5, set_word(5, 64)},
                             {"a source stride", Status::unused, 9, set_word(9, 64)},
                             {"origin", Status::unused, 14, set_word(14, 1)},
                             {"rows overlap", Status::overlap, 12, set_word(12, 64)},
                             {"ends outside", Status::out_of_range, 8, set_word(8, 0x20000 - 0x100)}});
}

TEST(Checks, Sync) {
  std::vector<Case> cases{{"accumulate", Status::bad_option, 0, set_bits(0, 1u << 8)},
                          {"format", Status::bad_format, 2, set_word(2, 1u << 20)},
                          {"M", Status::bad_size, 3, set_word(3, 1)},
                          {"N", Status::bad_size, 3, set_word(3, 1u << 16)},
                          {"K", Status::bad_size, 4, set_word(4, 1)},
                          {"semaphore", Status::bad_semaphore, 15, set_bits(15, 1u << 22)}};
  for (unsigned i = 5; i <= 14; ++i) cases.push_back({"word " + std::to_string(i), Status::unused, i, set_word(i, 1)});
  expect_cases(good_sync(), cases);
}

// Of two faults in different words the one that the table names first is reported.
TEST(Checks, TheFirstFaultWins) {
  const std::vector<Case> cases = gemm_cases();
  int pairs = 0;
  for (std::size_t first = 0; first < cases.size(); ++first) {
    for (std::size_t second = first + 1; second < cases.size(); ++second) {
      Words one = good_gemm().pack(), other = one;
      cases[first].break_it(one);
      cases[second].break_it(other);
      bool apart = true;
      for (std::size_t i = 0; i < 16; ++i)
        apart = apart && (one[i] == good_gemm().pack()[i] || other[i] == good_gemm().pack()[i]);
      // Both cases of an overlap move regions that the other one relies on.
      if (!apart || cases[first].status == Status::overlap) continue;
      cases[second].break_it(one);
      expect_check(one, cases[first].status, cases[first].field, cases[first].name + " and " + cases[second].name);
      ++pairs;
    }
  }
  EXPECT_GT(pairs, 900);
}

TEST(Checks, RandomWordsAreRefusedOrSound) {
  Random random(seed_of(1));
  std::map<Status, int> seen;
  for (int n = 0; n < 300000; ++n) {
    Words w = (n % 2 != 0 ? good_gemm() : good_convert()).pack();
    for (int hits = 1 + static_cast<int>(random.bits32() % 3); hits > 0; --hits)
      w[random.bits32() % 16] ^= 1u << random.bits32() % 32;
    const CheckResult r = check(w, full_tile);
    ++seen[r.status];
    if (r.status != Status::ok) continue;
    // A descriptor that passes has no bit outside its fields.
    ASSERT_EQ(Descriptor::unpack(w).pack(), w);
  }
  for (std::uint8_t s = 0; s <= static_cast<std::uint8_t>(Status::overlap); ++s) {
    EXPECT_GT(seen[static_cast<Status>(s)], 0) << to_string(static_cast<Status>(s));
  }
}

TEST(Checks, Names) {
  EXPECT_EQ(to_string(Status::aborted), "ABORTED");
  EXPECT_EQ(to_string(static_cast<Status>(200)), "?");
  EXPECT_EQ(to_string(Opcode::sync), "SYNC");
  EXPECT_EQ(to_string(static_cast<Opcode>(0)), "?");
}

}  // namespace
}  // namespace hilbert::model::test

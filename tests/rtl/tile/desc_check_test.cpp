// SPDX-License-Identifier: Apache-2.0
// hb_desc_check against the reference model's check(): every row of the table by hand, then random and near-valid
// words.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <verilated.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "Vdesc_check_2x2x2.h"
#include "Vdesc_check_4x8x2.h"
#include "Vdesc_check_8x8x4.h"
#include "hilbert/model/descriptor.hpp"
#include "support/descriptors.hpp"
#include "support/random.hpp"

namespace hilbert::test {
namespace {

using model::CheckResult;
using model::Descriptor;
using model::Format;
using model::Geometry;
using model::Opcode;
using model::Region;
using model::Status;
using model::Words;

struct Full {
  using Model = Vdesc_check_8x8x4;
  static constexpr Geometry geometry{8, 8, 4, 4, 32768, 8};
};
struct Small {
  using Model = Vdesc_check_2x2x2;
  static constexpr Geometry geometry{2, 2, 2, 4, 2048, 8};
};
struct Oblong {
  using Model = Vdesc_check_4x8x2;
  static constexpr Geometry geometry{4, 8, 2, 4, 8192, 8, 4, 9};
};

std::string verdict(const CheckResult& r) { return fmt::format("{} field {}", model::to_string(r.status), r.field); }

template <class C>
class Dut {
 public:
  static constexpr int max_clocks = 80;  ///< promised from word 15 to the verdict

  Dut() {
    context_.randReset(2);
    context_.randSeed(static_cast<int>(run_seed() & 0x7fffffff) | 1);
    top_ = std::make_unique<typename C::Model>(&context_);
    top_->valid_i = 0;
    top_->rst_ni = 0;
    clock();
    clock();
    top_->rst_ni = 1;
  }

  /// Feeds the first `count` words, with up to `gap` idle clocks before each.
  void feed(const Words& words, unsigned count, Random& random, unsigned gap) {
    for (unsigned i = 0; i < count; ++i) {
      for (unsigned g = gap ? random() % (gap + 1) : 0; g > 0; --g) clock();
      top_->valid_i = 1;
      top_->index_i = static_cast<CData>(i);
      top_->word_i = words[i];
      clock();
      top_->valid_i = 0;
      top_->word_i = static_cast<IData>(random());
    }
  }

  CheckResult check(const Words& words, Random& random, unsigned gap = 0) {
    feed(words, 16, random, gap);
    int clocks = 0;
    while (!done() && clocks <= max_clocks) {
      clock();
      ++clocks;
    }
    EXPECT_TRUE(done()) << "no verdict after " << clocks << " clocks for " << print(words);
    return {static_cast<Status>(top_->status_o), top_->field_o};
  }

  /// What the unit passes on of a descriptor that is legal, in the terms of the model.
  Descriptor fields() const {
    Descriptor d;
    d.opcode = static_cast<Opcode>(job(154, 147));
    d.accumulate = job(146, 146);
    d.relu = job(145, 145);
    d.saturate = job(144, 144);
    d.stochastic = job(143, 143);
    d.literal = job(142, 142);
    d.a = {static_cast<Format>(job(141, 138)), static_cast<std::uint8_t>(job(137, 132))};
    d.b = {static_cast<Format>(job(131, 128)), static_cast<std::uint8_t>(job(127, 122))};
    d.d = {static_cast<Format>(job(121, 118)), static_cast<std::uint8_t>(job(117, 112))};
    d.m = static_cast<std::uint16_t>(job(111, 96));
    d.n = static_cast<std::uint16_t>(job(95, 80));
    d.k = static_cast<std::uint16_t>(job(79, 64));
    d.seed = static_cast<std::uint32_t>(job(63, 32));
    d.row0 = static_cast<std::uint16_t>(job(31, 16));
    d.col0 = static_cast<std::uint16_t>(job(15, 0));
    const auto order = [this](unsigned high, unsigned low) { return bits(top_->order_o, high, low); };
    d.tag = static_cast<std::uint32_t>(order(54, 23));
    d.irq = order(22, 22);
    d.wait_semaphore = static_cast<std::uint8_t>(order(21, 19));
    d.wait_count = static_cast<std::uint8_t>(order(18, 11));
    d.signal_semaphore = static_cast<std::uint8_t>(order(10, 8));
    d.signal_count = static_cast<std::uint8_t>(order(7, 0));
    Region* const regions[4] = {&d.a_at, &d.b_at, &d.c_at, &d.d_at};
    unsigned index_bits = 0;
    while (1u << index_bits < C::geometry.data_bytes() / C::geometry.word_bytes()) ++index_bits;
    for (unsigned r = 0; r < 4; ++r) {
      const auto base = bits(top_->base_o, (r + 1) * index_bits - 1, r * index_bits);
      const auto stride = bits(top_->stride_o, (r + 1) * (index_bits + 1) - 1, r * (index_bits + 1));
      *regions[r] = {static_cast<std::uint32_t>(base) * C::geometry.word_bytes(),
                     static_cast<std::uint32_t>(stride) * C::geometry.word_bytes()};
    }
    return d;
  }

 private:
  void clock() {
    top_->clk_i = 0;
    top_->eval();
    top_->clk_i = 1;
    top_->eval();
  }
  bool done() const { return top_->done_o; }

  static std::uint64_t bits(std::uint64_t value, unsigned high, unsigned low) {
    return value >> low & ((std::uint64_t{2} << (high - low)) - 1);
  }
  template <std::size_t N>
  static std::uint64_t bits(const VlWide<N>& value, unsigned high, unsigned low) {
    std::uint64_t result = 0;
    for (unsigned i = high + 1; i-- > low;) result = result << 1 | (value[i / 32] >> (i % 32) & 1);
    return result;
  }
  std::uint64_t job(unsigned high, unsigned low) const { return bits(top_->job_o, high, low); }

  VerilatedContext context_;
  std::unique_ptr<typename C::Model> top_;
};

template <class C>
class DescCheck : public ::testing::Test {};
using Configurations = ::testing::Types<Full, Small, Oblong>;
TYPED_TEST_SUITE(DescCheck, Configurations);

TYPED_TEST(DescCheck, RandomAndNearValid) {
  Random random(run_seed());
  Dut<TypeParam> dut;
  Maker maker(TypeParam::geometry, random);
  std::map<std::pair<int, int>, int> seen;
  constexpr int descriptors = 200'000;
  for (int i = 0; i < descriptors; ++i) {
    Words words = maker.make();
    for (unsigned m = maker.random().below(4); m > 0; --m) maker.mutate(words);
    if (i % 100 == 0) {
      for (auto& w : words) w = static_cast<std::uint32_t>(random());
      words[0] &= 0xFFu >> maker.random().below(8);
    }
    if (i % 64 == 0) dut.feed(words, 1 + maker.random().below(15), random, 0);  // one that is given up
    const CheckResult expected = check(words, TypeParam::geometry);
    const CheckResult got = dut.check(words, random, i % 16 == 0 ? 3 : 0);
    ++seen[{static_cast<int>(expected.status), expected.field}];
    ASSERT_EQ(got, expected) << "descriptor " << i << ", HILBERT_SEED=" << run_seed() << ": " << print(words)
                             << "\n  RTL   " << verdict(got) << "\n  model " << verdict(expected);
    if (expected.status == Status::ok) {
      ASSERT_EQ(dut.fields(), Descriptor::unpack(words)) << print(words);
    }
  }

  // Every row of the table, for every word it can name, was met.
  std::vector<std::pair<int, int>> wanted = {{0, 0}, {1, 0}, {2, 0}, {3, 2}, {4, 3}, {4, 4}, {7, 15}, {9, 8}, {9, 12}};
  for (int field = 5; field <= 12; ++field) wanted.insert(wanted.end(), {{5, field}, {6, field}, {8, field}});
  wanted.insert(wanted.end(), {{6, 13}, {6, 14}});
  for (const auto& [status, field] : wanted) {
    EXPECT_GE((seen[{status, field}]), 20) << "status " << status << " field " << field << " was hardly met";
  }
  EXPECT_EQ(seen.size(), wanted.size());
  EXPECT_GE((seen[{0, 0}]), descriptors / 10);
}

/// One change to a legal descriptor, and the verdict that the table gives it.
struct Case {
  std::string name;
  Words words;
  Status status;
  unsigned field;
};

/// GEMM 20 x 12 x 9, bf16 by cf8_143:7, from C to e4m3, in the `full` geometry: 3 panels of A of 3 words, 2 of B of 2.
Words gemm() {
  Descriptor d;
  d.opcode = Opcode::gemm;
  d.accumulate = true;
  d.a = {Format::bf16, 0};
  d.b = {Format::cf8_143, 7};
  d.d = {Format::e4m3, 0};
  d.m = 20, d.n = 12, d.k = 9;
  d.a_at = {0, 192};
  d.b_at = {0x1000, 128};
  d.c_at = {0x2000, 384};
  d.d_at = {0x3000, 128};
  return d.pack();
}
Words with(Words words, const std::function<void(Words&)>& change) {
  change(words);
  return words;
}
Words simple(Opcode opcode) {
  Descriptor d;
  d.opcode = opcode;
  if (opcode != Opcode::sync) d.m = 4, d.n = 2, d.d_at = {0x4000, 128};
  if (opcode == Opcode::copy) d.a_at = {0, 0};
  if (opcode == Opcode::convert) d.a = {Format::fp32, 0}, d.d = {Format::bf16, 0}, d.a_at = {0, 256};
  return d.pack();
}

std::vector<Case> cases() {
  std::vector<Case> all;
  const auto add = [&](std::string name, Status status, unsigned field, const std::function<void(Words&)>& change,
                       Words from = gemm()) {
    all.push_back({std::move(name), with(from, change), status, field});
  };
  using enum Status;
  const auto nothing = [](Words&) {};
  add("legal GEMM", ok, 0, nothing);
  for (const Opcode op : {Opcode::convert, Opcode::copy, Opcode::fill, Opcode::sync}) {
    add("legal " + std::string(model::to_string(op)), ok, 0, nothing, simple(op));
  }
  add("opcode 0", bad_opcode, 0, [](Words& w) { w[0] &= ~0xFFu; });
  add("opcode 6", bad_opcode, 0, [](Words& w) { w[0] = (w[0] & ~0xFFu) | 6; });
  add("opcode before option", bad_opcode, 0, [](Words& w) { w[0] = 0xFFFFFFFF; });
  for (unsigned b = 14; b < 32; ++b) add("reserved bit", bad_option, 0, [b](Words& w) { w[0] |= 1u << b; });
  add(
      "accumulate in CONVERT", bad_option, 0, [](Words& w) { w[0] |= 1u << 8; }, simple(Opcode::convert));
  for (unsigned b = 8; b <= 12; ++b) {
    for (const Opcode op : {Opcode::copy, Opcode::fill, Opcode::sync}) {
      add(
          "option of GEMM", bad_option, 0, [b](Words& w) { w[0] |= 1u << b; }, simple(op));
    }
  }
  add(
      "irq", ok, 0, [](Words& w) { w[0] |= 1u << 13; }, simple(Opcode::sync));
  for (const unsigned low : {0u, 10u, 20u}) {
    add("format 7", bad_format, 2, [low](Words& w) { w[2] = (w[2] & ~(0x3FFu << low)) | 7u << low; });
    add("format 15", bad_format, 2, [low](Words& w) { w[2] |= 15u << low; });
    add("bias of int8", bad_format, 2, [low](Words& w) { w[2] = (w[2] & ~(0x3FFu << low)) | 0x16u << low; });
    add("bias of cf8_152", ok, 0, [low](Words& w) { w[2] = (w[2] & ~(0x3FFu << low)) | 0x3F3u << low; });
  }
  add("A fp32", bad_format, 2, [](Words& w) { w[2] &= ~0xFu; });
  add("B fp32", bad_format, 2, [](Words& w) { w[2] &= ~(0x3FFu << 10); });
  add("word 2, bit 30", bad_format, 2, [](Words& w) { w[2] |= 1u << 30; });
  add("word 2, bit 31", bad_format, 2, [](Words& w) { w[2] |= 1u << 31; });
  add(
      "B in CONVERT", bad_format, 2, [](Words& w) { w[2] |= 1u << 10; }, simple(Opcode::convert));
  add(
      "format in COPY", bad_format, 2, [](Words& w) { w[2] |= 1u; }, simple(Opcode::copy));
  add("M 0", bad_size, 3, [](Words& w) { w[3] &= 0xFFFF0000u; });
  add("N 0", bad_size, 3, [](Words& w) { w[3] &= 0x0000FFFFu; });
  add(
      "M in SYNC", bad_size, 3, [](Words& w) { w[3] = 1; }, simple(Opcode::sync));
  add(
      "N in SYNC", bad_size, 3, [](Words& w) { w[3] = 0x10000; }, simple(Opcode::sync));
  add(
      "N 0 in FILL", bad_size, 3, [](Words& w) { w[3] &= 0xFFFFu; }, simple(Opcode::fill));
  add("K 0", bad_size, 4, [](Words& w) { w[4] = 0; });
  add(
      "K in COPY", bad_size, 4, [](Words& w) { w[4] = 1; }, simple(Opcode::copy));
  add("word 4, bit 16", bad_size, 4, [](Words& w) { w[4] |= 1u << 16; });
  add("M 0 before K 0", bad_size, 3, [](Words& w) { w[3] = 0, w[4] = 0; });
  for (unsigned f = 5; f <= 12; ++f) {
    add("misaligned", misaligned, f, [f](Words& w) { w[f] += 32; });
    add("misaligned before a later one", misaligned, f, [f](Words& w) {
      for (unsigned i = f; i <= 12; ++i) w[i] += 1;
    });
    add(
        "unused", unused, f, [f](Words& w) { w[f] = 64; }, simple(Opcode::sync));
  }
  add(
      "misaligned 12 before unused 6", misaligned, 12, [](Words& w) { w[6] = 1, w[12] += 4; }, simple(Opcode::copy));
  add("C without accumulate", unused, 7, [](Words& w) { w[0] &= ~(1u << 8); });
  add("seed without stochastic", unused, 13, [](Words& w) { w[13] = 1; });
  add("origin without stochastic", unused, 14, [](Words& w) { w[14] = 0x80000000; });
  add("seed and origin", ok, 0, [](Words& w) { w[0] |= 1u << 11, w[13] = ~0u, w[14] = ~0u; });
  add(
      "seed of FILL", ok, 0, [](Words& w) { w[13] = ~0u; }, simple(Opcode::fill));
  add(
      "origin of FILL", unused, 14, [](Words& w) { w[14] = 1; }, simple(Opcode::fill));
  for (const unsigned b : {3u, 4u, 5u, 6u, 7u, 19u, 20u, 21u, 22u, 23u}) {
    add("word 15 reserved", bad_semaphore, 15, [b](Words& w) { w[15] |= 1u << b; });
  }
  add("semaphores", ok, 0, [](Words& w) { w[15] = 0xFF07FF07; });
  // 131072 bytes of data.
  add("base of A beyond", out_of_range, 5, [](Words& w) { w[5] = 131072 + 64; });
  add("base of A at the end", out_of_range, 5, [](Words& w) { w[5] = 131072; });
  add("A one word too far", out_of_range, 5, [](Words& w) { w[5] = 131072 - 576 + 64; });
  add("A up to the end", ok, 0, [](Words& w) { w[5] = 131072 - 576; });
  add("stride of A beyond", out_of_range, 9, [](Words& w) { w[9] = 131072 + 64; });
  add("stride of A 2^31", out_of_range, 9, [](Words& w) { w[9] = 0x80000000; });
  add("base before stride", out_of_range, 5, [](Words& w) { w[5] = 131072 + 64, w[9] = 131072 + 64; });
  add("stride before end", out_of_range, 9, [](Words& w) { w[5] = 131072, w[9] = 131072 + 64; });
  add("stride of all data, one panel", ok, 0, [](Words& w) { w[3] = 12 << 16 | 8, w[9] = 131072; });
  add("stride of all data, three panels", out_of_range, 5, [](Words& w) { w[9] = 131072; });
  add("A before B", out_of_range, 5, [](Words& w) { w[5] = 131072, w[6] = 131072; });
  add("B", out_of_range, 6, [](Words& w) { w[6] = 131072 - 128; });
  add("B up to the end", ok, 0, [](Words& w) { w[6] = 131072 - 256; });
  add("C", out_of_range, 7, [](Words& w) { w[7] = 131072 - 1152 + 64; });
  add("D", out_of_range, 8, [](Words& w) { w[8] = 131072 - 384 + 64; });
  add("stride of D", out_of_range, 12, [](Words& w) { w[12] = 131072 + 64; });
  add("C before D", out_of_range, 11, [](Words& w) { w[8] = 131072, w[11] = 131072 + 64; });
  add("most panels", out_of_range, 5, [](Words& w) { w[3] |= 0xFFFF; });
  add("largest sizes", out_of_range, 5, [](Words& w) { w[3] = ~0u, w[4] = 0xFFFF; });
  add(
      "many rows at stride 0", out_of_range, 8, [](Words& w) { w[3] |= 0xFFFF; }, simple(Opcode::copy));
  add("D overlaps itself", overlap, 12, [](Words& w) { w[12] = 64; });
  add("D at stride 0, one panel", ok, 0, [](Words& w) { w[3] = 12 << 16 | 8, w[12] = 0; });
  add("itself before A", overlap, 12, [](Words& w) { w[12] = 0, w[8] = 0; });
  add("range before itself", out_of_range, 7, [](Words& w) { w[12] = 0, w[7] = 131072; });
  add("D at A", overlap, 8, [](Words& w) { w[8] = 0; });
  add("D's last word at A's first", overlap, 8, [](Words& w) { w[5] = 0x3000 + 384 - 64; });
  add("D just before A", ok, 0, [](Words& w) { w[5] = 0x3000 + 384; });
  add("D's first word at A's last", overlap, 8, [](Words& w) { w[8] = 576 - 64; });
  add("D just after A", ok, 0, [](Words& w) { w[8] = 576; });
  add("D between the panels of B", overlap, 8, [](Words& w) { w[10] = 0x4000; });
  add("D at C, e4m3", overlap, 8, [](Words& w) { w[7] = w[8], w[11] = w[12]; });
  add("D at C, fp32", ok, 0, [](Words& w) { w[2] &= ~(0x3FFu << 20), w[8] = w[7], w[12] = w[11]; });
  add("D at C, another stride", overlap, 8, [](Words& w) { w[2] &= ~(0x3FFu << 20), w[8] = w[7], w[12] = w[11] + 64; });
  add("D a word after C", overlap, 8, [](Words& w) { w[2] &= ~(0x3FFu << 20), w[8] = w[7] + 64, w[12] = w[11]; });
  add(
      "CONVERT in place", overlap, 8, [](Words& w) { w[8] = 0, w[12] = 256; }, simple(Opcode::convert));
  return all;
}

TEST(DescCheckTable, EveryRow) {
  Random random(run_seed());
  Dut<Full> dut;
  for (const Case& c : cases()) {
    const CheckResult expected{c.status, static_cast<std::uint8_t>(c.field)};
    EXPECT_EQ(check(c.words, Full::geometry), expected)
        << "model: " << c.name << ": " << verdict(check(c.words, Full::geometry)) << ", not " << verdict(expected);
    const CheckResult got = dut.check(c.words, random);
    EXPECT_EQ(got, expected) << "RTL: " << c.name << ": " << verdict(got) << ", not " << verdict(expected);
  }
}

}  // namespace
}  // namespace hilbert::test

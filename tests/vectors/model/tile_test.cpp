// SPDX-License-Identifier: Apache-2.0
// The tile's jobs against gemm() and plain loops, and every byte that a job must write or leave alone.
#include "hilbert/model/tile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "exact.hpp"
#include "hilbert/model/encode.hpp"
#include "hilbert/model/gemm.hpp"
#include "hilbert/model/layout.hpp"
#include "hilbert/model/operand.hpp"
#include "hilbert/model/stochastic.hpp"
#include "support/random.hpp"

namespace hilbert::model::test {
namespace {

using Bytes = std::vector<std::byte>;
constexpr Geometry geometries[] = {{8, 8, 4, 4, 32768, 8},
                                   {2, 2, 2, 4, 2048, 8},
                                   {4, 8, 2, 4, 8192, 8},
                                   {8, 4, 4, 4, 8192, 8},
                                   {4, 4, 1, 2, 16384, 8}};

Bytes random_bytes(std::size_t n, Random& random) {
  Bytes v(n);
  for (std::byte& b : v) b = static_cast<std::byte>(random.bits32());
  return v;
}

PanelLayout layout(const Geometry& g, std::uint32_t rows, std::uint32_t cols, std::uint32_t panel_rows, Format f) {
  return {rows, cols, panel_rows, g.depth, static_cast<std::uint32_t>(element_bytes(f)), g.word_bytes()};
}

/// Lays regions out one after another from address 0, a word apart.
struct Allocator {
  const Geometry& g;
  std::uint32_t next = 0;

  Region operator()(const PanelLayout& l, std::uint32_t slack_words) {
    const auto stride = static_cast<std::uint32_t>(l.panel_bytes()) + slack_words * g.word_bytes();
    const Region at{next, stride};
    next += static_cast<std::uint32_t>(l.extent(stride)) + g.word_bytes();
    return at;
  }
};

/// What D's region must become: for each byte of each panel the element's, or zero; all else as before.
Bytes expected_memory(Bytes before, const PanelLayout& l, Region at, const Bytes& dense) {
  for (std::uint32_t p = 0; p < l.panels(); ++p)
    std::fill_n(before.begin() + at.base + p * at.stride, l.panel_bytes(), std::byte{0});
  for (std::uint32_t i = 0; i < l.rows; ++i) {
    for (std::uint32_t j = 0; j < l.cols; ++j) {
      std::copy_n(dense.begin() + (std::ptrdiff_t{i} * l.cols + j) * l.element_bytes, l.element_bytes,
                  before.begin() + static_cast<std::ptrdiff_t>(at.base + l.offset(i, j, at.stride)));
    }
  }
  return before;
}

TEST(Tile, GemmWritesWhatGemmComputesAndNothingElse) {
  Random random(seed_of(1));
  for (const Geometry& g : geometries) {
    int ran = 0;
    for (int n = 0; n < 60; ++n) {
      const auto size = [&](unsigned limit) { return static_cast<std::uint16_t>(1 + random.bits32() % limit); };
      const auto format = [&](bool fp32) {
        const auto f = static_cast<Format>(random.bits32() % 7);
        if (f == Format::fp32 && !fp32) return FormatSpec{Format::bf16, 0};
        return FormatSpec{f, static_cast<std::uint8_t>(has_tensor_bias(f) ? random.bits32() % 64 : 0)};
      };
      Descriptor job;
      job.opcode = Opcode::gemm;
      job.m = size(2 * g.rows + 2);
      job.n = size(2 * g.cols + 2);
      job.k = size(3 * g.depth + 2);
      job.a = format(false);
      job.b = format(false);
      job.d = format(true);
      job.accumulate = random.bits32() % 2 != 0;
      job.relu = random.bits32() % 4 == 0;
      job.saturate = random.bits32() % 2 != 0;
      job.stochastic = random.bits32() % 2 != 0;
      job.literal = random.bits32() % 2 != 0;
      if (job.stochastic) {
        job.seed = static_cast<std::uint32_t>(random.bits32());
        job.row0 = static_cast<std::uint16_t>(random.bits32());
        job.col0 = static_cast<std::uint16_t>(random.bits32());
      }
      const PanelLayout a = layout(g, job.m, job.k, g.rows, job.a.format),
                        b = layout(g, job.n, job.k, g.cols, job.b.format);
      const PanelLayout c = layout(g, job.m, job.n, g.rows, Format::fp32),
                        d = layout(g, job.m, job.n, g.rows, job.d.format);
      Allocator allocate{g};
      job.a_at = allocate(a, random.bits32() % 2);
      job.b_at = allocate(b, random.bits32() % 2);
      if (job.accumulate) job.c_at = allocate(c, random.bits32() % 2);
      const bool in_place = job.accumulate && job.d.format == Format::fp32 && random.bits32() % 2 != 0;
      job.d_at = in_place ? job.c_at : allocate(d, random.bits32() % 2);

      Tile tile(g);
      // Everything is noise, padding included: what lies outside a matrix must not matter.
      const Bytes noise = random_bytes(g.data_bytes(), random);
      std::copy(noise.begin(), noise.end(), tile.memory().begin());
      const auto dense = [&](const PanelLayout& l, Region at, bool transposed) {
        Bytes m;
        for (std::uint32_t x = 0; x < (transposed ? l.cols : l.rows); ++x) {
          for (std::uint32_t y = 0; y < (transposed ? l.rows : l.cols); ++y) {
            const auto from =
                noise.begin() +
                static_cast<std::ptrdiff_t>(at.base + l.offset(transposed ? y : x, transposed ? x : y, at.stride));
            m.insert(m.end(), from, from + l.element_bytes);
          }
        }
        return m;
      };
      const Gemm plain{.m = job.m,
                       .n = job.n,
                       .k = job.k,
                       .a = job.a,
                       .b = job.b,
                       .d = job.d,
                       .accumulate = job.accumulate,
                       .relu = job.relu,
                       .saturate = job.saturate,
                       .stochastic = job.stochastic,
                       .literal = job.literal,
                       .seed = job.seed,
                       .row0 = job.row0,
                       .col0 = job.col0,
                       .depth = g.depth};
      if (check(job.pack(), g).status == Status::out_of_range) continue;  // the small memories hold only part of these
      const GemmResult want = gemm_reference(plain, dense(a, job.a_at, false), dense(b, job.b_at, true),
                                             job.accumulate ? dense(c, job.c_at, false) : Bytes{});
      const auto done = tile.run(job.pack());
      ASSERT_TRUE(done);
      ASSERT_EQ(done->status, Status::ok) << "field " << int{done->field};
      EXPECT_EQ(done->flags, want.flags);
      const Bytes expected = expected_memory(noise, d, job.d_at, want.d);
      ASSERT_TRUE(std::equal(expected.begin(), expected.end(), tile.memory().begin())) << n;
      ++ran;
    }
    EXPECT_GT(ran, 50);
  }
}

TEST(Tile, Convert) {
  Random random(seed_of(2));
  for (const Geometry& g : geometries) {
    for (unsigned from = 0; from < 7; ++from) {
      for (unsigned to = 0; to < 7; ++to) {
        Descriptor job;
        job.opcode = Opcode::convert;
        job.a.format = static_cast<Format>(from);
        job.d.format = static_cast<Format>(to);
        if (has_tensor_bias(job.a.format)) job.a.bias = static_cast<std::uint8_t>(random.bits32() % 64);
        if (has_tensor_bias(job.d.format)) job.d.bias = static_cast<std::uint8_t>(random.bits32() % 64);
        job.m = static_cast<std::uint16_t>(1 + random.bits32() % 13);
        job.n = static_cast<std::uint16_t>(1 + random.bits32() % 13);
        job.relu = random.bits32() % 4 == 0;
        job.literal = random.bits32() % 2 != 0;
        job.saturate = random.bits32() % 2 != 0;
        job.stochastic = random.bits32() % 2 != 0;
        if (job.stochastic) job.seed = static_cast<std::uint32_t>(random.bits32()), job.row0 = 65533, job.col0 = 7;
        const PanelLayout a = layout(g, job.m, job.n, g.rows, job.a.format),
                          d = layout(g, job.m, job.n, g.rows, job.d.format);
        Allocator allocate{g};
        job.a_at = allocate(a, 1);
        job.d_at = allocate(d, 0);
        Tile tile(g);
        const Bytes noise = random_bytes(g.data_bytes(), random);
        std::copy(noise.begin(), noise.end(), tile.memory().begin());
        Bytes want;
        Flags flags;
        for (std::uint32_t i = 0; i < job.m; ++i) {
          for (std::uint32_t j = 0; j < job.n; ++j) {
            std::uint32_t code = 0;
            std::memcpy(&code, noise.data() + job.a_at.base + a.offset(i, j, job.a_at.stride), a.element_bytes);
            std::uint32_t v = to_fp32(job.a, code, job.literal, flags);
            if (job.relu) v = relu(v);
            const std::uint16_t r =
                random16(job.seed, static_cast<std::uint16_t>(65533 + i), static_cast<std::uint16_t>(7 + j));
            v = encode(v, job.d, job.stochastic ? Rounding::stochastic : Rounding::nearest, job.saturate, job.literal,
                       r, flags);
            for (std::uint32_t byte = 0; byte < d.element_bytes; ++byte)
              want.push_back(static_cast<std::byte>(v >> (8 * byte)));
          }
        }
        const auto done = tile.run(job.pack());
        ASSERT_TRUE(done && done->status == Status::ok);
        EXPECT_EQ(done->flags, flags);
        const Bytes expected = expected_memory(noise, d, job.d_at, want);
        ASSERT_TRUE(std::equal(expected.begin(), expected.end(), tile.memory().begin())) << from << " to " << to;
      }
    }
  }
}

TEST(Tile, CopyAndFill) {
  Random random(seed_of(3));
  const Geometry g = geometries[1];  // words of 8 bytes
  Tile tile(g);
  Bytes memory = random_bytes(g.data_bytes(), random);
  std::copy(memory.begin(), memory.end(), tile.memory().begin());

  Descriptor copy;
  copy.opcode = Opcode::copy;
  copy.m = 3;
  copy.n = 2;
  copy.a_at = {64, 24};
  copy.d_at = {1024, 16};
  ASSERT_EQ(tile.run(copy.pack())->status, Status::ok);
  for (std::ptrdiff_t i = 0; i < 3; ++i) std::copy_n(memory.begin() + 64 + i * 24, 16, memory.begin() + 1024 + i * 16);
  EXPECT_TRUE(std::equal(memory.begin(), memory.end(), tile.memory().begin()));

  Descriptor fill;
  fill.opcode = Opcode::fill;
  fill.m = 2;
  fill.n = 3;
  fill.d_at = {2048, 32};
  fill.seed = 0x44332211;
  ASSERT_EQ(tile.run(fill.pack())->status, Status::ok);
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t b = 0; b < 24; ++b) memory[2048 + i * 32 + b] = static_cast<std::byte>(0x11 * (1 + b % 4));
  }
  EXPECT_TRUE(std::equal(memory.begin(), memory.end(), tile.memory().begin()));
}

TEST(Tile, Semaphores) {
  Tile tile(geometries[1]);
  Descriptor sync;
  sync.wait_semaphore = 2;
  sync.wait_count = 3;
  sync.signal_semaphore = 5;
  sync.signal_count = 200;
  sync.tag = 9;
  EXPECT_EQ(tile.run(sync.pack()), std::nullopt);
  tile.semaphores()[2] = 2;
  EXPECT_EQ(tile.run(sync.pack()), std::nullopt);
  EXPECT_EQ(tile.semaphores()[2], 2);
  EXPECT_EQ(tile.semaphores()[5], 0);
  tile.semaphores()[2] = 4;
  tile.semaphores()[5] = 65500;
  const auto done = tile.run(sync.pack());
  ASSERT_TRUE(done);
  EXPECT_EQ(done->tag, 9u);
  EXPECT_EQ(done->opcode, 5);
  EXPECT_EQ(done->sequence, 0u) << "a job that still waits is no completion";
  EXPECT_EQ(tile.semaphores()[2], 1);
  EXPECT_EQ(tile.semaphores()[5], 65535);
}

TEST(Tile, ARefusedJobChangesNothing) {
  Tile tile(geometries[1]);
  Random random(seed_of(4));
  const Bytes noise = random_bytes(tile.memory().size(), random);
  std::copy(noise.begin(), noise.end(), tile.memory().begin());
  Descriptor fill;
  fill.opcode = Opcode::fill;
  fill.m = fill.n = 1;
  fill.d_at = {8192, 0};
  fill.wait_semaphore = 1;
  fill.wait_count = 1;
  fill.signal_semaphore = 1;
  fill.signal_count = 1;
  fill.tag = 77;
  const auto done = tile.run(fill.pack());
  ASSERT_TRUE(done) << "a refused job does not wait";
  EXPECT_EQ(done->status, Status::out_of_range);
  EXPECT_EQ(done->field, 8);
  EXPECT_EQ(done->tag, 77u);
  EXPECT_EQ(tile.semaphores()[1], 0);
  EXPECT_TRUE(std::equal(noise.begin(), noise.end(), tile.memory().begin()));
  Words unknown{};
  unknown[0] = 0xFE;
  const auto bad = tile.run(unknown);
  EXPECT_EQ(bad->status, Status::bad_opcode);
  EXPECT_EQ(bad->opcode, 0xFE);
  EXPECT_EQ(bad->sequence, 1u);
}

// Damaged descriptors never reach outside the memory (run under the sanitizers) nor throw.
TEST(Tile, SurvivesDamagedDescriptors) {
  const Geometry g = geometries[1];
  Tile tile(g);
  Random random(seed_of(5));
  int ran = 0;
  for (int n = 0; n < 20000; ++n) {
    Descriptor job;
    job.opcode = n % 2 != 0 ? Opcode::gemm : Opcode::convert;
    job.m = job.n = 3;
    job.a = job.d = {Format::bf16, 0};
    if (job.opcode == Opcode::gemm) {
      job.k = 3;
      job.b = job.a;
      job.b_at = {2048, 64};
    }
    job.a_at = {0, 64};
    job.d_at = {4096, 64};
    Words w = job.pack();
    for (int hits = static_cast<int>(random.bits32() % 3); hits > 0; --hits)
      w[random.bits32() % 15] ^= 1u << random.bits32() % 32;
    const auto done = tile.run(w);
    ASSERT_TRUE(done);
    EXPECT_EQ(done->status, check(w, g).status);
    ran += done->status == Status::ok ? 1 : 0;
  }
  EXPECT_GT(ran, 5000);
}

TEST(Tile, RefusesImpossibleGeometries) {
  const Geometry good = geometries[1];
  EXPECT_NO_THROW(Tile{good});
  for (auto change :
       {+[](Geometry& g) { g.rows = 3; }, +[](Geometry& g) { g.depth = 8; }, +[](Geometry& g) { g.depth = 4; },
        +[](Geometry& g) { g.banks = 0; }, +[](Geometry& g) { g.bank_bytes = 1000; }}) {
    Geometry bad = good;
    change(bad);
    EXPECT_THROW(Tile{bad}, std::invalid_argument);
  }
}

}  // namespace
}  // namespace hilbert::model::test

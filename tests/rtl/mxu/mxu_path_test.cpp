// SPDX-License-Identifier: Apache-2.0
// Whole jobs through the array and the result path, with random stalls on every stream, against the reference model's
// GEMM.
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "hilbert/model/gemm.hpp"
#include "mxu_arrays.hpp"
#include "support/random.hpp"

namespace hilbert::model {
namespace {

/// A verilated hb_mxu_path with its parameters.
template <unsigned R, unsigned C, unsigned D, class V>
struct Array {
  using Dut = V;
  static constexpr unsigned rows = R, cols = C, depth = D;
  static constexpr unsigned lanes = (R > C ? R : C) * D / 2, chunks = R * C / lanes;
};

/// Ports up to 64 bits are integers, wider ones arrays of 32-bit words, lowest first.
template <class Port>
void* port_data(Port& port) {
  if constexpr (std::is_integral_v<Port>)
    return &port;
  else
    return port.data();
}
template <class Port, class T>
void set_port(Port& port, const std::vector<T>& values) {
  ASSERT_LE(values.size() * sizeof(T), sizeof port);
  std::memcpy(port_data(port), values.data(), values.size() * sizeof(T));
}

struct Job {
  Gemm gemm;
  std::vector<std::byte> a, b, c;

  std::uint32_t a_code(std::uint32_t i, std::uint32_t k) const { return code(a, gemm.a, i * gemm.k + k); }
  std::uint32_t b_code(std::uint32_t k, std::uint32_t j) const { return code(b, gemm.b, k * gemm.n + j); }
  std::uint32_t c_code(std::uint32_t i, std::uint32_t j) const { return code(c, {Format::fp32}, i * gemm.n + j); }

  static std::uint32_t code(const std::vector<std::byte>& m, FormatSpec f, std::size_t index) {
    std::uint32_t value = 0;
    const std::size_t bytes = element_bytes(f.format);
    std::memcpy(&value, m.data() + index * bytes, bytes);
    return value;
  }
};

/// Chance, in percent, that a stream's side is ready to go in a clock.
struct Pace {
  unsigned step = 100, load = 100, out = 100;
};

struct Outcome {
  std::vector<std::vector<std::byte>> chunks;  ///< in order of arrival, packed codes
  Flags flags;
  bool finished = false;
  bool ready_hung_on_valid = false, two_causes = false;
  std::uint64_t first_step = 0, last_step = 0, steps = 0;  ///< clocks
  std::uint64_t stall_result = 0, stall_load = 0;
};

template <class A>
class Path : public ::testing::Test {
 protected:
  void SetUp() override {
    dut_.rst_ni = 0;
    for (int i = 0; i < 3; ++i) clock();
    dut_.rst_ni = 1;
  }

  void clock() {
    dut_.clk_i = 0;
    dut_.eval();
    dut_.clk_i = 1;
    dut_.eval();
  }

  bool chance(unsigned percent) { return random_.bits32() % 100 < percent; }

  // Blocks in row-major order of panels; element e of a block in panel order.
  static std::uint32_t panels(std::uint32_t n, std::uint32_t p) { return (n + p - 1) / p; }
  static std::uint32_t row_of(std::uint32_t e) { return e / A::depth % A::rows; }
  static std::uint32_t col_of(std::uint32_t e) { return e / (A::depth * A::rows) * A::depth + e % A::depth; }
  struct Block {
    std::uint32_t i0, j0;
  };
  static Block block(const Gemm& g, std::uint64_t index) {
    const std::uint32_t across = panels(g.n, A::cols);
    return {static_cast<std::uint32_t>(index / across) * A::rows, static_cast<std::uint32_t>(index % across) * A::cols};
  }
  static std::uint64_t blocks(const Gemm& g) { return std::uint64_t{panels(g.m, A::rows)} * panels(g.n, A::cols); }

  void offer_step(const Job& job, std::uint64_t index) {
    const Gemm& g = job.gemm;
    const std::uint32_t per_block = panels(g.k, A::depth);
    const auto [i0, j0] = block(g, index / per_block);
    const std::uint32_t k0 = static_cast<std::uint32_t>(index % per_block) * A::depth;
    std::vector<std::uint16_t> a(A::rows * A::depth), b(A::cols * A::depth);
    for (auto* side : {&a, &b})
      for (auto& code : *side)
        code = static_cast<std::uint16_t>(chance(30) ? 0x7F80 : random_.bits32());  // rubbish in the padding
    std::uint32_t row_valid = 0, col_valid = 0, k_valid = 0;
    for (unsigned d = 0; d < A::depth && k0 + d < g.k; ++d) {
      k_valid |= 1u << d;
      for (unsigned r = 0; r < A::rows && i0 + r < g.m; ++r) {
        row_valid |= 1u << r;
        put(a[r * A::depth + d], g.a, job.a_code(i0 + r, k0 + d));
      }
      for (unsigned c = 0; c < A::cols && j0 + c < g.n; ++c) {
        col_valid |= 1u << c;
        put(b[c * A::depth + d], g.b, job.b_code(k0 + d, j0 + c));
      }
    }
    set_port(dut_.step_a_i, a);
    set_port(dut_.step_b_i, b);
    dut_.step_row_valid_i = static_cast<std::uint8_t>(row_valid);
    dut_.step_col_valid_i = static_cast<std::uint8_t>(col_valid);
    dut_.step_k_valid_i = static_cast<std::uint8_t>(k_valid);
    dut_.step_last_i = index % per_block == per_block - 1;
  }
  static void put(std::uint16_t& slot, FormatSpec f, std::uint32_t code) {
    slot = static_cast<std::uint16_t>(element_bytes(f.format) == 1 ? (slot & 0xFF00u) | code : code);
  }

  /// Elements of a chunk that lie inside the matrix.
  static std::uint32_t keep(const Gemm& g, std::uint64_t chunk) {
    const auto [i0, j0] = block(g, chunk / A::chunks);
    std::uint32_t mask = 0;
    for (unsigned l = 0; l < A::lanes; ++l) {
      const std::uint32_t e = static_cast<std::uint32_t>(chunk % A::chunks) * A::lanes + l;
      if (i0 + row_of(e) < g.m && j0 + col_of(e) < g.n) mask |= 1u << l;
    }
    return mask;
  }

  void offer_load(const Job& job, std::uint64_t chunk) {
    const auto [i0, j0] = block(job.gemm, chunk / A::chunks);
    const std::uint32_t mask = keep(job.gemm, chunk);
    std::vector<std::uint32_t> data(A::lanes);
    for (unsigned l = 0; l < A::lanes; ++l) {
      const std::uint32_t e = static_cast<std::uint32_t>(chunk % A::chunks) * A::lanes + l;
      data[l] = mask >> l & 1u ? job.c_code(i0 + row_of(e), j0 + col_of(e))
                : chance(50)   ? 0x7FC0'0000u
                               : random_.bits32();
    }
    set_port(dut_.load_data_i, data);
    dut_.load_keep_i = mask;
  }

  void offer_drain_position(const Gemm& g, std::uint64_t chunk) {
    const auto [i0, j0] = block(g, chunk / A::chunks);
    const std::uint32_t e = static_cast<std::uint32_t>(chunk % A::chunks) * A::lanes;
    dut_.drain_keep_i = keep(g, chunk);
    dut_.drain_row_i = static_cast<std::uint16_t>(g.row0 + i0 + row_of(e));
    dut_.drain_col_i = static_cast<std::uint16_t>(g.col0 + j0 + col_of(e));
  }

  /// Runs a job, or only its first `max_clocks` clocks.
  Outcome play(const Job& job, Pace pace, std::uint64_t max_clocks = 0) {
    const Gemm& g = job.gemm;
    dut_.fmt_a_i = static_cast<std::uint8_t>(g.a.format);
    dut_.fmt_b_i = static_cast<std::uint8_t>(g.b.format);
    dut_.fmt_d_i = static_cast<std::uint8_t>(g.d.format);
    dut_.bias_a_i = g.a.bias;
    dut_.bias_b_i = g.b.bias;
    dut_.bias_d_i = g.d.bias;
    dut_.literal_i = g.literal;
    dut_.accumulate_i = g.accumulate;
    dut_.relu_i = g.relu;
    dut_.saturate_i = g.saturate;
    dut_.stochastic_i = g.stochastic;
    dut_.seed_i = g.seed;
    dut_.step_valid_i = dut_.load_valid_i = dut_.out_ready_i = 0;
    dut_.clear_i = 1;
    clock();
    dut_.clear_i = 0;

    Outcome result;
    const std::uint64_t total_steps = blocks(g) * panels(g.k, A::depth), total_chunks = blocks(g) * A::chunks;
    const std::uint64_t limit = max_clocks != 0 ? max_clocks : 1000 + 100 * (total_steps + 4 * total_chunks);
    std::uint64_t step = 0, load = 0, drained = 0;
    for (std::uint64_t t = 0; t < limit && result.chunks.size() < total_chunks; ++t) {
      if (!dut_.step_valid_i && step < total_steps && chance(pace.step)) {
        offer_step(job, step);
        dut_.step_valid_i = 1;
      }
      if (!dut_.load_valid_i && g.accumulate && load < total_chunks && chance(pace.load)) {
        offer_load(job, load);
        dut_.load_valid_i = 1;
      }
      offer_drain_position(g, drained < total_chunks ? drained : 0);
      dut_.out_ready_i = chance(pace.out);

      dut_.clk_i = 0;
      const bool offered = dut_.step_valid_i;
      dut_.step_valid_i = !offered;
      dut_.eval();
      const bool ready_otherwise = dut_.step_ready_o;
      dut_.step_valid_i = offered;
      dut_.eval();
      const bool step_taken = offered && dut_.step_ready_o, load_taken = dut_.load_valid_i && dut_.load_ready_o;
      result.ready_hung_on_valid |= ready_otherwise != dut_.step_ready_o;
      result.two_causes |= dut_.stall_result_o + dut_.stall_load_o + dut_.step_done_o > 1;
      result.stall_result += dut_.stall_result_o;
      result.stall_load += dut_.stall_load_o;
      if (dut_.step_done_o) {
        if (result.steps++ == 0) result.first_step = t;
        result.last_step = t;
      }
      drained += dut_.drain_fire_o;
      if (dut_.out_valid_o && dut_.out_ready_i) {
        const auto* bytes = static_cast<const std::byte*>(port_data(dut_.out_data_o));
        result.chunks.emplace_back(bytes, bytes + A::lanes * element_bytes(g.d.format));
      }
      dut_.clk_i = 1;
      dut_.eval();
      if (step_taken) ++step, dut_.step_valid_i = 0;
      if (load_taken) ++load, dut_.load_valid_i = 0;
    }
    result.finished = result.chunks.size() == total_chunks && step == total_steps && dut_.idle_o;
    result.flags.bits = dut_.array_flags_o | dut_.result_flags_o;
    return result;
  }

  void check(const Job& job, const Outcome& outcome) {
    const Gemm& g = job.gemm;
    ASSERT_TRUE(outcome.finished);
    EXPECT_FALSE(outcome.ready_hung_on_valid);
    EXPECT_FALSE(outcome.two_causes);
    EXPECT_EQ(outcome.steps, blocks(g) * panels(g.k, A::depth));
    const GemmResult want = gemm(g, job.a, job.b, job.c);
    EXPECT_EQ(to_string(outcome.flags), to_string(want.flags));
    for (std::uint64_t chunk = 0; chunk < outcome.chunks.size(); ++chunk) {
      const auto [i0, j0] = block(g, chunk / A::chunks);
      for (unsigned l = 0; l < A::lanes; ++l) {
        const std::uint32_t e = static_cast<std::uint32_t>(chunk % A::chunks) * A::lanes + l;
        const std::uint32_t i = i0 + row_of(e), j = j0 + col_of(e);
        const std::uint32_t expected = i < g.m && j < g.n ? Job::code(want.d, g.d, i * g.n + j) : 0;
        ASSERT_EQ(Job::code(outcome.chunks[chunk], g.d, l), expected) << "element " << i << ", " << j;
      }
    }
  }

  FormatSpec format(bool fp32_too) {
    const auto f = static_cast<Format>(fp32_too ? random_.below(7) : 1 + random_.below(6));
    return {f, static_cast<std::uint8_t>(has_tensor_bias(f) ? random_.below(64) : 0)};
  }

  Job random_job(std::uint32_t blocks_a_side, std::uint32_t steps) {
    Job job;
    Gemm& g = job.gemm;
    g.m = 1 + random_.below(A::rows * blocks_a_side);
    g.n = 1 + random_.below(A::cols * blocks_a_side);
    g.k = 1 + random_.below(A::depth * steps);
    g.a = format(false);
    g.b = chance(50) ? g.a : format(false);
    g.d = format(true);
    g.accumulate = chance(50);
    g.relu = chance(25);
    g.saturate = chance(50);
    g.stochastic = chance(50);
    g.literal = chance(50);
    g.seed = random_.bits32();
    g.row0 = static_cast<std::uint16_t>(random_.bits32());
    g.col0 = static_cast<std::uint16_t>(chance(20) ? 0xFFFF : random_.bits32());
    g.depth = A::depth;
    fill(job, chance(25));
    return job;
  }

  /// Operands: tame ones stay finite; wild ones are any code.
  void fill(Job& job, bool wild) {
    const auto matrix = [&](FormatSpec f, std::size_t count) {
      const std::size_t bytes = element_bytes(f.format);
      std::vector<std::byte> m(count * bytes);
      for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t code = random_.bits32();
        if (f.format == Format::fp32 && !wild) code = (code & 0x807F'FFFFu) | (117 + random_.below(20)) << 23;
        if (f.format == Format::bf16 && !wild) code = (code & 0x807Fu) | (119 + random_.below(12)) << 7;
        if ((f.format == Format::e5m2 || f.format == Format::e4m3) && !wild) code &= 0xBFu;
        if (chance(5)) code &= 0x8000'8080u;
        std::memcpy(m.data() + i * bytes, &code, bytes);
      }
      return m;
    };
    const Gemm& g = job.gemm;
    job.a = matrix(g.a, std::size_t{g.m} * g.k);
    job.b = matrix(g.b, std::size_t{g.k} * g.n);
    job.c.clear();
    if (g.accumulate) job.c = matrix({Format::fp32}, std::size_t{g.m} * g.n);
  }

  /// A job of full blocks, each of `steps` steps.
  Job even_job(std::uint32_t blocks_a_side, std::uint32_t steps, bool accumulate) {
    Job job = random_job(1, 1);
    job.gemm.m = A::rows * blocks_a_side;
    job.gemm.n = A::cols * blocks_a_side;
    job.gemm.k = A::depth * steps;
    job.gemm.accumulate = accumulate;
    fill(job, false);
    return job;
  }

  std::string description(const Job& job, unsigned index) {
    const Gemm& g = job.gemm;
    return "job " + std::to_string(index) + ": " + std::to_string(g.m) + "x" + std::to_string(g.n) + "x" +
           std::to_string(g.k) + " " + to_string(g.a) + " * " + to_string(g.b) + " -> " + to_string(g.d) +
           (g.accumulate ? " accumulate" : "") + (g.stochastic ? " stochastic" : "") + (g.literal ? " literal" : "") +
           (g.relu ? " relu" : "");
  }

  typename A::Dut dut_;
  Random random_{seed_of(20240602)};
};

#define HILBERT_ARRAY_TYPE(rows, cols, depth, Dut) , Array<rows, cols, depth, Dut>
template <class First, class... Rest>
struct SkipFirst {
  using type = ::testing::Types<Rest...>;
};
using Arrays = SkipFirst<void HILBERT_MXU_ARRAYS(HILBERT_ARRAY_TYPE)>::type;

struct ArrayNames {
  template <class A>
  static std::string GetName(int) {
    return std::to_string(A::rows) + "x" + std::to_string(A::cols) + "x" + std::to_string(A::depth);
  }
};
TYPED_TEST_SUITE(Path, Arrays, ArrayNames);

TYPED_TEST(Path, RandomJobsWithRandomStalls) {
  Flags seen;
  for (unsigned n = 0; n < 400; ++n) {
    const Job job = this->random_job(4, 12);
    const auto pace = [&] { return this->chance(40) ? 100u : 5u + this->random_.below(95); };
    const Pace paces{pace(), pace(), pace()};
    SCOPED_TRACE(this->description(job, n));
    const Outcome outcome = this->play(job, paces);
    this->check(job, outcome);
    seen |= outcome.flags;
    if (this->HasFatalFailure() || this->HasNonfatalFailure()) return;
  }
  EXPECT_EQ(to_string(seen), "invalid|denormal|overflow|underflow|inexact|int_range");
}

TYPED_TEST(Path, Int8SumsSayWhenTheyLeaveTheExactRange) {
  Job job = this->even_job(1, 1100 / TypeParam::depth, false);
  job.gemm.a = job.gemm.b = {Format::int8, 0};
  job.gemm.d = {Format::fp32, 0};
  this->fill(job, true);
  std::fill(job.a.begin(), job.a.end(), std::byte{0x80});
  std::fill(job.b.begin(), job.b.end(), std::byte{0x80});  // 1100 * 2^14 > 2^24
  const Outcome outcome = this->play(job, {});
  this->check(job, outcome);
  EXPECT_TRUE(outcome.flags.has(Flag::int_range));
}

TYPED_TEST(Path, NoBubbleBetweenBlocksAsLongAsTheChunksOfOne) {
  for (const bool accumulate : {false, true}) {
    for (unsigned extra = 0; extra < 3; ++extra) {
      const Job job = this->even_job(5, TypeParam::chunks + extra, accumulate);
      const Outcome outcome = this->play(job, {});
      this->check(job, outcome);
      EXPECT_EQ(outcome.last_step - outcome.first_step + 1, outcome.steps)
          << "accumulate " << accumulate << " extra " << extra;
    }
  }
}

TYPED_TEST(Path, ShorterBlocksTakeTheClocksOfTheirChunks) {
  const Job job = this->even_job(5, 1, false);
  const Outcome outcome = this->play(job, {});
  this->check(job, outcome);
  EXPECT_EQ(outcome.last_step - outcome.first_step, (outcome.steps - 1) * TypeParam::chunks);
  EXPECT_EQ(outcome.stall_result, (outcome.steps - 1) * (TypeParam::chunks - 1));
}

TYPED_TEST(Path, SaysWhatItWaitsFor) {
  const Job job = this->even_job(3, TypeParam::chunks, true);
  const Outcome no_c = this->play(job, {100, 0, 100}, 200);
  EXPECT_EQ(no_c.steps, 0u);
  EXPECT_EQ(no_c.stall_result, 0u);
  EXPECT_EQ(no_c.stall_load, 199u);  // all but the clock in which the first step enters
  const Outcome no_sink = this->play(job, {100, 100, 0}, 200);
  EXPECT_EQ(no_sink.chunks.size(), 0u);
  EXPECT_GT(no_sink.stall_result + no_sink.stall_load, 150u);
  EXPECT_GT(no_sink.steps, 0u);
}

TYPED_TEST(Path, ClearForgetsAJobAnywhere) {
  for (unsigned n = 0; n < 200; ++n) {
    const Job dropped = this->random_job(3, 6), job = this->random_job(2, 4);
    this->play(dropped, {90, 70, 60}, 1 + this->random_.below(60));
    SCOPED_TRACE(this->description(job, n));
    this->check(job, this->play(job, {90, 80, 70}));
    if (this->HasFatalFailure() || this->HasNonfatalFailure()) return;
  }
}

}  // namespace
}  // namespace hilbert::model

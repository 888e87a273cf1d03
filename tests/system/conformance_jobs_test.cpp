// SPDX-License-Identifier: Apache-2.0
// What every backend must do with jobs: results and flags as the reference model's, and every illegal descriptor
// refused.
#include <algorithm>
#include <array>
#include <functional>
#include <hilbert/model/layout.hpp>

#include "conformance.hpp"

namespace hilbert::conformance {

namespace {

using model::Descriptor;
using model::Format;
using model::FormatSpec;
using model::Opcode;
using model::Status;
using model::Words;

model::PanelLayout layout_of(const model::Geometry& g, std::uint32_t rows, std::uint32_t cols, std::uint32_t panel_rows,
                             Format format) {
  return {.rows = rows,
          .cols = cols,
          .panel_rows = panel_rows,
          .depth = g.depth,
          .element_bytes = static_cast<std::uint32_t>(model::element_bytes(format)),
          .word_bytes = g.word_bytes()};
}

std::uint32_t panel_bytes(const model::Geometry& g, std::uint32_t cols, std::uint32_t panel_rows, Format format) {
  return static_cast<std::uint32_t>(layout_of(g, panel_rows, cols, panel_rows, format).panel_bytes());
}

/// C + A * B with two panels each way, every matrix in a bank of its own, strides as small as they may be.
Descriptor two_by_two_panels(const model::Geometry& g) {
  Descriptor job;
  job.opcode = Opcode::gemm;
  job.accumulate = true;
  job.tag = 0x600D;
  job.a = job.b = {Format::bf16, 0};
  job.d = {Format::fp32, 0};
  job.m = static_cast<std::uint16_t>(g.rows + 1);
  job.n = static_cast<std::uint16_t>(g.cols + 1);
  job.k = static_cast<std::uint16_t>(g.depth + 1);
  job.a_at = {0, panel_bytes(g, job.k, g.rows, Format::bf16)};
  job.b_at = {g.bank_bytes, panel_bytes(g, job.k, g.cols, Format::bf16)};
  job.c_at = {2 * g.bank_bytes, panel_bytes(g, job.n, g.rows, Format::fp32)};
  job.d_at = {3 * g.bank_bytes, panel_bytes(g, job.n, g.rows, Format::fp32)};
  return job;
}

Descriptor copy_of(const model::Geometry& g, std::uint16_t rows, std::uint16_t words) {
  Descriptor job;
  job.opcode = Opcode::copy;
  job.m = rows;
  job.n = words;
  job.a_at = {0, words * g.word_bytes()};
  job.d_at = {g.bank_bytes, words * g.word_bytes()};
  return job;
}

Descriptor fill_of(const model::Geometry& g) {
  Descriptor job = copy_of(g, 2, 2);
  job.opcode = Opcode::fill;
  job.a_at = {};
  job.seed = 0x0123'4567;
  return job;
}

Descriptor convert_of(const model::Geometry& g) {
  Descriptor job = two_by_two_panels(g);
  job.opcode = Opcode::convert;
  job.accumulate = false;
  job.b = {};
  job.k = 0;
  job.b_at = job.c_at = {};
  job.a_at.stride = panel_bytes(g, job.n, g.rows, Format::bf16);
  return job;
}

}  // namespace

/// Runs jobs on the device and on the reference model, and compares everything that both have.
class Jobs : public Conformance {
 protected:
  Jobs() : shadow_(geometry()) { enable(); }

  void fill_memory() {
    const Bytes image = random_bytes(geometry().data_bytes());
    device_->write_words(0, image);
    std::copy(image.begin(), image.end(), shadow_.memory().begin());
  }

  /// Ordinary numbers instead of any bits: close to 1 in the formats that have an exponent of 8 bits.
  void tame(std::uint32_t address, std::uint64_t size, Format format) {
    if (format != Format::bf16 && format != Format::fp32) return;
    const std::size_t bytes = model::element_bytes(format);
    const std::size_t end = std::min<std::size_t>(address + size, geometry().data_bytes());
    Bytes data(shadow_.memory().begin() + address, shadow_.memory().begin() + static_cast<std::ptrdiff_t>(end));
    for (std::size_t i = 0; i + bytes <= data.size(); i += bytes) {
      const std::uint32_t top = below(2) << 15 | (122 + below(10)) << 7 | below(128);
      data[i + bytes - 2] = static_cast<std::byte>(top);
      data[i + bytes - 1] = static_cast<std::byte>(top >> 8);
    }
    device_->write_words(address, data);
    std::copy(data.begin(), data.end(), shadow_.memory().begin() + address);
  }

  FormatSpec random_format(bool operand) {
    FormatSpec spec{static_cast<Format>(operand ? 1 + below(6) : below(7)), 0};
    if (model::has_tensor_bias(spec.format)) spec.bias = static_cast<std::uint8_t>(below(64));
    return spec;
  }
  std::uint16_t random_size() { return static_cast<std::uint16_t>(1 + below(3 * geometry().rows + 3)); }
  std::uint32_t some_words(std::uint32_t at_most) { return below(at_most + 1) * word_bytes(); }

  Descriptor random_job(Opcode opcode) {
    const model::Geometry& g = geometry();
    Descriptor job;
    job.opcode = opcode;
    job.tag = static_cast<std::uint32_t>(random_());
    if (opcode == Opcode::sync) return job;
    job.m = random_size();
    job.n = random_size();
    job.d_at.base = 3 * g.bank_bytes + some_words(4);
    if (opcode == Opcode::copy || opcode == Opcode::fill) {
      job.d_at.stride = job.n * word_bytes() + some_words(2);
      if (opcode == Opcode::fill) {
        job.seed = static_cast<std::uint32_t>(random_());
      } else {
        job.a_at = {some_words(8), some_words(20)};
      }
      return job;
    }
    job.relu = flip_coin();
    job.saturate = flip_coin();
    job.literal = flip_coin();
    job.stochastic = flip_coin();
    if (job.stochastic) {
      job.seed = static_cast<std::uint32_t>(random_());
      job.row0 = static_cast<std::uint16_t>(random_());
      job.col0 = static_cast<std::uint16_t>(random_());
    }
    job.a = random_format(opcode == Opcode::gemm);
    job.d = random_format(false);
    job.a_at.base = some_words(4);
    const std::uint32_t a_cols = opcode == Opcode::gemm ? 1 + below(5 * g.depth) : job.n;
    job.a_at.stride = panel_bytes(g, a_cols, g.rows, job.a.format) + some_words(2);
    job.d_at.stride = panel_bytes(g, job.n, g.rows, job.d.format) + some_words(2);
    if (opcode == Opcode::convert) return job;
    job.k = static_cast<std::uint16_t>(a_cols);
    job.b = random_format(true);
    job.b_at = {g.bank_bytes + some_words(4), panel_bytes(g, job.k, g.cols, job.b.format) + some_words(2)};
    job.accumulate = flip_coin();
    if (job.accumulate) {
      job.c_at = {2 * g.bank_bytes + some_words(4), panel_bytes(g, job.n, g.rows, Format::fp32) + some_words(2)};
      if (job.d.format == Format::fp32 && flip_coin()) job.d_at = job.c_at;
    }
    return job;
  }

  Descriptor random_legal_job(Opcode opcode) {
    for (;;) {
      const Descriptor job = random_job(opcode);
      if (model::check(job.pack(), geometry()).status == Status::ok) return job;
    }
  }

  void run_on_both(const Descriptor& job) {
    const model::Completion done = run(job.pack());
    const model::Completion expected = shadow_.run(job.pack()).value();
    EXPECT_EQ(model::to_string(done.status), model::to_string(expected.status));
    EXPECT_EQ(done.tag, expected.tag);
    EXPECT_EQ(done.field, expected.field);
    EXPECT_EQ(model::to_string(done.flags), model::to_string(expected.flags));
    EXPECT_EQ(done.opcode, expected.opcode);
    EXPECT_EQ(done.sequence, expected.sequence);
    EXPECT_EQ(done.poison_address, 0u);
    EXPECT_EQ(done.corrected, 0u);
    if (timed() && job.opcode == Opcode::gemm) {
      const auto blocks = [](std::uint32_t size, std::uint32_t part) { return (size + part - 1) / part; };
      const model::Geometry& g = geometry();
      EXPECT_EQ(done.busy, blocks(job.m, g.rows) * blocks(job.n, g.cols) * blocks(job.k, g.depth))
          << "steps of the array";
      EXPECT_GE(done.clocks, done.busy);
    }
    const Bytes memory = read_memory(0, geometry().data_bytes());
    const auto [stored, wanted] = std::mismatch(memory.begin(), memory.end(), shadow_.memory().begin());
    EXPECT_EQ(stored, memory.end()) << "first difference at byte " << stored - memory.begin() << ": "
                                    << std::to_integer<int>(*stored) << " instead of " << std::to_integer<int>(*wanted);
  }

  void compare_with_model(Opcode opcode, int jobs) {
    fill_memory();
    for (int i = 0; i < jobs && !HasFailure(); ++i) {
      const Descriptor job = random_legal_job(opcode);
      SCOPED_TRACE(testing::Message() << "job " << i << ": " << model::to_string(opcode) << ' ' << job.m << " x "
                                      << job.n << " x " << job.k << ", " << to_string(job.a) << ", " << to_string(job.b)
                                      << " -> " << to_string(job.d) << (job.accumulate ? ", accumulate" : "")
                                      << (job.stochastic ? ", stochastic" : "") << (job.literal ? ", literal" : ""));
      const bool panels = opcode == Opcode::gemm || opcode == Opcode::convert;
      if (panels && below(4) != 0) {
        tame(job.a_at.base, 4 * job.a_at.stride, job.a.format);
        if (opcode == Opcode::gemm) tame(job.b_at.base, 4 * job.b_at.stride, job.b.format);
        if (job.accumulate) tame(job.c_at.base, 4 * job.c_at.stride, Format::fp32);
      }
      run_on_both(job);
    }
  }

  model::Tile shadow_;
};

INSTANTIATE_TEST_SUITE_P(Device, Jobs, testing::ValuesIn(backends()), name_of);

TEST_P(Jobs, GemmEqualsTheModel) { compare_with_model(Opcode::gemm, 24); }
TEST_P(Jobs, ConvertEqualsTheModel) { compare_with_model(Opcode::convert, 24); }
TEST_P(Jobs, CopyEqualsTheModel) { compare_with_model(Opcode::copy, 8); }
TEST_P(Jobs, FillEqualsTheModel) { compare_with_model(Opcode::fill, 8); }
TEST_P(Jobs, SyncDoesNothing) { compare_with_model(Opcode::sync, 2); }

TEST_P(Jobs, ProductOfSmallIntegersIsExact) {
  // The expectation is arithmetic on paper, not the model: A[i][k] = i + k, B[k][j] = k - j.
  const model::Geometry& g = geometry();
  Descriptor job = two_by_two_panels(g);
  job.accumulate = false;
  job.c_at = {};
  job.a = job.b = {Format::int8, 0};
  job.a_at.stride = panel_bytes(g, job.k, g.rows, Format::int8);
  job.b_at.stride = panel_bytes(g, job.k, g.cols, Format::int8);
  const auto a = layout_of(g, job.m, job.k, g.rows, Format::int8);
  const auto b = layout_of(g, job.n, job.k, g.cols, Format::int8);
  const auto d = layout_of(g, job.m, job.n, g.rows, Format::fp32);
  Bytes a_bytes(a.extent(job.a_at.stride));
  Bytes b_bytes(b.extent(job.b_at.stride));
  for (int k = 0; k < job.k; ++k) {
    for (int i = 0; i < job.m; ++i) a_bytes[a.offset(i, k, job.a_at.stride)] = static_cast<std::byte>(i + k);
    for (int j = 0; j < job.n; ++j) b_bytes[b.offset(j, k, job.b_at.stride)] = static_cast<std::byte>(k - j);
  }
  device_->write_words(job.a_at.base, a_bytes);
  device_->write_words(job.b_at.base, b_bytes);
  const model::Completion done = run(job.pack());
  EXPECT_EQ(done.status, Status::ok);
  EXPECT_EQ(done.flags.bits, 0);
  const Bytes result = read_memory(job.d_at.base, d.extent(job.d_at.stride));
  for (int i = 0; i < job.m; ++i) {
    for (int j = 0; j < job.n; ++j) {
      int sum = 0;
      for (int k = 0; k < job.k; ++k) sum += (i + k) * (k - j);
      float value = 0;
      std::copy_n(result.begin() + static_cast<std::ptrdiff_t>(d.offset(i, j, job.d_at.stride)), 4,
                  std::as_writable_bytes(std::span(&value, 1)).begin());
      EXPECT_EQ(value, static_cast<float>(sum)) << i << ", " << j;
    }
  }
}

TEST_P(Jobs, EveryIllegalDescriptorIsRefusedByName) {
  const model::Geometry& g = geometry();
  const Words gemm = two_by_two_panels(g).pack();
  const Words convert = convert_of(g).pack();
  const Words copy = copy_of(g, 2, 2).pack();
  const Words fill = fill_of(g).pack();
  const Words sync = Descriptor{}.pack();
  Descriptor no_c = two_by_two_panels(g);
  no_c.accumulate = false;
  no_c.c_at = {};
  const Words plain = no_c.pack();
  Descriptor narrow = two_by_two_panels(g);
  narrow.d = {Format::bf16, 0};
  const Words bf16_result = narrow.pack();
  const std::uint32_t word = g.word_bytes();
  const std::uint32_t end = g.data_bytes();

  struct Row {
    const Words& base;
    std::size_t index;
    std::function<std::uint32_t(std::uint32_t)> change;
    Status status;
    int field;
  };
  const auto add = [](std::uint32_t bits) { return [bits](std::uint32_t w) { return w | bits; }; };
  const auto set = [](std::uint32_t value) { return [value](std::uint32_t) { return value; }; };
  const auto in = [](std::uint32_t clear, std::uint32_t bits) {
    return [clear, bits](std::uint32_t w) { return (w & ~clear) | bits; };
  };
  std::vector<Row> rows{
      {gemm, 0, in(0xFF, 0), Status::bad_opcode, 0},
      {gemm, 0, in(0xFF, 9), Status::bad_opcode, 0},
      {gemm, 0, in(0xFF, 255), Status::bad_opcode, 0},
      {gemm, 0, add(1u << 14), Status::bad_option, 0},
      {gemm, 0, add(1u << 31), Status::bad_option, 0},
      {convert, 0, add(1u << 8), Status::bad_option, 0},
      {copy, 0, add(1u << 9), Status::bad_option, 0},
      {fill, 0, add(1u << 10), Status::bad_option, 0},
      {sync, 0, add(1u << 11), Status::bad_option, 0},
      {copy, 0, add(1u << 12), Status::bad_option, 0},
      {gemm, 2, in(0xF, 0), Status::bad_format, 2},
      {gemm, 2, in(0xF, 7), Status::bad_format, 2},
      {gemm, 2, in(0xFu << 10, 0), Status::bad_format, 2},
      {gemm, 2, in(0xFu << 10, 15u << 10), Status::bad_format, 2},
      {gemm, 2, in(0xFu << 20, 7u << 20), Status::bad_format, 2},
      {gemm, 2, add(1u << 4), Status::bad_format, 2},
      {gemm, 2, add(32u << 14), Status::bad_format, 2},
      {gemm, 2, add(1u << 24), Status::bad_format, 2},
      {gemm, 2, add(1u << 30), Status::bad_format, 2},
      {gemm, 2, add(1u << 31), Status::bad_format, 2},
      {convert, 2, in(0xF, 9), Status::bad_format, 2},
      {convert, 2, add(1u << 10), Status::bad_format, 2},
      {copy, 2, add(1), Status::bad_format, 2},
      {fill, 2, add(1u << 20), Status::bad_format, 2},
      {sync, 2, add(1), Status::bad_format, 2},
      {gemm, 3, in(0xFFFF, 0), Status::bad_size, 3},
      {gemm, 3, in(0xFFFFu << 16, 0), Status::bad_size, 3},
      {convert, 3, in(0xFFFF, 0), Status::bad_size, 3},
      {copy, 3, in(0xFFFFu << 16, 0), Status::bad_size, 3},
      {fill, 3, in(0xFFFF, 0), Status::bad_size, 3},
      {sync, 3, set(1), Status::bad_size, 3},
      {gemm, 4, set(0), Status::bad_size, 4},
      {gemm, 4, add(1u << 16), Status::bad_size, 4},
      {convert, 4, set(1), Status::bad_size, 4},
      {copy, 4, set(1), Status::bad_size, 4},
      {sync, 4, set(1), Status::bad_size, 4},
      {plain, 7, set(word), Status::unused, 7},
      {plain, 11, set(word), Status::unused, 11},
      {plain, 13, set(1), Status::unused, 13},
      {plain, 14, set(1), Status::unused, 14},
      {convert, 6, set(word), Status::unused, 6},
      {convert, 10, set(word), Status::unused, 10},
      {convert, 13, set(1u << 31), Status::unused, 13},
      {copy, 6, set(1), Status::unused, 6},
      {copy, 7, set(1), Status::unused, 7},
      {copy, 13, set(1), Status::unused, 13},
      {copy, 14, set(1u << 16), Status::unused, 14},
      {fill, 5, set(word), Status::unused, 5},
      {fill, 9, set(word), Status::unused, 9},
      {fill, 14, set(1), Status::unused, 14},
      {sync, 8, set(word), Status::unused, 8},
      {sync, 12, set(word), Status::unused, 12},
      {gemm, 15, add(1u << 3), Status::bad_semaphore, 15},
      {gemm, 15, add(1u << 7), Status::bad_semaphore, 15},
      {sync, 15, add(1u << 19), Status::bad_semaphore, 15},
      {sync, 15, add(1u << 23), Status::bad_semaphore, 15},
      {copy, 5, set(end + word), Status::out_of_range, 5},
      {copy, 5, set(queue_base), Status::out_of_range, 5},
      {copy, 5, set(end - word), Status::out_of_range, 5},
      {copy, 5, set(0x8000'0000), Status::out_of_range, 5},
      {fill, 8, set(0xFFFF'FFFFu - word + 1), Status::out_of_range, 8},
      {fill, 12, set(0xFFFF'FFFFu - word + 1), Status::out_of_range, 12},
      {gemm, 12, set(0), Status::overlap, 12},
      {gemm, 12, [word](std::uint32_t w) { return w - word; }, Status::overlap, 12},
      {fill, 12, set(word), Status::overlap, 12},
      {gemm, 8, set(gemm[5]), Status::overlap, 8},
      {gemm, 8, set(gemm[6]), Status::overlap, 8},
      {gemm, 8, set(gemm[7] + word), Status::overlap, 8},
      {bf16_result, 8, set(bf16_result[7]), Status::overlap, 8},
      {copy, 8, set(copy[5]), Status::overlap, 8},
      {copy, 8, set(copy[5] + word), Status::overlap, 8},
  };
  for (std::size_t index = 5; index <= 12; ++index)
    rows.push_back({gemm, index, add(4), Status::misaligned, static_cast<int>(index)});
  for (const std::size_t index : {5, 8, 9, 12})
    rows.push_back({convert, index, add(1), Status::misaligned, static_cast<int>(index)});
  for (std::size_t index = 5; index <= 8; ++index) {
    rows.push_back({gemm, index, set(end + word), Status::out_of_range, static_cast<int>(index)});
    rows.push_back({gemm, index, set(end - word), Status::out_of_range, static_cast<int>(index)});
    rows.push_back({gemm, index + 4, set(end + word), Status::out_of_range, static_cast<int>(index + 4)});
    rows.push_back({gemm, index + 4, set(end), Status::out_of_range, static_cast<int>(index)});
  }

  fill_memory();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    Words words = row.base;
    words[1] = static_cast<std::uint32_t>(i);
    words[row.index] = row.change(words[row.index]);
    SCOPED_TRACE(testing::Message() << "row " << i << ": opcode " << (words[0] & 0xFF) << ", word " << row.index
                                    << " = 0x" << std::hex << words[row.index]);
    const model::Completion done = run(words);
    EXPECT_EQ(model::to_string(done.status), model::to_string(row.status));
    EXPECT_EQ(done.field, row.field);
    EXPECT_EQ(done.tag, i);
    EXPECT_EQ(done.opcode, words[0] & 0xFF);
    EXPECT_EQ(done.flags.bits, 0);
    EXPECT_EQ(read(r::last_error), static_cast<std::uint32_t>(row.status) | static_cast<std::uint32_t>(row.field) << 8 |
                                       (words[0] & 0xFF) << 24);
    if (HasFailure()) break;
  }
  EXPECT_EQ(read(r::perf_errors), rows.size());
  EXPECT_NE(read(r::status) & r::status_job_error_mask, 0u);
  EXPECT_TRUE(std::equal(shadow_.memory().begin(), shadow_.memory().end(), read_memory(0, end).begin()))
      << "a refused job wrote";
}

TEST_P(Jobs, FirstErrorInTheTablesOrderIsReported) {
  Words words = two_by_two_panels(geometry()).pack();
  words[15] |= 1u << 3;
  words[8] = words[5];
  EXPECT_EQ(run(words).status, Status::bad_semaphore);
  words[13] = 1;
  EXPECT_EQ(run(words).status, Status::unused);
  words[12] |= 1;
  words[9] |= 1;
  EXPECT_EQ(run(words).field, 9);
  words[4] = 0;
  EXPECT_EQ(run(words).status, Status::bad_size);
  words[2] = 0;
  EXPECT_EQ(run(words).status, Status::bad_format);
  words[0] |= 1u << 20;
  EXPECT_EQ(run(words).status, Status::bad_option);
  words[0] &= ~0xFFu;
  EXPECT_EQ(run(words).status, Status::bad_opcode);
}

TEST_P(Jobs, LegalExtremesAreNotRefused) {
  const model::Geometry& g = geometry();
  fill_memory();
  Descriptor to_the_end = copy_of(g, 2, 1);
  to_the_end.d_at.base = g.data_bytes() - 2 * word_bytes();
  run_on_both(to_the_end);
  Descriptor from_one_row = copy_of(g, 3, 2);
  from_one_row.a_at.stride = 0;
  run_on_both(from_one_row);
  Descriptor touching = copy_of(g, 2, 2);
  touching.d_at.base = 4 * word_bytes();
  run_on_both(touching);
  Descriptor one_panel = two_by_two_panels(g);
  one_panel.m = 1;
  one_panel.d_at.stride = 0;
  run_on_both(one_panel);
  Descriptor in_place = two_by_two_panels(g);
  in_place.d_at = in_place.c_at;
  run_on_both(in_place);
  Descriptor same_operand = two_by_two_panels(g);
  if (g.rows == g.cols) {
    same_operand.b_at = same_operand.a_at;
    run_on_both(same_operand);
  }
}

}  // namespace hilbert::conformance

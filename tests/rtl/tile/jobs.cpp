// SPDX-License-Identifier: Apache-2.0
// Random legal jobs: a place is tried until the model's own check accepts it.
#include "jobs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "hilbert/model/layout.hpp"

namespace hilbert::test {
namespace {

using model::Descriptor;
using model::Format;
using model::FormatSpec;
using model::Geometry;
using model::Opcode;
using model::PanelLayout;

bool one_in(Random& random, std::uint32_t n) { return random.below(n) == 0; }

FormatSpec random_format(Random& random, bool fp32_too) {
  const auto format = static_cast<Format>(fp32_too ? random.below(7) : 1 + random.below(6));
  const bool biased = model::has_tensor_bias(format);
  // Biases around the usual ones, so that most numbers are inside the range; sometimes any.
  const auto bias = !biased ? 0u : one_in(random, 4) ? random.below(64) : 5 + random.below(12);
  return {format, static_cast<std::uint8_t>(bias)};
}

/// Mostly around `unit`, where blocks end; sometimes 1; sometimes several blocks.
std::uint16_t random_size(Random& random, std::uint32_t unit) {
  const std::uint32_t kind = random.below(8);
  const std::uint32_t size = kind == 0 ? 1 : kind < 5 ? 1 + random.below(2 * unit + 1) : 1 + random.below(5 * unit);
  return static_cast<std::uint16_t>(size);
}

struct Matrix {
  std::uint32_t rows, cols, panel_rows;
  Format format;
};

PanelLayout layout_of(const Matrix& m, const Geometry& g) {
  return {m.rows,        m.cols, m.panel_rows, g.depth, static_cast<std::uint32_t>(model::element_bytes(m.format)),
          g.word_bytes()};
}

/// The job's matrices in the order A, B, C, D; rows = 0 where there is none. COPY and FILL have none.
std::array<Matrix, 4> matrices_of(const Descriptor& j, const Geometry& g) {
  std::array<Matrix, 4> m{};
  if (j.opcode == Opcode::gemm) {
    m[0] = {j.m, j.k, g.rows, j.a.format};
    m[1] = {j.n, j.k, g.cols, j.b.format};
    if (j.accumulate) m[2] = {j.m, j.n, g.rows, Format::fp32};
  } else if (j.opcode == Opcode::convert) {
    m[0] = {j.m, j.n, g.rows, j.a.format};
  }
  if (j.opcode == Opcode::gemm || j.opcode == Opcode::convert) m[3] = {j.m, j.n, g.rows, j.d.format};
  return m;
}

/// Any number of words from the base on; a reader's panels may overlap, a writer's must not.
model::Region random_region(Random& random, const Geometry& g, std::uint64_t panel_bytes, bool reader) {
  const std::uint32_t word = g.word_bytes();
  const auto least = static_cast<std::uint32_t>(panel_bytes / word);
  const std::uint32_t stride =
      reader && one_in(random, 6) ? random.below(least + 1) : least + (one_in(random, 2) ? random.below(4) : 0);
  return {random.below(g.data_bytes() / word) * word, stride * word};
}

Descriptor draw(Random& random, const Geometry& g) {
  Descriptor j;
  const std::uint32_t kind = random.below(10);
  j.opcode = kind < 6 ? Opcode::gemm : kind < 8 ? Opcode::convert : kind < 9 ? Opcode::copy : Opcode::fill;
  const bool matrices = j.opcode == Opcode::gemm || j.opcode == Opcode::convert;
  j.m = random_size(random, g.rows);
  j.n = random_size(random, matrices ? g.cols : 3);
  if (j.opcode == Opcode::gemm) {
    j.k = random_size(random, 4 * g.depth);
    j.a = random_format(random, false);
    j.b = random_format(random, false);
    j.accumulate = one_in(random, 2);
  } else if (j.opcode == Opcode::convert) {
    j.a = random_format(random, true);
  }
  if (matrices) {
    j.d = random_format(random, true);
    j.relu = one_in(random, 3);
    j.saturate = one_in(random, 2);
    j.stochastic = one_in(random, 2);
    j.literal = one_in(random, 3);
  }
  if (j.stochastic) {
    j.row0 = static_cast<std::uint16_t>(random());
    j.col0 = static_cast<std::uint16_t>(random());
  }
  if (j.stochastic || j.opcode == Opcode::fill) j.seed = static_cast<std::uint32_t>(random());

  const auto m = matrices_of(j, g);
  const std::array<model::Region*, 4> regions{&j.a_at, &j.b_at, &j.c_at, &j.d_at};
  for (unsigned i = 0; i < 4; ++i) {
    if (m[i].rows != 0) *regions[i] = random_region(random, g, layout_of(m[i], g).panel_bytes(), i != 3);
  }
  if (!matrices) {
    const std::uint64_t row_bytes = std::uint64_t{j.n} * g.word_bytes();
    if (j.opcode == Opcode::copy) j.a_at = random_region(random, g, row_bytes, true);
    j.d_at = random_region(random, g, row_bytes, false);
  }
  if (j.accumulate && j.d.format == Format::fp32 && one_in(random, 2)) j.c_at = j.d_at;  // in place
  return j;
}

/// An ordinary number in place of random bits: no NaN, no infinity, no extreme exponent.
void tame(Random& random, Format format, std::span<std::byte> code) {
  const auto set = [&](std::uint32_t v) { std::memcpy(code.data(), &v, code.size()); };
  const auto bits = static_cast<std::uint32_t>(random());
  switch (format) {
    case Format::fp32:
      return set((bits & 0x807F'FFFFu) | (115 + random.below(20)) << 23);
    case Format::bf16:
      return set((bits & 0x807Fu) | (120 + random.below(12)) << 7);
    case Format::e4m3:
    case Format::e5m2:
      return set(bits & 0xBFu);
    default:
      return;
  }
}

}  // namespace

Descriptor random_job(Random& random, const Geometry& shape) {
  for (;;) {
    const Descriptor job = draw(random, shape);
    if (model::check(job.pack(), shape).status == model::Status::ok) return job;
  }
}

void fill_memory(Random& random, const Descriptor& job, const Geometry& shape, std::span<std::byte> memory) {
  for (std::byte& b : memory) b = static_cast<std::byte>(random());
  if (one_in(random, 2)) return;
  const auto matrices = matrices_of(job, shape);
  const std::array<model::Region, 4> regions{job.a_at, job.b_at, job.c_at, job.d_at};
  for (unsigned x = 0; x < 3; ++x) {
    const PanelLayout layout = layout_of(matrices[x], shape);
    for (std::uint32_t i = 0; i < layout.rows; ++i) {
      for (std::uint32_t j = 0; j < layout.cols; ++j) {
        tame(random, matrices[x].format,
             memory.subspan(regions[x].base + layout.offset(i, j, regions[x].stride), layout.element_bytes));
      }
    }
  }
}

std::uint64_t end_of_d(const Descriptor& job, const Geometry& shape) {
  const Matrix d = matrices_of(job, shape)[3];
  if (d.rows != 0) return job.d_at.base + layout_of(d, shape).extent(job.d_at.stride);
  return job.d_at.base + std::uint64_t{job.m - 1u} * job.d_at.stride + std::uint64_t{job.n} * shape.word_bytes();
}

std::string to_string(const Descriptor& j) {
  const auto region = [](model::Region r) { return fmt::format("{:#x}+{:#x}", r.base, r.stride); };
  return fmt::format("{} {}x{}x{} a={} b={} d={}{}{}{}{}{} at A {} B {} C {} D {} seed {:#x} origin {},{}",
                     model::to_string(j.opcode), j.m, j.n, j.k, model::to_string(j.a), model::to_string(j.b),
                     model::to_string(j.d), j.accumulate ? " accumulate" : "", j.relu ? " relu" : "",
                     j.saturate ? " saturate" : "", j.stochastic ? " stochastic" : "", j.literal ? " literal" : "",
                     region(j.a_at), region(j.b_at), region(j.c_at), region(j.d_at), j.seed, j.row0, j.col0);
}

}  // namespace hilbert::test

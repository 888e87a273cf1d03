// SPDX-License-Identifier: Apache-2.0
// Execution of checked descriptors on the tile's memory.
#include "hilbert/model/tile.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

#include "hilbert/model/encode.hpp"
#include "hilbert/model/gemm.hpp"
#include "hilbert/model/layout.hpp"
#include "hilbert/model/operand.hpp"
#include "hilbert/model/stochastic.hpp"

#include "bytes.hpp"

namespace hilbert::model {
namespace {

using u32 = std::uint32_t;

PanelLayout layout_of(const Geometry& g, u32 rows, u32 cols, u32 panel_rows, Format f) {
  return {rows, cols, panel_rows, g.depth, static_cast<u32>(element_bytes(f)), g.word_bytes()};
}

std::vector<std::byte> read(std::span<const std::byte> memory, const PanelLayout& layout, Region at,
                            Order order = Order::row_major) {
  std::vector<std::byte> dense(std::size_t{layout.rows} * layout.cols * layout.element_bytes);
  unpack_panels(layout, memory.subspan(at.base), dense, at.stride, order);
  return dense;
}

Flags run_gemm(const Descriptor& job, const Geometry& g, std::span<std::byte> memory) {
  const Gemm shape{.m = job.m,
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
  const auto a = read(memory, layout_of(g, job.m, job.k, g.rows, job.a.format), job.a_at);
  const auto b = read(memory, layout_of(g, job.n, job.k, g.cols, job.b.format), job.b_at, Order::transposed);
  std::vector<std::byte> c;
  if (job.accumulate) c = read(memory, layout_of(g, job.m, job.n, g.rows, Format::fp32), job.c_at);
  const GemmResult result = gemm(shape, a, b, c);
  pack_panels(layout_of(g, job.m, job.n, g.rows, job.d.format), result.d, memory.subspan(job.d_at.base),
              job.d_at.stride);
  return result.flags;
}

Flags run_convert(const Descriptor& job, const Geometry& g, std::span<std::byte> memory) {
  const PanelLayout from = layout_of(g, job.m, job.n, g.rows, job.a.format);
  const PanelLayout to = layout_of(g, job.m, job.n, g.rows, job.d.format);
  const auto source = read(memory, from, job.a_at);
  std::vector<std::byte> result(std::size_t{job.m} * job.n * to.element_bytes);
  const Rounding rounding = job.stochastic ? Rounding::stochastic : Rounding::nearest;
  Flags flags;
  std::size_t index = 0;
  for (u32 i = 0; i < job.m; ++i) {
    for (u32 j = 0; j < job.n; ++j, ++index) {
      u32 v = to_fp32(job.a, load_code(source, index, from.element_bytes), job.literal, flags);
      if (job.relu) v = relu(v);
      const std::uint16_t r =
          random16(job.seed, static_cast<std::uint16_t>(job.row0 + i), static_cast<std::uint16_t>(job.col0 + j));
      store_code(result, index, to.element_bytes, encode(v, job.d, rounding, job.saturate, job.literal, r, flags));
    }
  }
  pack_panels(to, result, memory.subspan(job.d_at.base), job.d_at.stride);
  return flags;
}

Flags run_copy(const Descriptor& job, const Geometry& g, std::span<std::byte> memory) {
  const std::size_t row_bytes = std::size_t{job.n} * g.word_bytes();
  for (std::size_t i = 0; i < job.m; ++i) {
    std::memcpy(&memory[job.d_at.base + i * job.d_at.stride], &memory[job.a_at.base + i * job.a_at.stride], row_bytes);
  }
  return {};
}

Flags run_fill(const Descriptor& job, const Geometry& g, std::span<std::byte> memory) {
  const std::size_t row_codes = std::size_t{job.n} * g.word_bytes() / 4;
  for (std::size_t i = 0; i < job.m; ++i) {
    const auto row = memory.subspan(job.d_at.base + i * job.d_at.stride);
    for (std::size_t w = 0; w < row_codes; ++w) store_code(row, w, 4, job.seed);
  }
  return {};
}

}  // namespace

Tile::Tile(const Geometry& geometry) : geometry_(geometry) {
  const Geometry& g = geometry;
  const bool powers = std::has_single_bit(g.rows) && std::has_single_bit(g.cols) && std::has_single_bit(g.banks) &&
                      std::has_single_bit(g.bank_bytes) && std::has_single_bit(g.depth);
  if (!powers || g.depth > 4 || g.rows < g.depth || g.cols < g.depth || g.word_bytes() < 8 ||
      g.bank_bytes < g.word_bytes()) {
    throw std::invalid_argument(
        "tile geometry: rows, cols, banks and bank_bytes must be powers of two, depth 1, 2 or 4 and not more than rows "
        "or "
        "cols, and a word at least 8 bytes");
  }
  memory_.resize(g.data_bytes());
}

std::optional<Completion> Tile::run(const Words& words) {
  const CheckResult checked = check(words, geometry_);
  Completion done;
  done.tag = words[1];
  done.opcode = static_cast<std::uint8_t>(words[0] & 0xFFu);
  done.status = checked.status;
  done.field = checked.field;
  if (checked.status == Status::ok) {
    const Descriptor job = Descriptor::unpack(words);
    std::uint16_t& awaited = semaphores_[job.wait_semaphore];
    if (awaited < job.wait_count) return std::nullopt;
    awaited = static_cast<std::uint16_t>(awaited - job.wait_count);
    if (is_transfer(job.opcode)) {
      transfer(job);
    } else {
      done.flags = execute(job);
      signal(job.signal_semaphore, job.signal_count);
    }
  }
  done.sequence = sequence_++;
  return done;
}

void Tile::signal(unsigned semaphore, unsigned count) {
  std::uint16_t& signalled = semaphores_[semaphore];
  signalled = static_cast<std::uint16_t>(std::min(signalled + count, 0xFFFFu));
}

/// Gives the job's signals itself: only a transfer that came to its end has any.
void Tile::transfer(const Descriptor& job) {
  const u32 bytes = u32{job.n} * geometry_.word_bytes();
  for (u32 i = 0; i < (job.opcode == Opcode::signal ? 0u : job.m); ++i) {
    const u32 a = job.a_at.base + i * job.a_at.stride, d = job.d_at.base + i * job.d_at.stride;
    if (network_ == nullptr && job.opcode == Opcode::get) return;
    if (network_ == nullptr) break;
    const bool good = job.opcode == Opcode::send ? network_->send(job.x(), job.y(), d, a, bytes)
                                                 : network_->get(job.x(), job.y(), a, d, bytes);
    if (!good) return;
  }
  if (network_ != nullptr && job.opcode != Opcode::get && job.there_count() != 0) {
    network_->signal(job.x(), job.y(), job.there_semaphore(), job.there_count());
  }
  signal(job.signal_semaphore, job.signal_count);
  if (network_ != nullptr) network_->finished();
}

Flags Tile::execute(const Descriptor& job) {
  switch (job.opcode) {
    case Opcode::gemm:
      return run_gemm(job, geometry_, memory_);
    case Opcode::convert:
      return run_convert(job, geometry_, memory_);
    case Opcode::copy:
      return run_copy(job, geometry_, memory_);
    case Opcode::fill:
      return run_fill(job, geometry_, memory_);
    case Opcode::sync:
    case Opcode::send:  // these are transfer()'s
    case Opcode::get:
    case Opcode::signal:
      break;
  }
  return {};
}

}  // namespace hilbert::model

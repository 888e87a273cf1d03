// SPDX-License-Identifier: Apache-2.0
// Who gets what, when it goes on, and who waits for whom (shared_product.hpp).
#include "distributed/shared_product.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <hilbert/error.hpp>
#include <optional>
#include <utility>

#include "runtime/panels.hpp"
#include "runtime/plan.hpp"
#include "runtime/product.hpp"

namespace hilbert::distributed {
namespace {

using model::Descriptor;
using model::Opcode;
using model::PanelLayout;

constexpr std::uint8_t arrived = 0, freed = 1, left = 2;  // semaphores
constexpr std::uint32_t places = 2;

std::uint64_t extent64(const PanelLayout& layout) { return layout.extent(layout.panel_bytes()); }
/// Of what fits the chip.
std::uint32_t extent(const PanelLayout& layout) { return static_cast<std::uint32_t>(extent64(layout)); }
model::Region packed_at(std::uint32_t base, const PanelLayout& layout) {
  return {base, static_cast<std::uint32_t>(layout.panel_bytes())};
}

Descriptor waiting(Opcode opcode, std::uint8_t semaphore, std::uint8_t count) {
  Descriptor job;
  job.opcode = opcode;
  job.wait_semaphore = semaphore;
  job.wait_count = count;
  return job;
}

/// Halves, but not below a granule, of which it stays a multiple.
std::uint32_t half(std::uint32_t size, std::uint32_t granule) {
  return std::max(ceil_div(size / 2, granule) * granule, granule);
}

}  // namespace

SharedProduct::SharedProduct(const Board& board, std::vector<std::size_t> ring, const model::Geometry& chip,
                             const model::Gemm& job, Share share, std::span<const std::byte> a,
                             std::span<const std::byte> b, std::span<const std::byte> c)
    : board_(board), ring_(std::move(ring)), chip_(chip), job_(job), share_(share), a_(a), b_(b), c_(c) {
  const auto bytes = [](model::FormatSpec f) { return static_cast<std::uint32_t>(model::element_bytes(f.format)); };
  a_element_ = bytes(job.a), b_element_ = bytes(job.b), d_element_ = bytes(job.d);
  share_of_ = share == Share::rows ? parts(job.m, chip.rows) : parts(job.k, chip.depth);
  plan();
  programs_.resize(board.size());
  begins_.resize(board.size());
  for (std::size_t at = 0; at < ring_.size(); ++at) {
    Work work{programs_[ring_[at]], at};
    if (share == Share::rows) {
      share_rows(work);
    } else if (at < share_of_.size()) {
      share_depth(work);
    }
  }
}

/// In granules, as even as can be, for as many chips as get one.
std::vector<SharedProduct::Part> SharedProduct::parts(std::uint32_t size, std::uint32_t granule) const {
  const std::uint32_t granules = ceil_div(size, granule);
  const std::uint32_t chips = std::min(static_cast<std::uint32_t>(ring_.size()), granules);
  std::vector<Part> all;
  for (const Stretch& part : split({0, granules}, chips, 1)) {
    const std::uint32_t first = part.first * granule;
    all.push_back({first, std::min(part.words * granule, size - first)});
  }
  return all;
}

bool SharedProduct::fits(std::uint32_t m, std::uint32_t n, std::uint32_t k) const {
  const std::uint64_t operands =
      extent64(a_layout(chip_, m, k, a_element_)) + extent64(b_layout(chip_, n, k, b_element_));
  const std::uint64_t sum = extent64(d_layout(chip_, m, n, 4));
  const std::uint64_t result = converts() ? extent64(d_layout(chip_, m, n, d_element_)) : 0;
  return places * operands + (share_ == Share::depth ? places : 1) * sum + result <= chip_.data_bytes();
}

/// Results first, for they stay while K passes; then as much of K as there is room for.
void SharedProduct::plan() {
  const std::uint32_t widest = std::ranges::max(share_of_, {}, &Part::count).count;
  constexpr std::uint32_t most_rows = 32768, longest_depth = 32768;  // a job counts in 16 bits
  block_m_ = std::min(share_ == Share::rows ? widest : job_.m, most_rows);
  block_n_ = std::min(job_.n, most_rows);
  const std::uint32_t depth = std::min(share_ == Share::rows ? job_.k : widest, longest_depth);
  std::uint32_t least = std::min(depth, 16 * chip_.depth);
  while (!fits(block_m_, block_n_, least)) {
    const bool tall = block_m_ / chip_.rows >= block_n_ / chip_.cols;
    if (tall && block_m_ > chip_.rows) {
      block_m_ = half(block_m_, chip_.rows);
    } else if (block_n_ > chip_.cols) {
      block_n_ = half(block_n_, chip_.cols);
    } else if (block_m_ > chip_.rows) {
      block_m_ = half(block_m_, chip_.rows);
    } else if (least > chip_.depth) {
      least = half(least, chip_.depth);
    } else {
      throw Error(ExitCode::bad_input, fmt::format("{} bytes of memory are too few for a product", chip_.data_bytes()),
                  board_.uri());
    }
  }
  for (block_k_ = depth; !fits(block_m_, block_n_, block_k_);) block_k_ = half(block_k_, chip_.depth);

  std::uint32_t next = 0;
  const auto take = [&](std::uint32_t bytes) { return std::exchange(next, next + bytes); };
  for (std::uint32_t& at : a_at_) at = take(extent(a_layout(chip_, block_m_, block_k_, a_element_)));
  const std::uint32_t sums = share_ == Share::depth ? places : 1;
  for (std::uint32_t i = 0; i < sums; ++i) sum_at_[i] = take(extent(d_layout(chip_, block_m_, block_n_, 4)));
  if (converts()) result_at_ = take(extent(d_layout(chip_, block_m_, block_n_, d_element_)));
  for (std::uint32_t& at : b_at_) at = take(extent(b_layout(chip_, block_n_, block_k_, b_element_)));
}

void SharedProduct::share_rows(Work& work) {
  const bool first = work.at == 0, last = work.at + 1 == ring_.size();
  const Part mine = work.at < share_of_.size() ? share_of_[work.at] : Part{};
  const std::uint32_t longest = std::ranges::max(share_of_, {}, &Part::count).count;
  for (std::uint32_t n = 0; n < job_.n; n += block_n_) {
    const Part cols{n, std::min(block_n_, job_.n - n)};
    for (std::uint32_t m = 0; m < longest; m += block_m_) {
      const Part rows{mine.first + m, m < mine.count ? std::min(block_m_, mine.count - m) : 0};
      if (job_.accumulate && rows.count != 0) {
        const PanelLayout layout = d_layout(chip_, rows.count, cols.count, 4);
        images_.push_back(packed(layout, cut(c_, job_.n, 4, rows, cols), model::Order::row_major));
        host_bytes_ += images_.back().size();
        work.program.write(sum_at_[0], images_.back());
      }
      for (std::uint32_t k = 0; k < job_.k; k += block_k_) {
        const Part depth{k, std::min(block_k_, job_.k - k)};
        if (rows.count != 0) write_a(work, rows, depth);
        if (first) write_b(work, depth, cols);
        const std::uint32_t bytes = extent(b_layout(chip_, cols.count, depth.count, b_element_));
        if (!last) send(work, b_at_[slot(work)], bytes, !first);
        if (rows.count != 0) {
          Descriptor job = product(work, rows, cols, depth);
          const bool begins = k == 0, ends = k + depth.count == job_.k;
          job.d_at = packed_at(sum_at_[0], d_layout(chip_, rows.count, cols.count, 4));
          job.accumulate = job_.accumulate || !begins;
          if (job.accumulate) job.c_at = job.d_at;
          if (ends) {
            job.d = job_.d;
            job.relu = job_.relu, job.saturate = job_.saturate, job.stochastic = job_.stochastic;
            if (job.stochastic) {
              job.seed = job_.seed;
              job.row0 = static_cast<std::uint16_t>(job_.row0 + rows.first);
              job.col0 = static_cast<std::uint16_t>(job_.col0 + cols.first);
            }
            if (converts()) {
              job.d_at = packed_at(result_at_, d_layout(chip_, rows.count, cols.count, d_element_));
            }
          }
          if (last && !first) job.wait_semaphore = arrived, job.wait_count = 1;
          add(work, job, begins);
        } else if (last && !first) {
          add(work, waiting(Opcode::sync, arrived, 1));
        }
        if (!first) {
          free_place_of_previous(work, !last);
        } else if (!last) {
          add(work, waiting(Opcode::sync, left, 1));
        }
        work.free.push_back(work.program.jobs() - 1);
      }
      if (rows.count != 0) read(work, converts() ? result_at_ : sum_at_[0], rows, cols);
    }
  }
  drain(work);
}

void SharedProduct::share_depth(Work& work) {
  const bool first = work.at == 0, last = work.at + 1 == share_of_.size();
  const Part mine = share_of_[work.at];
  std::uint32_t block = 0;
  for (std::uint32_t n = 0; n < job_.n; n += block_n_) {
    const Part cols{n, std::min(block_n_, job_.n - n)};
    for (std::uint32_t m = 0; m < job_.m; m += block_m_, ++block) {
      const Part rows{m, std::min(block_m_, job_.m - m)};
      const std::uint32_t sum = sum_at_[block % places];
      const PanelLayout layout = d_layout(chip_, rows.count, cols.count, 4);
      for (std::uint32_t k = 0; k < mine.count; k += block_k_) {
        const Part depth{mine.first + k, std::min(block_k_, mine.count - k)};
        write_a(work, rows, depth);
        write_b(work, depth, cols);
        Descriptor job = product(work, rows, cols, depth);
        job.d_at = packed_at(sum, layout);
        job.accumulate = !first || k != 0;
        if (job.accumulate) job.c_at = job.d_at;
        if (!first && k == 0) job.wait_semaphore = arrived, job.wait_count = 1;
        add(work, job, first && k == 0);
        work.free.push_back(work.program.jobs() - 1);
      }
      // A sum leaves while the next is computed; only then is its place waited for.
      if (last) {
        read(work, sum, rows, cols);
        if (!first) free_place_of_previous(work, false);
        continue;
      }
      if (block != 0) release_sum(work);
      send(work, sum, extent(layout), false);
    }
  }
  if (!last) release_sum(work);
  if (!last) drain(work);
}

/// The sum before the last that was sent has left.
void SharedProduct::release_sum(Work& work) {
  if (work.at == 0) {
    add(work, waiting(Opcode::sync, left, 1));
  } else {
    free_place_of_previous(work, true);
  }
}

SharedProduct::Bytes SharedProduct::cut(std::span<const std::byte> codes, std::uint32_t row_elements,
                                        std::uint32_t element, Part rows, Part cols) {
  Bytes block(std::size_t{rows.count} * cols.count * element);
  for (std::size_t i = 0; i < rows.count; ++i) {
    std::memcpy(&block[i * cols.count * element], &codes[((rows.first + i) * row_elements + cols.first) * element],
                std::size_t{cols.count} * element);
  }
  return block;
}

void SharedProduct::write_a(Work& work, Part rows, Part depth) {
  const PanelLayout layout = a_layout(chip_, rows.count, depth.count, a_element_);
  write(work, a_at_[slot(work)], packed(layout, cut(a_, job_.k, a_element_, rows, depth), model::Order::row_major));
}

void SharedProduct::write_b(Work& work, Part depth, Part cols) {
  const PanelLayout layout = b_layout(chip_, cols.count, depth.count, b_element_);
  write(work, b_at_[slot(work)], packed(layout, cut(b_, job_.n, b_element_, depth, cols), model::Order::transposed));
}

/// Into a place of this step, once the step that used it last is through with it.
void SharedProduct::write(Work& work, std::uint32_t address, Bytes bytes) {
  host_bytes_ += bytes.size();
  images_.push_back(std::move(bytes));
  const std::size_t step = work.free.size();
  work.program.write(address, images_.back(), step < places ? std::nullopt : std::optional(work.free[step - places]));
}

void SharedProduct::add(Work& work, const Descriptor& job, bool begins) {
  (void)work.program.job(job);
  begins_[ring_[work.at]].push_back(begins);
}

/// To the same place of the next chip, once it is free there; `passes_on`: what came from the chip before.
void SharedProduct::send(Work& work, std::uint32_t address, std::uint32_t bytes, bool passes_on) {
  if (work.sent++ >= places) add(work, waiting(Opcode::sync, freed, 1));
  Descriptor job = passes_on ? waiting(Opcode::send, arrived, 1) : waiting(Opcode::send, 0, 0);
  const Place next = board_.file().chips[ring_[work.at + 1]];
  job.m = 1;
  job.n = static_cast<std::uint16_t>(bytes / chip_.word_bytes());
  job.a_at.base = job.d_at.base = address;
  job.set_place(next.x, next.y);
  job.set_there(arrived, 1);
  job.signal_semaphore = left;
  job.signal_count = 1;
  add(work, job);
  link_bytes_ += bytes;
}

/// Tells the chip before, once what was sent from the place has left.
void SharedProduct::free_place_of_previous(Work& work, bool was_sent) {
  Descriptor job = was_sent ? waiting(Opcode::signal, left, 1) : waiting(Opcode::signal, 0, 0);
  const Place before = board_.file().chips[ring_[work.at - 1]];
  job.set_place(before.x, before.y);
  job.set_there(freed, 1);
  add(work, job);
}

/// Takes what the next chip still says: a program ends with nothing under way.
void SharedProduct::drain(Work& work) {
  const std::uint32_t open = std::min(work.sent, places);
  if (open != 0) add(work, waiting(Opcode::sync, freed, static_cast<std::uint8_t>(open)));
}

void SharedProduct::read(Work& work, std::uint32_t address, Part rows, Part cols) {
  results_.push_back({rows, cols, Bytes(extent(d_layout(chip_, rows.count, cols.count, d_element_)))});
  work.program.read(address, results_.back().image);
}

/// Operands and sizes.
Descriptor SharedProduct::product(const Work& work, Part rows, Part cols, Part depth) const {
  Descriptor job;
  job.opcode = Opcode::gemm;
  job.a = job_.a, job.b = job_.b;
  job.literal = job_.literal;
  job.m = static_cast<std::uint16_t>(rows.count);
  job.n = static_cast<std::uint16_t>(cols.count);
  job.k = static_cast<std::uint16_t>(depth.count);
  job.a_at = packed_at(a_at_[slot(work)], a_layout(chip_, rows.count, depth.count, a_element_));
  job.b_at = packed_at(b_at_[slot(work)], b_layout(chip_, cols.count, depth.count, b_element_));
  return job;
}

std::vector<std::byte> SharedProduct::result() const {
  Bytes whole(std::size_t{job_.m} * job_.n * d_element_);
  for (const Result& block : results_) {
    const PanelLayout layout = d_layout(chip_, block.rows.count, block.cols.count, d_element_);
    Bytes dense(std::size_t{block.rows.count} * block.cols.count * d_element_);
    unpack(layout, block.image, dense, layout.panel_bytes());
    const std::size_t row = std::size_t{block.cols.count} * d_element_;
    for (std::size_t i = 0; i < block.rows.count; ++i) {
      std::memcpy(&whole[((block.rows.first + i) * job_.n + block.cols.first) * d_element_], &dense[i * row], row);
    }
  }
  return whole;
}

model::Flags SharedProduct::flags(const BoardRun& run) const {
  model::Flags first, later;
  for (std::size_t chip = 0; chip < begins_.size(); ++chip) {
    for (std::size_t i = 0; i < begins_[chip].size(); ++i) {
      (begins_[chip][i] ? first : later) |= run.completions[chip][i].flags;
    }
  }
  return resolve_denormal(job_, first, later, a_, b_, job_.accumulate ? c_ : std::span<const std::byte>{});
}

}  // namespace hilbert::distributed

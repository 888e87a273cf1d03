// SPDX-License-Identifier: Apache-2.0
// The loop over blocks. Cutting K carries fp32 sums on the device, so cutting never changes a bit (vectors/README.md,
// 6).
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <hilbert/error.hpp>

#include "runtime/blocked_gemm.hpp"
#include "runtime/panels.hpp"
#include "runtime/product.hpp"
#include "runtime/state.hpp"

namespace hilbert {
BlockedGemm::BlockedGemm(Device& device, JobRunner& jobs, DeviceMemory& memory, const model::Gemm& job,
                         unsigned max_retries, std::uint32_t& next_tag)
    : device_(device),
      jobs_(jobs),
      job_(job),
      geometry_(device.capabilities().geometry),
      max_retries_(max_retries),
      next_tag_(next_tag) {
  check_job(job, geometry_.depth);
  const auto bytes = [](model::FormatSpec s) { return static_cast<std::uint32_t>(model::element_bytes(s.format)); };
  const GemmShape shape{job.m, job.n, job.k, bytes(job.a), bytes(job.b), bytes(job.d), job.accumulate};
  std::optional<BlockPlan> plan;
  Workspace space;
  for (const Workspace& candidate : workspaces(memory)) {
    plan = plan_gemm(geometry_, shape, candidate, jobs.job_clocks());
    space = candidate;
    if (plan) break;
  }
  if (!plan) {
    throw TooSmallError(
        fmt::format("not even one panel of each matrix fits into the {} free bytes of the device", memory.free_bytes()),
        "GEMM", "release device buffers or use a larger device");
  }
  plan_ = *plan;
  copies_ = space.copies;
  a_.layout = a_layout(geometry_, job.m, job.k, shape.a_bytes);
  b_.layout = b_layout(geometry_, job.n, job.k, shape.b_bytes);
  a_.block_rows = plan_.block_m;
  b_.block_rows = plan_.block_n;
  for (unsigned i = 0; i < copies_; ++i) {
    a_.slots[i].buffer = memory.allocate(plan_.a_bytes, space.a_bank[i]);
    b_.slots[i].buffer = memory.allocate(plan_.b_bytes, space.b_bank[i]);
    results_[i] = memory.allocate(plan_.sum_bytes + plan_.result_bytes, space.d_bank[i]);
  }
  spdlog::debug("GEMM {}x{}x{}: {} blocks of {}x{}, K in {} steps of {}, estimated {:.0f} clocks", job.m, job.n, job.k,
                plan_.blocks(), plan_.block_m, plan_.block_n, plan_.blocks_k, plan_.block_k, plan_.estimated_clocks);
}

CodesResult BlockedGemm::run(std::span<const std::byte> a, std::span<const std::byte> b, std::span<const std::byte> c) {
  const std::uint32_t d_bytes = static_cast<std::uint32_t>(model::element_bytes(job_.d.format));
  check_codes(job_, a, b, c);
  a_codes_ = a, b_codes_ = b, c_codes_ = job_.accumulate ? c : std::span<const std::byte>{};

  const auto start = std::chrono::steady_clock::now();
  a_.image = packed(a_.layout, a, model::Order::row_major);
  b_.image = packed(b_.layout, b, model::Order::transposed);
  if (job_.accumulate) c_image_ = packed(d_layout(geometry_, job_.m, job_.n, 4), c, model::Order::row_major);
  const auto d_whole = d_layout(geometry_, job_.m, job_.n, d_bytes);
  d_image_.resize(d_whole.extent(d_whole.panel_bytes()));

  const std::uint64_t start_clocks = device_.clocks(), start_reloads = jobs_.reloads();
  report_.path = jobs_.path();
  jobs_.drain();
  absorbed_ = jobs_.completed();
  for (std::uint32_t n = 0; n < plan_.blocks_n; ++n) {
    for (std::uint32_t m = 0; m < plan_.blocks_m; ++m) todo_.push_back({m, n, 0});
  }
  try {
    run_blocks();
  } catch (...) {
    // Jobs that are under way or announced still use the buffers.
    try {
      jobs_.drain();
    } catch (const Error&) {
    }
    throw;
  }

  CodesResult result;
  result.d.resize(std::size_t{job_.m} * job_.n * d_bytes);
  unpack(d_whole, d_image_, result.d, d_whole.panel_bytes());
  result.flags = resolve_denormal(job_, first_flags_, later_flags_, a_codes_, b_codes_, c_codes_);
  report_.clocks = device_.clocks() - start_clocks;
  report_.reloads = jobs_.reloads() - start_reloads;
  report_.macs = std::uint64_t{job_.m} * job_.n * job_.k;
  report_.macs_per_clock = geometry_.rows * geometry_.cols * geometry_.depth;
  report_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.report = report_;
  return result;
}

void BlockedGemm::run_blocks() {
  for (unsigned turn = 0; !todo_.empty() || flights_[0] || flights_[1] || !landed_.empty(); ++turn) {
    const unsigned slot = turn % copies_;
    if (flights_[slot]) retire(slot);
    resolve();
    if (!todo_.empty()) {
      const Block block = todo_.front();
      todo_.pop_front();
      launch(block, slot);
    } else if (!flights_[0] && !flights_[1] && !landed_.empty()) {
      (void)jobs_.wait(landed_.back().jobs.back());
      absorb();
    }
  }
}

void BlockedGemm::write(std::uint32_t address, std::span<const std::byte> bytes) {
  device_.write_words(address, bytes);
  report_.bytes_up += bytes.size();
}

/// A slot for block `index` x K step `step` of an operand, which job `user` reads: where it is already, or where it
/// goes.
BlockedGemm::Piece BlockedGemm::reserve(Operand& operand, std::uint32_t index, std::uint32_t step, Ticket user) {
  const model::PanelLayout& whole = operand.layout;
  Piece piece;
  piece.first_row = index * operand.block_rows;
  piece.first_k = step * plan_.block_k;
  piece.layout = whole;
  piece.layout.rows = std::min(operand.block_rows, whole.rows - piece.first_row);
  piece.layout.cols = std::min(plan_.block_k, whole.cols - piece.first_k);
  const std::pair key{index, step};
  unsigned slot = 0;
  while (slot < copies_ && operand.slots[slot].holds != key) ++slot;
  piece.absent = slot == copies_;
  if (piece.absent) {
    slot = operand.next;
    operand.next = (operand.next + 1) % copies_;
    piece.free_after = operand.slots[slot].last_user;
    operand.slots[slot].holds = key;
  }
  piece.address = operand.slots[slot].buffer.address();
  operand.slots[slot].last_user = user;
  return piece;
}

void BlockedGemm::bring(const Operand& operand, const Piece& piece) {
  if (!piece.absent) return;
  if (piece.free_after) {
    jobs_.await_end(*piece.free_after);
    absorb();
  }
  const model::PanelLayout& whole = operand.layout;
  const std::uint64_t bytes = piece.layout.panel_bytes(), panels = piece.layout.panels();
  const std::byte* from =
      operand.image.data() + piece.first_row / whole.panel_rows * whole.panel_bytes() +
      std::uint64_t{piece.first_k} / whole.depth * whole.panel_rows * whole.depth * whole.element_bytes;
  if (bytes == whole.panel_bytes()) {
    write(piece.address, {from, panels * bytes});
    return;
  }
  scratch_.resize(panels * bytes);
  for (std::uint32_t p = 0; p < panels; ++p) {
    std::memcpy(scratch_.data() + p * bytes, from + p * whole.panel_bytes(), bytes);
  }
  write(piece.address, scratch_);
}

model::Descriptor BlockedGemm::job_of(const Block& block, unsigned slot, std::uint32_t step, const Piece& a,
                                      const Piece& b) {
  const std::uint32_t m = rows_of(block), n = cols_of(block);
  const bool first = step == 0, last = step + 1 == plan_.blocks_k;
  const std::uint32_t sums = results_[slot].address();
  const auto sums_stride = static_cast<std::uint32_t>(d_layout(geometry_, m, n, 4).panel_bytes());
  model::Descriptor d;
  d.opcode = model::Opcode::gemm;
  d.tag = next_tag_++;
  d.a = job_.a, d.b = job_.b;
  d.m = static_cast<std::uint16_t>(m), d.n = static_cast<std::uint16_t>(n);
  d.k = static_cast<std::uint16_t>(std::min(plan_.block_k, job_.k - step * plan_.block_k));
  d.a_at = a.region(), d.b_at = b.region();
  d.literal = job_.literal;
  d.accumulate = job_.accumulate || !first;
  if (d.accumulate) d.c_at = {sums, sums_stride};
  d.d_at = {sums, sums_stride};
  if (!last) return d;
  d.d = job_.d;
  d.relu = job_.relu, d.saturate = job_.saturate, d.stochastic = job_.stochastic;
  const auto bytes = static_cast<std::uint32_t>(model::element_bytes(job_.d.format));
  d.d_at = {sums + static_cast<std::uint32_t>(plan_.result_bytes == 0 ? 0 : plan_.sum_bytes),
            static_cast<std::uint32_t>(d_layout(geometry_, m, n, bytes).panel_bytes())};
  if (job_.stochastic) {
    d.seed = job_.seed;
    d.row0 = static_cast<std::uint16_t>(job_.row0 + block.m * plan_.block_m);
    d.col0 = static_cast<std::uint16_t>(job_.col0 + block.n * plan_.block_n);
  }
  return d;
}

/// The slot's last result has been fetched: a job that is only announced must not be able to overwrite one that was
/// good.
void BlockedGemm::launch(const Block& block, unsigned slot) {
  Flight& flight = flights_[slot].emplace(Flight{block, {}, {}, {}, {}});
  const auto most = static_cast<std::uint32_t>(std::max<std::size_t>(jobs_.announce_limit(), 1));
  for (std::uint32_t from = 0; from < plan_.blocks_k; from += most) {
    std::vector<model::Descriptor> jobs;
    std::vector<std::array<Piece, 2>> pieces;
    const Ticket first = jobs_.submitted();
    for (std::uint32_t step = from; step < std::min(from + most, plan_.blocks_k); ++step) {
      const Ticket ticket = first + jobs.size();
      pieces.push_back({reserve(a_, block.m, step, ticket), reserve(b_, block.n, step, ticket)});
      jobs.push_back(job_of(block, slot, step, pieces.back()[0], pieces.back()[1]));
      flight.jobs.push_back(ticket);
    }
    (void)jobs_.announce(jobs);
    if (job_.accumulate && from == 0) upload_c(block, results_[slot].address());
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      bring(a_, pieces[i][0]);
      bring(b_, pieces[i][1]);
      jobs_.release(first + i);
      absorb();
    }
  }
}

/// Books every result that has arrived to its block.
void BlockedGemm::absorb() {
  jobs_.look();
  for (; absorbed_ < jobs_.completed(); ++absorbed_) {
    JobResult result = jobs_.wait(absorbed_);
    report_ += result.work;
    const auto book = [&](Flight& flight) {
      if (flight.jobs.empty() || absorbed_ < flight.jobs.front() || absorbed_ > flight.jobs.back()) return;
      (absorbed_ == flight.jobs.front() ? flight.first_flags : flight.later_flags) |= result.flags;
      if (result.end == JobEnd::good) return;
      if (flight.trouble.empty()) flight.trouble = result.trouble;
      flight.own = flight.own || result.end != JobEnd::cancelled;
    };
    for (auto& flight : flights_) {
      if (flight) book(*flight);
    }
    for (Flight& flight : landed_) book(flight);
  }
}

void BlockedGemm::retire(unsigned slot) {
  jobs_.await_end(flights_[slot]->jobs.back());
  absorb();
  Flight& flight = *flights_[slot];
  if (flight.trouble.empty()) {
    try {
      download(flight.block, slot);
    } catch (const UncorrectableError& error) {
      flight.trouble = fmt::format("uncorrectable word at {:#010x} in its result", error.address());
      flight.own = true;
    }
  }
  landed_.push_back(std::move(flight));
  flights_[slot].reset();
}

/// Judges the blocks of which every job's end is known.
void BlockedGemm::resolve() {
  while (!landed_.empty() && landed_.front().jobs.back() < absorbed_) {
    const Flight flight = std::move(landed_.front());
    landed_.pop_front();
    if (!flight.trouble.empty()) {
      repeat(flight.block, flight.trouble, flight.own);
      continue;
    }
    first_flags_ |= flight.first_flags;
    later_flags_ |= flight.later_flags;
  }
}

/// The one place that decides what an uncorrectable word or lost firmware costs: the block starts again from its first
/// job with operands written afresh (writing heals), at most max_retries times for troubles of its own.
void BlockedGemm::repeat(const Block& block, const std::string& trouble, bool own) {
  if (own && block.attempts == max_retries_) {
    throw Error(ExitCode::machine,
                fmt::format("rows from {}, columns from {} of the result failed in all {} attempts, the last time: {}",
                            block.m * plan_.block_m, block.n * plan_.block_n, block.attempts + 1, trouble),
                device_.capabilities().uri, "the memory is failing: look at its ECC counters with 'hilbert info'");
  }
  spdlog::warn("{}: block ({}, {}) is computed again: {}", device_.capabilities().uri, block.m, block.n, trouble);
  ++report_.retries;
  for (Operand* operand : {&a_, &b_}) {
    for (auto& slot : operand->slots) slot.holds.reset();
  }
  todo_.push_back({block.m, block.n, block.attempts + (own ? 1 : 0)});
}

void BlockedGemm::upload_c(const Block& block, std::uint32_t address) {
  const auto whole = d_layout(geometry_, job_.m, job_.n, 4);
  const auto piece = d_layout(geometry_, rows_of(block), cols_of(block), 4);
  const std::uint64_t bytes = piece.panel_bytes();
  const std::uint64_t useful = std::uint64_t{piece.groups()} * whole.panel_rows * whole.depth * 4;
  const std::byte* from = c_image_.data() + block.m * plan_.block_m / whole.panel_rows * whole.panel_bytes() +
                          std::uint64_t{block.n} * plan_.block_n * whole.panel_rows * 4;
  scratch_.assign(piece.panels() * bytes, std::byte{});
  for (std::uint32_t p = 0; p < piece.panels(); ++p) {
    std::memcpy(scratch_.data() + p * bytes, from + p * whole.panel_bytes(), useful);
  }
  write(address, scratch_);
}

void BlockedGemm::download(const Block& block, unsigned slot) {
  const auto element = static_cast<std::uint32_t>(model::element_bytes(job_.d.format));
  const auto whole = d_layout(geometry_, job_.m, job_.n, element);
  const auto piece = d_layout(geometry_, rows_of(block), cols_of(block), element);
  const std::uint64_t bytes = piece.panel_bytes();
  const std::uint64_t useful = std::uint64_t{piece.groups()} * whole.panel_rows * whole.depth * element;
  const std::uint32_t address =
      results_[slot].address() + static_cast<std::uint32_t>(plan_.result_bytes == 0 ? 0 : plan_.sum_bytes);
  scratch_.resize(piece.panels() * bytes);
  device_.read_words(address, scratch_);
  report_.bytes_down += scratch_.size();
  std::byte* to = d_image_.data() + block.m * plan_.block_m / whole.panel_rows * whole.panel_bytes() +
                  std::uint64_t{block.n} * plan_.block_n * whole.panel_rows * element;
  for (std::uint32_t p = 0; p < piece.panels(); ++p) {
    std::memcpy(to + p * whole.panel_bytes(), scratch_.data() + p * bytes, useful);
  }
}

}  // namespace hilbert

// SPDX-License-Identifier: Apache-2.0
// Runs shared products, and counts.
#include "distributed/board_engine.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <hilbert/error.hpp>

#include "runtime/product.hpp"

namespace hilbert::distributed {
namespace {

constexpr unsigned most_retries = 3;

Share share_of(const model::Gemm& job) {
  const bool gradient = !job.accumulate && !job.relu && job.d.format == model::Format::fp32;
  return gradient ? Share::depth : Share::rows;
}

void count(Report& report, const BoardRun& run) {
  for (const auto& completions : run.completions) {
    for (const model::Completion& done : completions) report += work_of(done);
  }
}

}  // namespace

BoardEngine::BoardEngine(std::unique_ptr<Board> board, RunnerOptions options)
    : board_(std::move(board)),
      runner_(*board_, options),
      ring_(ring_of(board_->file())),
      geometry_(board_->device(0).capabilities().geometry) {}

CodesResult BoardEngine::multiply(const model::Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                                  std::span<const std::byte> c) {
  return multiply(share_of(job), job, a, b, c);
}

CodesResult BoardEngine::multiply(Share share, const model::Gemm& job, std::span<const std::byte> a,
                                  std::span<const std::byte> b, std::span<const std::byte> c) {
  check_job(job, depth());
  check_codes(job, a, b, c);
  if (share == Share::depth && share_of(job) != Share::depth) {
    throw Error(ExitCode::bad_input, "a product of which K is shared starts from nothing and ends in plain fp32",
                board_->uri(), "Share::rows");
  }
  const auto start = std::chrono::steady_clock::now();
  const std::uint64_t first_clock = board_->clocks();
  CodesResult result;
  SharedProduct product(*board_, ring_, geometry_, job, share, a, b, c);
  for (;; ++result.report.retries) {
    const BoardRun run = runner_.run(product.programs());
    count(result.report, run);
    traffic_.host_bytes += product.host_bytes(), traffic_.link_bytes += product.link_bytes();
    if (run.poisoned.empty()) {
      result.d = product.result();
      result.flags = product.flags(run);
      break;
    }
    if (result.report.retries == most_retries) {
      throw Error(ExitCode::machine,
                  fmt::format("a product failed {} times, at last: {}", most_retries + 1, run.poisoned), board_->uri(),
                  "the memory of that chip is failing");
    }
    spdlog::warn("{}: a product is computed again: {}", board_->uri(), run.poisoned);
  }
  Report& report = result.report;
  report.macs = std::uint64_t{job.m} * job.n * job.k;
  report.clocks = board_->clocks() - first_clock;
  report.bytes_up = product.host_bytes() * (1 + report.retries);
  report.bytes_down = result.d.size();
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  report.macs_per_clock = geometry_.rows * geometry_.cols * geometry_.depth * static_cast<std::uint32_t>(ring_.size());
  totals_ += report;
  traffic_.clocks += report.clocks;
  return result;
}

}  // namespace hilbert::distributed

// SPDX-License-Identifier: Apache-2.0
// The job, its check, and the counters around a run.
#include "bench/saturated_device.hpp"

#include <fmt/format.h>

#include <hilbert/error.hpp>
#include <hilbert/regs/tile.hpp>

#include "bench/jobs.hpp"

namespace hilbert::bench {
namespace {

Product filling_product(const model::Geometry& g) {
  const std::uint32_t side = 8 * std::max(g.rows, g.cols);
  return {side, side, g.bank_bytes / (2 * side), {model::Format::bf16}, g.depth};
}

}  // namespace

SaturatedDevice::SaturatedDevice(std::string_view uri)
    : runtime_(uri, {.path = JobPath::direct}), product_(filling_product(runtime_.geometry())) {
  const model::Gemm& j = product_.job;
  a_ = runtime_.place(j.m, j.k, j.a, Role::a);
  b_ = runtime_.place(j.n, j.k, j.b, Role::b);
  d_ = runtime_.place(j.m, j.n, j.d, Role::d);
  runtime_.upload(a_, product_.a);
  runtime_.upload(b_, product_.b, model::Order::transposed);
  descriptor_ = gemm_job(j, a_, b_, d_);
  const model::Completion done = runtime_.queue().run(descriptor_);
  product_.require(runtime_.download(d_), done.flags, runtime_.capabilities().uri);
  // One job less than the queue holds, so that a run ends before the queue does.
  clocks_a_run_ = done.clocks * (runtime_.geometry().queue_slots - 1);
}

void SaturatedDevice::refill() {
  JobQueue& queue = runtime_.queue();
  while (queue.completed() < queue.submitted()) require_ok(queue.wait(queue.completed()));
  for (std::uint32_t i = 0; i < runtime_.geometry().queue_slots; ++i) (void)queue.submit(descriptor_);
}

SaturatedDevice::Work SaturatedDevice::counters() {
  namespace r = regs::tile;
  const auto read = [&](std::uint32_t offset) -> std::uint64_t {
    return runtime_.device().read_register(register_base + offset);
  };
  const auto low_high = [&](std::uint32_t offset) {
    const std::uint64_t low = read(offset);
    return static_cast<double>(read(offset + 4) << 32 | low);
  };
  const double clocks = low_high(r::perf_cycles);  // reading its low word holds the other three words
  return {clocks, low_high(r::perf_macs)};
}

SaturatedDevice::Work SaturatedDevice::run() {
  const Work before = counters();
  runtime_.device().idle(clocks_a_run_);
  const Work after = counters();
  const Work done{after.clocks - before.clocks, after.macs - before.macs};
  work_.clocks += done.clocks;
  work_.macs += done.macs;
  return done;
}

}  // namespace hilbert::bench

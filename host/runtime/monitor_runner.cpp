// SPDX-License-Identifier: Apache-2.0
// Commands for jobs, answers as results, and what happens when the monitor is lost.
#include "runtime/monitor_runner.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <hilbert/error.hpp>
#include <hilbert/monitor_image.hpp>
#include <utility>

namespace hilbert {
namespace {

/// As many slots as cost at most a sixteenth of data memory, at its end.
MonitorStart shared_area(const model::Geometry& g, const FirmwareOptions& options) {
  MonitorStart start;
  start.tests = 0;
  start.watchdog_cycles = options.watchdog_cycles;
  start.slots = MONITOR_DEFAULT_SLOTS;
  while (start.slots > 2 && MONITOR_AREA_BYTES(start.slots) > g.data_bytes() / 16) start.slots /= 2;
  start.base = g.data_bytes() - MONITOR_AREA_BYTES(start.slots);
  return start;
}

MonitorJob command_for(const model::Descriptor& d) {
  MonitorJob job;
  job.opcode = d.opcode;
  job.accumulate = d.accumulate, job.relu = d.relu, job.saturate = d.saturate;
  job.stochastic = d.stochastic, job.literal = d.literal;
  job.a = d.a, job.b = d.b, job.d = d.d;
  job.m = d.m, job.n = d.n, job.k = d.k;
  job.a_at = d.a_at, job.b_at = d.b_at, job.c_at = d.c_at, job.d_at = d.d_at;
  job.seed = d.seed, job.row0 = d.row0, job.col0 = d.col0;
  return job;
}

bool is_lost(std::uint8_t status) {
  return status == MONITOR_RESTARTED || status == MONITOR_UNREADABLE || status == MONITOR_BAD_SEQUENCE;
}

}  // namespace

MonitorRunner::MonitorRunner(Device& device, const FirmwareOptions& options)
    : device_(device), options_(options), start_(shared_area(device.capabilities().geometry, options)) {
  (void)running();
}

/// The monitor; loaded and started if there is none.
Monitor& MonitorRunner::running() {
  const std::uint64_t since = device_.cycles();
  while (!monitor_) {
    try {
      load_monitor(device_, MONITOR_AREA_BYTES(start_.slots));
      start_monitor(device_, start_);
      monitor_.emplace(device_, options_.monitor);
      spdlog::debug("{}: monitor with {} slots ready after {} clocks", device_.capabilities().uri, start_.slots,
                    device_.cycles() - since);
    } catch (const MonitorLost& error) {
      count_loss(error);
    }
  }
  return *monitor_;
}

/// Everything that was not answered is lost with it. Its successor ends what the tile still does before anybody writes
/// to memory again.
void MonitorRunner::lose(const MonitorLost& error) {
  first_ = submitted();
  monitor_.reset();
  count_loss(error);
  (void)running();
}

void MonitorRunner::count_loss(const MonitorLost& error) {
  if (losses_ == options_.max_reloads) {
    throw Error(ExitCode::machine,
                fmt::format("the firmware was lost {} times in a row, the last time: {}", std::exchange(losses_, 0) + 1,
                            error.what_happened()),
                device_.capabilities().uri, "see 'hilbert selftest'; the direct path does without firmware");
  }
  ++losses_;
  ++reloads_;
  spdlog::warn("{}: the firmware is loaded again: {}", device_.capabilities().uri, error.what_happened());
}

Ticket MonitorRunner::submit(const model::Descriptor& job) {
  MonitorWords command = command_for(job).pack();
  command[MONITOR_CMD_TAG] = job.tag;
  for (;;) {
    try {
      return first_ + running().submit(command);
    } catch (const MonitorLost& error) {
      lose(error);
    }
  }
}

JobResult MonitorRunner::wait(Ticket ticket) {
  JobResult result;
  result.end = JobEnd::lost;
  if (ticket >= first_) {
    try {
      const MonitorAnswer& answer = monitor_->wait(ticket - first_);
      if (answer.status == MONITOR_OK) {
        result.end = JobEnd::good;
        losses_ = 0;
      } else if (answer.status == MONITOR_POISONED) {
        result.end = JobEnd::poisoned;
      } else if (!is_lost(answer.status)) {
        require_ok(answer);
      }
      if (result.end != JobEnd::good) result.trouble = describe(answer);
      result.flags = answer.flags;
      result.work.jobs = answer.jobs;
      result.work.job_cycles = answer.cycles;
      result.work.steps = answer.steps;
      result.work.corrected = answer.corrected;
      result.work.block_retries = answer.retries;
    } catch (const MonitorLost& error) {
      lose(error);
    }
  }
  if (result.end == JobEnd::lost && result.trouble.empty()) result.trouble = "the firmware was lost";
  return result;
}

void MonitorRunner::drain() {
  try {
    running().drain();
  } catch (const MonitorLost& error) {
    lose(error);
  }
}

}  // namespace hilbert

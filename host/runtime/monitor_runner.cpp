// SPDX-License-Identifier: Apache-2.0
// Batches for jobs, answers as results, and what happens when a job fails or the monitor is lost.
#include "runtime/monitor_runner.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <hilbert/error.hpp>
#include <hilbert/monitor_image.hpp>
#include <hilbert/regs/cpu.hpp>
#include <hilbert/regs/tile.hpp>
#include <hilbert/text.hpp>
#include <utility>
#include <vector>

namespace hilbert {
namespace {

/// As many slots as cost at most a sixteenth of data memory, at its end.
MonitorStart shared_area(const model::Geometry& g, const FirmwareOptions& options) {
  MonitorStart start;
  start.tests = 0;
  start.watchdog_clocks = options.watchdog_clocks;
  start.slots = MONITOR_DEFAULT_SLOTS;
  while (start.slots > 2 && MONITOR_AREA_BYTES(start.slots) > g.data_bytes() / 16) start.slots /= 2;
  start.base = g.data_bytes() - MONITOR_AREA_BYTES(start.slots);
  return start;
}

namespace r = regs::tile;
constexpr std::uint32_t gate = 7;             // semaphore
constexpr std::uint32_t every_gate = 0xFFFF;  // counts that let everything through
constexpr std::uint32_t look_clocks = 16, most_looks = 4096;

std::uint32_t reg(std::uint32_t offset) { return r::base + offset; }

/// Whether each descriptor of a batch has run and taken its count of the gate: all ended well, or the last read an
/// uncorrectable operand.
bool kept_count(unsigned count, const MonitorAnswer& answer) {
  return answer.status == MONITOR_OK ||
         (answer.status == MONITOR_POISONED && answer.field != regs::job::field_descriptor &&
          MonitorBatch::failed(answer) == count - 1);
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
  const std::uint64_t since = device_.clocks();
  while (!monitor_) {
    try {
      load_monitor(device_, MONITOR_AREA_BYTES(start_.slots));
      start_monitor(device_, start_);
      monitor_.emplace(device_, options_.monitor);
      device_.write_register(reg(r::sem + 4 * gate), 0);
      count_from_here();
      spdlog::debug("{}: firmware with {} slots ready after {} clocks", device_.capabilities().uri, start_.slots,
                    device_.clocks() - since);
    } catch (const MonitorLost& error) {
      count_loss(error);
    }
  }
  return *monitor_;
}

/// Everything that was not answered is lost with it. Its successor ends what the tile still does before anybody writes
/// to memory again.
void MonitorRunner::lose(const MonitorLost& error) {
  forget(JobEnd::lost, "the firmware was lost");
  monitor_.reset();
  count_loss(error);
  (void)running();
}

void MonitorRunner::count_loss(const MonitorLost& error) {
  if (losses_ == options_.max_reloads) {
    throw Error(ExitCode::machine,
                fmt::format("the firmware was lost {} in a row, the last time: {}",
                            counted(std::exchange(losses_, 0) + 1, "time"), error.what_happened()),
                device_.capabilities().uri, "see 'hilbert firmware selftest'; --path direct does without firmware");
  }
  ++losses_;
  ++reloads_;
  spdlog::warn("{}: the firmware is loaded again: {}", device_.capabilities().uri, error.what_happened());
}

/// Nothing is on the way: the next job is the next that QUEUE_HEAD counts.
void MonitorRunner::count_from_here() {
  counted_from_ = next_;
  head_ = device_.read_register(reg(r::queue_head));
  restarts_ = restarts();
  commands_ = monitor_->submitted();
}

std::uint32_t MonitorRunner::restarts() { return device_.read_register(regs::cpu::base + regs::cpu::reset_reason); }

Ticket MonitorRunner::send(std::span<const model::Words> descriptors, std::uint32_t tag) {
  for (;;) {
    try {
      if (released_ != next_) drain();  // of somebody who gave up
      Monitor& monitor = running();
      if (monitor.submitted() != commands_) monitor.drain();  // somebody else's commands, with jobs of their own
      collect();
      if (sent_.empty()) count_from_here();
      const auto count = static_cast<unsigned>(descriptors.size());
      sent_.push_back({next_, count, monitor.submit(descriptors, tag)});
      commands_ = monitor.submitted();
      next_ += count;
      return next_ - count;
    } catch (const MonitorLost& error) {
      lose(error);
    }
  }
}

Ticket MonitorRunner::submit(const model::Descriptor& job) {
  const model::Words descriptor = job.pack();
  const Ticket ticket = send({&descriptor, 1}, job.tag);
  released_ = next_;
  return ticket;
}

Ticket MonitorRunner::announce(std::span<const model::Descriptor> jobs) {
  std::vector<model::Words> gated;
  for (model::Descriptor job : jobs) {
    job.wait_semaphore = gate;
    job.wait_count = 1;
    gated.push_back(job.pack());
  }
  return send(gated, jobs.front().tag);
}

void MonitorRunner::release(Ticket ticket) {
  released_ = ticket + 1;
  if (ticket < recorded_) return;  // it was lost
  device_.write_register(reg(r::sem_post), gate << r::sem_post_index_lsb | 1u << r::sem_post_count_lsb);
}

void MonitorRunner::await_end(Ticket ticket) {
  for (std::uint32_t looks = 0; looks < most_looks && ticket >= recorded_; ++looks) {
    const std::uint32_t ended = (device_.read_register(reg(r::queue_head)) - head_) & 0xFFFFu;
    const bool known = restarts() == restarts_ && commands_ == monitor_->submitted();
    if (known && ended > ticket - counted_from_ && ended <= next_ - counted_from_) return;
    if (!known) break;
    device_.idle(look_clocks);
  }
  (void)wait(ticket);
}

/// The results of what has been answered.
void MonitorRunner::collect() {
  while (!sent_.empty() && sent_.front().command < monitor_->answered()) {
    const Sent sent = sent_.front();
    const MonitorAnswer answer = monitor_->wait(sent.command);
    sent_.pop_front();
    record(sent, answer);
    if (!kept_count(sent.count, answer)) {
      start_afresh();
      if (answer.status != MONITOR_POISONED && !is_lost(answer.status)) require_ok(answer);
    }
  }
}

void MonitorRunner::record(const Sent& sent, const MonitorAnswer& answer) {
  const std::optional<unsigned> failed = MonitorBatch::failed(answer);
  for (unsigned i = 0; i < sent.count; ++i) {
    JobResult result;
    if (failed && i >= *failed) {
      result.end = i == *failed && answer.status == MONITOR_POISONED ? JobEnd::poisoned : JobEnd::lost;
      result.trouble = describe(answer);
    } else {
      result.flags = MonitorBatch::flags(answer, i);
    }
    if (i == 0) {  // the sums of the batch
      result.work.jobs = answer.jobs;
      result.work.job_clocks = answer.clocks;
      result.work.steps = answer.steps;
      result.work.corrected = answer.corrected;
      result.work.block_retries = answer.retries;
    }
    results_[recorded_++ % results_.size()] = std::move(result);
  }
  if (!failed) losses_ = 0;
}

/// Ends what has no result.
void MonitorRunner::forget(JobEnd end, const std::string& trouble) {
  for (; recorded_ != next_; ++recorded_) {
    results_[recorded_ % results_.size()] = {.end = end, .trouble = trouble, .flags = {}, .work = {}};
  }
  sent_.clear();
}

/// After an answer that was not OK. What waits at the gate passes it, with whatever its operands are.
void MonitorRunner::start_afresh() {
  forget(JobEnd::cancelled, "a job before it failed");
  device_.write_register(reg(r::sem_post), gate << r::sem_post_index_lsb | every_gate << r::sem_post_count_lsb);
  monitor_->drain();
  device_.write_register(reg(r::sem + 4 * gate), 0);
  count_from_here();
}

JobResult MonitorRunner::wait(Ticket ticket) {
  while (ticket >= recorded_ && !sent_.empty()) {
    try {
      (void)running().wait(sent_.front().command);
      collect();
    } catch (const MonitorLost& error) {
      lose(error);
    }
  }
  return results_[ticket % results_.size()];
}

void MonitorRunner::look() {
  try {
    if (!sent_.empty()) (void)running().done(sent_.back().command);
    collect();
  } catch (const MonitorLost& error) {
    lose(error);
  }
}

void MonitorRunner::drain() {
  while (released_ != next_) release(released_);
  if (recorded_ != next_) (void)wait(next_ - 1);
}

}  // namespace hilbert

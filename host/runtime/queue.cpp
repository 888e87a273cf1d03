// SPDX-License-Identifier: Apache-2.0
// Doorbell, polling, completions, watchdog (rtl/README.md, "Queue").
#include "hilbert/queue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <hilbert/error.hpp>
#include <hilbert/text.hpp>

#include <hilbert/regs/tile.hpp>

namespace hilbert {
namespace {

namespace tile_regs = hilbert::regs::tile;
using model::Status;

constexpr std::uint32_t reg(std::uint32_t offset) { return tile_regs::base + offset; }

/// Clocks a job of this size may take on the slowest memory, roughly: for the watchdog alone.
std::uint64_t expected_clocks(const model::Words& words, const model::Geometry& g) {
  const auto job = model::Descriptor::unpack(words);
  const std::uint64_t panels = job.m / g.rows + 1, columns = job.n / g.cols + 1, groups = job.k / g.depth + 1;
  const std::uint64_t drain = g.rows * g.cols;
  return 16 * panels * columns * (groups + drain);
}

std::string_view field_name(const model::Completion& c) {
  if (c.status == Status::poisoned) return c.field == regs::job::field_descriptor ? "the descriptor" : "";
  const std::span<const std::string_view> names = regs::job::word_names;
  return c.field < names.size() ? names[c.field] : "";
}

}  // namespace

JobQueue::JobQueue(Device& device, QueueOptions options)
    : device_(device), options_(options), slots_(device.capabilities().geometry.queue_slots), jobs_(slots_) {
  // Whatever an earlier user left behind ends with ABORTED; then both counters start from 0.
  device_.write_register(reg(tile_regs::ctrl), tile_regs::ctrl_abort_mask);
  std::uint64_t waited = 0;  // clocks that were let pass; devices that count none have their time too
  for (; (device_.read_register(reg(tile_regs::status)) & tile_regs::status_busy_mask) != 0;
       waited += options_.poll_clocks) {
    if (waited >= options_.abort_clocks) {
      throw Error(ExitCode::machine, "an earlier job does not end: " + describe_activity(device_),
                  device_.capabilities().uri, "reset the device");
    }
    device_.write_register(reg(tile_regs::ctrl), tile_regs::ctrl_abort_mask);
    device_.idle(options_.poll_clocks);
  }
  device_.write_register(reg(tile_regs::ctrl), tile_regs::ctrl_queue_reset_mask);
  device_.write_register(reg(tile_regs::ctrl), tile_regs::ctrl_enable_mask);
}

Ticket JobQueue::submit(const model::Words& descriptor) {
  if (submitted_ - completed_ == slots_) wait(completed_);
  const auto slot = static_cast<std::uint32_t>(submitted_ % slots_);
  jobs_[slot] = descriptor;
  write_bytes(device_, queue_base + slot_bytes * slot, std::as_bytes(std::span(descriptor)));
  device_.write_register(reg(tile_regs::queue_tail), static_cast<std::uint16_t>(submitted_ + 1));
  return submitted_++;
}

void JobQueue::collect() {
  const auto head = static_cast<std::uint16_t>(device_.read_register(reg(tile_regs::queue_head)));
  const auto fresh = static_cast<std::uint16_t>(head - static_cast<std::uint16_t>(completed_));
  if (fresh > submitted_ - completed_) {
    throw Error(ExitCode::machine,
                fmt::format("QUEUE_HEAD is {} after {} of {} jobs: the device was reset or lost count", head,
                            completed_, submitted_),
                device_.capabilities().uri, "open it again");
  }
  for (std::uint16_t i = 0; i < fresh; ++i) {
    const auto slot = static_cast<std::uint32_t>(completed_ % slots_);
    const std::uint32_t tag = jobs_[slot][1];
    model::Completion completion;
    try {
      model::Words words{};
      read_bytes(device_, queue_base + slot_bytes * (slots_ + slot), std::as_writable_bytes(std::span(words)));
      completion = model::Completion::unpack(words);
    } catch (const UncorrectableError& error) {
      // Nobody can tell how the job ended, so its result must not be used: the meaning of POISONED.
      completion.tag = tag;
      completion.status = Status::poisoned;
      completion.field = regs::job::field_descriptor;
      completion.poison_address = error.address();
    }
    const bool tag_readable =
        !(completion.status == Status::poisoned && completion.field == regs::job::field_descriptor);
    if (tag_readable && completion.tag != tag) {
      throw Error(
          ExitCode::machine,
          fmt::format("the completion of job {} has tag {:#x} instead of {:#x}", completed_, completion.tag, tag),
          device_.capabilities().uri, "completions must come in order: check the sequencer");
    }
    completions_[completed_ % history] = completion;
    ++completed_;
  }
}

bool JobQueue::done(Ticket ticket) {
  if (ticket >= completed_) collect();
  return ticket < completed_;
}

const model::Completion& JobQueue::wait(Ticket ticket) {
  if (ticket >= submitted_) throw Error(ExitCode::bad_input, fmt::format("there is no job {} to wait for", ticket));
  using Clock = std::chrono::steady_clock;
  Ticket progress = completed_;
  std::uint64_t since_clocks = device_.clocks();
  Clock::time_point since = Clock::now();
  std::uint32_t pause = options_.poll_clocks;
  while (!done(ticket)) {
    if (completed_ != progress) {
      progress = completed_;
      since_clocks = device_.clocks();
      since = Clock::now();
      pause = options_.poll_clocks;
    }
    const std::uint64_t clocks = device_.clocks() - since_clocks;
    const double seconds = std::chrono::duration<double>(Clock::now() - since).count();
    const std::uint64_t limit =
        options_.hang_clocks + expected_clocks(jobs_[completed_ % slots_], device_.capabilities().geometry);
    if (device_.clocks() != 0 ? clocks > limit : seconds > options_.hang_seconds) report_hang(seconds, clocks);
    device_.idle(pause);
    pause = std::min(pause * 2, options_.poll_clocks * 8);
  }
  if (completed_ - ticket > history) {
    throw Error(ExitCode::bad_input, fmt::format("the completion of job {} is no longer kept", ticket), "",
                fmt::format("ask within {} jobs", history));
  }
  return completions_[ticket % history];
}

void JobQueue::drain() {
  if (submitted_ != completed_) wait(submitted_ - 1);
}

model::Completion JobQueue::run(const model::Descriptor& job) {
  const model::Completion completion = wait(submit(job));
  require_ok(completion);
  return completion;
}

void JobQueue::report_hang(double seconds, std::uint64_t clocks) {
  const std::uint64_t others = submitted_ - completed_ - 1;
  const auto& words = jobs_[completed_ % slots_];
  const auto job = model::Descriptor::unpack(words);
  throw Error(ExitCode::machine,
              fmt::format("{} job with tag {:#x} did not end within {} clocks ({:.1f} s); {} wait{} behind it; {}",
                          model::to_string(job.opcode), job.tag, clocks, seconds, counted(others, "job"),
                          others == 1 ? "s" : "", describe_activity(device_)),
              device_.capabilities().uri,
              job.wait_count != 0 ? "it waits for a semaphore: check who signals it" : "abort it or reset the device");
}

std::string describe(const model::Completion& c) {
  std::string text(model::to_string(c.status));
  const std::string_view name = field_name(c);
  if (c.status == Status::poisoned) {
    text += fmt::format(": uncorrectable word at {:#010x}", c.poison_address);
    if (!name.empty()) text += fmt::format(" ({})", name);
  } else if (c.status != Status::ok && c.status != Status::aborted) {
    text += fmt::format(" in word {} ({})", c.field, name);
  }
  return text;
}

void require_ok(const model::Completion& c) {
  if (c.status == Status::ok) return;
  const bool refused = c.status != Status::poisoned && c.status != Status::aborted;
  const auto opcode = static_cast<model::Opcode>(c.opcode);
  throw Error(refused ? ExitCode::bad_input : ExitCode::machine,
              fmt::format("{} job with tag {:#x} ended with {}", model::to_string(opcode), c.tag, describe(c)), "",
              refused ? "rtl/README.md, Descriptor, lists the checks" : "write its operands again and run it again");
}

}  // namespace hilbert

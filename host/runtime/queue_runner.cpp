// SPDX-License-Identifier: Apache-2.0
// Completions as results.
#include "runtime/queue_runner.hpp"

#include <hilbert/regs/cpu.hpp>

#include "runtime/product.hpp"

namespace hilbert {
namespace {

/// A queue has one master: firmware that somebody left running would be a second.
Device& without_firmware(Device& device) {
  if (device.capabilities().controller_bytes != 0) device.write_register(controller_register_base + regs::cpu::ctrl, 0);
  return device;
}

}  // namespace

QueueRunner::QueueRunner(Device& device, const QueueOptions& options)
    : data_bytes_(device.capabilities().geometry.data_bytes()), queue_(without_firmware(device), options) {}

Ticket QueueRunner::announce(std::span<const model::Descriptor> jobs) {
  for (const model::Descriptor& job : jobs) announced_.push_back(job.pack());
  return queue_.submitted();
}

void QueueRunner::release(Ticket) {
  (void)queue_.submit(announced_.front());
  announced_.pop_front();
}

void QueueRunner::look() {
  if (queue_.submitted() != queue_.completed()) (void)queue_.done(queue_.submitted() - 1);
}

JobResult QueueRunner::wait(Ticket ticket) {
  const model::Completion& c = queue_.wait(ticket);
  JobResult result;
  if (c.status == model::Status::poisoned) {
    result.end = JobEnd::poisoned;
    result.trouble = describe(c);
  } else {
    require_ok(c);
  }
  result.flags = c.flags;
  result.work = work_of(c);
  return result;
}

}  // namespace hilbert

// SPDX-License-Identifier: Apache-2.0
// The direct path: the host writes descriptors itself, and the controller is held in reset.
#pragma once

#include "runtime/job_runner.hpp"

namespace hilbert {

class QueueRunner final : public JobRunner {
 public:
  QueueRunner(Device& device, const QueueOptions& options);

  [[nodiscard]] JobPath path() const override { return JobPath::direct; }
  [[nodiscard]] std::uint32_t data_end() const override { return data_bytes_; }
  [[nodiscard]] double job_cycles() const override { return 100; }  // estimate
  Ticket submit(const model::Descriptor& job) override { return queue_.submit(job); }
  JobResult wait(Ticket ticket) override;
  void drain() override { queue_.drain(); }
  [[nodiscard]] Ticket submitted() const override { return queue_.submitted(); }
  [[nodiscard]] Ticket completed() const override { return queue_.completed(); }
  [[nodiscard]] JobQueue* queue() override { return &queue_; }

 private:
  std::uint32_t data_bytes_;
  JobQueue queue_;
};

}  // namespace hilbert

// SPDX-License-Identifier: Apache-2.0
// The direct path: the host writes descriptors itself, and the controller is held in reset.
#pragma once

#include <deque>

#include "runtime/job_runner.hpp"

namespace hilbert {

class QueueRunner final : public JobRunner {
 public:
  QueueRunner(Device& device, const QueueOptions& options);

  [[nodiscard]] JobPath path() const override { return JobPath::direct; }
  [[nodiscard]] std::uint32_t data_end() const override { return data_bytes_; }
  [[nodiscard]] double job_clocks() const override { return 100; }  // estimate
  Ticket submit(const model::Descriptor& job) override { return queue_.submit(job); }
  Ticket announce(std::span<const model::Descriptor> jobs) override;
  [[nodiscard]] std::size_t announce_limit() const override { return 16; }
  void release(Ticket ticket) override;
  void await_end(Ticket ticket) override { (void)queue_.wait(ticket); }
  JobResult wait(Ticket ticket) override;
  void look() override;
  void drain() override { queue_.drain(); }
  [[nodiscard]] Ticket submitted() const override { return queue_.submitted(); }
  [[nodiscard]] Ticket completed() const override { return queue_.completed(); }
  [[nodiscard]] JobQueue* queue() override { return &queue_; }

 private:
  std::uint32_t data_bytes_;
  JobQueue queue_;
  std::deque<model::Words> announced_;
};

}  // namespace hilbert

// SPDX-License-Identifier: Apache-2.0
// The firmware's path: jobs are descriptors in batches to the monitor, which is loaded, started and, if it dies, loaded
// again. The host has planned them, so nothing is left to cut.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <span>
#include <string>

#include "runtime/job_runner.hpp"

namespace hilbert {

/// An announced job waits at a gate: the last semaphore of the tile, which is the runner's. Each job takes one count of
/// it, and release() posts one; so what the firmware has to do for a job is done while its operands are uploaded. That
/// a job has ended is seen in QUEUE_HEAD, before the firmware has answered. Both hold as long as every job runs: after
/// an answer that tells otherwise nobody knows what the gate has let through, so everything that is not answered counts
/// as not done, and gate and count begin afresh once the tile is quiet.
class MonitorRunner final : public JobRunner {
 public:
  /// Loads and starts the built-in monitor. Error (exit code 2) if it cannot run there.
  MonitorRunner(Device& device, const FirmwareOptions& options);

  [[nodiscard]] JobPath path() const override { return JobPath::firmware; }
  [[nodiscard]] std::uint32_t data_end() const override { return start_.base; }
  [[nodiscard]] double job_clocks() const override { return 1'500; }  // hilbert bench utilisation
  Ticket submit(const model::Descriptor& job) override;
  Ticket announce(std::span<const model::Descriptor> jobs) override;
  [[nodiscard]] std::size_t announce_limit() const override { return monitor_->batch_limit(); }
  void release(Ticket ticket) override;
  void await_end(Ticket ticket) override;
  JobResult wait(Ticket ticket) override;
  void look() override;
  void drain() override;
  [[nodiscard]] Ticket submitted() const override { return next_; }
  [[nodiscard]] Ticket completed() const override { return recorded_; }
  [[nodiscard]] std::uint64_t reloads() const override { return reloads_; }
  [[nodiscard]] Monitor* monitor() override { return &running(); }

 private:
  struct Sent {
    Ticket first;
    unsigned count;
    MonitorTicket command;
  };

  Monitor& running();
  Ticket send(std::span<const model::Words> descriptors, std::uint32_t tag);
  void collect();
  void record(const Sent& sent, const MonitorAnswer& answer);
  void forget(JobEnd end, const std::string& trouble);
  void start_afresh();
  void count_from_here();
  [[nodiscard]] std::uint32_t restarts();
  void lose(const MonitorLost& error);
  void count_loss(const MonitorLost& error);

  Device& device_;
  FirmwareOptions options_;
  MonitorStart start_;
  std::optional<Monitor> monitor_;                    ///< none: it was lost, and must be loaded again
  Ticket next_ = 0, released_ = 0, recorded_ = 0;     ///< handed over; of them free to begin; of them with a result
  std::deque<Sent> sent_;                             ///< without a result
  std::array<JobResult, JobQueue::history> results_;  ///< by ticket mod history
  MonitorTicket commands_ = 0;                        ///< that the monitor has had, if all are this runner's
  Ticket counted_from_ = 0;  ///< the job that began when QUEUE_HEAD was head_, and the monitor's restarts
  std::uint32_t head_ = 0, restarts_ = 0;
  unsigned losses_ = 0;  ///< since the last good answer
  std::uint64_t reloads_ = 0;
};

}  // namespace hilbert

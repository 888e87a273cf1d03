// SPDX-License-Identifier: Apache-2.0
// The firmware's path: jobs are commands to the monitor, which is loaded, started and, if it dies, loaded again.
#pragma once

#include <optional>
#include <string>

#include "runtime/job_runner.hpp"

namespace hilbert {

class MonitorRunner final : public JobRunner {
 public:
  /// Loads and starts the built-in monitor. Error (exit code 2) if it cannot run there.
  MonitorRunner(Device& device, const FirmwareOptions& options);

  [[nodiscard]] JobPath path() const override { return JobPath::firmware; }
  [[nodiscard]] std::uint32_t data_end() const override { return start_.base; }
  [[nodiscard]] double job_cycles() const override { return 3'200; }  // hilbert bench firmware
  Ticket submit(const model::Descriptor& job) override;
  JobResult wait(Ticket ticket) override;
  void drain() override;
  [[nodiscard]] Ticket submitted() const override { return first_ + (monitor_ ? monitor_->submitted() : 0); }
  [[nodiscard]] Ticket completed() const override { return first_ + (monitor_ ? monitor_->answered() : 0); }
  [[nodiscard]] std::uint64_t reloads() const override { return reloads_; }
  [[nodiscard]] Monitor* monitor() override { return &running(); }

 private:
  Monitor& running();
  void lose(const MonitorLost& error);
  void count_loss(const MonitorLost& error);

  Device& device_;
  FirmwareOptions options_;
  MonitorStart start_;
  std::optional<Monitor> monitor_;  ///< none: it was lost, and must be loaded again
  Ticket first_ = 0;                ///< of the monitor that runs now: what is older and was not answered is lost
  unsigned losses_ = 0;             ///< since the last good answer
  std::uint64_t reloads_ = 0;
};

}  // namespace hilbert

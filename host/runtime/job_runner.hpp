// SPDX-License-Identifier: Apache-2.0
// How jobs reach the tile and how they ended, whichever way they went: by the host's own queue or by the firmware.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <hilbert/device.hpp>
#include <hilbert/model/descriptor.hpp>
#include <hilbert/monitor.hpp>
#include <hilbert/queue.hpp>
#include <hilbert/runtime.hpp>

namespace hilbert {

enum class JobEnd : std::uint8_t {
  good,
  poisoned,  ///< it read an uncorrectable word: its operands must be written again
  lost       ///< the firmware restarted: nobody knows how far it came
};

struct JobResult {
  JobEnd end = JobEnd::good;
  std::string trouble;  ///< what happened, unless good
  model::Flags flags;
  Report work;  ///< what the job counted
};

class JobRunner {
 public:
  virtual ~JobRunner() = default;

  [[nodiscard]] virtual JobPath path() const = 0;
  /// Data memory from this address on is not for matrices.
  [[nodiscard]] virtual std::uint32_t data_end() const = 0;
  /// Clocks between one small job and the next when many are waiting, roughly: what a planner should think.
  [[nodiscard]] virtual double job_cycles() const = 0;

  /// Hands a job over, waiting for room if there is none.
  virtual Ticket submit(const model::Descriptor& job) = 0;
  /// Waits for its end; each of the last `history` results can be asked for again. Error for a job that was refused
  /// (exit code 2), or for a device that makes no progress any more (3).
  virtual JobResult wait(Ticket ticket) = 0;
  /// Waits for all jobs.
  virtual void drain() = 0;
  [[nodiscard]] virtual Ticket submitted() const = 0;
  [[nodiscard]] virtual Ticket completed() const = 0;

  /// How often the firmware was lost and loaded again.
  [[nodiscard]] virtual std::uint64_t reloads() const { return 0; }

  /// Null on the other path.
  [[nodiscard]] virtual JobQueue* queue() { return nullptr; }
  [[nodiscard]] virtual Monitor* monitor() { return nullptr; }
};

/// The path that `options` ask for, or the best that the device has. Error (exit code 2) if it cannot be.
[[nodiscard]] std::unique_ptr<JobRunner> make_job_runner(Device& device, const RuntimeOptions& options);

}  // namespace hilbert

// SPDX-License-Identifier: Apache-2.0
// How jobs reach the tile and how they ended, whichever way they went: by the host's own queue or by the firmware.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
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
  lost,      ///< the firmware restarted: nobody knows how far it came
  cancelled  ///< nothing is wrong with it, but one before it did not end well
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
  [[nodiscard]] virtual double job_clocks() const = 0;

  /// Hands a job over, waiting for room if there is none.
  virtual Ticket submit(const model::Descriptor& job) = 0;

  /// Says which jobs come next, one to announce_limit() of them, so that what hands them over does it while their
  /// operands are still on the way. Each begins once it is released, in the order of the tickets, of which this is the
  /// first. Nothing else may be announced or submitted before all of them are released.
  virtual Ticket announce(std::span<const model::Descriptor> jobs) = 0;
  [[nodiscard]] virtual std::size_t announce_limit() const = 0;
  virtual void release(Ticket ticket) = 0;
  /// Waits until a released job does not use the device's memory any more, however it ended: that wait() tells, and if
  /// it does not tell `good`, nobody knows whether the job ever ran.
  virtual void await_end(Ticket ticket) = 0;

  /// Waits for its end; each of the last `history` results can be asked for again. Error for a job that was refused
  /// (exit code 2), or for a device that makes no progress any more (3).
  virtual JobResult wait(Ticket ticket) = 0;
  /// Looks which jobs have ended, for completed().
  virtual void look() = 0;
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

}  // namespace hilbert

// SPDX-License-Identifier: Apache-2.0
// The job queue of a tile: descriptors in, completions out, in order, with a watchdog.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <hilbert/device.hpp>
#include <hilbert/model/descriptor.hpp>

namespace hilbert {

struct QueueOptions {
  /// A job that has not ended after this many device clocks (devices that count them) and `hang_seconds` (others)
  /// hangs. The time a job of its size needs is added.
  std::uint64_t hang_clocks = 1'000'000;
  double hang_seconds = 30.0;
  std::uint64_t abort_clocks = 32'000;  ///< in which a job of an earlier user has ended that was aborted
  std::uint32_t poll_clocks = 32;       ///< clocks between two looks at QUEUE_HEAD; doubles up to 8 times this
};

/// Number of a job since the queue was made, counted from 0.
using Ticket = std::uint64_t;

/// Owns the queue of one device. Not thread safe.
class JobQueue {
 public:
  /// Aborts and forgets whatever the device was doing and starts its queue afresh.
  explicit JobQueue(Device& device, QueueOptions options = {});

  /// Hands a descriptor to the device, waiting for a free slot if all are in flight. Legal or not: the device judges
  /// it.
  Ticket submit(const model::Words& descriptor);
  Ticket submit(const model::Descriptor& job) { return submit(job.pack()); }

  /// Waits for the job and gives its completion, whatever its status. Each of the last `history` completions can be
  /// asked for again. Error (exit code 3) with a hang report if the device stops making progress, or if the completion
  /// is not that of the job.
  const model::Completion& wait(Ticket ticket);
  /// Whether the job has completed, after one look at the device.
  [[nodiscard]] bool done(Ticket ticket);
  /// Waits for everything submitted.
  void drain();

  /// submit, wait, require_ok.
  model::Completion run(const model::Descriptor& job);

  [[nodiscard]] Ticket submitted() const { return submitted_; }
  [[nodiscard]] Ticket completed() const { return completed_; }
  [[nodiscard]] Device& device() { return device_; }

  static constexpr std::size_t history = 256;

 private:
  void collect();  ///< looks at QUEUE_HEAD and reads the completions that are new
  [[noreturn]] void report_hang(double seconds, std::uint64_t clocks);

  Device& device_;
  QueueOptions options_;
  std::uint32_t slots_;
  Ticket submitted_ = 0, completed_ = 0;
  std::vector<model::Words> jobs_;                        ///< descriptors in flight, by slot
  std::array<model::Completion, history> completions_{};  ///< by ticket mod history
};

/// "BAD_SIZE in word 3 (M, N)": status and descriptor field of a completion in words.
[[nodiscard]] std::string describe(const model::Completion& completion);

/// Throws an Error naming status, field, opcode and tag unless the completion is OK: exit code 2 for a refused
/// descriptor, 3 for POISONED and ABORTED.
void require_ok(const model::Completion& completion);

}  // namespace hilbert

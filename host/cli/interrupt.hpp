// SPDX-License-Identifier: Apache-2.0
// Signals from outside: Ctrl-C, the end of a batch job, a terminal that closed, a pipe that nobody reads.
#pragma once

#include <string>

namespace hilbert::cli {

/// For main, once: whatever signal ends the process, no unfinished file is left behind; and a write beyond the limit on
/// file sizes fails instead of ending it. Signals that the caller has set to be ignored (nohup) stay ignored.
void end_without_litter();

/// Commands that know something worth telling half-way hold one while they work: SIGINT, SIGTERM and SIGHUP are then
/// noted, the command asks noted() at places where it can stop, says what it knows and returns; main ends the process
/// by the signal. A second one of these ends it at once. SIGPIPE is noted too, and more of it are of no consequence:
/// reports are still written when nobody reads the terminal's part. All other commands end at the first signal.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// The signal, or 0. Safe in every thread.
  [[nodiscard]] static int noted() noexcept;
};

/// "SIGINT"
[[nodiscard]] std::string signal_name(int signal);

/// Ends the process by the signal that was noted, so that whoever started it sees that (in a shell: 128 + its number);
/// returns if there was none.
void end_by_noted_signal();

}  // namespace hilbert::cli

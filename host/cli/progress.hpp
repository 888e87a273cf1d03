// SPDX-License-Identifier: Apache-2.0
// One line on a terminal that says how far long work has come, how fast it goes and how long it will take.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace hilbert::cli {

/// Writes to stderr, only if that is a terminal that can rewrite a line, at most ten times a second; the line is erased
/// at the end.
class Progress {
 public:
  /// `unit`: what is counted, "jobs". `total` 0: unknown.
  Progress(std::string label, std::string unit, std::uint64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void advance(std::uint64_t count = 1) { set(done_ + count); }
  void set(std::uint64_t done);

  /// The line's text after `seconds`: "train 300/1000 jobs, 150/s, 0:05 left".
  [[nodiscard]] std::string text(double seconds) const;

 private:
  using Clock = std::chrono::steady_clock;

  std::string label_, unit_;
  std::uint64_t total_, done_ = 0;
  bool terminal_;
  Clock::time_point start_ = Clock::now(), shown_{};
};

}  // namespace hilbert::cli

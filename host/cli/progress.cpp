// SPDX-License-Identifier: Apache-2.0
// The progress line.
#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <hilbert/text.hpp>
#include <utility>

#include "terminal.hpp"

namespace hilbert::cli {

Progress::Progress(std::string label, std::string unit, std::uint64_t total)
    : label_(printable(label)), unit_(std::move(unit)), total_(total), terminal_(can_rewrite_lines(STDERR_FILENO)) {}

Progress::~Progress() {
  if (terminal_ && shown_ != Clock::time_point{}) std::fputs(erase_line, stderr);
}

void Progress::set(std::uint64_t done) {
  done_ = done;
  const Clock::time_point now = Clock::now();
  if (!terminal_ || now - shown_ < std::chrono::milliseconds(100)) return;
  shown_ = now;
  std::string line = text(std::chrono::duration<double>(now - start_).count());
  line.resize(std::min(line.size(), terminal_columns(STDERR_FILENO) - 1));  // of one that wraps only the end is erased
  std::fputs((erase_line + line).c_str(), stderr);
  std::fflush(stderr);
}

std::string Progress::text(double seconds) const {
  const double rate = seconds > 0 ? static_cast<double>(done_) / seconds : 0;
  std::string line = total_ == 0 ? fmt::format("{} {} {}", label_, done_, unit_)
                                 : fmt::format("{} {}/{} {}", label_, done_, total_, unit_);
  if (rate > 0) line += rate < 10 ? fmt::format(", {:.1f}/s", rate) : fmt::format(", {:.0f}/s", rate);
  if (rate > 0 && total_ > done_) {
    const auto left = static_cast<std::uint64_t>(static_cast<double>(total_ - done_) / rate + 0.5);
    line += left < 3600 ? fmt::format(", {}:{:02} left", left / 60, left % 60)
                        : fmt::format(", {}:{:02}:{:02} left", left / 3600, left / 60 % 60, left % 60);
  }
  return line;
}

}  // namespace hilbert::cli

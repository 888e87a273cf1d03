// SPDX-License-Identifier: Apache-2.0
// Threads on a machine that may have fewer than are asked for: a limit on processes, or memory too short for a stack.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdio>
#include <new>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace hilbert {

/// Threads of one piece of work; joined when destroyed, so whoever ends early must tell them before.
class Threads {
 public:
  Threads() = default;
  ~Threads() { join(); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  /// One thread more, which calls `work`. False, and nothing was begun, if the machine has no room for it: the work
  /// must do with those there are.
  template <typename Work>
  [[nodiscard]] bool start(Work work) {
    try {
      threads_.emplace_back(std::move(work));
      return true;
    } catch (const std::system_error&) {  // EAGAIN from pthread_create
      return false;
    } catch (const std::bad_alloc&) {
      return false;
    }
  }
  [[nodiscard]] std::size_t count() const { return threads_.size(); }
  void join() {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  std::vector<std::thread> threads_;
};

inline constexpr const char* more_threads_advice =
    "raise the limit on processes (ulimit -u, pids.max of a container) or on memory";

/// Says, once in a program, that work goes on with fewer threads than were wanted, the caller's own among them.
inline void tell_fewer_threads(std::size_t have, std::size_t wanted) {
  static std::atomic_flag told;
  if (have >= wanted || told.test_and_set()) return;
  std::fprintf(stderr, "hilbert: only %zu of %zu threads could be started: the work goes on with these (%s)\n", have,
               wanted, more_threads_advice);
}

}  // namespace hilbert

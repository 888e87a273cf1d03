// SPDX-License-Identifier: Apache-2.0
// Threads that do numbered pieces of work together, again and again.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <hilbert/threads.hpp>
#include <utility>
#include <vector>

namespace hilbert {

/// The caller and up to `threads - 1` others, which sleep between two calls of each(): as many as the machine gives.
class Crew {
 public:
  explicit Crew(unsigned threads) : errors_(std::max(threads, 1U)) {
    const std::size_t wanted = errors_.size();
    while (1 + others_.count() < wanted && others_.start([this, id = 1 + others_.count()] { serve(id); })) continue;
    tell_fewer_threads(1 + others_.count(), wanted);
    errors_.resize(1 + others_.count());
  }
  ~Crew() {
    work_ = nullptr;
    announce();
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  [[nodiscard]] std::size_t threads() const { return errors_.size(); }

  /// Calls `work` with 0 .. count - 1, each on one thread, and returns when all are done. What a piece throws is thrown
  /// here, after the others have ended; of several, what the thread with the lowest number met.
  void each(std::size_t count, const std::function<void(std::size_t)>& work) {
    work_ = &work;
    count_ = count;
    left_.store(static_cast<unsigned>(others_.count()), std::memory_order_relaxed);
    announce();
    take_share(0);
    for (unsigned left = left_.load(std::memory_order_acquire); left != 0; left = left_.load(std::memory_order_acquire))
      left_.wait(left, std::memory_order_acquire);
    std::exception_ptr first;
    for (std::exception_ptr& error : errors_) {
      if (std::exception_ptr met = std::exchange(error, nullptr); met && !first) first = met;
    }
    if (first) std::rethrow_exception(first);
  }

 private:
  void announce() {
    if (others_.count() == 0) return;
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
  }
  void take_share(std::size_t id) {
    try {
      for (std::size_t i = id; i < count_; i += errors_.size()) (*work_)(i);
    } catch (...) {
      errors_[id] = std::current_exception();
    }
  }
  void serve(std::size_t id) {
    for (std::uint32_t seen = 0;; ++seen) {
      round_.wait(seen, std::memory_order_acquire);
      if (work_ == nullptr) return;
      take_share(id);
      if (left_.fetch_sub(1, std::memory_order_acq_rel) == 1) left_.notify_one();
    }
  }

  const std::function<void(std::size_t)>* work_ = nullptr;
  std::size_t count_ = 0;
  std::vector<std::exception_ptr> errors_;  ///< one a thread
  std::atomic<std::uint32_t> round_{0}, left_{0};
  Threads others_;  // last: they use the rest
};

}  // namespace hilbert

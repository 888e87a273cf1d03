// SPDX-License-Identifier: Apache-2.0
// Pieces of work that advance together, round by round: for boards, whose chips have one time and a host each.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <hilbert/error.hpp>
#include <hilbert/text.hpp>
#include <hilbert/threads.hpp>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace hilbert {

/// Runs numbered pieces of work, each in a thread of its own. A piece that calls arrive() waits until all others that
/// have not ended have arrived too; then `between` is called once, and the next round begins. In a round pieces take
/// turns in the order of their numbers, at most `at_once` of them running: with one, everything that happens is in one
/// order; with more, what happens must not depend on who comes first within a round.
class Rounds {
 public:
  Rounds(std::size_t pieces, unsigned at_once, std::function<void()> between = {})
      : at_once_(at_once), between_(std::move(between)), pieces_(pieces) {}

  /// Calls work(0) to work(pieces - 1) and returns when all have ended. Error (exit code 3), with none of them called,
  /// if the machine has not a thread for each: they wait for each other, so fewer do not help. After one has thrown,
  /// check() of the others throws from the next round on; of the round that failed first, what the piece with the
  /// lowest number threw is thrown here.
  void run(const std::function<void(std::size_t)>& work) {
    Threads threads;
    while (threads.count() < pieces_.size() && threads.start([this, &work, i = threads.count()] { live(i, work); })) {
      continue;
    }
    const bool complete = threads.count() == pieces_.size();
    {
      const std::lock_guard lock(mutex_);
      open_ = complete;
      abandoned_ = !complete;
      give_turns();
      if (abandoned_) wake_all();
    }
    if (abandoned_) {
      throw Error(ExitCode::machine,
                  "only " + counted(threads.count(), "thread") + " could be started for " +
                      counted(pieces_.size(), "chip") + ", which need one each",
                  "board", std::string(more_threads_advice) + ", or take a board of fewer chips");
    }
    threads.join();
    if (broken_) std::rethrow_exception(broken_);
    for (Piece& piece : pieces_) {
      if (piece.failure && piece.round == failed_round_) std::rethrow_exception(piece.failure);
    }
  }

  /// Ends the round for piece `i`, which calls it.
  void arrive(std::size_t i) {
    std::unique_lock lock(mutex_);
    end_turn(i);
    wait_for_turn(i, lock);
    if (broken_) throw Error(ExitCode::machine, "stopped, because time itself failed", "board");
  }

  /// Throws if a piece failed in an earlier round: nobody needs to wait for it. Called where it is safe to end.
  void check() const {
    if (failed_round_ < round_) throw Error(ExitCode::machine, "stopped, because another chip failed", "board");
  }

 private:
  struct Piece {
    std::condition_variable changed;
    bool turn = false, ended = false;
    std::uint64_t round = 0;  ///< in which it failed
    std::exception_ptr failure;
  };

  void live(std::size_t i, const std::function<void(std::size_t)>& work) {
    {
      std::unique_lock lock(mutex_);
      wait_for_turn(i, lock);
      if (abandoned_) return;
    }
    std::exception_ptr failure;
    try {
      work(i);
    } catch (...) {
      failure = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    Piece& piece = pieces_[i];
    piece.ended = true;
    piece.round = round_;
    piece.failure = failure;
    if (failure && round_ < new_failure_) new_failure_ = round_;
    end_turn(i);
  }

  void wait_for_turn(std::size_t i, std::unique_lock<std::mutex>& lock) {
    pieces_[i].changed.wait(lock, [&] { return pieces_[i].turn || broken_ || abandoned_; });
  }

  void wake_all() {
    for (Piece& piece : pieces_) piece.changed.notify_one();
  }

  void end_turn(std::size_t i) {
    pieces_[i].turn = false;
    --running_;
    give_turns();
  }

  /// To as many as may run; when all had theirs, begins the next round.
  void give_turns() {
    while (open_ && !broken_) {
      for (; next_ < pieces_.size() && running_ < at_once_; ++next_) {
        if (pieces_[next_].ended) continue;
        pieces_[next_].turn = true;
        pieces_[next_].changed.notify_one();
        ++running_;
      }
      if (running_ != 0 || next_ != pieces_.size()) break;
      open_ = false;
      for (const Piece& piece : pieces_) open_ = open_ || !piece.ended;
      if (!open_) break;
      failed_round_ = new_failure_;
      next_ = 0;
      ++round_;
      try {
        if (between_) between_();
      } catch (...) {
        broken_ = std::current_exception();
        wake_all();
      }
    }
    if (!open_) failed_round_ = new_failure_;
  }

  unsigned at_once_;
  std::function<void()> between_;
  std::mutex mutex_;
  std::vector<Piece> pieces_;
  std::size_t next_ = 0;  ///< the first that has had no turn in this round
  unsigned running_ = 0;
  bool open_ = false, abandoned_ = false;
  std::uint64_t round_ = 0;
  std::uint64_t new_failure_ = UINT64_MAX, failed_round_ = UINT64_MAX;  ///< what check() knows changes between rounds
  std::exception_ptr broken_;
};

}  // namespace hilbert

// SPDX-License-Identifier: Apache-2.0
// A link as its clients see it, one channel in one direction: takes whole flits, gives whole flits, and checks the
// client.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <hilbert/number.hpp>
#include <stdexcept>
#include <string>

#include "support/random.hpp"

namespace hilbert::test {

/// A word as it crosses a port.
struct FlitWord {
  std::uint64_t data = 0;
  bool last = false;
  unsigned len = 0;  ///< words of its flit
};

/// Per clock: offered() and the flits' words to the receiver; ready() to the sender, once its outputs have settled;
/// then clock(). Throws std::runtime_error when the sender breaks the promise of rtl/link: a flit's words without a
/// gap, of one length, the last one marked. A flit that was offered stays offered until its last word.
class FlitChannel {
 public:
  struct Options {
    std::size_t capacity = 16;  ///< words in the receiver's buffer
    unsigned latency = 3;       ///< clocks from the last word taken to the flit offered
    double stall = 0;           ///< probability, a clock, that no new flit is taken, or a new flit not offered
  };

  FlitChannel(const Options& options, std::uint64_t seed) : options_(options), random_(seed) {}

  /// Throws away what it takes, as a link that is down does.
  bool down = false;
  /// Takes no new flit.
  bool blocked = false;
  std::uint64_t discarded_words = 0, words = 0;

  void before_clock() {
    pause_tx_ = random_.chance(options_.stall);
    pause_rx_ = !shown_ && random_.chance(options_.stall);
  }

  /// A word for the receiver, or none.
  [[nodiscard]] const FlitWord* offered() const {
    if (arrived_ == 0 || (pause_rx_ && begins_)) return nullptr;
    return &buffer_.front();
  }

  /// Whether the word that the sender shows is taken. The answer may depend on it, as a link's does.
  bool ready(bool valid, const FlitWord& word) {
    if (left_ != 0) {
      if (!valid) throw std::runtime_error("a gap in a flit, " + std::to_string(left_) + " words before its end");
      return true;
    }
    if (down) return true;
    return valid && !pause_tx_ && !blocked && used_ + word.len <= options_.capacity;
  }

  void clock(bool taken, const FlitWord& word, bool given) {
    shown_ = !given && offered() != nullptr;
    if (given) {
      begins_ = buffer_.front().last;
      --arrived_;
      --used_;
      buffer_.pop_front();
    }
    for (auto& delay : delays_) --delay.clocks;
    while (!delays_.empty() && delays_.front().clocks == 0) {
      arrived_ += delays_.front().words;
      delays_.pop_front();
    }
    if (!taken) return;
    if (left_ == 0) {
      if (word.len == 0) throw std::runtime_error("a flit without words");
      left_ = len_ = word.len;
      discards_ = down;
      if (!discards_) used_ += word.len;
    }
    if (word.len != len_) throw std::runtime_error("the length of a flit changes in it");
    --left_;
    if (word.last != (left_ == 0)) throw std::runtime_error("a flit's last word does not agree with its length");
    if (discards_) {
      ++discarded_words;
      return;
    }
    ++words;
    buffer_.push_back(word);
    if (left_ == 0) delays_.push_back({options_.latency, len_});
  }

  [[nodiscard]] bool empty() const { return buffer_.empty() && left_ == 0; }

 private:
  struct Delay {
    unsigned clocks;
    std::size_t words;
  };
  Options options_;
  Random random_;
  std::deque<FlitWord> buffer_;
  std::deque<Delay> delays_;  ///< whole flits that are not yet offered
  std::size_t arrived_ = 0;   ///< words of the buffer that may be offered
  std::size_t used_ = 0;      ///< words of the buffer taken or promised
  unsigned left_ = 0, len_ = 0;
  bool begins_ = true;  ///< the word in front is a flit's first
  bool shown_ = false;  ///< and it has been offered
  bool discards_ = false, pause_tx_ = false, pause_rx_ = false;
};

}  // namespace hilbert::test

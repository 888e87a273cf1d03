// SPDX-License-Identifier: Apache-2.0
// The two ends of a valid/ready stream of beats: a driver that offers, a monitor that takes, each with random stalls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <random>
#include <span>

#include "hilbert/tb/chip.hpp"

namespace hilbert::tb {

/// Decides, from a seed, in which clocks to stand still.
class Stalls {
 public:
  Stalls(std::uint64_t seed, double probability)
      : random_(seed), threshold_(static_cast<std::uint64_t>(probability * 18446744073709551616.0)) {}
  bool next() { return threshold_ != 0 && random_() < threshold_; }

 private:
  std::mt19937_64 random_;
  std::uint64_t threshold_;
};

/// Offers beats on the request pins. A beat that was offered stays until it is taken, as the protocol wants.
/// A clock is drive(), Chip::settle(), sample(), Chip::edge(); pins change in drive() alone.
class StreamDriver {
 public:
  StreamDriver(HostPins pins, Stalls stalls) : pins_(pins), stalls_(stalls) {}

  /// Appends whole beats, at least one; the last one ends the packet if `last`. The bytes must live until they are
  /// sent.
  void send(std::span<const std::byte> beats, bool last) { pending_.push_back({beats, last}); }
  [[nodiscard]] bool done() const { return pending_.empty(); }
  [[nodiscard]] bool offered() const { return offered_; }

  void drive() {
    if (offered_) return;
    pins_.req_valid = 0;
    if (pending_.empty() || stalls_.next()) return;
    const Piece& piece = pending_.front();
    std::memcpy(pins_.req_data.data(), piece.beats.data(), pins_.req_data.size());
    pins_.req_last = piece.last && piece.beats.size() == pins_.req_data.size();
    pins_.req_valid = 1;
    offered_ = true;
  }

  /// True if a beat is taken in this clock.
  bool sample() {
    if (!offered_ || pins_.req_ready == 0) return false;
    offered_ = false;
    Piece& piece = pending_.front();
    piece.beats = piece.beats.subspan(pins_.req_data.size());
    if (piece.beats.empty()) pending_.pop_front();
    return true;
  }

  void forget() {
    pending_.clear();
    offered_ = false;
    pins_.req_valid = 0;
  }

 private:
  struct Piece {
    std::span<const std::byte> beats;
    bool last;
  };
  HostPins pins_;
  Stalls stalls_;
  std::deque<Piece> pending_;
  bool offered_ = false;
};

/// Takes beats from the response pins.
class StreamMonitor {
 public:
  StreamMonitor(HostPins pins, Stalls stalls) : pins_(pins), stalls_(stalls) {}

  void drive() { pins_.rsp_ready = !stalls_.next(); }
  /// Takes nothing until the next drive().
  void hold() { pins_.rsp_ready = 0; }

  /// True if a beat is taken in this clock: beat() and last() tell it until Chip::edge().
  [[nodiscard]] bool sample() const { return pins_.rsp_valid != 0 && pins_.rsp_ready != 0; }
  [[nodiscard]] std::span<const std::byte> beat() const { return pins_.rsp_data; }
  [[nodiscard]] bool last() const { return pins_.rsp_last != 0; }

 private:
  HostPins pins_;
  Stalls stalls_;
};

}  // namespace hilbert::tb

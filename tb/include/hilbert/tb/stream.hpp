// SPDX-License-Identifier: Apache-2.0
// The two ends of a valid/ready stream of beats: a driver that offers, a monitor that takes, each with random stalls.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <random>
#include <span>
#include <vector>

#include "hilbert/tb/chip.hpp"

namespace hilbert::tb {

/// Decides, from a seed, in which clocks to stand still.
class Stalls {
 public:
  Stalls(std::uint64_t seed, double probability)
      : random_(static_cast<std::mt19937::result_type>(seed ^ seed >> 32)),
        threshold_(static_cast<std::uint64_t>(probability * 4294967296.0)) {}
  bool next() { return threshold_ != 0 && random_() < threshold_; }

 private:
  std::mt19937 random_;
  std::uint64_t threshold_;
};

/// Offers beats on the request pins. A beat that was offered stays until it is taken, as the protocol wants.
/// A clock: drive(), Chip::settle(), sample(), Chip::edge().
class StreamDriver {
 public:
  StreamDriver(HostPins pins, Stalls stalls) : pins_(pins), stalls_(stalls) {}

  /// Appends whole beats; the last one ends the packet if `last`. The bytes must stay alive until sent.
  void send(std::span<const std::byte> beats, bool last) { pending_.push_back({beats, last}); }
  [[nodiscard]] bool done() const { return pending_.empty(); }
  [[nodiscard]] std::size_t beats_sent() const { return beats_sent_; }
  void clear();

  void drive() {
    if (offered_ || pending_.empty() || stalls_.next()) return;
    const Piece& piece = pending_.front();
    std::memcpy(pins_.req_data.data(), piece.beats.data(), pins_.req_data.size());
    pins_.req_last = piece.last && piece.beats.size() == pins_.req_data.size();
    pins_.req_valid = 1;
    offered_ = true;
  }

  /// True if a beat was taken in this clock.
  bool sample() {
    if (!offered_ || !pins_.req_ready) return false;
    taken_ = true;
    return true;
  }

  /// After the clock's edge.
  void advance() {
    if (!taken_) return;
    taken_ = offered_ = false;
    pins_.req_valid = 0;
    ++beats_sent_;
    Piece& piece = pending_.front();
    piece.beats = piece.beats.subspan(pins_.req_data.size());
    if (piece.beats.empty()) pending_.pop_front();
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
  bool taken_ = false;
  std::size_t beats_sent_ = 0;
};

/// Takes beats from the response pins, the data of a packet into the caller's bytes.
class StreamMonitor {
 public:
  StreamMonitor(HostPins pins, Stalls stalls) : pins_(pins), stalls_(stalls) {}

  void drive() { pins_.rsp_ready = !stalls_.next(); }

  /// True if a beat was taken in this clock: it is in beat(), and last() says whether it ended the packet.
  bool sample() { return pins_.rsp_valid && pins_.rsp_ready; }
  [[nodiscard]] std::span<const std::byte> beat() const { return pins_.rsp_data; }
  [[nodiscard]] bool last() const { return pins_.rsp_last != 0; }

 private:
  HostPins pins_;
  Stalls stalls_;
};

}  // namespace hilbert::tb

// SPDX-License-Identifier: Apache-2.0
// The pins of a chip's host port, clock by clock, while something talks to it; and the same clocks again with nobody
// talking: what the verilated model alone costs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <hilbert/tb/chip.hpp>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace hilbert::bench {

class Recording {
 public:
  /// A place between two clocks.
  using Mark = std::size_t;
  Mark mark();

  /// What the inputs are in the next clock, or the next `clocks`.
  void add(const tb::HostPins& pins, std::uint64_t clocks = 1);

  /// Drives the recorded inputs into `chip`, which must be where the recorded chip was at `from`. Returns the clocks.
  std::uint64_t replay(tb::Chip& chip, Mark from, Mark to) const;
  /// The same, looking at the response beats that are taken: a number that differs if one differs or comes in another
  /// clock.
  [[nodiscard]] std::uint64_t replay_watching(tb::Chip& chip, Mark from, Mark to) const;

 private:
  struct Stretch {  ///< clocks with the same inputs
    std::uint8_t req_valid, req_last, rsp_ready;
    std::uint32_t beat;  ///< which of beats_ the request data are
    std::uint64_t clocks;
  };
  std::uint32_t number_of(std::span<const std::byte> beat);
  void drive(const tb::HostPins& pins, const Stretch& stretch) const;

  std::vector<Stretch> stretches_;
  // Different beats once each: a replay that waits for memory, where a driver sends the same bytes again, would be no
  // yardstick.
  std::vector<std::byte> beats_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  bool new_stretch_ = true;
};

/// Fingerprint of the response beats taken and of the clocks in which they were.
class ResponseWatch {
 public:
  /// Once a clock, between settle() and edge().
  void look(const tb::HostPins& pins);
  /// Clocks in which nothing was taken.
  void pass(std::uint64_t clocks) { clock_ += clocks; }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t clock_ = 0;
  std::uint64_t value_ = 0xCBF2'9CE4'8422'2325;  // FNV-1a
};

/// A chip that records its inputs and watches its responses.
class RecordingChip final : public tb::Chip {
 public:
  explicit RecordingChip(std::string_view configuration) : chip_(tb::Chip::make(configuration)) {}

  void settle() override { chip_->settle(); }
  void edge() override {
    recording_.add(chip_->host());
    watch_.look(chip_->host());
    chip_->edge();
    ++clocks_;
  }
  void run(std::uint64_t clocks) override {
    recording_.add(chip_->host(), clocks);
    chip_->run(clocks);
    watch_.pass(clocks);
    clocks_ += clocks;
  }
  /// Forgets the recording: a replay begins with a reset.
  void reset(unsigned clocks) override {
    recording_ = {};
    watch_ = {};
    chip_->reset(clocks);
    clocks_ = 0;
  }
  tb::HostPins host() override { return chip_->host(); }
  void start_trace(const std::string& path) override { chip_->start_trace(path); }
  void stop_trace() override { chip_->stop_trace(); }

  [[nodiscard]] Recording& recording() { return recording_; }
  [[nodiscard]] std::uint64_t responses() const { return watch_.value(); }

 private:
  std::unique_ptr<tb::Chip> chip_;
  Recording recording_;
  ResponseWatch watch_;
};

}  // namespace hilbert::bench

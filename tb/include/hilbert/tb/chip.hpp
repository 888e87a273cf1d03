// SPDX-License-Identifier: Apache-2.0
// A verilated chip behind an interface that hides which configuration it is: clock, reset, pins, waveform.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hilbert::tb {

struct ModelState;

/// The pins of hb_chip's host port: views into the model, valid as long as the Chip. Byte 0 of data is bits 7:0.
struct HostPins {
  std::uint8_t& req_valid;
  const std::uint8_t& req_ready;
  std::uint8_t& req_last;
  std::span<std::byte> req_data;  ///< WordBytes
  const std::uint8_t& rsp_valid;
  std::uint8_t& rsp_ready;
  const std::uint8_t& rsp_last;
  std::span<const std::byte> rsp_data;  ///< WordBytes
  const std::uint8_t& irq;
};

/// The pins of a chip's links, likewise (rtl/link/README.md, "PHY boundary"): link after link, in it lane after lane,
/// 16 bits each. Without links: empty, and null pointers. Until a bench sets tx_take and rx_give nothing moves.
struct PhyPins {
  unsigned links = 0, lanes = 0;    ///< lanes of a link
  std::span<const std::byte> tx;    ///< 2 bytes a lane
  std::uint8_t* tx_take = nullptr;  ///< bit p: link p's symbols are taken in this clock
  std::span<std::byte> rx;
  std::uint8_t* rx_give = nullptr;  ///< bit p: link p's symbols are new in this clock
};

/// One chip in this process. Chips share nothing: each may live in a thread of its own, but a chip is not thread safe.
///
/// A clock is settle() (clock low: inputs propagate, outputs may be read) and edge() (registers take their next value).
/// A handshake happens in the clock in which valid and ready are both high after settle().
class Chip {
 public:
  /// The configurations verilated into this build.
  static std::vector<std::string_view> configurations();

  /// Throws Error(bad_input) for a configuration that this build does not have. The chip has been reset.
  static std::unique_ptr<Chip> make(std::string_view configuration);

  static constexpr unsigned reset_clocks = 4;

  virtual ~Chip() = default;
  Chip(const Chip&) = delete;
  Chip& operator=(const Chip&) = delete;

  virtual void settle() = 0;
  virtual void edge() = 0;
  void clock() {
    settle();
    edge();
  }
  /// `clocks` clocks with the inputs as they are: the verilated model and nothing else, for waiting and as the
  /// yardstick of what the rest of the bench costs.
  virtual void run(std::uint64_t clocks) = 0;
  /// Drops every request and holds reset for `clocks`; clocks() starts again from 0.
  virtual void reset(unsigned clocks = reset_clocks) = 0;

  [[nodiscard]] virtual HostPins host() = 0;
  [[nodiscard]] virtual PhyPins phy() { return {}; }
  /// All of a verilated model's state, pins and registers by name, to be upset or kept (faults.hpp): views, valid as
  /// long as the chip. nullptr: this chip is no such model.
  [[nodiscard]] virtual const ModelState* state() { return nullptr; }
  /// Clocks since reset ended.
  [[nodiscard]] std::uint64_t clocks() const { return clocks_; }

  /// Whether this build can write waveforms (HILBERT_TRACE).
  static bool can_trace();
  /// Starts an FST waveform, replacing one under way. Throws Error: bad_input without HILBERT_TRACE, machine if `path`
  /// cannot be written.
  virtual void start_trace(const std::string& path) = 0;
  virtual void stop_trace() = 0;

 protected:
  Chip() = default;
  std::uint64_t clocks_ = 0;
};

}  // namespace hilbert::tb

// SPDX-License-Identifier: Apache-2.0
// The host port at the pins of a chip: packets over its two streams, with random stalls and a watchdog.
#pragma once

#include <cstddef>
#include <cstdint>
#include <hilbert/port.hpp>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "hilbert/tb/chip.hpp"
#include "hilbert/tb/stream.hpp"

namespace hilbert::tb {

struct HostPortOptions {
  std::uint64_t seed = 1;            ///< of the stalls
  double stall_probability = 0.0;    ///< of a beat not offered, or not accepted, in a clock: 0 <= p < 1
  std::uint64_t watchdog = 100'000;  ///< clocks in which no beat moves while one is awaited: a hang
};

/// The host's end of the port of a chip in this process, pin by pin. A wait ends after `watchdog` clocks in which
/// nothing moves, with an Error that says which side waits for what.
class HostPort final : public Port {
 public:
  /// The chip must live as long.
  explicit HostPort(Chip& chip, const HostPortOptions& options = {});
  explicit HostPort(std::unique_ptr<Chip> chip, const HostPortOptions& options = {});

  [[nodiscard]] std::size_t word_bytes() const override { return pins_.req_data.size(); }
  std::vector<Packet> exchange(std::span<const Packet> requests) override;
  /// Throws Error(machine) if the chip answers what nobody asked.
  void idle(std::uint64_t clocks) override;
  [[nodiscard]] std::uint64_t clocks() const override { return chip_.clocks(); }
  [[nodiscard]] bool irq() override;
  void restart() override;

 private:
  /// Straight from the pins into `out`.
  PortResult transact(const PortHeader& request, std::span<const std::byte> in, std::span<std::byte> out) override;
  template <class OnBeat>
  void pump(OnBeat on_beat);
  [[noreturn]] void fail(const std::string& what);

  std::unique_ptr<Chip> owned_;  ///< empty: the chip is somebody else's
  Chip& chip_;
  HostPins pins_;
  HostPortOptions options_;
  StreamDriver driver_;
  StreamMonitor monitor_;
  Packet header_;
  std::string doing_;               ///< the transaction under way, for reports
  std::size_t response_beats_ = 0;  ///< of it, arrived so far
};

}  // namespace hilbert::tb

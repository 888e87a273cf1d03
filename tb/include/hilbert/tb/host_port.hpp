// SPDX-License-Identifier: Apache-2.0
// Driver of the host port: requests and responses over the packet stream, with random stalls and a watchdog.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hilbert/tb/chip.hpp"
#include "hilbert/tb/stream.hpp"

namespace hilbert::tb {

/// Status of a response (rtl/README.md, "Host port").
enum class PortStatus : std::uint8_t { ok = 0, bad_op, bad_address, misaligned, poisoned, bad_count };
std::string_view to_string(PortStatus status);  ///< "bad address"; "?" for no status

enum class PortOp : std::uint8_t { read = 1, write = 2 };

inline constexpr std::size_t max_burst_beats = 65535;

/// What a request came to.
struct PortResult {
  PortStatus status = PortStatus::ok;
  std::uint32_t address = 0;  ///< the first address that failed; 0 with ok

  bool operator==(const PortResult&) const = default;
};

struct HostPortOptions {
  std::uint64_t seed = 1;            ///< of the stalls
  double stall_probability = 0.0;    ///< of a beat not offered, or not accepted, in a clock: 0 <= p < 1
  std::uint64_t watchdog = 100'000;  ///< clocks in which no beat moves while one is awaited: a hang
};

/// A packet as its beats lie in memory: a whole number of words.
using Packet = std::vector<std::byte>;

/// The host's end of a chip's port. Every wait is bounded: a port that stops moving, or answers what was not asked,
/// throws Error(machine) that says which side waits for what. After that the port is out of step: restart().
class HostPort {
 public:
  explicit HostPort(Chip& chip, const HostPortOptions& options = {});

  [[nodiscard]] std::size_t word_bytes() const { return pins_.req_data.size(); }

  /// One burst each, of 1 to max_burst_beats words. `out` is filled whatever the result says.
  PortResult read(std::uint32_t address, std::span<std::byte> out);
  PortResult write(std::uint32_t address, std::span<const std::byte> in);

  /// Bursts of 32-bit registers, one a beat.
  PortResult read_registers(std::uint32_t address, std::span<std::uint32_t> out);
  PortResult write_registers(std::uint32_t address, std::span<const std::uint32_t> in);

  /// Sends packets as they are, legal or not, back to back, and returns one response packet for each, its status beat
  /// last: for tests of the port itself.
  std::vector<Packet> exchange(std::span<const Packet> requests);

  /// A request packet: the header beat, then `data`.
  [[nodiscard]] Packet make_request(std::uint8_t op, std::uint8_t tag, std::uint16_t count, std::uint32_t address,
                                    std::span<const std::byte> data = {}) const;
  /// The result in the status beat of a response packet.
  [[nodiscard]] static PortResult result_of(std::span<const std::byte> status_beat);

  /// Lets clocks pass with nothing asked. Throws Error(machine) if the chip answers what nobody asked.
  void idle(std::uint64_t clocks);

  /// Resets the chip and forgets what was under way.
  void restart();

 private:
  PortResult transact(PortOp op, std::uint32_t address, std::size_t beats, std::span<const std::byte> in,
                      std::span<std::byte> out);
  template <class OnBeat>
  void pump(OnBeat on_beat);
  [[noreturn]] void fail(const std::string& what);

  Chip& chip_;
  HostPins pins_;
  HostPortOptions options_;
  StreamDriver driver_;
  StreamMonitor monitor_;
  Packet header_;
  Packet beats_;  ///< registers, widened to beats
  std::uint8_t tag_ = 0;
  std::string doing_;               ///< the transaction under way, for reports
  std::size_t response_beats_ = 0;  ///< of it, arrived so far
};

}  // namespace hilbert::tb

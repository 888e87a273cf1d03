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

/// What a request came to.
struct PortResult {
  PortStatus status = PortStatus::ok;
  std::uint32_t address = 0;  ///< the first address that failed; 0 with ok
};

struct HostPortOptions {
  std::uint64_t seed = 1;            ///< of the stalls
  double stall_probability = 0.0;    ///< of a beat not offered, or not accepted, in a clock: 0 <= p < 1
  std::uint64_t watchdog = 100'000;  ///< clocks without a beat moving, while one is awaited, that count as a hang
};

/// A packet as its beats lie in memory: a whole number of words.
using Packet = std::vector<std::byte>;

/// The host's end of a chip's port. Every wait is bounded: a port that stops moving throws Error(machine) that says which
/// side waits for what. After that the port is out of step with the chip: reset the chip.
class HostPort {
 public:
  explicit HostPort(Chip& chip, const HostPortOptions& options = {});

  [[nodiscard]] std::size_t word_bytes() const { return word_bytes_; }

  /// One burst each: 1 to 65535 beats. Memory: whole words. The result says what the chip thought of it; `out` is filled
  /// whatever it says.
  PortResult read(std::uint32_t address, std::span<std::byte> out);
  PortResult write(std::uint32_t address, std::span<const std::byte> in);

  /// Bursts of 32-bit registers, one a beat.
  PortResult read_registers(std::uint32_t address, std::span<std::uint32_t> out);
  PortResult write_registers(std::uint32_t address, std::span<const std::uint32_t> in);

  /// Sends packets as they are, legal or not, back to back, and returns one response packet for each, the status beat
  /// included: for tests of the port itself.
  std::vector<Packet> exchange(std::span<const Packet> requests);

  /// Lets clocks pass with nothing asked. Throws Error(machine) if the chip sends a response nobody asked for.
  void idle(std::uint64_t clocks);

  /// After Chip::reset: forgets what was under way.
  void restart();

  /// The pins and the transaction in words: what the port is doing now and who waits for whom.
  [[nodiscard]] std::string describe() const;

 private:
  PortResult transact(PortOp op, std::uint32_t address, std::size_t beats, std::span<const std::byte> data,
                      std::span<std::byte> out);
  void clock();
  [[noreturn]] void hang();

  Chip& chip_;
  HostPins pins_;
  std::size_t word_bytes_;
  HostPortOptions options_;
  StreamDriver driver_;
  StreamMonitor monitor_;
  std::uint64_t quiet_clocks_ = 0;
  std::uint8_t tag_ = 0;
  std::string doing_ = "nothing";
};

}  // namespace hilbert::tb

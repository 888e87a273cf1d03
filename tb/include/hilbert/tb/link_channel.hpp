// SPDX-License-Identifier: Apache-2.0
// The wires of one direction of a link: latency, skew, bit errors, bursts and broken lanes, all from a seed.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <vector>

namespace hilbert::tb {

inline constexpr unsigned max_lanes = 4;

/// What every lane carries in one clock of the PHY: 16 bits, bit 0 first.
using Symbols = std::array<std::uint16_t, max_lanes>;

/// What became of a lane. `noise`: every bit is a coin's.
enum class LaneFault : std::uint8_t { none, stuck_0, stuck_1, noise };

/// Numbers of trials up to a success of probability `p`, from raw random bits alone: no logarithm and no library
/// distribution, which differ between machines. The binary digits of a geometric variable are independent, digit k is 1
/// with probability q^(2^k) / (1 + q^(2^k)), q = 1 - p; so a draw costs one random number a digit.
class GeometricGap {
 public:
  static constexpr std::uint64_t never = ~std::uint64_t{0};

  /// 0 <= p <= 1; with 0 every gap is `never`.
  explicit GeometricGap(double p = 0);
  /// Failures before the next success: P(n) = p q^n.
  std::uint64_t operator()(std::mt19937_64& random) const;

 private:
  std::vector<std::uint64_t> digits_;  ///< probability of a 1 in each digit, times 2^64
  bool never_ = true;
};

struct ChannelOptions {
  unsigned lanes = max_lanes;                    ///< 1 to 4
  unsigned latency = 4;                          ///< clocks of the PHY from in to out, at least 1
  std::array<unsigned, max_lanes> skew{};        ///< clocks more, a lane each
  std::array<unsigned, max_lanes> bit_offset{};  ///< bits more, 0 to 15: a PHY that does not know where symbols begin
  std::array<unsigned, max_lanes> to_lane{0, 1, 2, 3};  ///< where each lane ends: crossed wires
  double bit_error_rate = 0;                            ///< of every bit on every lane, independent
  double burst_rate = 0;         ///< bursts that begin, a bit of a lane (with burst_all_lanes: of time)
  unsigned burst_bits = 100;     ///< longest burst; lengths are even over 1 to this
  bool burst_all_lanes = false;  ///< a burst hits all lanes at once; each bit of it is a coin's
  unsigned ahead = 0;            ///< clocks that push() may run ahead of pop(), or pop() of push(): see there
  std::uint64_t seed = 1;
};

/// One direction of a link. Nothing but the options and the calls decides what comes out, on any machine.
///
/// Both ends in one clock: step(). Ends that do not keep step, as chips that run apart for a while: push() at the one
/// and pop() at the other, each once a clock of its own end. What is sent in a clock arrives `latency` clocks later
/// whoever came first, so pop() may be up to `latency` calls ahead of push(), and push() up to `ahead` of pop(). As
/// long as neither end is further ahead than either bound, one thread may push while another pops: what they touch is
/// apart.
class LinkChannel {
 public:
  /// Throws Error(bad_input) for options out of range.
  explicit LinkChannel(const ChannelOptions& options);

  /// One clock of the PHY: takes what is sent, gives what arrives. Before anything arrives lanes are all zero.
  Symbols step(const Symbols& sent) {
    const Symbols given = pop();
    push(sent);
    return given;
  }
  /// The sender's half of a clock: bit errors and bursts happen here.
  void push(const Symbols& sent);
  /// The receiver's half: faults of lanes happen here.
  Symbols pop();

  void set_fault(unsigned lane, LaneFault fault) { lanes_.at(lane).fault = fault; }
  /// From the next clock on; what is under way stays damaged or good as it is.
  void set_bit_error_rate(double rate);
  void set_bursts(double rate);

  [[nodiscard]] const ChannelOptions& options() const { return options_; }
  /// Bits inverted so far, those of bursts among them; what a fault did to a lane does not count.
  [[nodiscard]] std::uint64_t flipped_bits() const { return flipped_bits_; }
  [[nodiscard]] std::uint64_t bursts() const { return bursts_; }

 private:
  /// Bits that come until something happens, then its length: errors and bursts alike.
  struct Process {
    std::uint64_t gap = GeometricGap::never;  ///< bits before the next event
    std::uint64_t left = 0;                   ///< bits of a burst still to come
  };
  struct Lane {
    std::vector<std::uint16_t> line;  ///< a ring: symbols under way
    std::size_t put = 0, take = 0;    ///< the sender's place in it and the receiver's
    std::uint16_t last = 0;           ///< the symbol before, for the bit offset
    LaneFault fault = LaneFault::none;
    Process error, burst;
    std::mt19937_64 random, noise;  ///< the sender's and the receiver's
  };

  std::uint16_t error_mask(Lane& lane);
  std::uint16_t burst_mask(Process& burst, std::mt19937_64& random);

  ChannelOptions options_;
  GeometricGap error_gap_, burst_gap_;
  std::array<Lane, max_lanes> lanes_;
  Process common_burst_;
  std::mt19937_64 random_;
  std::uint64_t flipped_bits_ = 0, bursts_ = 0;
};

}  // namespace hilbert::tb

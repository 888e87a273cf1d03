// SPDX-License-Identifier: Apache-2.0
// What numbers on command lines may be, where several commands agree, and why. With these limits no sum or product of
// such numbers leaves 64 bits.
#pragma once

#include <cstdint>
#include <hilbert/number.hpp>

namespace hilbert::cli {

/// A simulated chip, at 330 kHz, takes 35 days for so many clocks; a million such runs still fit 64 bits.
inline constexpr std::uint64_t most_clocks = 1'000'000'000'000;

/// Times that something is repeated: times the chips a board can have (256) and the bytes of each (1 GiB) it stays
/// below 2^58.
inline constexpr std::uint32_t most_rounds = 1'000'000;

/// Threads or devices at work at the same time: more than the cores of any one machine gain nothing.
inline constexpr std::uint32_t most_jobs = 256;

/// Of a stall of the host port in a clock. The port takes 100,000 clocks without a beat for a hang (tb::HostPort): at
/// 0.999 that happens by chance once in 10^43 beats, at 0.9999 once in 22,000.
inline constexpr Range<double> stall_range{0, 0.999};

}  // namespace hilbert::cli

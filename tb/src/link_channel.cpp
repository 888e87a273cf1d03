// SPDX-License-Identifier: Apache-2.0
// The wires of one direction of a link.
#include "hilbert/tb/link_channel.hpp"

#include <algorithm>
#include <bit>
#include <hilbert/error.hpp>
#include <string>

namespace hilbert::tb {
namespace {

constexpr unsigned symbol_bits = 16;
constexpr double two_to_64 = 18446744073709551616.0;

void require(bool good, const std::string& what, const char* where) {
  if (!good) throw Error(ExitCode::bad_input, what, std::string("link channel, ") + where);
}

}  // namespace

GeometricGap::GeometricGap(double p) : never_(p <= 0) {
  require(p >= 0 && p <= 1, "a rate is " + std::to_string(p), "0 to 1");
  if (never_) return;
  // Beyond the last digit a 1 is rarer than 2^-64.
  for (double power = 1 - p; power * two_to_64 >= 1; power *= power) {
    digits_.push_back(static_cast<std::uint64_t>(power / (1 + power) * two_to_64));
    if (digits_.size() == 63) break;
  }
}

std::uint64_t GeometricGap::operator()(std::mt19937_64& random) const {
  if (never_) return never;
  std::uint64_t gap = 0;
  for (std::size_t k = 0; k < digits_.size(); ++k) gap |= std::uint64_t{random() < digits_[k]} << k;
  return gap;
}

LinkChannel::LinkChannel(const ChannelOptions& options)
    : options_(options), error_gap_(options.bit_error_rate), burst_gap_(options.burst_rate), random_(options.seed) {
  require(options.lanes >= 1 && options.lanes <= max_lanes, std::to_string(options.lanes) + " lanes", "1 to 4");
  require(options.latency >= 1, "latency 0", "at least one clock");
  require(options.burst_bits >= 1, "bursts of no bits", "burst_bits");
  unsigned targets = 0;
  for (unsigned i = 0; i < options.lanes; ++i) {
    require(options.bit_offset[i] < symbol_bits, "a bit offset is " + std::to_string(options.bit_offset[i]), "0 to 15");
    require(options.to_lane[i] < options.lanes, "a lane ends at " + std::to_string(options.to_lane[i]), "to_lane");
    targets |= 1U << options.to_lane[i];
    Lane& lane = lanes_[i];
    lane.line.resize(options.latency + options.skew[i] + options.ahead);
    lane.put = (options.latency + options.skew[i]) % lane.line.size();
    lane.random.seed(random_());
    lane.noise.seed(options.seed * max_lanes + i);
    lane.error.gap = error_gap_(lane.random);
    lane.burst.gap = burst_gap_(lane.random);
  }
  require(std::popcount(targets) == static_cast<int>(options.lanes), "two lanes end at one", "to_lane");
  common_burst_.gap = burst_gap_(random_);
}

void LinkChannel::set_bit_error_rate(double rate) {
  options_.bit_error_rate = rate;
  error_gap_ = GeometricGap(rate);
  for (Lane& lane : lanes_) lane.error.gap = error_gap_(lane.random);
}

void LinkChannel::set_bursts(double rate) {
  options_.burst_rate = rate;
  burst_gap_ = GeometricGap(rate);
  for (Lane& lane : lanes_) lane.burst.gap = burst_gap_(lane.random);
  common_burst_.gap = burst_gap_(random_);
}

std::uint16_t LinkChannel::error_mask(Lane& lane) {
  std::uint16_t mask = 0;
  while (lane.error.gap < symbol_bits) {
    mask |= static_cast<std::uint16_t>(1U << lane.error.gap);
    const std::uint64_t more = error_gap_(lane.random);
    lane.error.gap = more >= GeometricGap::never - symbol_bits ? more : lane.error.gap + 1 + more;
  }
  if (lane.error.gap != GeometricGap::never) lane.error.gap -= symbol_bits;
  return mask;
}

/// Which bits of this symbol lie in a burst.
std::uint16_t LinkChannel::burst_mask(Process& burst, std::mt19937_64& random) {
  std::uint32_t mask = 0;
  for (unsigned bit = 0; bit < symbol_bits;) {
    if (burst.left == 0) {
      if (burst.gap >= symbol_bits - bit) {
        if (burst.gap != GeometricGap::never) burst.gap -= symbol_bits - bit;
        break;
      }
      bit += static_cast<unsigned>(burst.gap);
      burst.left = 1 + random() % options_.burst_bits;
      burst.gap = burst_gap_(random);
      ++bursts_;
    }
    const auto length = static_cast<unsigned>(std::min<std::uint64_t>(burst.left, symbol_bits - bit));
    mask |= ((1U << length) - 1) << bit;
    bit += length;
    burst.left -= length;
  }
  return static_cast<std::uint16_t>(mask);
}

void LinkChannel::push(const Symbols& sent) {
  const std::uint16_t common = options_.burst_all_lanes ? burst_mask(common_burst_, random_) : std::uint16_t{0};
  for (unsigned i = 0; i < options_.lanes; ++i) {
    Lane& lane = lanes_[i];
    std::uint16_t damage = error_mask(lane);
    const std::uint16_t burst = options_.burst_all_lanes ? common : burst_mask(lane.burst, lane.random);
    if (burst != 0) damage ^= static_cast<std::uint16_t>(burst & lane.random());
    flipped_bits_ += static_cast<unsigned>(std::popcount(damage));

    lane.line[lane.put] = static_cast<std::uint16_t>(sent[i] ^ damage);
    if (++lane.put == lane.line.size()) lane.put = 0;
  }
}

Symbols LinkChannel::pop() {
  Symbols out{};
  for (unsigned i = 0; i < options_.lanes; ++i) {
    Lane& lane = lanes_[i];
    const std::uint16_t arrives = lane.line[lane.take];
    if (++lane.take == lane.line.size()) lane.take = 0;

    // `bit_offset` bits later: the low bits of what is given were sent at the end of the symbol before.
    const std::uint32_t two = (std::uint32_t{arrives} << symbol_bits) | lane.last;
    lane.last = arrives;
    auto given = static_cast<std::uint16_t>(two >> (symbol_bits - options_.bit_offset[i]));
    switch (lane.fault) {
      case LaneFault::none:
        break;
      case LaneFault::stuck_0:
        given = 0;
        break;
      case LaneFault::stuck_1:
        given = 0xFFFF;
        break;
      case LaneFault::noise:
        given = static_cast<std::uint16_t>(lane.noise());
        break;
    }
    out[options_.to_lane[i]] = given;
  }
  return out;
}

}  // namespace hilbert::tb

// SPDX-License-Identifier: Apache-2.0
// How many damaged flits a check lets through.
#include "check_rate.hpp"

#include <array>
#include <cmath>
#include <hilbert/error.hpp>
#include <hilbert/regs/link.hpp>

namespace hilbert::test {
namespace {

namespace r = regs::link;

constexpr std::uint32_t mode_normal = 1, state_down = 5;
constexpr unsigned flit_words = 30, burst_bits = 30;
constexpr double burst_rate = 1.0 / (16 * 400);  // one in 400 clocks

void set_up(tb::LinkPair& pair, unsigned e) {
  pair.write(e, r::ctrl, mode_normal);
  pair.hold(e, false);
}

}  // namespace

double CheckRate::expected() const { return std::exp2(-static_cast<double>(check_bits)); }

CheckRate measure_check(const tb::LinkMaker& make, std::uint64_t seed, std::uint64_t clocks) {
  tb::LinkPair::Options options;
  options.seed = seed;
  for (unsigned e = 0; e < 2; ++e) {
    options.channel[e].seed = 2 * seed + e;
    options.channel[e].latency = 1;
    options.channel[e].burst_bits = burst_bits;
    options.channel[e].burst_all_lanes = true;
  }
  tb::LinkPair pair(make, options);
  for (unsigned e = 0; e < 2; ++e) {
    pair.hold(e, true);
    for (unsigned v = 0; v < tb::link_vcs; ++v) {
      pair.sender(e, v).set_mix({flit_words, flit_words, 0});
      pair.receiver(e, v).tolerate();
    }
  }
  for (unsigned e = 0; e < 2; ++e) set_up(pair, e);
  for (unsigned e = 0; e < 2; ++e) pair.channel(e).set_bursts(burst_rate);

  // A bad framing word that passes can end a session, or leave both sides with credits that do not agree: begin anew.
  std::array<std::uint64_t, 2> got{};
  while (pair.clocks() < clocks) {
    pair.run(20'000);
    for (unsigned e = 0; e < 2; ++e) {
      const std::uint64_t now = pair.receiver(e, 0).flits() + pair.receiver(e, 1).flits();
      const bool stuck = now == got[e] || (pair.read(e, r::status) & r::status_state_mask) == state_down;
      got[e] = now;
      if (!stuck) continue;
      pair.hold(e, true);
      pair.run(200);
      pair.open(e, mode_normal);
      pair.hold(e, false);
    }
  }
  CheckRate out;
  out.check_bits = pair.link(0).parameters().check_bits;
  for (unsigned e = 0; e < 2; ++e) {
    out.noticed += pair.read(e, r::crc_errors);
    for (unsigned v = 0; v < tb::link_vcs; ++v) {
      out.missed += pair.receiver(e, v).damaged();
      out.flits += pair.receiver(e, v).flits();
    }
  }
  return out;
}

}  // namespace hilbert::test

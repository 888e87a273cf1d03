// SPDX-License-Identifier: Apache-2.0
// One run of torture.
#include "torture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/regs/link.hpp>

#include "support/random.hpp"

namespace hilbert::test {
namespace {

namespace r = regs::link;
using tb::LinkPair;

constexpr std::uint32_t bert = 2;   // CTRL.MODE
constexpr unsigned max_broken = 6;  // draws of a lane to break at once

constexpr std::pair<const char*, std::uint32_t> counters[] = {
    {"replays", r::replays},
    {"timeouts", r::timeouts},
    {"nacks", r::nacks_received},
    {"check errors", r::crc_errors},
    {"hunts", r::hunts},
    {"duplicates", r::duplicates},
    {"trainings again", r::retrainings},
    {"protocol errors", r::protocol_errors},
    {"clocks without credit", r::stalls_credit},
    {"words discarded", r::discarded},
    {"words sent", r::sent_words},
    {"raw words", r::raw_tx_words},
    {"drops", r::drops},
};

/// The software of one end: sets it up, and does what an interrupt asks for.
class Run {
 public:
  Run(const tb::LinkMaker& make, std::uint64_t seed, const Torments& torments)
      : random_(seed), torments_(torments), pair_(make, options(make, seed)) {}

  Toll go() {
    odd_ = torments_.odd_bounds && random_.chance(0.3);
    for (unsigned e = 0; e < 2; ++e) pair_.hold(e, true);
    for (unsigned e = 0; e < 2; ++e) set_up(e);
    const unsigned rounds = 4 + static_cast<unsigned>(random_.below(8));
    for (unsigned i = 0; i < rounds; ++i) {
      torment();
      const std::uint64_t until = pair_.clocks() + (200 + random_.below(6000)) * slow_;
      while (pair_.clocks() < until) tick();
    }
    recover();
    for (unsigned e = 0; e < 2; ++e) harvest(e);
    toll_.runs = 1;
    toll_.clocks = pair_.clocks();
    for (unsigned e = 0; e < 2; ++e) {
      for (unsigned v = 0; v < tb::link_vcs; ++v) {
        const tb::LinkReceiver& receiver = pair_.receiver(e, v);
        toll_.flits += receiver.flits();
        toll_.words += receiver.words();
        toll_.skipped += receiver.skipped();
        toll_.damaged += receiver.damaged();
      }
      toll_.flipped_bits += pair_.channel(e).flipped_bits();
      toll_.bursts += pair_.channel(e).bursts();
    }
    return toll_;
  }

 private:
  LinkPair::Options options(const tb::LinkMaker& make, std::uint64_t seed) {
    parameters_ = make()->parameters();
    LinkPair::Options o;
    o.seed = seed;
    slow_ = torments_.slow_phy && random_.chance(0.1) ? 2 + random_.below(7) : 1;
    for (unsigned e = 0; e < 2; ++e) {
      tb::ChannelOptions& c = o.channel[e];
      c.lanes = parameters_.lanes;
      c.latency = static_cast<unsigned>(1 + random_.below(random_.chance(0.5) ? 4 : 40));
      for (unsigned l = 0; l < c.lanes; ++l) {
        c.skew[l] = static_cast<unsigned>(random_.below(13));
        c.bit_offset[l] = static_cast<unsigned>(random_.below(16));
        c.to_lane[l] = l;
      }
      for (unsigned l = c.lanes; l < tb::max_lanes; ++l) c.to_lane[l] = l;
      c.burst_bits = static_cast<unsigned>(1 + random_.below(1000));
      c.burst_all_lanes = random_.chance(0.5);
      c.seed = random_();
      o.phy_every[e] = static_cast<unsigned>(slow_);
    }
    return o;
  }

  /// What is handed in before the link is on would be thrown away.
  void set_up(unsigned e) {
    set_bounds(e, odd_);
    pair_.write(e, r::train_timeout, static_cast<std::uint32_t>((4000 + random_.below(8000)) * slow_));
    pair_.write(e, r::node, e);
    pair_.write(e, r::irq_enable, r::irq_status_down_mask | r::irq_status_partner_reset_mask);
    ctrl_[e] = 1 | (random_.chance(0.5) ? r::ctrl_reopen_mask : 0);
    pair_.write(e, r::ctrl, ctrl_[e]);
    pair_.hold(e, false);
  }

  void set_bounds(unsigned e, bool odd) {
    const auto bound = [&](std::uint32_t offset, std::uint64_t sensible) {
      auto value = static_cast<std::uint32_t>(sensible);
      if (odd && random_.chance(0.5)) {
        value = std::array{0U, 1U, ~0U}[random_.below(3)];
        ++toll_.odd_bounds;
      }
      pair_.write(e, offset, value);
    };
    bound(r::nack_interval, 16 + random_.below(100));
    bound(r::replay_timeout, (1500 + random_.below(2000)) * slow_);
    bound(r::hunt_timeout, (2000 + random_.below(4000)) * slow_);
    bound(r::retrain_after, 2 + random_.below(10));
    bound(r::retrains_max, 1 + random_.below(4));
  }

  /// Draws what the next round is like.
  void torment() {
    for (unsigned e = 0; e < 2; ++e) {
      tb::LinkChannel& channel = pair_.channel(e);
      constexpr std::array rates{0.0, 0.0, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3};
      channel.set_bit_error_rate(std::min(rates[random_.below(rates.size())], torments_.error_rate_max));
      constexpr std::array burst_rates{0.0, 0.0, 1e-6, 1e-5};
      channel.set_bursts(torments_.bursts ? burst_rates[random_.below(burst_rates.size())] : 0);
      if (random_.chance(0.4)) heal_lanes(e);
      for (unsigned broken = torments_.lanes && random_.chance(0.15) ? 1 + unsigned(random_.below(max_broken)) : 0;
           broken > 0; --broken) {
        const unsigned lane = static_cast<unsigned>(random_.below(parameters_.lanes));
        channel.set_fault(lane, static_cast<tb::LaneFault>(1 + random_.below(3)));
        ++toll_.lane_faults;
      }
      for (unsigned v = 0; v < tb::link_vcs; ++v) {
        constexpr std::array stalls{0.0, 0.0, 0.0, 0.0, 0.1, 0.3, 0.9};
        constexpr std::array limits{3U, 3U, 9U, 9U, 129U};
        const unsigned longest = std::min(parameters_.max_words, limits[random_.below(limits.size())]);
        const unsigned shortest = random_.chance(0.2) ? longest : 1;
        pair_.sender(e, v).set_mix({shortest, longest, stalls[random_.below(stalls.size())]});
        pair_.receiver(e, v).set_stall(stalls[random_.below(stalls.size())]);
      }
    }
    if (torments_.resets && random_.chance(0.06)) {
      const unsigned e = static_cast<unsigned>(random_.below(2));
      harvest(e);
      pair_.hold(e, true);
      pair_.reset(e, static_cast<unsigned>(1 + random_.below(300)));
      ++toll_.resets;
      set_up(e);
    }
    if (torments_.software && random_.chance(0.15)) meddle(static_cast<unsigned>(random_.below(2)));
  }

  /// What software may do to a link at work. Only a new session may cost flits.
  void meddle(unsigned e) {
    switch (random_.below(5)) {
      case 0:
        pair_.open(e, ctrl_[e]);  // in the middle of flits
        break;
      case 1:
        if (quiet_beside(e, 2000 * slow_)) {  // off, flits would be thrown away
          pair_.write(e, r::ctrl, ctrl_[e] & ~r::ctrl_mode_mask);
          wait_beside(e, random_.below(1000));
          pair_.write(e, r::ctrl, ctrl_[e]);
        }
        break;
      case 2:
        pair_.write(e, r::ctrl, (ctrl_[e] & ~r::ctrl_mode_mask) | bert);
        wait_beside(e, random_.below(1000));
        pair_.write(e, r::ctrl, ctrl_[e]);
        break;
      case 3:
        pair_.write(e, r::lane_enable, static_cast<std::uint32_t>(random_.below(16)));
        break;
      default:
        pair_.write(e, r::inject, static_cast<std::uint32_t>(random_.below(16)));
        break;
    }
    pair_.hold(e, false);
    ++toll_.meddled;
  }

  /// A clock in which the software of the other end does its work, and that of this one sees when a session has begun
  /// by itself, but leaves a link that is down as it is.
  void tick_beside(unsigned e) {
    if (pair_.link(1 - e).out.irq) serve(1 - e);
    if (pair_.link(e).out.irq) (void)opened_by_itself(e);
    pair_.step();
  }
  void wait_beside(unsigned e, std::uint64_t clocks) {
    for (; clocks > 0; --clocks) tick_beside(e);
  }
  /// As LinkPair::quiet.
  bool quiet_beside(unsigned e, std::uint64_t limit) {
    pair_.hold(e, true);
    for (; limit > 0; --limit) {
      if (!pair_.sender(e, 0).in_flit() && !pair_.sender(e, 1).in_flit()) return true;
      tick_beside(e);
    }
    return false;
  }

  void heal_lanes(unsigned e) {
    for (unsigned l = 0; l < parameters_.lanes; ++l) pair_.channel(e).set_fault(l, tb::LaneFault::none);
  }

  /// A clock, and what the software does in it.
  void tick() {
    for (unsigned e = 0; e < 2; ++e) {
      if (pair_.link(e).out.irq) serve(e);
    }
    pair_.step();
  }

  /// Whether the interrupt of an end says that it opened a session, and not that it is down: within the last two
  /// clocks, between two flits or in the middle of one.
  bool opened_by_itself(unsigned e) {
    std::array<std::uint64_t, tb::link_vcs> next{};
    for (unsigned v = 0; v < tb::link_vcs; ++v) next[v] = pair_.sender(e, v).next_index();
    const std::uint32_t causes = pair_.read(e, r::irq_status);
    if ((causes & r::irq_status_down_mask) != 0) return false;
    pair_.write(e, r::irq_status, causes);
    count_reason(e);
    for (unsigned v = 0; v < tb::link_vcs; ++v) {
      for (std::uint64_t i = next[v] - std::min<std::uint64_t>(next[v], 2); i <= next[v] + 2; ++i) {
        pair_.receiver(e, v).session(i);
      }
    }
    return true;
  }

  void count_reason(unsigned e) {
    const std::uint32_t reason = pair_.read(e, r::reason);
    if (reason == 0) throw tb::LinkViolation(fmt::format("end {} is down and says no reason", e));
    ++toll_.downs[reason];
  }

  void serve(unsigned e) {
    if (opened_by_itself(e)) return;
    pair_.write(e, r::irq_status, r::irq_status_down_mask | r::irq_status_partner_reset_mask);
    count_reason(e);
    constexpr std::uint32_t down = 5;
    if ((pair_.read(e, r::status) & r::status_state_mask) != down) return;  // opened meanwhile
    for (std::uint64_t clocks = random_.below(2000); clocks > 0; --clocks) pair_.step();
    if (!pair_.quiet(e, 1000)) throw tb::LinkViolation(fmt::format("end {} is down and takes no flits", e));
    pair_.open(e, ctrl_[e]);
    pair_.hold(e, held_);
  }

  /// The wires are as good as new: everything must come out now, with odd bounds once they are sensible again.
  void recover() {
    heal();
    if (odd_) {
      work_or_go_down();
      for (unsigned e = 0; e < 2; ++e) set_bounds(e, false);
    }
    come_back();
  }

  void heal() {
    for (unsigned e = 0; e < 2; ++e) {
      heal_lanes(e);
      pair_.write(e, r::lane_enable, 0xF);
      pair_.channel(e).set_bit_error_rate(0);
      pair_.channel(e).set_bursts(0);
      for (unsigned v = 0; v < tb::link_vcs; ++v) {
        pair_.sender(e, v).set_mix({1, std::min(parameters_.max_words, 9U), 0.5});
        pair_.receiver(e, v).set_stall(0);
      }
    }
  }

  /// Whatever the bounds are: on good wires flits of both channels arrive in both directions, or an end is down and
  /// says why (serve).
  void work_or_go_down() {
    const auto downs = [&] {
      std::uint64_t sum = 0;
      for (const auto& [reason, count] : toll_.downs) sum += count;
      return sum;
    };
    const auto least = [&] {
      std::uint64_t flits = ~std::uint64_t{0};
      for (unsigned e = 0; e < 2; ++e) {
        for (unsigned v = 0; v < tb::link_vcs; ++v)
          flits = std::min(flits, pair_.receiver(e, v).flits() - start_[e][v]);
      }
      return flits;
    };
    for (unsigned e = 0; e < 2; ++e) {
      for (unsigned v = 0; v < tb::link_vcs; ++v) start_[e][v] = pair_.receiver(e, v).flits();
    }
    constexpr std::uint64_t work = 20;          // flits, more than the window of the small link
    constexpr std::uint64_t longest = 2 << 20;  // clocks, twice what the timers can be set to
    const std::uint64_t before = downs(), limit = pair_.clocks() + 8 * longest;
    while (downs() == before && least() < work) {
      if (pair_.clocks() > limit) throw tb::LinkViolation("odd bounds: neither works nor says why: " + status());
      tick();
    }
    ++(downs() == before ? toll_.odd_works : toll_.odd_downs);
  }

  void come_back() {
    // Sessions that are still to end do so while flits go on; the last flits are of the sessions that stay.
    const std::uint64_t settle = pair_.clocks() + 150'000 * slow_;
    for (std::uint64_t up = 0; up < 3000 * slow_;) {
      if (pair_.clocks() > settle) throw tb::LinkViolation("good wires again, and the link stays down: " + status());
      tick();
      constexpr std::uint64_t look = 64;
      if (pair_.clocks() % look == 0) up = is_up() ? up + look : 0;
    }
    held_ = true;
    for (unsigned e = 0; e < 2; ++e) pair_.hold(e, true);
    const std::uint64_t limit = pair_.clocks() + 40'000 * slow_;
    while (!pair_.drained()) {
      if (pair_.clocks() > limit) throw tb::LinkViolation("flits do not come out: " + status());
      tick();
    }
  }

  bool is_up() {
    bool up = true;
    for (unsigned e = 0; e < 2; ++e) up = up && (pair_.read(e, r::status) & r::status_up_mask) != 0;
    return up;
  }

  /// Reads what the end counted since its last reset.
  void harvest(unsigned e) {
    for (const auto& [name, offset] : counters) {
      const unsigned count = offset == r::stalls_credit ? tb::link_vcs : 1;
      for (unsigned i = 0; i < count; ++i) toll_.counters[name] += pair_.read(e, offset + 4 * i);
    }
    const std::uint32_t now = pair_.read(e, r::status);
    ++toll_.widths[(now & r::status_rx_width_mask) >> r::status_rx_width_lsb];
    // Neither can happen while the check notices every error and both ends mean the same session.
    if (pair_.read(e, r::drops) != 0) throw tb::LinkViolation(fmt::format("end {} counts words that had no room", e));
    if (pair_.read(e, r::protocol_errors) != 0)
      throw tb::LinkViolation(fmt::format("end {} counts protocol errors", e));
  }

  std::string status() {
    std::string text;
    for (unsigned e = 0; e < 2; ++e) {
      text += fmt::format("end {} STATUS {:08x} REASON {} LANES_HEARD {:03x}", e, pair_.read(e, r::status),
                          pair_.read(e, r::reason), pair_.read(e, r::lanes_heard));
      for (unsigned v = 0; v < tb::link_vcs; ++v) {
        text += fmt::format(", sent {} got {}", pair_.sender(e, v).next_index(), pair_.receiver(e, v).next_index());
      }
      text += "; ";
    }
    return text;
  }

  Random random_;
  Torments torments_;
  tb::LinkParameters parameters_;
  std::uint64_t slow_ = 1;  ///< clocks a symbol
  LinkPair pair_;
  bool odd_ = false;  ///< bounds that make no sense
  std::array<std::uint32_t, 2> ctrl_{};
  std::array<std::array<std::uint64_t, tb::link_vcs>, 2> start_{};
  bool held_ = false;
  Toll toll_;
};

}  // namespace

void Toll::add(const Toll& other) {
  runs += other.runs, clocks += other.clocks, flits += other.flits, words += other.words;
  skipped += other.skipped, damaged += other.damaged, resets += other.resets, bursts += other.bursts;
  meddled += other.meddled;
  odd_bounds += other.odd_bounds, odd_works += other.odd_works, odd_downs += other.odd_downs;
  flipped_bits += other.flipped_bits, lane_faults += other.lane_faults;
  for (const auto& [name, count] : other.counters) counters[name] += count;
  for (const auto& [reason, count] : other.downs) downs[reason] += count;
  for (std::size_t i = 0; i < widths.size(); ++i) widths[i] += other.widths[i];
}

Toll torture(const tb::LinkMaker& make, std::uint64_t seed, const Torments& torments) {
  return Run(make, seed, torments).go();
}

}  // namespace hilbert::test

// SPDX-License-Identifier: Apache-2.0
// Two ends of a link with the wires between them.
#include "hilbert/tb/link_pair.hpp"

#include <hilbert/regs/link.hpp>

namespace hilbert::tb {

LinkPair::End::End(const LinkMaker& make, const ChannelOptions& wires, std::uint64_t seed)
    : link(make()),
      channel(wires),
      sender{LinkSender(4 * seed, seed), LinkSender(4 * seed + 1, ~seed)},
      receiver{LinkReceiver(4 * seed, seed + 2), LinkReceiver(4 * seed + 1, seed + 3)} {}

LinkPair::LinkPair(const LinkMaker& make, const Options& options)
    : phy_every_(options.phy_every),
      end_{End(make, options.channel[0], 2 * options.seed), End(make, options.channel[1], 2 * options.seed + 1)} {}

void LinkPair::step() {
  std::array<bool, 2> moves{};
  for (unsigned e = 0; e < 2; ++e) moves[e] = clocks_ % phy_every_[e] == 0;
  for (unsigned e = 0; e < 2; ++e) {
    LinkInputs& in = end_[e].link->in;
    in.phy_take = moves[e];
    in.phy_give = moves[1 - e];
    in.phy_rx = end_[1 - e].arriving;
    for (unsigned v = 0; v < link_vcs; ++v) {
      in.vc[v] = {};
      if (end_[e].in_reset) continue;
      end_[e].sender[v].drive(in.vc[v]);
      end_[1 - e].receiver[v].drive(in.vc[v]);
    }
    end_[e].link->settle();
  }
  for (unsigned e = 0; e < 2; ++e) {
    const Link& link = *end_[e].link;
    for (unsigned v = 0; v < link_vcs && !end_[e].in_reset; ++v) {
      end_[e].sender[v].sample(link.in.vc[v], link.out.vc[v]);
      try {
        end_[1 - e].receiver[v].sample(link.in.vc[v], link.out.vc[v]);
      } catch (const LinkViolation& violation) {
        throw LinkViolation("end " + std::to_string(e) + ", virtual channel " + std::to_string(v) + ", clock " +
                            std::to_string(clocks_) + ": " + violation.what());
      }
    }
    if (moves[e]) end_[e].arriving = end_[e].channel.step(link.out.phy_tx);
  }
  for (End& end : end_) end.link->edge();
  ++clocks_;
}

std::uint32_t LinkPair::read(unsigned end, std::uint32_t offset) {
  Link& l = link(end);
  l.in.reg_request = true;
  l.in.reg_write = false;
  l.in.reg_offset = static_cast<std::uint16_t>(offset);
  step();
  l.in.reg_request = false;
  step();
  if (l.out.reg_error) throw LinkViolation("register " + std::to_string(offset) + " cannot be read");
  return l.out.reg_value;
}

void LinkPair::write(unsigned end, std::uint32_t offset, std::uint32_t value) {
  Link& l = link(end);
  l.in.reg_request = true;
  l.in.reg_write = true;
  l.in.reg_offset = static_cast<std::uint16_t>(offset);
  l.in.reg_value = value;
  step();
  l.in.reg_request = false;
  step();
  if (l.out.reg_error) throw LinkViolation("register " + std::to_string(offset) + " cannot be written");
}

void LinkPair::hold(unsigned end, bool held) {
  for (LinkSender& s : end_[end].sender) s.hold(held);
}

bool LinkPair::quiet(unsigned end, std::uint64_t limit) {
  hold(end, true);
  for (; limit > 0; --limit) {
    if (!end_[end].sender[0].in_flit() && !end_[end].sender[1].in_flit()) return true;
    step();
  }
  return false;
}

void LinkPair::reset(unsigned end, unsigned clocks) {
  End& e = end_[end];
  e.link->hold_reset(true);
  for (unsigned v = 0; v < link_vcs; ++v) {
    e.sender[v].cut();
    e.receiver[v].session(e.sender[v].next_index());
    end_[1 - end].receiver[v].cut();
  }
  e.in_reset = true;
  run(clocks);
  e.in_reset = false;
  e.link->hold_reset(false);
}

void LinkPair::open(unsigned end, std::uint32_t ctrl) {
  End& e = end_[end];
  std::array<std::uint64_t, link_vcs> first{};
  for (unsigned v = 0; v < link_vcs; ++v) first[v] = e.sender[v].next_index();
  write(end, regs::link::ctrl, ctrl | regs::link::ctrl_open_mask);
  run(8);  // until it has taken effect
  for (unsigned v = 0; v < link_vcs; ++v) {
    for (std::uint64_t i = first[v]; i <= e.sender[v].next_index() + e.sender[v].in_flit(); ++i)
      e.receiver[v].session(i);
  }
}

bool LinkPair::drained() const {
  for (const End& e : end_) {
    for (unsigned v = 0; v < link_vcs; ++v) {
      if (!e.receiver[v].has_all_before(e.sender[v].next_index())) return false;
    }
  }
  return true;
}

}  // namespace hilbert::tb

// SPDX-License-Identifier: Apache-2.0
// Two ends of a link with the wires between them and a client on every virtual channel of both.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "hilbert/tb/link.hpp"
#include "hilbert/tb/link_traffic.hpp"

namespace hilbert::tb {

using LinkMaker = std::function<std::unique_ptr<Link>()>;

/// End 0 and end 1 in lock step. Channel e carries what end e sends.
class LinkPair {
 public:
  struct Options {
    std::array<ChannelOptions, 2> channel;
    std::array<unsigned, 2> phy_every{1, 1};  ///< channel e moves a symbol on one clock in so many
    std::uint64_t seed = 1;                   ///< of what the clients send and when they stand
  };

  LinkPair(const LinkMaker& make, const Options& options);

  /// One clock. Throws LinkViolation if a client gets what it must not.
  void step();
  void run(std::uint64_t clocks) {
    while (clocks-- > 0) step();
  }

  /// Registers (rtl/regs/link.toml): two clocks of the pair. A refused access throws LinkViolation.
  std::uint32_t read(unsigned end, std::uint32_t offset);
  void write(unsigned end, std::uint32_t offset, std::uint32_t value);

  /// Holds one end and its clients in reset for `clocks` clocks while everything else goes on. Its registers have to be
  /// set again.
  void reset(unsigned end, unsigned clocks = 4);

  /// Senders of this end begin no flit; clocks pass until none is under way: false after `limit` clocks.
  bool quiet(unsigned end, std::uint64_t limit);
  void hold(unsigned end, bool held);
  /// CTRL with OPEN at this end, noted by the receivers at the other: a new session begins with one of the flits that
  /// are handed in meanwhile; with senders held, with the next one.
  void open(unsigned end, std::uint32_t ctrl);

  [[nodiscard]] Link& link(unsigned end) { return *end_[end].link; }
  [[nodiscard]] LinkChannel& channel(unsigned end) { return end_[end].channel; }
  [[nodiscard]] LinkSender& sender(unsigned end, unsigned vc) { return end_[end].sender[vc]; }
  /// Of what end `end` sends: the client lives at the other one.
  [[nodiscard]] LinkReceiver& receiver(unsigned end, unsigned vc) { return end_[end].receiver[vc]; }
  [[nodiscard]] std::uint64_t clocks() const { return clocks_; }
  /// Every flit that was handed in has come out, or was given up with a session.
  [[nodiscard]] bool drained() const;

 private:
  struct End {
    End(const LinkMaker& make, const ChannelOptions& wires, std::uint64_t seed);

    std::unique_ptr<Link> link;
    LinkChannel channel;
    std::array<LinkSender, link_vcs> sender;
    std::array<LinkReceiver, link_vcs> receiver;
    bool in_reset = false;  ///< its clients stand still
    Symbols arriving{};     ///< at the other end, in the next clock of the PHY
  };

  std::array<unsigned, 2> phy_every_;
  std::array<End, 2> end_;
  std::uint64_t clocks_ = 0;
};

}  // namespace hilbert::tb

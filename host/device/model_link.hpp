// SPDX-License-Identifier: Apache-2.0
// One end of a link of `model:`: the registers of rtl/regs/link.toml, and whether flits get through.
#pragma once

#include <array>
#include <cstdint>
#include <hilbert/regs/link.hpp>
#include <span>

#include "configurations.hpp"

namespace hilbert::device {

class ModelNetwork;

/// What is wrong with the wires between two ends, alike in both directions.
struct ModelWires {
  std::uint32_t dead_lanes = 0;           ///< a bit a lane
  std::array<unsigned, 4> skew_clocks{};  ///< of each lane
};

/// Without wires and clocks: two ends that are switched on and joined are active at once, on the lanes that both allow
/// and that live; nothing is in error or sent twice, and TX_*, RX_* and DISCARDED are the counters that count. Time is
/// what pass() gives, and is counted in the training of an end that hears nobody. What is handed to a link that is not
/// active is thrown away, for nothing can wait. The bit-error-rate test hears no sequence; a new session is not noticed
/// by the partner; INJECT does nothing.
class ModelLink {
 public:
  /// The end at port `port` of a chip's network, which must live as long.
  ModelLink(ModelNetwork& network, unsigned port, const LinkShape& shape);

  /// Joins two ends, for ever. Both must live as long.
  static void join(ModelLink& a, ModelLink& b, const ModelWires& wires);

  void power_on();
  void pass(std::uint32_t clocks);
  [[nodiscard]] bool interrupt() const;
  /// `offset` in the block, of a register that exists; writes to one that can be written.
  [[nodiscard]] std::uint32_t read(std::uint32_t offset) const;
  void write(std::uint32_t offset, std::uint32_t written);

  /// A flit of `words` on a channel, handed in here: the end where it comes out, nullptr if it is thrown away.
  ModelLink* carry(unsigned channel, std::uint32_t words);

  [[nodiscard]] ModelNetwork& network() const { return network_; }
  [[nodiscard]] unsigned port() const { return port_; }

 private:
  using State = regs::link::State;

  std::uint32_t& value(std::uint32_t offset) { return values_[offset / 4]; }
  [[nodiscard]] std::uint32_t value(std::uint32_t offset) const { return values_[offset / 4]; }
  [[nodiscard]] std::uint32_t mode() const;
  [[nodiscard]] bool sends() const;  ///< training sets or data
  [[nodiscard]] bool ready() const { return sends() && state_ != State::down; }
  [[nodiscard]] std::uint32_t heard() const;
  [[nodiscard]] bool skewed() const;
  void change();
  void resolve(bool agreed);
  void fail();

  ModelNetwork& network_;
  unsigned port_;
  LinkShape shape_;
  ModelLink* partner_ = nullptr;
  ModelWires wires_;
  State state_ = State::off;
  std::uint32_t lanes_ = 0;   ///< in use while active, both ways
  std::uint32_t waited_ = 0;  ///< clocks of this training
  std::array<std::uint32_t, regs::link::size / 4> values_{};
};

}  // namespace hilbert::device

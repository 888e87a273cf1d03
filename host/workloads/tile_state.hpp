// SPDX-License-Identifier: Apache-2.0
// Memory words and registers of a chip, read from the state of a run as its host would get them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <hilbert/model/descriptor.hpp>
#include <hilbert/tb/netlist.hpp>
#include <span>
#include <string>
#include <vector>

#include "campaign/outcome.hpp"

namespace hilbert::workloads {

/// Where a netlist of hb_chip keeps what a host can read. Throws Error(bad_input) for a netlist that does not have it.
class TileState {
 public:
  TileState(const tb::Netlist& netlist, const model::Geometry& geometry);

  /// What reading words met.
  struct Met {
    bool corrected = false, uncorrectable = false;
  };
  /// Whole words at a byte address of data or queue memory, corrected as the chip does it.
  Met read(const campaign::LaneState& state, std::uint32_t address, std::span<std::byte> out) const;
  [[nodiscard]] std::uint32_t queue_head(const campaign::LaneState& state) const { return value(state, queue_head_); }
  /// ECC_CORRECTED.
  [[nodiscard]] std::uint32_t corrected(const campaign::LaneState& state) const { return value(state, corrected_); }

  /// Whether the host port waits for a request, as between any two: if not, only a host that talks to it can tell how
  /// the run ends.
  [[nodiscard]] bool port_is_idle(const campaign::LaneState& state) const {
    return std::ranges::none_of(port_, [&](std::uint32_t bit) { return state.flip_flop(bit); });
  }

 private:
  /// A register: flip-flops, bit 0 first.
  using Register = std::vector<std::uint32_t>;
  struct Bank {
    std::uint32_t data = 0, check = 0;  ///< memories of the netlist
  };
  struct Word {
    Bank bank;
    std::uint32_t index = 0;
  };
  static Register find(const tb::Netlist& netlist, const std::string& name);
  static std::uint32_t value(const campaign::LaneState& state, const Register& bits);
  [[nodiscard]] Word word_at(std::uint32_t address) const;

  model::Geometry geometry_;
  std::vector<Bank> banks_;  ///< of data memory, then of queue memory
  Register queue_head_, corrected_;
  Register port_;  ///< all that is 0 while the host port waits for a request
};

}  // namespace hilbert::workloads

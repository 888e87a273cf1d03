// SPDX-License-Identifier: Apache-2.0
// Who reads which net of a netlist: what an event needs to know.
#pragma once

#include <cstdint>
#include <hilbert/tb/netlist.hpp>
#include <memory>
#include <span>
#include <vector>

namespace hilbert::campaign {

using tb::Net;

/// Lists by number, one behind the other.
class Lists {
 public:
  Lists() = default;
  /// `pairs`: (list, entry), in any order of the lists; equal pairs count once.
  Lists(std::uint32_t lists, std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs);
  [[nodiscard]] std::span<const std::uint32_t> operator[](std::uint32_t list) const {
    return std::span(entries_).subspan(first_[list], first_[list + 1] - first_[list]);
  }

 private:
  std::vector<std::uint32_t> first_, entries_;
};

/// A netlist with its fan-outs. Nodes are gates and read ports in an order in which they can be evaluated.
class Circuit {
 public:
  /// Throws Error(bad_input) for a clocked read port: its register is no flip-flop of the RTL (Yosys: -nordff).
  explicit Circuit(std::shared_ptr<const tb::Netlist> netlist);

  struct Node {
    bool is_read = false;
    std::uint32_t index = 0;  ///< of the gate, or of the memory
    std::uint32_t port = 0;   ///< of the memory
  };

  [[nodiscard]] const tb::Netlist& netlist() const { return *netlist_; }
  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
  /// Nodes that read a net.
  [[nodiscard]] std::span<const std::uint32_t> readers(Net net) const { return readers_[net]; }
  /// Flip-flops whose next value depends on a net.
  [[nodiscard]] std::span<const std::uint32_t> takers(Net net) const { return takers_[net]; }
  /// Memories that a net takes part in writing.
  [[nodiscard]] std::span<const std::uint32_t> written(Net net) const { return written_[net]; }
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  /// The node whose output a net is; none if it is a flip-flop's or a pin.
  [[nodiscard]] std::uint32_t driver(Net net) const { return driver_[net]; }
  /// The flip-flop whose output a net is, or none.
  [[nodiscard]] std::uint32_t flip_flop(Net net) const { return flip_flop_[net]; }
  /// Whether a level can be forced upon it: the output of something, or an input pin other than the clock.
  [[nodiscard]] bool can_be_forced(Net net) const;
  /// Nodes that read a memory.
  [[nodiscard]] std::span<const std::uint32_t> reads(std::uint32_t memory) const { return reads_[memory]; }

 private:
  std::shared_ptr<const tb::Netlist> netlist_;
  std::vector<Node> nodes_;
  Lists readers_, takers_, written_, reads_;
  std::vector<std::uint32_t> driver_, flip_flop_;  ///< by net
};

}  // namespace hilbert::campaign

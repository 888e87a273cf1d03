// SPDX-License-Identifier: Apache-2.0
// Kahn's algorithm over gates and the read ports that follow their address.
#include "netlist_order.hpp"

#include <algorithm>
#include <hilbert/error.hpp>
#include <numeric>
#include <tuple>
#include <utility>

namespace hilbert::tb {
namespace {

/// Gates first, then read ports: what has inputs and outputs and no memory of its own.
class Order {
 public:
  Order(Netlist& netlist, const std::string& where) : netlist_(netlist), where_(where) {
    for (std::uint32_t m = 0; m < netlist.memories.size(); ++m) {
      for (std::uint32_t p = 0; p < netlist.memories[m].reads.size(); ++p) {
        if (!netlist.memories[m].reads[p].clocked) reads_.emplace_back(m, p);
      }
    }
    nodes_ = gates() + static_cast<std::uint32_t>(reads_.size());
  }

  void run() {
    find_drivers();
    find_levels();
    sort();
  }

 private:
  [[nodiscard]] std::uint32_t gates() const { return static_cast<std::uint32_t>(netlist_.gates.size()); }
  [[nodiscard]] const ReadPort& read(std::uint32_t node) const {
    const auto [memory, port] = reads_[node - gates()];
    return netlist_.memories[memory].reads[port];
  }
  [[nodiscard]] std::string name(std::uint32_t node) const {
    return node < gates() ? netlist_.gate_names[node] : netlist_.memories[reads_[node - gates()].first].name;
  }
  template <class Visit>
  void inputs(std::uint32_t node, Visit visit) const {
    if (node < gates()) {
      const Gate& gate = netlist_.gates[node];
      visit(gate.a), visit(gate.b), visit(gate.s);
    } else {
      for (const Net net : read(node).address) visit(net);
    }
  }
  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ExitCode::bad_input, what, where_, "flatten and clean the design, and let `check -assert` pass");
  }

  void find_drivers() {
    driver_.assign(netlist_.nets, net_none);
    const auto drive = [&](Net net, std::uint32_t node) {
      if (net <= net_one) refuse(name(node) + " drives a constant");
      if (driver_[net] != net_none) refuse(name(node) + " and " + name(driver_[net]) + " drive one net");
      driver_[net] = node;
    };
    for (std::uint32_t node = 0; node < gates(); ++node) drive(netlist_.gates[node].y, node);
    for (std::uint32_t node = gates(); node < nodes_; ++node) {
      for (const Net net : read(node).data) drive(net, node);
    }
    const auto stored = [&](Net net, const std::string& who) {
      if (net > net_one && driver_[net] != net_none) refuse(who + " and " + name(driver_[net]) + " drive one net");
    };
    for (const FlipFlop& f : netlist_.flip_flops) stored(f.q, "a flip-flop");
    for (const Port& port : netlist_.ports) {
      if (port.output) continue;
      for (const Net net : port.nets) stored(net, "input " + port.name);
    }
  }

  /// A node's level is 1 more than the highest of what it depends on.
  void find_levels() {
    std::vector<std::uint32_t> missing(nodes_), first(nodes_ + 1), readers;
    for (std::uint32_t node = 0; node < nodes_; ++node) {
      inputs(node, [&](Net net) {
        if (driver_[net] == net_none) return;
        ++missing[node];
        ++first[driver_[net] + 1];
      });
    }
    std::partial_sum(first.begin(), first.end(), first.begin());
    readers.resize(first.back());
    std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
    for (std::uint32_t node = 0; node < nodes_; ++node) {
      inputs(node, [&](Net net) {
        if (driver_[net] != net_none) readers[next[driver_[net]]++] = node;
      });
    }
    level_.assign(nodes_, 1);
    std::vector<std::uint32_t> ready;
    for (std::uint32_t node = 0; node < nodes_; ++node) {
      if (missing[node] == 0) ready.push_back(node);
    }
    std::size_t done = 0;
    for (; done < ready.size(); ++done) {
      const std::uint32_t node = ready[done];
      for (std::uint32_t i = first[node]; i < first[node + 1]; ++i) {
        level_[readers[i]] = std::max(level_[readers[i]], level_[node] + 1);
        if (--missing[readers[i]] == 0) ready.push_back(readers[i]);
      }
    }
    if (done == nodes_) return;
    const auto stuck = std::ranges::find_if(missing, [](std::uint32_t n) { return n != 0; });
    refuse("a loop through gates at " + name(static_cast<std::uint32_t>(stuck - missing.begin())));
  }

  void sort() {
    const auto key = [&](std::uint32_t node) {
      return std::tuple(level_[node], node >= gates(), node < gates() ? netlist_.gates[node].kind : GateKind::and_,
                        node);
    };
    std::vector<std::uint32_t> sequence(nodes_);
    std::iota(sequence.begin(), sequence.end(), 0);
    std::ranges::sort(sequence, {}, key);
    std::vector<Gate> gates_in_order;
    std::vector<std::string> names_in_order;
    gates_in_order.reserve(gates());
    names_in_order.reserve(gates());
    std::uint32_t last_level = 0;
    for (const std::uint32_t node : sequence) {
      const auto at = static_cast<std::uint32_t>(gates_in_order.size());
      if (node >= gates()) {
        const auto [memory, port] = reads_[node - gates()];
        netlist_.steps.push_back({at, at, memory, port});
      } else {
        const bool goes_on = level_[node] == last_level && !netlist_.steps.empty() &&
                             netlist_.steps.back().last == at && netlist_.steps.back().first != at &&
                             gates_in_order.back().kind == netlist_.gates[node].kind;
        if (!goes_on) netlist_.steps.push_back({at, at, 0, 0});
        ++netlist_.steps.back().last;
        gates_in_order.push_back(netlist_.gates[node]);
        names_in_order.push_back(std::move(netlist_.gate_names[node]));
      }
      last_level = level_[node];
    }
    netlist_.levels = last_level;
    netlist_.gates = std::move(gates_in_order);
    netlist_.gate_names = std::move(names_in_order);
  }

  Netlist& netlist_;
  const std::string& where_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> reads_;  ///< memory and port
  std::uint32_t nodes_ = 0;
  std::vector<std::uint32_t> driver_;  ///< by net: the node, or net_none
  std::vector<std::uint32_t> level_;   ///< by node
};

}  // namespace

void order_netlist(Netlist& netlist, const std::string& where) { Order(netlist, where).run(); }

}  // namespace hilbert::tb

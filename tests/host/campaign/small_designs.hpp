// SPDX-License-Identifier: Apache-2.0
// Designs put together from counters, registers, codes and memories.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "campaign/trace.hpp"
#include "support/netlist_json.hpp"

namespace hilbert::campaign {

/// The result is what some flip-flops hold at the end.
class Register final : public Judge {
 public:
  explicit Register(std::vector<std::pair<std::uint32_t, bool>> expected) : expected_(std::move(expected)) {}
  [[nodiscard]] Judgement judge(const LaneState& state, std::uint32_t) const override {
    std::uint32_t wrong = 0;
    for (const auto& [flip_flop, level] : expected_) wrong += state.flip_flop(flip_flop) != level;
    return {wrong == 0 ? Outcome::masked : Outcome::sdc, wrong};
  }

 private:
  std::vector<std::pair<std::uint32_t, bool>> expected_;
};

class SmallDesign {
 public:
  using Nets = std::vector<Net>;

  /// Of a run of `length` clocks; 0: who ends it is to be watched.
  explicit SmallDesign(unsigned length) {
    if (length == 0) return;
    Net token = tb::net_one;
    for (unsigned i = 0; i < length; ++i) token = flip_flop_of(token, false);
    watch(token, Watch::Then::done);
  }

  void watch(Net net, Watch::Then then) { watches_.push_back({net, then}); }

  /// Counts clocks, from 0.
  Nets counter(unsigned width) {
    const Nets q = json_.fresh(width), next = increment(q);
    for (unsigned i = 0; i < width; ++i) make_flip_flop(next[i], q[i], tb::net_one, false);
    return q;
  }
  /// Three of them, one behind the other; each takes what follows the majority's.
  Nets triplicated_counter(unsigned width) {
    const Nets q = json_.fresh(3 * width);
    Nets voted;
    for (unsigned i = 0; i < width; ++i) {
      const Net a = q[i], b = q[width + i], c = q[2 * width + i];
      voted.push_back(gate("$_OR_", gate("$_OR_", gate("$_AND_", a, b), gate("$_AND_", a, c)), gate("$_AND_", b, c)));
    }
    const Nets next = increment(voted);
    for (unsigned i = 0; i < 3 * width; ++i) make_flip_flop(next[i % width], q[i], tb::net_one, false);
    return q;
  }
  /// Holds a value for ever.
  Nets held(unsigned width, std::uint32_t value) {
    const Nets q = json_.fresh(width);
    for (unsigned i = 0; i < width; ++i) make_flip_flop(q[i], q[i], tb::net_one, (value >> i & 1) != 0);
    return q;
  }
  /// Takes `d` in every clock.
  Nets registered(const Nets& d, std::uint32_t value) {
    Nets q;
    for (std::size_t i = 0; i < d.size(); ++i) q.push_back(flip_flop_of(d[i], (value >> i & 1) != 0));
    return q;
  }

  Net parity(const Nets& nets) {
    Net sum = nets[0];
    for (std::size_t i = 1; i < nets.size(); ++i) sum = gate("$_XOR_", sum, nets[i]);
    return sum;
  }
  Net equals(const Nets& nets, std::uint32_t value) {
    Net all = tb::net_one;
    for (std::size_t i = 0; i < nets.size(); ++i) {
      all = gate("$_AND_", all, (value >> i & 1) != 0 ? nets[i] : gate("$_NOT_", nets[i]));
    }
    return all;
  }

  /// Hamming (7,4): bit i is position i + 1; the parity of all in bit 7.
  static std::uint32_t hamming(std::uint32_t data) {
    const auto d = [&](unsigned i) { return data >> i & 1; };
    std::uint32_t code = (d(0) ^ d(1) ^ d(3)) | (d(0) ^ d(2) ^ d(3)) << 1 | d(0) << 2 | (d(1) ^ d(2) ^ d(3)) << 3 |
                         d(1) << 4 | d(2) << 5 | d(3) << 6;
    for (unsigned i = 0; i < 7; ++i) code ^= (code >> i & 1) << 7;
    return code;
  }
  /// The four data bits, corrected; and whether two bits are wrong.
  std::pair<Nets, Net> decode(const Nets& b) {
    const Nets syndrome{parity({b[0], b[2], b[4], b[6]}), parity({b[1], b[2], b[5], b[6]}),
                        parity({b[3], b[4], b[5], b[6]})};
    const Net odd = parity(b);
    Nets data;
    for (const std::uint32_t position : {3U, 5U, 6U, 7U}) {
      data.push_back(gate("$_XOR_", b[position - 1], gate("$_AND_", odd, equals(syndrome, position))));
    }
    const Net wrong = gate("$_OR_", gate("$_OR_", syndrome[0], syndrome[1]), syndrome[2]);
    return {data, gate("$_ANDNOT_", wrong, odd)};
  }

  /// A memory of one word, in which `write` stores a value, and a register that `read` loads from it.
  Nets memory_word(unsigned width, std::uint32_t value, Net write, Net read) {
    return from_memory(width, 1, constant(width, value), write, {tb::net_zero}, read, {tb::net_zero}, false);
  }
  /// A memory of four words. Three are pushed, from clock 2 on; popped from clock 8 on, and added (xor) to the result.
  Nets fifo(unsigned width, const Nets& count) {
    Net push = tb::net_zero, pop = tb::net_zero;
    for (const std::uint32_t i : {0U, 1U, 2U}) {
      push = gate("$_OR_", push, equals(count, 2 + i));
      pop = gate("$_OR_", pop, equals(count, 8 + i));
    }
    return from_memory(width, 4, constant(width, 5), push, {count[0], gate("$_NOT_", count[1])}, pop,
                       {count[0], count[1]}, true);
  }

  Net both(Net a, Net b) { return gate("$_AND_", a, b); }
  Net either(Net a, Net b) { return gate("$_OR_", a, b); }
  Net mux(Net select, Net a, Net b) {
    const Net y = json_.fresh(1)[0];
    json_.cell(fmt::format("g{:05}", y), "$_MUX_", {{"A", a}, {"B", b}, {"S", select}, {"Y", y}});
    return y;
  }
  /// A memory of one bit, 0 until `write` stores a 1: its data.
  Net stored(Net write) { return memory("stored", 1, 1, {tb::net_one}, write, {tb::net_zero}, {tb::net_zero})[0]; }

  /// Two memories of one bit, both 0 and never written, and a register that `read` loads with their product.
  Nets product_of_two(Net read) {
    const Nets zero{tb::net_zero};
    const Net a = memory("first", 1, 1, zero, tb::net_zero, zero, zero)[0];
    const Net b = memory("second", 1, 1, zero, tb::net_zero, zero, zero)[0];
    const Net q = json_.fresh(1)[0];
    make_flip_flop(gate("$_AND_", a, b), q, read, false);
    return {q};
  }

  /// The run, judged by what these flip-flops hold at its end.
  Trace trace(const Nets& result, std::uint32_t budget = 0) {
    netlist_ = std::make_shared<const tb::Netlist>(json_.read());
    tb::GateSimulator start(netlist_), simulator(start);
    for (const auto& [net, level] : initial_) start.value(net) = level;
    simulator = start;
    simulator.settle();
    const Net done =
        std::find_if(watches_.begin(), watches_.end(), [](const Watch& w) { return w.then == Watch::Then::done; })->net;
    while (simulator.value(done) == 0) simulator.edge(), simulator.settle();
    std::vector<std::pair<std::uint32_t, bool>> expected;
    for (const Net net : result) expected.emplace_back(flip_flop(net), simulator.value(net) != 0);
    return Trace({.circuit = std::make_shared<const Circuit>(netlist_),
                  .start = start,
                  .recording = {},
                  .watches = watches_,
                  .judge = std::make_shared<Register>(expected),
                  .budget = budget});
  }
  /// Its number, once there is a trace. Those made one after the other have numbers one after the other.
  [[nodiscard]] std::uint32_t flip_flop(Net q) const {
    for (std::uint32_t i = 0; i < netlist_->flip_flops.size(); ++i) {
      if (netlist_->flip_flops[i].q == q) return i;
    }
    throw std::logic_error("no flip-flop has this output");
  }

 private:
  Net gate(const char* type, Net a, Net b = tb::net_zero) {
    const Net y = json_.fresh(1)[0];
    json_.cell(fmt::format("g{:05}", y), type, {{"A", a}, {"B", b}, {"Y", y}});
    return y;
  }
  Nets increment(const Nets& value) {
    Nets next{gate("$_NOT_", value[0])};
    Net carry = value[0];
    for (std::size_t i = 1; i < value.size(); ++i) {
      next.push_back(gate("$_XOR_", value[i], carry));
      carry = gate("$_AND_", value[i], carry);
    }
    return next;
  }
  void make_flip_flop(Net d, Net q, Net enable, bool level) {
    json_.cell(fmt::format("ff{:05}", count_++), "$_DFFE_PP_",
               {{"C", json_.clock()}, {"D", d}, {"Q", q}, {"E", enable}});
    initial_.emplace_back(q, level);
  }
  Net flip_flop_of(Net d, bool level) {
    const Net q = json_.fresh(1)[0];
    make_flip_flop(d, q, tb::net_one, level);
    return q;
  }
  static Nets constant(unsigned width, std::uint32_t value) {
    Nets nets;
    for (unsigned i = 0; i < width; ++i) nets.push_back((value >> i & 1) != 0 ? tb::net_one : tb::net_zero);
    return nets;
  }
  /// The data that its one read port has.
  Nets memory(const std::string& name, unsigned width, unsigned words, const Nets& data, Net write,
              const Nets& write_address, const Nets& read_address) {
    const Nets out = json_.fresh(width);
    using tb::NetlistJson;
    const auto binary = [](unsigned n) { return fmt::format("{:b}", n); };
    tb::Json& cell = json_.cell(name, "$mem_v2", {});
    cell["connections"] = {
        {"RD_ADDR", NetlistJson::vector(read_address)},  {"RD_DATA", NetlistJson::vector(out)},
        {"RD_EN", NetlistJson::vector({tb::net_one})},   {"WR_ADDR", NetlistJson::vector(write_address)},
        {"WR_DATA", NetlistJson::vector(data)},          {"WR_EN", NetlistJson::vector(Nets(width, write))},
        {"WR_CLK", NetlistJson::vector({json_.clock()})}};
    cell["parameters"] = {{"WIDTH", binary(width)},
                          {"SIZE", binary(words)},
                          {"OFFSET", "0"},
                          {"ABITS", binary(static_cast<unsigned>(read_address.size()))},
                          {"RD_PORTS", "1"},
                          {"RD_CLK_ENABLE", "0"},
                          {"RD_CLK_POLARITY", "0"},
                          {"RD_TRANSPARENCY_MASK", "0"},
                          {"RD_WIDE_CONTINUATION", "0"},
                          {"WR_PORTS", "1"},
                          {"WR_CLK_ENABLE", "1"},
                          {"WR_CLK_POLARITY", "1"},
                          {"WR_WIDE_CONTINUATION", "0"},
                          {"INIT", "x"}};
    return out;
  }
  /// A register that `read` loads from a memory.
  Nets from_memory(unsigned width, unsigned words, const Nets& data, Net write, const Nets& write_address, Net read,
                   const Nets& read_address, bool added) {
    const Nets out = memory("memory", width, words, data, write, write_address, read_address);
    Nets q = json_.fresh(width);
    for (unsigned i = 0; i < width; ++i)
      make_flip_flop(added ? gate("$_XOR_", q[i], out[i]) : out[i], q[i], read, false);
    return q;
  }

  tb::NetlistJson json_;
  std::vector<Watch> watches_;
  std::vector<std::pair<Net, bool>> initial_;
  unsigned count_ = 0;
  std::shared_ptr<const tb::Netlist> netlist_;
};

}  // namespace hilbert::campaign

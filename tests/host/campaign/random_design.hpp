// SPDX-License-Identifier: Apache-2.0
// Random designs: gates, flip-flops of all forms, memories, and a pin that says that the run is over.
#pragma once

#include <fmt/format.h>

#include "campaign/fault.hpp"
#include "campaign/outcome.hpp"
#include "support/netlist_json.hpp"
#include "support/random.hpp"

namespace hilbert::campaign {

struct RandomDesign {
  tb::NetlistJson json;
  std::vector<std::vector<Net>> pins;  ///< that a recording drives
  std::vector<Net> nets;               ///< any of the design's
  std::vector<Watch> watches;
  unsigned flip_flops = 0;
};

/// The run ends after `length` clocks or somewhat later, unless an upset ends it sooner or for ever.
inline RandomDesign random_design(Random& random, unsigned length) {
  RandomDesign d;
  const auto pick = [&] { return d.nets[random.below(d.nets.size())]; };
  d.pins.push_back(d.json.input("in", 4));
  d.nets = d.pins[0];
  std::vector<Net> q = d.json.fresh(8 + random.below(20));
  d.nets.insert(d.nets.end(), q.begin(), q.end());

  // Read ports stand first in the order, so that gates follow them, and some gates stand before them.
  const auto gates = [&](unsigned count) {
    static const char* const types[] = {"$_AND_",  "$_NAND_", "$_OR_",  "$_NOR_",    "$_XOR_",
                                        "$_XNOR_", "$_NOT_",  "$_MUX_", "$_ANDNOT_", "$_ORNOT_"};
    for (unsigned i = 0; i < count; ++i) {
      const Net y = d.json.fresh(1)[0];
      d.json.cell(fmt::format("g{}", y), types[random.below(10)],
                  {{"A", pick()}, {"B", pick()}, {"S", pick()}, {"Y", y}});
      d.nets.push_back(y);
    }
  };
  gates(10 + random.below(20));
  const unsigned memories = random.below(3);
  std::vector<unsigned> widths;
  for (unsigned m = 0; m < memories; ++m) {
    const unsigned width = 1 + random.below(3), address = 2, words = 3 + random.below(2), reads = 1 + random.below(2);
    const auto data = d.json.fresh(width * reads);
    std::vector<Net> addresses, enables;
    for (unsigned i = 0; i < address * reads; ++i) addresses.push_back(pick());
    for (unsigned i = 0; i < reads; ++i) enables.push_back(tb::net_one);
    tb::Json& cell = d.json.cell(fmt::format("mem{}", m), "$mem_v2", {});
    cell["connections"] = {{"RD_ADDR", tb::NetlistJson::vector(addresses)},
                           {"RD_DATA", tb::NetlistJson::vector(data)},
                           {"RD_EN", tb::NetlistJson::vector(enables)}};
    const auto binary = [](unsigned n) { return fmt::format("{:b}", n); };
    cell["parameters"] = {{"WIDTH", binary(width)},
                          {"SIZE", binary(words)},
                          {"OFFSET", "0"},
                          {"ABITS", binary(address)},
                          {"RD_PORTS", binary(reads)},
                          {"RD_CLK_ENABLE", "0"},
                          {"RD_CLK_POLARITY", "0"},
                          {"RD_TRANSPARENCY_MASK", "0"},
                          {"RD_WIDE_CONTINUATION", "0"},
                          {"WR_WIDE_CONTINUATION", "0"},
                          {"INIT", "x"}};
    d.nets.insert(d.nets.end(), data.begin(), data.end());
    widths.push_back(width);
  }
  gates(10 + random.below(30));
  for (unsigned m = 0; m < memories; ++m) {
    const unsigned width = widths[m], writes = 1 + random.below(2);
    std::vector<Net> enables, addresses, data;
    for (unsigned p = 0; p < writes; ++p) {
      const Net one_enable = pick();
      for (unsigned i = 0; i < width; ++i) enables.push_back(random.below(3) == 0 ? pick() : one_enable);
      for (unsigned i = 0; i < width; ++i) data.push_back(pick());
      for (unsigned i = 0; i < 2; ++i) addresses.push_back(pick());
    }
    tb::Json& cell = d.json.made(fmt::format("mem{}", m));
    const std::vector<Net> clocks(writes, d.json.clock());
    cell["connections"]["WR_EN"] = tb::NetlistJson::vector(enables);
    cell["connections"]["WR_ADDR"] = tb::NetlistJson::vector(addresses);
    cell["connections"]["WR_DATA"] = tb::NetlistJson::vector(data);
    cell["connections"]["WR_CLK"] = tb::NetlistJson::vector(clocks);
    const std::string all(writes, '1');
    cell["parameters"]["WR_PORTS"] = fmt::format("{:b}", writes);
    cell["parameters"]["WR_CLK_ENABLE"] = all;
    cell["parameters"]["WR_CLK_POLARITY"] = all;
  }
  const auto flip_flop = [&](Net data, Net output, const std::string& type) {
    d.json.cell(fmt::format("ff{}", output), type,
                {{"C", d.json.clock()}, {"D", data}, {"Q", output}, {"E", pick()}, {"R", pick()}});
    ++d.flip_flops;
  };
  for (const Net output : q) {
    static const char* const types[] = {"$_DFF_P_",    "$_DFFE_PP_",    "$_DFFE_PN_",    "$_SDFF_PP0_",
                                        "$_SDFF_PN1_", "$_SDFFE_PP0N_", "$_SDFFE_PN1P_", "$_SDFFCE_PP1P_"};
    flip_flop(pick(), output, types[random.below(8)]);
  }
  // A 1 that is passed on: an upset of it ends the run early or never; a random net may hold it back at the last step.
  Net token = tb::net_one;
  for (unsigned i = 0; i < length; ++i) {
    const Net next = d.json.fresh(1)[0];
    flip_flop(token, next, "$_DFF_P_");
    token = next;
  }
  const Net late = d.json.fresh(1)[0], done = d.json.fresh(1)[0];
  flip_flop(token, late, "$_DFFE_PP_");
  d.json.cell("last", "$_OR_", {{"A", late}, {"B", token}, {"Y", done}});
  const Net held = d.json.fresh(1)[0];
  d.json.cell("held", "$_AND_", {{"A", done}, {"B", pick()}, {"Y", held}});
  if (random.below(2) == 0) d.watches.push_back({pick(), Watch::Then::sdc});
  if (random.below(2) == 0) d.watches.push_back({pick(), Watch::Then::detected});
  if (random.below(4) == 0) d.watches.push_back({pick(), Watch::Then::left});
  d.watches.push_back({random.below(2) == 0 ? done : held, Watch::Then::done});
  return d;
}

}  // namespace hilbert::campaign

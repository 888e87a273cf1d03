// SPDX-License-Identifier: Apache-2.0
// State bits of a netlist in a model's memory: all of them by name, or a refusal that says which is missing.
#include "hilbert/tb/state_map.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <hilbert/error.hpp>
#include <memory>
#include <span>

#include "support/netlist_json.hpp"

namespace hilbert::tb {
namespace {

/// A design of a register a_q of 12 bits, of which bits 10 and 11 are 1 and unread; b_q, whose bit 0 is a_q[3] too; and
/// a memory: as netlist, and as the bytes of a model.
struct Design {
  NetlistJson json;
  std::vector<Net> a = json.fresh(10), b = json.fresh(1), in = json.input("in_i", 2);
  std::uint16_t model_a = 0;
  std::uint8_t model_b = 0, model_in = 0, model_out = 0;
  std::uint32_t model_memory[4] = {};
  ModelState state;

  Design() {
    const auto unread = json.fresh(1);
    for (unsigned i = 0; i < 10; ++i) {
      json.cell(fmt::format("a{}", i), "$_DFF_P_", {{"C", json.clock()}, {"D", in[0]}, {"Q", a[i]}});
    }
    json.cell("b1", "$_DFF_P_", {{"C", json.clock()}, {"D", in[1]}, {"Q", b[0]}});
    json.name("u.a_q", {a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], net_one, unread[0]});
    json.name("b_q", {a[3], b[0]});
    json.name("wire", {a[0]});
    json.output("out_o", {b[0]});
    json.name("in_i", in);
    state.variables = {
        variable("u.a_q", 12, model_a),  variable("b_q", 2, model_b),       variable("in_i", 2, model_in),
        variable("out_o", 1, model_out), variable("clk_i", 1, model_clock), variable("wire", 1, model_wire),
    };
    state.storage = {bytes(model_a), bytes(model_b), bytes(model_memory)};
  }
  template <class T>
  static std::span<std::byte> bytes(T& data) {
    return std::as_writable_bytes(std::span(&data, 1));
  }
  template <class T>
  static ModelVariable variable(const char* name, std::uint32_t width, T& data) {
    return {.name = name, .width = width, .words = 1, .stride = sizeof(T), .data = reinterpret_cast<std::byte*>(&data)};
  }
  std::uint8_t model_clock = 0, model_wire = 0;
};

std::string refusal(const Netlist& netlist, const ModelState& state) {
  try {
    const StateMap map(netlist, state);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
  return "";
}

TEST(StateMap, FindsEveryBitByName) {
  Design d;
  const Netlist netlist = d.json.read();
  const StateMap map(netlist, d.state);
  d.model_a = 0x3A5, d.model_b = 2, d.model_in = 1, d.model_out = 1;
  GateSimulator gates(std::make_shared<const Netlist>(netlist));
  map.copy_to(gates);
  for (unsigned i = 0; i < 10; ++i) EXPECT_EQ(gates.value(d.a[i]), 0x3A5 >> i & 1) << i;
  EXPECT_EQ(gates.value(d.b[0]), 1);
  EXPECT_EQ(gates.value(d.in[0]), 1);
  EXPECT_EQ(gates.value(d.in[1]), 0);
  EXPECT_TRUE(map.unequal_outputs(gates).empty());

  // Bit 3 of a_q is bit 0 of b_q as well: an upset is in both, and a model in which they differ is not the netlist.
  EXPECT_EQ(map.unequal(gates), std::vector<std::string>{});
  for (std::uint32_t f = 0; f < netlist.flip_flops.size(); ++f) {
    if (netlist.flip_flops[f].q == d.a[3]) map.invert_flip_flop(f);
  }
  EXPECT_EQ(d.model_a, 0x3AD);
  EXPECT_EQ(d.model_b, 3);
  EXPECT_EQ(map.unequal(gates), std::vector<std::string>{"b_q[0]"});
  d.model_a = 0x3A5;
  EXPECT_EQ(map.unequal(gates), std::vector<std::string>{"b_q[0]"});
}

TEST(StateMap, ConstantsOfTheNetlistHoldInTheModel) {
  Design d;
  const Netlist netlist = d.json.read();
  const StateMap map(netlist, d.state);
  EXPECT_EQ(map.make_constant(), std::vector<std::string>{"u.a_q[10]"});
  EXPECT_EQ(d.model_a, 0x400);
  EXPECT_TRUE(map.make_constant().empty());
  ASSERT_EQ(netlist.lost_bits.size(), 2U);
  EXPECT_EQ(to_string(netlist.lost_bits[0].why), "always 1");
  EXPECT_EQ(to_string(netlist.lost_bits[1].why), "nothing reads it");
}

TEST(StateMap, RefusesWhatIsNotOfTheSameRtl) {
  Design d;
  const Netlist netlist = d.json.read();
  const auto without = [&](const char* name) {
    ModelState state = d.state;
    std::erase_if(state.variables, [&](const ModelVariable& v) { return v.name == name; });
    return refusal(netlist, state);
  };
  EXPECT_NE(without("u.a_q").find("no register for flip-flop"), std::string::npos) << without("u.a_q");
  EXPECT_NE(without("in_i").find("no pin in_i"), std::string::npos) << without("in_i");

  ModelState more = d.state;
  std::uint8_t other = 0;
  more.variables.push_back(Design::variable("other_q", 1, other));
  EXPECT_NE(refusal(netlist, more).find("other_q[0] of the verilated model is not in it"), std::string::npos);

  Netlist memory = netlist;
  Memory& added = memory.memories.emplace_back();
  added.name = "mem_q", added.width = 32, added.words = 4;
  EXPECT_NE(refusal(memory, d.state).find("no memory mem_q"), std::string::npos);
  d.state.variables.push_back({"mem_q", 32, 4, 4, reinterpret_cast<std::byte*>(d.model_memory)});
  EXPECT_EQ(refusal(memory, d.state), "");
}

}  // namespace
}  // namespace hilbert::tb

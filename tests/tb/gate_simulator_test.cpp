// SPDX-License-Identifier: Apache-2.0
// The gate simulator against the definitions of Yosys' cells (`help $_SDFFE_PN0P_` and so on), case by case.
#include "hilbert/tb/gate_simulator.hpp"

#include <fmt/format.h>

#include <array>
#include <functional>
#include <map>

#include "support/netlist_json.hpp"
#include "support/random.hpp"

namespace hilbert::tb {
namespace {

GateSimulator simulate(const NetlistJson& json, std::uint64_t seed = 0) {
  return GateSimulator(std::make_shared<const Netlist>(json.read()), seed);
}

TEST(GateSimulator, GatesAsTheirTruthTables) {
  // Index: s a b, as a binary number.
  const std::map<std::string, std::string> tables{
      {"$_AND_", "00010001"},   {"$_NAND_", "11101110"},   {"$_OR_", "01110111"},  {"$_NOR_", "10001000"},
      {"$_XOR_", "01100110"},   {"$_XNOR_", "10011001"},   {"$_NOT_", "11001100"}, {"$_MUX_", "00110101"},
      {"$_ORNOT_", "10111011"}, {"$_ANDNOT_", "00100010"},
  };
  for (const auto& [type, table] : tables) {
    NetlistJson json;
    const auto in = json.input("in", 3), y = json.fresh(1);
    json.cell("gate", type, {{"S", in[2]}, {"A", in[1]}, {"B", in[0]}, {"Y", y[0]}});
    GateSimulator simulator = simulate(json);
    for (unsigned code = 0; code < 8; ++code) {
      for (unsigned i = 0; i < 3; ++i) simulator.value(in[i]) = code >> i & 1;
      simulator.settle();
      EXPECT_EQ(simulator.value(y[0]), table[code] - '0') << type << " s a b = " << code;
    }
    simulator.invert(0);
    simulator.settle();
    EXPECT_EQ(simulator.value(y[0]), (table[7] - '0') ^ 1) << type << " inverted";
  }
}

TEST(GateSimulator, FlipFlopsAsTheirNames) {
  // Every form with a synchronous reset or none: polarities, value and the order of reset and enable are in the name.
  std::vector<std::string> types{"$_DFF_P_", "$_DFFE_PP_", "$_DFFE_PN_"};
  for (const char r : {'P', 'N'}) {
    for (const char to : {'0', '1'}) {
      types.push_back(fmt::format("$_SDFF_P{}{}_", r, to));
      for (const char e : {'P', 'N'}) {
        types.push_back(fmt::format("$_SDFFE_P{}{}{}_", r, to, e));
        types.push_back(fmt::format("$_SDFFCE_P{}{}{}_", r, to, e));
      }
    }
  }
  for (const std::string& type : types) {
    NetlistJson json;
    const auto in = json.input("in", 3), q = json.fresh(1);
    json.cell("ff", type, {{"C", json.clock()}, {"D", in[0]}, {"E", in[1]}, {"R", in[2]}, {"Q", q[0]}});
    GateSimulator simulator = simulate(json);
    const bool with_reset = type.starts_with("$_SDFF"), with_enable = type.find("E_") != std::string::npos,
               gated_reset = type.find("CE_") != std::string::npos;
    const std::string tail = type.substr(type.find('_', 3) + 1);  // clock, reset, value, enable
    for (unsigned code = 0; code < 16; ++code) {
      const unsigned d = code & 1, e = code >> 1 & 1, r = code >> 2 & 1, before = code >> 3;
      simulator.value(in[0]) = static_cast<std::uint8_t>(d);
      simulator.value(in[1]) = static_cast<std::uint8_t>(e);
      simulator.value(in[2]) = static_cast<std::uint8_t>(r);
      simulator.value(q[0]) = static_cast<std::uint8_t>(before);
      simulator.settle();
      simulator.edge();
      const bool enabled = !with_enable || e == (tail[tail.size() - 2] == 'P' ? 1U : 0U);
      const bool resets = with_reset && r == (tail[1] == 'P' ? 1U : 0U) && (enabled || !gated_reset);
      const unsigned expected = resets ? static_cast<unsigned>(tail[2] - '0') : enabled ? d : before;
      EXPECT_EQ(simulator.value(q[0]), expected) << type << " q r e d = " << code;
    }
  }
}

/// Both registers take the other's value: nothing may change before all have looked.
TEST(GateSimulator, EdgesAreSimultaneous) {
  NetlistJson json;
  const auto q = json.fresh(2);
  json.cell("a", "$_DFF_P_", {{"C", json.clock()}, {"D", q[1]}, {"Q", q[0]}});
  json.cell("b", "$_DFF_P_", {{"C", json.clock()}, {"D", q[0]}, {"Q", q[1]}});
  GateSimulator simulator = simulate(json);
  simulator.value(q[0]) = 1;
  for (unsigned i = 1; i <= 4; ++i) {
    simulator.settle();
    simulator.edge();
    EXPECT_EQ(simulator.value(q[0]), 1 - i % 2);
    EXPECT_EQ(simulator.value(q[1]), i % 2);
  }
}

/// A memory of 6 words of 3 bits from address 2, with two writing and two reading ports of each kind.
class MemoryTest : public testing::Test {
 protected:
  static constexpr unsigned width = 3, first = 2, address_bits = 3;

  struct Pins {
    std::vector<Net> enable, address, data;
  };
  /// Read ports 0 and 1 are clocked, the first of them transparent for write port 1; 2 and 3 follow their address.
  void SetUp() override {
    Json& cell = json_.cell("mem", "$mem_v2", {});
    std::array<std::vector<Net>, 3> write, read;  // enables, addresses, data of all ports
    for (unsigned port = 0; port < 2; ++port) {
      writes_.push_back({json_.input(fmt::format("we{}", port), width),
                         json_.input(fmt::format("wa{}", port), address_bits),
                         json_.input(fmt::format("wd{}", port), width)});
      append(write, writes_.back());
    }
    for (unsigned port = 0; port < 4; ++port) {
      reads_.push_back({json_.input(fmt::format("re{}", port), 1), json_.input(fmt::format("ra{}", port), address_bits),
                        json_.fresh(width)});
      append(read, reads_.back());
    }
    cell["connections"] = {{"WR_EN", NetlistJson::vector(write[0])},
                           {"WR_ADDR", NetlistJson::vector(write[1])},
                           {"WR_DATA", NetlistJson::vector(write[2])},
                           {"RD_EN", NetlistJson::vector(read[0])},
                           {"RD_ADDR", NetlistJson::vector(read[1])},
                           {"RD_DATA", NetlistJson::vector(read[2])},
                           {"WR_CLK", NetlistJson::vector({json_.clock(), json_.clock()})},
                           {"RD_CLK", Json::array({json_.clock(), json_.clock(), "x", "x"})},
                           {"RD_ARST", Json::array({"0", "0", "0", "0"})},
                           {"RD_SRST", Json::array({"0", "0", "0", "0"})}};
    cell["parameters"] = {{"MEMID", "\\mem"},
                          {"WIDTH", "11"},
                          {"SIZE", "110"},
                          {"OFFSET", "10"},
                          {"ABITS", "11"},
                          {"RD_PORTS", "100"},
                          {"WR_PORTS", "10"},
                          {"RD_CLK_ENABLE", "0011"},
                          {"RD_CLK_POLARITY", "0011"},
                          {"WR_CLK_ENABLE", "11"},
                          {"WR_CLK_POLARITY", "11"},
                          {"RD_TRANSPARENCY_MASK", "00000010"},
                          {"RD_WIDE_CONTINUATION", "0000"},
                          {"WR_WIDE_CONTINUATION", "00"},
                          {"INIT", "010xxxxxxxxxxxx111"}};
  }
  static void append(std::array<std::vector<Net>, 3>& all, const Pins& pins) {
    all[0].insert(all[0].end(), pins.enable.begin(), pins.enable.end());
    all[1].insert(all[1].end(), pins.address.begin(), pins.address.end());
    all[2].insert(all[2].end(), pins.data.begin(), pins.data.end());
  }
  static void put(GateSimulator& simulator, const std::vector<Net>& nets, unsigned value) {
    for (std::size_t i = 0; i < nets.size(); ++i) simulator.value(nets[i]) = value >> i & 1;
  }
  static unsigned get(GateSimulator& simulator, const std::vector<Net>& nets) {
    unsigned value = 0;
    for (std::size_t i = 0; i < nets.size(); ++i) value |= static_cast<unsigned>(simulator.value(nets[i])) << i;
    return value;
  }

  NetlistJson json_;
  std::vector<Pins> writes_, reads_;
};

TEST_F(MemoryTest, StartsAsItsInitialWords) {
  GateSimulator simulator = simulate(json_);
  for (const auto& [address, value] : std::map<unsigned, unsigned>{{2, 7}, {3, 0}, {7, 2}}) {
    put(simulator, reads_[2].address, address);
    simulator.settle();
    EXPECT_EQ(get(simulator, reads_[2].data), value) << address;
  }
}

TEST_F(MemoryTest, TwentyThousandClocksAsAnArray) {
  GateSimulator simulator = simulate(json_);
  std::array<unsigned, 8> model{0, 0, 7, 0, 0, 0, 0, 2};  // by address; 0 and 1 do not exist
  std::array<unsigned, 2> shown{};
  Random random(seed_of(5));
  unsigned collisions = 0;
  for (unsigned clock = 0; clock < 20'000; ++clock) {
    std::array<std::array<unsigned, 3>, 2> w{};  // enable, address, data
    std::array<std::array<unsigned, 2>, 4> r{};  // enable, address
    for (unsigned p = 0; p < 2; ++p) {
      w[p] = {static_cast<unsigned>(random.bits32() & 7), static_cast<unsigned>(random.bits32() & 7),
              static_cast<unsigned>(random.bits32() & 7)};
      put(simulator, writes_[p].enable, w[p][0]), put(simulator, writes_[p].address, w[p][1]);
      put(simulator, writes_[p].data, w[p][2]);
    }
    for (unsigned p = 0; p < 4; ++p) {
      r[p] = {static_cast<unsigned>(random.bits32() & 1), static_cast<unsigned>(random.bits32() & 7)};
      put(simulator, reads_[p].enable, r[p][0]), put(simulator, reads_[p].address, r[p][1]);
    }
    simulator.settle();
    for (unsigned p = 2; p < 4; ++p) {
      ASSERT_EQ(get(simulator, reads_[p].data), model[r[p][1]]) << "clock " << clock << " port " << p;
    }
    simulator.edge();
    const std::array<unsigned, 8> old = model;
    for (const auto& [enable, address, data] : w) {
      if (address >= first) model[address] = (model[address] & ~enable) | (data & enable);
    }
    for (unsigned p = 0; p < 2; ++p) {
      if (r[p][0] == 0) continue;
      const unsigned address = r[p][1];
      shown[p] = old[address];
      if (p == 0 && address == w[1][1] && address >= first) {
        shown[p] = (old[address] & ~w[1][0]) | (w[1][2] & w[1][0]);
        collisions += w[1][0] != 0;
      }
    }
    for (unsigned p = 0; p < 2; ++p) {
      ASSERT_EQ(get(simulator, reads_[p].data), shown[p]) << "clock " << clock << " port " << p;
    }
  }
  EXPECT_GT(collisions, 500U);
}

/// An address that comes out of one memory is the address of another: both follow in one settle().
TEST(GateSimulator, ReadPortsStandInTheOrderOfTheirAddresses) {
  NetlistJson json;
  const auto in = json.input("in", 2), middle = json.fresh(2), turned = json.fresh(2), out = json.fresh(2);
  const auto rom = [&](const char* name, const std::vector<Net>& address, const std::vector<Net>& data,
                       const char* init) {
    Json& cell = json.cell(name, "$mem_v2", {});
    cell["connections"] = {{"RD_ADDR", NetlistJson::vector(address)}, {"RD_DATA", NetlistJson::vector(data)}};
    cell["parameters"] = {{"WIDTH", "10"},
                          {"SIZE", "100"},
                          {"OFFSET", "0"},
                          {"ABITS", "10"},
                          {"RD_PORTS", "1"},
                          {"WR_PORTS", "0"},
                          {"RD_CLK_ENABLE", "0"},
                          {"RD_CLK_POLARITY", "0"},
                          {"WR_CLK_ENABLE", "0"},
                          {"WR_CLK_POLARITY", "0"},
                          {"RD_TRANSPARENCY_MASK", "0"},
                          {"RD_WIDE_CONTINUATION", "0"},
                          {"WR_WIDE_CONTINUATION", "0"},
                          {"INIT", init}};
  };
  rom("a_last", turned, out, "00011011");  // 3, 2, 1, 0
  rom("b_first", in, middle, "10110100");  // 0, 1, 3, 2
  for (unsigned i = 0; i < 2; ++i) json.cell(fmt::format("n{}", i), "$_NOT_", {{"A", middle[i]}, {"Y", turned[i]}});
  GateSimulator simulator = simulate(json);
  const std::array<unsigned, 4> gray{0, 1, 3, 2};
  for (unsigned code = 0; code < 4; ++code) {
    simulator.value(in[0]) = code & 1, simulator.value(in[1]) = code >> 1 & 1;
    simulator.settle();
    EXPECT_EQ(simulator.value(out[0]) + 2U * simulator.value(out[1]), gray[code]) << code;
  }
}

TEST(GateSimulator, UnknownStartIsZeroOrAsTheSeedSays) {
  NetlistJson json;
  const auto q = json.fresh(200), d = json.input("d", 1);
  for (unsigned i = 0; i < q.size(); ++i) {
    json.cell(fmt::format("ff{}", i), "$_DFF_P_", {{"C", json.clock()}, {"D", d[0]}, {"Q", q[i]}});
  }
  json.name("known_q", {q[0], q[1]}, false, "10");
  const auto ones = [&](std::uint64_t seed) {
    GateSimulator simulator = simulate(json, seed);
    EXPECT_EQ(simulator.value(q[0]), 0);
    EXPECT_EQ(simulator.value(q[1]), 1);
    std::vector<unsigned> values;
    for (unsigned i = 2; i < q.size(); ++i) values.push_back(simulator.value(q[i]));
    return values;
  };
  EXPECT_EQ(ones(0), std::vector<unsigned>(198, 0));
  EXPECT_EQ(ones(3), ones(3));
  EXPECT_NE(ones(3), ones(4));
}

TEST(GateSimulator, ACopyIsASnapshot) {
  NetlistJson json;
  const auto q = json.fresh(1), n = json.fresh(1);
  json.cell("ff", "$_DFF_P_", {{"C", json.clock()}, {"D", n[0]}, {"Q", q[0]}});
  json.cell("not", "$_NOT_", {{"A", q[0]}, {"Y", n[0]}});
  GateSimulator simulator = simulate(json);
  simulator.settle();
  GateSimulator before = simulator;
  simulator.edge();
  EXPECT_EQ(simulator.value(q[0]), 1);
  EXPECT_EQ(before.value(q[0]), 0);
}

}  // namespace
}  // namespace hilbert::tb

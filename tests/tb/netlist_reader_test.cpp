// SPDX-License-Identifier: Apache-2.0
// Reading netlists: what is not understood is refused by name and line; names of flip-flops.
#include <fmt/format.h>

#include <hilbert/error.hpp>

#include "support/netlist_json.hpp"

namespace hilbert::tb {
namespace {

/// The message of the refusal; "" if there is none.
std::string refusal(const std::string& text, const NetlistOptions& options = {}) {
  try {
    (void)NetlistJson::read_text(text, options);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
  return "";
}
#define EXPECT_REFUSED(text, part) EXPECT_NE(refusal(text).find(part), std::string::npos) << refusal(text)

TEST(NetlistReader, CellsItDoesNotKnow) {
  for (const char* type : {"$_DLATCH_P_", "$_DFF_N_", "$_DFF_PP0_", "$_DFFSR_PPP_", "$_ALDFF_PP_", "$_TBUF_", "$add",
                           "SB_LUT4", "$_SR_PP_", "$_DFFE_NP_", "$_AOI3_"}) {
    NetlistJson json;
    const auto n = json.fresh(5);
    json.cell("odd", type,
              {{"A", n[0]}, {"D", n[0]}, {"C", json.clock()}, {"E", n[1]}, {"R", n[2]}, {"Y", n[3]}, {"Q", n[4]}});
    EXPECT_REFUSED(json.text(), "odd");
    EXPECT_REFUSED(json.text(), type);
    EXPECT_REFUSED(json.text(), "top.sv:7");
  }
}

TEST(NetlistReader, ScopesOfNewerVersionsAreNothing) {
  NetlistJson json;
  const auto in = json.input("in", 1), y = json.fresh(1);
  json.cell("u_some", "$scopeinfo", {});
  json.cell("gate", "$_NOT_", {{"A", in[0]}, {"Y", y[0]}});
  EXPECT_EQ(json.read().gates.size(), 1U);
}

TEST(NetlistReader, AnotherClock) {
  NetlistJson json;
  const auto in = json.input("other_clk", 1), q = json.fresh(1);
  json.cell("ff", "$_DFF_P_", {{"C", in[0]}, {"D", q[0]}, {"Q", q[0]}});
  EXPECT_REFUSED(json.text(), "ff has another clock than clk_i");
}

TEST(NetlistReader, LoopsAndTwoDrivers) {
  NetlistJson loop;
  const auto n = loop.fresh(2);
  loop.cell("one", "$_NOT_", {{"A", n[0]}, {"Y", n[1]}});
  loop.cell("two", "$_NOT_", {{"A", n[1]}, {"Y", n[0]}});
  EXPECT_REFUSED(loop.text(), "loop through gates");

  NetlistJson twice;
  const auto in = twice.input("in", 1), y = twice.fresh(1);
  twice.cell("one", "$_NOT_", {{"A", in[0]}, {"Y", y[0]}});
  twice.cell("two", "$_NOT_", {{"A", in[0]}, {"Y", y[0]}});
  EXPECT_REFUSED(twice.text(), "two and one drive one net");

  NetlistJson stored;
  const auto q = stored.fresh(1);
  stored.cell("ff", "$_DFF_P_", {{"C", stored.clock()}, {"D", q[0]}, {"Q", q[0]}});
  stored.cell("gate", "$_NOT_", {{"A", q[0]}, {"Y", q[0]}});
  EXPECT_REFUSED(stored.text(), "drive one net");

  NetlistJson pin;
  const auto a = pin.input("a", 1);
  pin.cell("gate", "$_NOT_", {{"A", a[0]}, {"Y", a[0]}});
  EXPECT_REFUSED(pin.text(), "input a and gate drive one net");
}

TEST(NetlistReader, FilesThatAreNone) {
  EXPECT_THROW((void)read_netlist("/nowhere/at-all.json"), Error);
  for (const char* text :
       {"", "{", "[]", "{}", "null", "{\"modules\": {}}", "{\"modules\": {\"top\": {}}}",
        "{\"modules\": {\"top\": {\"ports\": {\"clk_i\": {\"direction\": \"input\", \"bits\": [-1]}}}}}"}) {
    EXPECT_NE(refusal(text), "") << text;
  }
  NetlistJson json;
  EXPECT_NE(refusal(json.text(), {.top = "another"}).find("no module another"), std::string::npos);
  EXPECT_NE(refusal(json.text(), {.top = "top", .clock = "clock"}).find("no port clock"), std::string::npos);
}

/// Cut anywhere, a file is refused and never half understood.
TEST(NetlistReader, EveryTruncation) {
  NetlistJson json;
  const auto in = json.input("in", 2), y = json.fresh(1);
  json.cell("gate", "$_AND_", {{"A", in[0]}, {"B", in[1]}, {"Y", y[0]}});
  json.name("y", y);
  const std::string text = json.text();
  for (std::size_t length = 0; length < text.size(); ++length) EXPECT_NE(refusal(text.substr(0, length)), "") << length;
  EXPECT_EQ(refusal(text), "");
}

TEST(NetlistReader, NamesOfFlipFlopsTheLikeliestFirst) {
  NetlistJson json;
  const auto q = json.fresh(3);
  const std::string cell = "$flatten\\u_a.\\u_b.$auto$ff.cc:266:slice$7";
  json.cell(cell, "$_DFF_P_", {{"C", json.clock()}, {"D", q[0]}, {"Q", q[0]}});
  json.cell("$auto$ff.cc:266:slice$9", "$_DFF_P_", {{"C", json.clock()}, {"D", q[1]}, {"Q", q[1]}});
  json.name("u_a.u_b.count_q", {q[2], q[0]});
  json.name("u_a.u_b.x_o", {q[0]});
  json.name("x_q", {q[0]});
  json.name("$0\\count_q", {q[0]}, true);
  json.name("only_o", {q[1]});
  const Netlist netlist = json.read();
  ASSERT_EQ(netlist.flip_flops.size(), 2U);
  const std::size_t in_b = netlist.flip_flops[0].q == q[0] ? 0 : 1;
  EXPECT_EQ(netlist.flip_flop_names[in_b],
            (std::vector<BitName>{{"u_a.u_b.count_q", 1}, {"u_a.u_b.x_o", 0}, {"x_q", 0}}));
  EXPECT_EQ(netlist.flip_flop_names[1 - in_b], (std::vector<BitName>{{"only_o", 0}}));
}

TEST(NetlistReader, LevelsOfAChain) {
  NetlistJson json;
  auto previous = json.input("in", 1);
  for (int i = 99; i >= 0; --i) {  // named against the order in which they depend on each other
    const auto y = json.fresh(1);
    json.cell(fmt::format("g{:02}", i), "$_NOT_", {{"A", previous[0]}, {"Y", y[0]}});
    previous = y;
  }
  const Netlist netlist = json.read();
  EXPECT_EQ(netlist.levels, 100U);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(netlist.gate_names[i], fmt::format("g{:02}", 99 - i));
}

}  // namespace
}  // namespace hilbert::tb

// SPDX-License-Identifier: Apache-2.0
// Board files: what they mean, and that every mistake is told with its place.
#include <gtest/gtest.h>

#include <hilbert/board.hpp>

namespace hilbert {
namespace {

std::string with(const std::string& rest) { return R"({"version": 1, "name": "t", "chip": "4x8x2", )" + rest + "}"; }
const std::string mesh22 = R"("mesh": {"width": 2, "height": 2})";

TEST(BoardFile, AMeshHasItsChipsRowByRowAndALinkBetweenNeighbours) {
  const BoardFile file = parse_board_file(with(R"("mesh": {"width": 3, "height": 2}, "wires": {"latency": 5})"), "f");
  EXPECT_EQ(file.chips, (std::vector<Place>{{0, 0}, {1, 0}, {2, 0}, {0, 1}, {1, 1}, {2, 1}}));
  EXPECT_EQ(file.links.size(), 7u);
  for (const BoardLink& link : file.links) {
    const Place a = file.chips[link.a.chip], b = file.chips[link.b.chip];
    EXPECT_EQ(link.a.port, a.y == b.y ? 0u : 2u);
    EXPECT_EQ(link.b.port, link.a.port + 1);
    EXPECT_EQ(b.x + b.y, a.x + a.y + 1);
    EXPECT_EQ(link.wires.latency, 5u);
  }
}

TEST(BoardFile, ChipsAndLinksOneByOne) {
  const BoardFile file =
      parse_board_file(with(R"("chips": [[1, 0], [0, 0], [1, 1]], "wires": {"latency": 3, "skew": [1, 2, 3, 4]},
              "links": [{"between": [[1, 0], [0, 0]], "latency": 9}, {"between": [[1, 1], [1, 0]], "dead_lanes": [1, 3]}])"),
                       "f");
  ASSERT_EQ(file.links.size(), 2u);
  EXPECT_EQ(file.links[0].a, (BoardEnd{1, 0}));  // the western end first, however it was written
  EXPECT_EQ(file.links[0].b, (BoardEnd{0, 1}));
  EXPECT_EQ(file.links[0].wires.latency, 9u);
  EXPECT_EQ(file.links[0].wires.skew, (std::array<unsigned, 4>{1, 2, 3, 4}));
  EXPECT_EQ(file.links[1].a, (BoardEnd{0, 2}));
  EXPECT_EQ(file.links[1].wires.latency, 3u);
  EXPECT_EQ(file.links[1].wires.dead_lanes, 0b1010u);
}

TEST(BoardFile, WhatIsLeftOutOfAMesh) {
  const BoardFile file = parse_board_file(
      with(R"("mesh": {"width": 3, "height": 3}, "without": {"chips": [[0, 2]], "links": [[[0, 0], [1, 0]]]})"), "f");
  EXPECT_EQ(file.chips.size(), 8u);
  EXPECT_EQ(file.chips[6], (Place{1, 2}));
  EXPECT_EQ(file.links.size(), 12u - 2 - 1);  // of the corner, and the one
  for (const BoardLink& link : file.links) {
    const Place a = file.chips[link.a.chip], b = file.chips[link.b.chip];
    EXPECT_EQ(b.x + b.y, a.x + a.y + 1);
  }
}

TEST(BoardFile, EveryMistakeIsToldWithItsPlace) {
  const auto refused = [](const std::string& text, const std::string& where, const std::string& what) {
    try {
      (void)parse_board_file(text, "file.json");
      ADD_FAILURE() << "accepted: " << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_input) << text;
      EXPECT_EQ(error.where(), "file.json, " + where) << text;
      EXPECT_NE(error.what_happened().find(what), std::string::npos) << error.what_happened();
      EXPECT_FALSE(error.what_next().empty()) << text;
    }
  };
  refused("{\n\"version\": 1,\n]", "line 3", "no JSON");
  refused("", "line 1", "no JSON");
  refused("[]", "at /", "not an object");
  refused("{}", "at /", "no \"version\"");
  refused(R"({"version": 2})", "at /version", "2");
  refused(R"({"version": 1, "name": ""})", "at /name", "\"\"");
  refused(R"({"version": 1, "name": "a", "chip": "9x9"})", "at /chip", "unknown chip");
  refused(R"({"version": 1, "name": "a", "chip": "small", "mesh": {}})", "at /chip", "no links");
  refused(with(R"("seed": 1)"), "at /", "neither");
  refused(with(mesh22 + R"(, "chips": [])"), "at /", "both");
  refused(with(mesh22 + R"(, "colour": 1)"), "at /colour", "unknown key");
  refused(with(R"("mesh": {"width": 2})"), "at /mesh", "no \"height\"");
  refused(with(R"("mesh": {"width": 2, "height": 17})"), "at /mesh/height", "17");
  refused(with(R"("mesh": {"width": -2, "height": 1})"), "at /mesh/width", "-2");
  refused(with(R"("mesh": {"width": 2.0, "height": 1})"), "at /mesh/width", "2.0");
  refused(with(mesh22 + R"(, "wires": {"latency": 0})"), "at /wires/latency", "0");
  refused(with(mesh22 + R"(, "wires": {"bit_error_rate": 1.1})"), "at /wires/bit_error_rate", "1.1");
  refused(with(mesh22 + R"(, "wires": {"skew": [1, 2, 3]})"), "at /wires/skew", "not what belongs");
  refused(with(mesh22 + R"(, "wires": {"bit_offset": [1, 2, 3, 16]})"), "at /wires/bit_offset/3", "16");
  refused(with(mesh22 + R"(, "wires": {"dead_lanes": [4]})"), "at /wires/dead_lanes/0", "4");
  refused(with(mesh22 + R"(, "wires": {"between": 1})"), "at /wires/between", "unknown key");
  refused(with(mesh22 + R"(, "links": [{"between": [[0, 0], [1, 1]]}])"), "at /links/0/between", "no neighbours");
  refused(with(mesh22 + R"(, "links": [{"between": [[0, 0], [0, 2]]}])"), "at /links/0/between/1", "no chip at (0, 2)");
  refused(with(mesh22 + R"(, "links": [{"between": [[0,0],[0,1]]}, {"between": [[0,1],[0,0]]}])"),
          "at /links/1/between", "a second entry");
  refused(with(mesh22 + R"(, "without": {"links": [[[0,0],[0,1]], [[0,0],[1,0]]]})"), "at /", "no way from (0, 0) to");
  refused(with(R"("mesh": {"width": 1, "height": 1}, "without": {"chips": [[0, 0]]})"), "at /without",
          "no chip is left");
  refused(with(R"("chips": [])"), "at /chips", "no chip");
  refused(with(R"("chips": [[0, 0], [1, 0], [0, 0]])"), "at /chips/2", "two chips at (0, 0)");
  refused(with(R"("chips": [[0, 0], [1, 0]])"), "at /", "no way from (0, 0) to (1, 0)");
  refused(with(R"("chips": [[0, 0], [1, 0]], "links": [{"between": [[0,0],[1,0]]}, {"between": [[1,0],[0,0]]}])"),
          "at /links/1/between", "joined already");
  refused(with(R"("chips": [[1, 0], [2, 0]], "links": [{"between": [[1,0],[2,0]]}])"), "at /", "column 0");
  refused(with(R"("chips": [[0, 16]])"), "at /chips/0/1", "16");
  refused(with(mesh22 + R"(, "faults": {"unplugged": [[[0, 0], [3, 0]]]})"), "at /faults/unplugged/0/1", "no chip");
  refused(with(mesh22 + R"(, "faults": {"swapped": [[[[0,0],[1,0]], [[0,0],[1,0]]]]})"), "at /faults/swapped/0",
          "with itself");
}

TEST(BoardFile, OnesShippedAreGood) {
  EXPECT_EQ(read_board_file(BOARDS "/1.json").chips.size(), 1u);
  EXPECT_EQ(read_board_file(BOARDS "/2x2.json").chips.size(), 4u);
  const BoardFile large = read_board_file(BOARDS "/5x5.json");
  EXPECT_EQ(large.chips.size(), 25u);
  EXPECT_EQ(large.links.size(), 40u);
  EXPECT_EQ(large.width(), 5u);
  EXPECT_THROW((void)read_board_file(BOARDS "/none.json"), Error);
}

TEST(BoardUri, SaysWhatIsWrong) {
  for (const char* uri :
       {"sim:4x8x2", "board:", "board:" BOARDS "/1.json?threads=0", "board:" BOARDS "/1.json?threads=x",
        "board:" BOARDS "/1.json?speed=1", "board:/none.json", "board:" BOARDS "/1.json?threads=1&threads=2",
        "board:" BOARDS "/1.json?backend=model&backend=model", "board:" BOARDS "/1.json?backend=model&threads=2"}) {
    EXPECT_THROW((void)open_board(uri), Error) << uri;
  }
}

}  // namespace
}  // namespace hilbert

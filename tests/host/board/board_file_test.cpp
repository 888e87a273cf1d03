// SPDX-License-Identifier: Apache-2.0
// Board files: what they mean, and that every mistake is told with its place.
#include <gtest/gtest.h>

#include <hilbert/board.hpp>
#include <hilbert/error.hpp>
#include <string>
#include <vector>

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

/// The complaint about `text`: where, what, next.
Error complaint(const std::string& text) {
  try {
    (void)parse_board_file(text, "file.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input) << error.what();
    return error;
  }
  ADD_FAILURE() << "accepted: " << text.substr(0, 200);
  return Error(ExitCode::good, "");
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(BoardFile, DepthIsBoundWhereverItIs) {
  // The object around is one level.
  const Error just = complaint(with(mesh22 + ", \"seed\": " + nested(63)));
  EXPECT_EQ(just.where(), "file.json, at /seed");
  EXPECT_EQ(just.what_happened(), "an array does not belong here");
  const Error deep = complaint(with(mesh22 + ", \"seed\": " + nested(64)));
  EXPECT_EQ(deep.what_happened(), "deeper than 64 arrays and objects within each other");
  EXPECT_EQ(deep.where().substr(0, 24), "file.json, at /seed/0/0/");
  std::string objects = "1";
  for (int i = 0; i < 64; ++i) objects = "{\"k\": " + objects + "}";
  EXPECT_EQ(complaint(with(mesh22 + ", \"colour\": " + objects)).what_happened(), deep.what_happened());
}

/// A complaint repeats a few characters of a scalar, and nothing of what has parts.
TEST(BoardFile, ComplaintsAreShortWhateverIsThere) {
  std::string many = "[1";
  for (int i = 0; i < 5000; ++i) many += ", [\"secret\", {}]";
  many += ']';
  const std::string string = '"' + std::string(100'000, 's') + '"';
  for (const std::string& value : {many, "{\"a\": " + many + "}", string, std::string("null"), std::string("-7"),
                                   std::string("1e300"), std::string("0.1234567890123456789012345678901234567890")}) {
    for (const char* key :
         {"version", "name", "chip", "seed", "mesh", "wires", "links", "without", "faults", "chips"}) {
      std::string text = R"({"version": 1, "name": "t", "chip": "4x8x2", "mesh": {"width": 2, "height": 2}})";
      const std::size_t at = text.find('"' + std::string(key) + '"');
      if (at != std::string::npos) text.replace(at, std::string(key).size() + 2, "\"seed\"");  // a key is given once
      if (std::string(key) == "seed" || (at != std::string::npos && value == string && std::string(key) == "name")) {
        continue;
      }
      text.insert(1, "\"" + std::string(key) + "\": " + value + ", ");
      const Error error = complaint(text);
      EXPECT_LT(std::string(error.what()).size(), 300u) << error.what();
      EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos) << error.what();
    }
  }
  const Error key = complaint(with(mesh22 + ", " + string + ": 1"));
  EXPECT_LT(std::string(key.what()).size(), 300u) << key.what();
  EXPECT_LT(std::string(complaint("{\"" + std::string(100'000, 'k') + "\" 1}").what()).size(), 300u);
}

TEST(BoardFile, WhatJsonAllowsButNobodyMeans) {
  const Error twice = complaint(with(mesh22 + ", " + mesh22));
  EXPECT_EQ(twice.where(), "file.json, at /mesh");
  EXPECT_EQ(twice.what_happened(), "the same key a second time");
  EXPECT_EQ(complaint(with(mesh22 + R"(, "wires": {"skew": [0, 0, 0, 0], "latency": 3, "latency": 3})")).where(),
            "file.json, at /wires/latency");
  EXPECT_EQ(complaint(with(mesh22 + R"(, "links": [{"between": 1}, {"between": 1, "\u0062etween": 2}])")).where(),
            "file.json, at /links/1/between");
  const Error large = complaint(with(mesh22 + R"(, "wires": {"bit_error_rate": 1e999})"));
  EXPECT_EQ(large.where(), "file.json, at /wires/bit_error_rate");
  EXPECT_EQ(large.what_happened(), "a number that is too large");
  EXPECT_EQ(complaint(with(mesh22 + R"(, "seed": 18446744073709551616)")).where(), "file.json, at /seed");
  EXPECT_EQ(complaint(with(mesh22 + R"(, "seed": -1e400)")).where(), "file.json, at /seed");
  const std::string good = with(mesh22);
  for (const std::string& bad :
       {good + "x", good + good, good + std::string(1, '\0'), good + std::string("\0x", 2),
        with(mesh22 + ", \"seed\": NaN"), with(mesh22 + ", \"seed\": Infinity"), with(mesh22 + ", \"seed\": 01"),
        with(mesh22 + ", // no"), "\xFE\xFF" + good, with(mesh22 + ", \"name2\": \"\xFF\"")}) {
    EXPECT_EQ(complaint(bad).what_happened(), "no JSON") << bad;
    EXPECT_EQ(complaint(bad).where(), "file.json, line 1") << bad;
  }
  EXPECT_EQ(parse_board_file("\xEF\xBB\xBF" + good, "f").chips.size(),
            4u);  // a byte order mark says nothing (RFC 8259)
}

/// What a file says may be anything; what reaches the terminal is text.
TEST(BoardFile, ComplaintsHoldNoControlCharacters) {
  const std::string escape = R"("\u001b[2J\u009b1m\u202e\u0000~/\u00e9")";
  const std::vector<std::string> texts = {
      R"({"version": )" + escape + "}",
      with(mesh22 + ", " + escape + ": 1"),
      with(mesh22 + R"(, "wires": {)" + escape + ": {" + escape + ": 1, " + escape + ": 2}}"),
      R"({"version": 1, "name": "a", "chip": )" + escape + "}",
      "{\"\x1b[2J",
      "[\x9b, ]"};
  for (const std::string& text : texts) {
    const std::string said = complaint(text).what();
    for (const char c : said) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) << said;
    for (const char* raw : {"\xC2\x9B", "\xE2\x80\xAE"}) EXPECT_EQ(said.find(raw), std::string::npos) << said;
  }
  EXPECT_NE(complaint(with(mesh22 + ", " + escape + ": 1"))
                .where()
                .find("\\x1b[2J\\xc2\\x9b1m\\xe2\\x80\\xae\\x00~0~1\xC3\xA9"),
            std::string::npos);
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

TEST(BoardUri, OfAFileOrAsItIs) {
  EXPECT_EQ(board_uri("a.json"), "board:a.json");
  EXPECT_EQ(board_uri("a.json?threads=2"), "board:a.json?threads=2");
  EXPECT_EQ(board_uri("board:a.json"), "board:a.json");
  EXPECT_EQ(board_uri("12:30.json"), "board:12:30.json") << "a name with a colon is no scheme";
  EXPECT_EQ(board_uri("sim:full"), "board:sim:full");
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

// SPDX-License-Identifier: Apache-2.0
// Board files: what they mean, and that every mistake is told with its place.
#include <gtest/gtest.h>

#include <array>
#include <hilbert/board.hpp>
#include <hilbert/error.hpp>
#include <span>
#include <string>
#include <vector>

#include "support/temporary_board.hpp"

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

TEST(BoardFile, ChipsSayWhereTheyAre) {
  const auto parse = [](const std::string& text) { return parse_board_file(text, "f"); };
  // None: as the board is opened.
  EXPECT_EQ(parse(with(mesh22)).backend, "");
  // One simulation, said once, or of one chip: the others are like it.
  EXPECT_EQ(parse(with(mesh22 + R"(, "device": "model:4x8x2")")).backend, "model");
  const BoardFile one = parse(
      with(R"("chips": [[0, 0], {"at": [1, 0], "device": "sim:4x8x2"}], "links": [{"between": [[0, 0], [1, 0]]}])"));
  EXPECT_EQ(one.backend, "sim");
  EXPECT_FALSE(one.apart());
  EXPECT_EQ(one.chips, (std::vector<Place>{{0, 0}, {1, 0}}));
  // Apart: each by a device of its own, of any kind and chip.
  const BoardFile apart = parse(
      R"({"version": 1, "name": "t", "device": "model:small",
          "chips": [[0, 0], {"at": [1, 0], "device": "model:8x4x4?banks=2"}, {"at": [0, 1], "device": "sim:full"}]})");
  EXPECT_TRUE(apart.apart());
  EXPECT_EQ(apart.devices, (std::vector<std::string>{"model:small", "model:8x4x4?banks=2", "sim:full"}));
  EXPECT_EQ(apart.configuration, "");
  // A chip that is left out takes its device along.
  const BoardFile rest =
      parse(with(R"("mesh": {"width": 2, "height": 1}, "device": "model:4x8x2", "without": {"chips": [[1, 0]]})"));
  EXPECT_EQ(rest.chips.size(), 1u);
  EXPECT_EQ(rest.backend, "model");
}

/// What is opened: chips apart work side by side, and only those who can do without links get them.
TEST(Board, ApartChipsAreDevices) {
  const TemporaryBoard file(std::vector<std::string>{"model:small", "model:4x8x2"});
  const std::string uri = "board:" + file.path();
  const auto board = open_board(uri, {.apart = true});
  EXPECT_EQ(board->device(0).capabilities().uri, "model:small");
  EXPECT_EQ(board->device(1).capabilities().uri, "model:4x8x2");
  EXPECT_EQ(board->lanes(), 0u);
  EXPECT_TRUE(board->links().empty());
  EXPECT_TRUE(board->problems().empty());
  std::array<std::uint32_t, 2> read{};
  board->together([&](std::size_t chip) {
    write_bytes(board->device(chip), 0x40, std::as_bytes(std::span(&chip, 1)));
    std::size_t back = 7;
    read_bytes(board->device(chip), 0x40, std::as_writable_bytes(std::span(&back, 1)));
    read.at(chip) = static_cast<std::uint32_t>(10 + back);
  });
  EXPECT_EQ(read, (std::array<std::uint32_t, 2>{10, 11}));
  bool other_ran = false;
  EXPECT_THROW(board->together([&](std::size_t chip) {
    if (chip == 0) throw Error(ExitCode::machine, "chip 0");
    other_ran = true;
  }),
               Error);
  EXPECT_TRUE(other_ran);
  board->run(100);

  const auto refused = [](const std::string& text, const BoardOptions& options, const std::string& what) {
    try {
      (void)open_board(text, options);
      ADD_FAILURE() << "opened: " << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_input);
      EXPECT_NE(error.what_happened().find(what), std::string::npos) << error.what_happened();
      EXPECT_FALSE(error.what_next().empty());
    }
  };
  refused(uri, {}, "no links join its chips: each is reached by a device of its own, (0, 0) by model:small");
  refused(uri + "?threads=2", {.apart = true}, "by which device each chip is reached");
  refused(uri + "?backend=model", {.apart = true}, "by which device each chip is reached");
  const TemporaryBoard models(R"(, "device": "model:4x8x2")");
  refused("board:" + models.path() + "?backend=sim", {}, "says that its chips are model:4x8x2");
  refused("board:" + models.path() + "?threads=2", {}, "threads do nothing");
  const auto opened = open_board("board:" + models.path());
  EXPECT_EQ(opened->device(3).capabilities().uri, "model:4x8x2");
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
  const std::string two = R"("chips": [[0, 0], {"at": [1, 0], "device": ")", joined = R"("}],
      "links": [{"between": [[0, 0], [1, 0]]}])";
  const std::string there = "at /chips/1/device";
  refused(with(two + "model:small" + joined), there, "(1, 0) is reached by model:small alone: no link joins it");
  refused(with(two + "model:4x8x2?banks=2" + joined), there, "alone");
  refused(with(R"("device": "sim:4x8x2", )" + two + "model:4x8x2" + joined), there,
          "(1, 0) is a chip of model:, (0, 0) one of sim:");
  refused(with(two + "simm:4x8x2" + joined), there, "simm");
  refused(with(two + "4x8x2" + joined), there, "no ':' in it");
  refused(with(two + "board:a.json" + joined), there, "a board in a board");
  refused(with(two + "model:4x8x2?bank=2" + joined), there, "bank");
  refused(with(two + R"(model:small"}])"), "at /", "no way to (0, 0): no link, and no device");
  refused(with(R"("device": "model:small", )" + two + R"(model:small"}])"), "at /chip",
          "every chip is what its device");
  refused(with(R"("chips": [{"at": [0, 0], "uri": "model:small"}])"), "at /chips/0/uri", "unknown key");
  refused(R"({"version": 1, "name": "a", "chips": [[0, 0]]})", "at /", "no \"chip\"");
  refused(R"({"version": 1, "name": "a", "device": "model:4x8x2", "mesh": {"width": 2, "height": 1}})", "at /",
          "no \"chip\"");
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

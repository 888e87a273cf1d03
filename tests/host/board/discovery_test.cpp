// SPDX-License-Identifier: Apache-2.0
// From what the ends of links hear to a map: good boards, and every single thing that can be wrong with one.
#include "board/discovery.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace hilbert::board {
namespace {

using Kind = BoardProblem::Kind;
constexpr unsigned active = 4, down = 5, lanes = 4;

BoardFile mesh(unsigned width, unsigned height) {
  return parse_board_file(R"({"version": 1, "name": "t", "chip": "4x8x2", "mesh": {"width": )" + std::to_string(width) +
                              R"(, "height": )" + std::to_string(height) + "}}",
                          "f");
}

void join(Findings& found, BoardEnd a, BoardEnd b) {
  for (const auto& [end, other] : {std::pair{a, b}, std::pair{b, a}}) {
    LinkEnd& e = found[end.chip][end.port];
    e.state = active;
    e.up = true;
    e.rx_width = e.tx_width = lanes;
    e.partner_node = node_number(other);
  }
}
void cut(Findings& found, BoardEnd end) { found[end.chip][end.port] = {.state = down, .reason = 1}; }

Findings as_in(const BoardFile& file) {
  Findings found(file.chips.size());
  for (const BoardLink& link : file.links) join(found, link.a, link.b);
  return found;
}

std::vector<Kind> kinds(const Discovery& map) {
  std::vector<Kind> all;
  for (const BoardProblem& problem : map.problems) all.push_back(problem.kind);
  return all;
}

TEST(Discovery, AGoodBoardHasItsPlacesAndPorts) {
  for (const auto& [width, height] : {std::pair{1u, 1u}, {4u, 1u}, {1u, 3u}, {3u, 2u}, {5u, 5u}, {16u, 16u}}) {
    const BoardFile file = mesh(width, height);
    const Discovery map = discover(file, as_in(file), lanes);
    EXPECT_TRUE(map.problems.empty());
    for (std::size_t i = 0; i < file.chips.size(); ++i) {
      const Place at = file.chips[i];
      EXPECT_EQ(map.places[i], at);
      EXPECT_EQ(map.ports[i],
                (at.x + 1 < width ? 1u : 0) | (at.x > 0 ? 2u : 0) | (at.y + 1 < height ? 4u : 0) | (at.y > 0 ? 8u : 0));
    }
  }
}

TEST(Discovery, ALinkThatIsDownIsMissingAndTheRestIsFound) {
  const BoardFile file = mesh(3, 3);
  for (const BoardLink& link : file.links) {
    Findings found = as_in(file);
    cut(found, link.a);
    cut(found, link.b);
    const Discovery map = discover(file, found, lanes);
    EXPECT_EQ(kinds(map), (std::vector{Kind::missing, Kind::missing}));
    for (std::size_t i = 0; i < 9; ++i) EXPECT_EQ(map.places[i], file.chips[i]);
    EXPECT_EQ(map.ports[link.a.chip] >> link.a.port & 1u, 0u);
    EXPECT_EQ(map.ports[link.b.chip] >> link.b.port & 1u, 0u);
  }
}

TEST(Discovery, ADeadChipIsToldAndHasNoPlace) {
  const BoardFile file = mesh(3, 3);
  Findings found = as_in(file);
  for (unsigned p = 0; p < board_ports; ++p) cut(found, {4, p});
  for (const BoardLink& link : file.links) {
    if (link.a.chip == 4) cut(found, link.b);
    if (link.b.chip == 4) cut(found, link.a);
  }
  const Discovery map = discover(file, found, lanes);
  EXPECT_FALSE(map.places[4]);
  EXPECT_EQ(map.ports[4], 0u);
  EXPECT_TRUE(
      std::ranges::any_of(map.problems, [](const auto& p) { return p.text == "no way leads to chip 4 (1, 1)"; }));
  EXPECT_EQ(map.places[8], file.chips[8]);
}

TEST(Discovery, ACableInTheWrongPortIsCrossedAndNotUsed) {
  const BoardFile file = mesh(2, 2);
  Findings found = as_in(file);
  cut(found, {1, 1});
  join(found, {0, 0}, {1, 3});  // east of chip 0 into south of chip 1
  const Discovery map = discover(file, found, lanes);
  EXPECT_EQ(kinds(map), (std::vector{Kind::crossed, Kind::missing, Kind::crossed}));
  EXPECT_EQ(map.places[1], file.chips[1]);  // by way of the others
  EXPECT_EQ(map.ports[0], 4u);
}

TEST(Discovery, ALinkHeardOneWayOnlyIsNotUsed) {
  const BoardFile file = mesh(2, 1);
  Findings found = as_in(file);
  found[1][1].partner_node = node_number({0, 2});
  const Discovery map = discover(file, found, lanes);
  EXPECT_EQ(kinds(map)[0], Kind::crossed);
  EXPECT_FALSE(map.places[1]);
}

TEST(Discovery, TwoChipsExchangedAreMisplaced) {
  const BoardFile file = mesh(3, 1);
  Findings found(3);
  join(found, {0, 0}, {2, 1});
  join(found, {2, 0}, {1, 1});
  const Discovery map = discover(file, found, lanes);
  EXPECT_EQ(map.places[2], (Place{1, 0}));
  EXPECT_EQ(map.places[1], (Place{2, 0}));
  EXPECT_EQ(std::ranges::count(kinds(map), Kind::misplaced), 2);
}

TEST(Discovery, FewerLanesAreDegraded) {
  const BoardFile file = mesh(2, 1);
  Findings found = as_in(file);
  found[1][1].rx_width = 2;
  const Discovery map = discover(file, found, lanes);
  EXPECT_EQ(kinds(map), std::vector{Kind::degraded});
  EXPECT_EQ(map.ports[0], 1u);
}

TEST(Discovery, NumbersOfNobodyAreNobody) {
  const BoardFile file = mesh(2, 1);
  for (const std::uint32_t node : {0u, 9u, 0xFFFFu}) {
    Findings found = as_in(file);
    found[0][0].partner_node = node;
    const Discovery map = discover(file, found, lanes);
    EXPECT_FALSE(map.problems.empty());
    EXPECT_FALSE(map.places[1]);
  }
}

}  // namespace
}  // namespace hilbert::board

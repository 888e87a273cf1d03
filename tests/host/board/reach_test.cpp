// SPDX-License-Identifier: Apache-2.0
// Which chips reach which: whole boards, single links out, and chips that are not where they believe.
#include "board/reach.hpp"

#include <gtest/gtest.h>

#include <map>
#include <utility>

namespace hilbert::board {
namespace {

/// A mesh with all its ports.
struct Mesh {
  Mesh(unsigned width, unsigned height) : width_(width) {
    for (unsigned y = 0; y < height; ++y) {
      for (unsigned x = 0; x < width; ++x) {
        places.push_back({x, y});
        ports.push_back((x + 1 < width ? 1U : 0) | (x > 0 ? 2U : 0) | (y + 1 < height ? 4U : 0) | (y > 0 ? 8U : 0));
      }
    }
  }
  void cut(std::size_t chip, unsigned port) {
    const std::size_t other = port == 0 ? chip + 1 : chip + width_;
    ports[chip] &= ~(1U << port);
    ports[other] &= ~(1U << opposite(port));
  }
  std::vector<Place> places;
  std::vector<std::uint32_t> ports;

 private:
  unsigned width_;
};

TEST(Reach, OnAWholeBoardAllReachAll) {
  const Mesh mesh(4, 3);
  const Reach reach(mesh.places, mesh.ports);
  for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(reach.from(i).size(), 11u);
}

TEST(Reach, AWayIsFirstAlongXThenAlongY) {
  Mesh mesh(2, 2);
  mesh.cut(1, 2);  // (1, 0) to (1, 1)
  const Reach reach(mesh.places, mesh.ports);
  EXPECT_FALSE(reach(0, 3)) << "by (1, 0)";
  EXPECT_TRUE(reach(3, 0)) << "by (0, 1)";
  EXPECT_FALSE(reach(1, 3));
  EXPECT_FALSE(reach(3, 1));
  EXPECT_TRUE(reach(1, 2)) << "by (0, 0)";
  EXPECT_FALSE(reach(2, 1)) << "by (1, 1)";
  EXPECT_EQ(reach.from(0), (std::vector<std::size_t>{1, 2}));
}

/// Against a walk that asks only whether two places are joined.
TEST(Reach, EveryCutOfALargerMesh) {
  for (std::size_t chip = 0; chip < 12; ++chip) {
    for (const unsigned port : {0u, 2u}) {
      Mesh mesh(4, 3);
      if ((mesh.ports[chip] >> port & 1U) == 0) continue;
      mesh.cut(chip, port);
      const std::pair gone{mesh.places[chip], mesh.places[port == 0 ? chip + 1 : chip + 4]};
      const Reach reach(mesh.places, mesh.ports);
      for (std::size_t from = 0; from < 12; ++from) {
        for (std::size_t to = 0; to < 12; ++to) {
          bool whole = true;
          for (Place at = mesh.places[from], goal = mesh.places[to]; at != goal;) {
            Place next = at;
            unsigned& c = at.x != goal.x ? next.x : next.y;
            c < (at.x != goal.x ? goal.x : goal.y) ? ++c : --c;
            whole = whole && std::pair(at, next) != gone && std::pair(next, at) != gone;
            at = next;
          }
          EXPECT_EQ(reach(from, to), whole) << from << " to " << to << " without " << chip << ", port " << port;
        }
      }
    }
  }
}

TEST(Reach, AChipThatNobodyReachesMayBelieveItselfWhereAnotherIs) {
  // Chip 2 was exchanged with chip 1; chip 1 has no way and keeps the file's place, which is chip 2's now.
  const Reach reach({{0, 0}, {1, 0}, {1, 0}}, {1, 0, 2});
  EXPECT_TRUE(reach(0, 2));
  EXPECT_TRUE(reach(2, 0));
  EXPECT_FALSE(reach(0, 1));
  EXPECT_EQ(reach.from(1), std::vector<std::size_t>{});
}

TEST(Reach, ReadsTheChips) {
  const auto board = open_model_board(
      parse_board_file(R"({"version": 1, "name": "t", "chip": "4x8x2", "mesh": {"width": 3, "height": 1},
                           "faults": {"unplugged": [[[1, 0], [2, 0]]]}})",
                       "f"),
      {.tolerant = true});
  const Reach reach(*board);
  EXPECT_EQ(reach.from(0), std::vector<std::size_t>{1});
  EXPECT_EQ(reach.from(1), std::vector<std::size_t>{0});
  EXPECT_EQ(reach.from(2), std::vector<std::size_t>{});
}

}  // namespace
}  // namespace hilbert::board

// SPDX-License-Identifier: Apache-2.0
// Bounds on waiting, for wires of every length a board file may have: long enough, in the registers' widths, and no
// longer than they need be.
#include "board/patience.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <hilbert/regs/link.hpp>
#include <string>

namespace hilbert::board {
namespace {

BoardFile file(const std::string& rest) {
  return parse_board_file(R"({"version": 1, "name": "t", "chip": "4x8x2")" + rest + "}", "f");
}
std::string chain(unsigned width, unsigned height, unsigned latency, unsigned skew = 0) {
  return R"(, "mesh": {"width": )" + std::to_string(width) + R"(, "height": )" + std::to_string(height) +
         R"(}, "wires": {"latency": )" + std::to_string(latency) + R"(, "skew": [0, 0, 0, )" + std::to_string(skew) +
         "]}";
}

std::uint32_t most_of(std::uint32_t offset) {
  return std::ranges::find(regs::link::registers, offset, &regs::Register::offset)->writable;
}

/// rtl/regs/link.toml: REPLAY_TIMEOUT and HUNT_TIMEOUT are to be more than the round trip, the former with a longest
/// flit each way at the narrowest width: 129 words and their framing, of four symbols each.
TEST(Patience, BoundsOfALinkHoldItsRoundTripAndFitTheirRegisters) {
  constexpr std::uint64_t flits = 2 * 130 * 4;
  for (const unsigned latency : {1u, 16u, 300u, 5'000u, 65'536u}) {
    for (const unsigned skew : {0u, 15u, 1'024u}) {
      Wires wires;
      wires.latency = latency;
      wires.skew = {skew, 0, 0, 0};
      const std::uint64_t round_trip = 2 * (std::uint64_t{latency} + skew);
      const LinkBounds bounds = link_bounds(way(wires));
      EXPECT_GT(bounds.replay_timeout, round_trip + flits) << latency;
      EXPECT_GT(bounds.hunt_timeout, round_trip + flits) << latency;
      EXPECT_GT(bounds.train_timeout, 2 * round_trip + 1'007) << latency;  // four ways, and what link_lanes_test prints
      EXPECT_LE(bounds.replay_timeout, most_of(regs::link::replay_timeout)) << latency;
      EXPECT_LE(bounds.hunt_timeout, most_of(regs::link::hunt_timeout)) << latency;
      EXPECT_LT(bounds.replay_timeout, round_trip + 5'000) << "a lost acknowledgement costs no more than it must";
    }
  }
}

TEST(Patience, AShortLinkBesideALongOneKeepsItsOwnBounds) {
  const BoardFile mixed = file(chain(3, 1, 4) + R"(, "links": [{"between": [[1, 0], [2, 0]], "latency": 60000}])");
  EXPECT_EQ(Patience(mixed).way(), 60'000u);
  EXPECT_EQ(link_bounds(way(mixed.links[0].wires)).replay_timeout, 0x1000u + 8);
}

TEST(Patience, WaysAreTheLongestLane) {
  Wires wires;
  wires.latency = 7;
  EXPECT_EQ(way(wires), 7u);
  wires.skew = {0, 3, 9, 1};
  EXPECT_EQ(way(wires), 16u);
  wires.bit_offset = {0, 0, 5, 0};
  EXPECT_EQ(way(wires), 17u);
}

/// A flit and what answers it cross the board while nothing else moves, and a link trains meanwhile, in four ways.
TEST(Patience, NothingMovesForAsLongAsTheBoardIsWide) {
  for (const auto& [width, height] : {std::pair{2u, 1u}, {5u, 5u}, {16u, 16u}}) {
    for (const unsigned latency : {1u, 16u, 65'536u}) {
      const Patience patience(file(chain(width, height, latency)));
      const std::uint64_t across = std::uint64_t{width + height - 2} * latency;
      EXPECT_GE(patience.stillness(1'000), 1'000 + 2 * across + 4 * std::uint64_t{latency});
      EXPECT_LE(patience.stillness(1'000), 1'000 + 2 * across + 8 * std::uint64_t{latency});
      EXPECT_GE(patience.get_timeout(), 2 * across);
      EXPECT_GE(patience.emptying(), across + 2 * std::uint64_t{latency});
      EXPECT_GE(patience.training(20'000), 20'000 + 4 * std::uint64_t{latency});
    }
  }
}

TEST(Patience, ChipsWithoutClocksHaveNoWires) {
  const auto board = open_model_board(file(chain(2, 1, 65'536)));
  EXPECT_EQ(Patience(*board).way(), 0u);
  EXPECT_EQ(Patience(*board).stillness(5), 5u);
  EXPECT_EQ(Patience(file(chain(2, 1, 65'536))).way(), 65'536u);
}

TEST(Patience, ALoneChipHasNone) {
  EXPECT_EQ(Patience(file(chain(1, 1, 100))).way(), 0u);
  EXPECT_EQ(Patience(file(chain(1, 1, 100))).stillness(7), 7u);
}

}  // namespace
}  // namespace hilbert::board

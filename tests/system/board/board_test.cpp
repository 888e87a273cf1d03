// SPDX-License-Identifier: Apache-2.0
// Boards of verilated chips: found out over their links, wrong in ways that must be told, and used.
#include <gtest/gtest.h>

#include <hilbert/board.hpp>
#include <hilbert/regs/link.hpp>
#include <hilbert/regs/net.hpp>
#include <hilbert/regs/tile.hpp>

#include "board/traffic.hpp"
#include "support/temporary_board.hpp"

namespace hilbert {
namespace {

std::vector<BoardProblem::Kind> kinds(const Board& board) {
  std::vector<BoardProblem::Kind> all;
  for (const BoardProblem& problem : board.problems()) all.push_back(problem.kind);
  return all;
}

std::uint32_t net(Board& board, std::size_t chip, std::uint32_t offset) {
  return board.device(chip).read_register(net_register_base + offset);
}

TEST(Board, FindsOutHowItIsMade) {
  const auto board = open_board("board:" BOARDS "/2x2.json");
  EXPECT_TRUE(board->problems().empty());
  ASSERT_EQ(board->size(), 4u);
  for (unsigned i = 0; i < 4; ++i) {
    const Place place = board->file().chips[i];
    EXPECT_EQ(net(*board, i, regs::net::place), place.x | place.y << 4);
    // A chip in the west leads east, one in the south leads north.
    EXPECT_EQ(net(*board, i, regs::net::ports), (place.x == 0 ? 1u : 2u) | (place.y == 0 ? 4u : 8u));
  }
  ASSERT_EQ(board->file().links.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    for (const LinkEnd& end : board->link(i)) EXPECT_TRUE(end.up) << i;
  }
}

TEST(Board, CarriesDataBetweenAnyTwoChips) {
  const TemporaryBoard file("", 3, 2);
  const auto board = open_board(file.uri());
  const board::Traffic traffic = board::exchange(*board, 20, 1);
  EXPECT_EQ(traffic.transfers, 120u);
  std::uint32_t words = 0;
  for (std::size_t i = 0; i < board->file().links.size(); ++i) {
    const auto [a, b] = board->link(i);
    EXPECT_EQ(a.tx_words, b.rx_words);
    EXPECT_EQ(b.tx_words, a.rx_words);
    EXPECT_EQ(a.crc_errors + b.crc_errors, 0u);
    words += a.tx_words + b.tx_words;
  }
  EXPECT_GE(words, traffic.bytes / 8);
}

TEST(Board, BitErrorsCostTimeAndNoData) {
  const TemporaryBoard file(R"(, "wires": {"latency": 8, "bit_error_rate": 2e-5}, "seed": 7)");
  const auto board = open_board(file.uri(), {.tolerant = true});
  board::exchange(*board, 40, 2);
  std::uint32_t errors = 0;
  for (std::size_t i = 0; i < board->file().links.size(); ++i) {
    for (const LinkEnd& end : board->link(i)) errors += end.crc_errors;
  }
  EXPECT_GT(errors, 0u);
}

/// Everything that can be read, of every chip.
std::vector<std::uint32_t> all_registers(Board& board) {
  std::vector<std::uint32_t> values;
  for (std::size_t i = 0; i < board.size(); ++i) {
    const auto read = [&](std::uint32_t base, const auto& registers) {
      for (const regs::Register& entry : registers) {
        if (entry.access == regs::Access::wo) continue;
        for (std::uint32_t k = 0; k < entry.count; ++k) {
          values.push_back(board.device(i).read_register(base + entry.offset + 4 * k));
        }
      }
    };
    read(register_base, regs::tile::registers);
    read(net_register_base, regs::net::registers);
    for (unsigned p = 0; p < board_ports; ++p) read(link_register_base + 0x400 * p, regs::link::registers);
  }
  return values;
}

TEST(Board, IsTheSameToTheClockOnAnyNumberOfThreads) {
  const TemporaryBoard file(R"(, "wires": {"latency": 9, "bit_error_rate": 1e-5})");
  std::vector<std::uint32_t> first;
  for (const unsigned threads : {1u, 2u, 3u}) {
    const auto board = open_board(file.uri(threads), {.tolerant = true});
    const board::Traffic traffic = board::exchange(*board, 10, 3);
    board->run(1000);
    std::vector<std::uint32_t> values = all_registers(*board);
    values.push_back(static_cast<std::uint32_t>(traffic.clocks));
    values.push_back(static_cast<std::uint32_t>(board->clocks()));
    if (first.empty()) first = values;
    EXPECT_EQ(values, first) << threads << " threads";
  }
}

TEST(Board, AnUnpluggedLinkIsMissing) {
  const TemporaryBoard file(R"(, "faults": {"unplugged": [[[0, 0], [1, 0]]]})");
  EXPECT_THROW((void)open_board(file.uri()), Error);
  const auto board = open_board(file.uri(), {.tolerant = true});
  using Kind = BoardProblem::Kind;
  EXPECT_EQ(kinds(*board), (std::vector{Kind::missing, Kind::missing}));
  EXPECT_NE(board->problems()[0].text.find("no lane is heard"), std::string::npos) << board->problems()[0].text;
  EXPECT_EQ(net(*board, 0, regs::net::ports), 4u);  // north alone
  EXPECT_EQ(net(*board, 1, regs::net::place), 1u);  // found the other way round
}

TEST(Board, ADeadLaneOfALinkWithOneIsMissing) {
  const TemporaryBoard file(R"(, "links": [{"between": [[0, 1], [1, 1]], "dead_lanes": [0]}])");
  const auto board = open_board(file.uri(), {.tolerant = true});
  EXPECT_EQ(board->problems().size(), 2u);
}

TEST(Board, SwappedCablesAreCrossed) {
  const TemporaryBoard file(R"(, "faults": {"swapped": [[[[0, 0], [0, 1]], [[1, 0], [1, 1]]]]})");
  const auto board = open_board(file.uri(), {.tolerant = true});
  using Kind = BoardProblem::Kind;
  // All four ends lead elsewhere, and nobody can be in two places: the upper row is found mirrored or contradicts.
  ASSERT_GE(board->problems().size(), 4u);
  for (unsigned i = 0; i < 4; ++i) EXPECT_EQ(board->problems()[i].kind, Kind::crossed) << board->problems()[i].text;
}

}  // namespace
}  // namespace hilbert

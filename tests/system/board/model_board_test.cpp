// SPDX-License-Identifier: Apache-2.0
// A board of reference models: programs over its network, in any order and of any length; what is lost, and where.
#include <gtest/gtest.h>

#include <algorithm>
#include <hilbert/board.hpp>
#include <hilbert/regs/link.hpp>
#include <hilbert/regs/net.hpp>
#include <hilbert/regs/tile.hpp>

#include "board/traffic.hpp"
#include "network_program.hpp"
#include "support/temporary_board.hpp"

namespace hilbert::test {
namespace {

namespace n = regs::net;
namespace r = regs::tile;
using model::Descriptor;
using model::Opcode;

BoardFile mesh(unsigned width, unsigned height, const std::string& rest = "", const std::string& chip = "4x8x2") {
  return parse_board_file(R"({"version": 1, "name": "t", "chip": ")" + chip + R"(", "mesh": {"width": )" +
                              std::to_string(width) + R"(, "height": )" + std::to_string(height) + "}" + rest + "}",
                          "f");
}
std::uint32_t net(Board& board, std::size_t chip, std::uint32_t offset) {
  return board.device(chip).read_register(net_register_base + offset);
}
std::uint32_t semaphore(Board& board, std::size_t chip, unsigned index) {
  return board.device(chip).read_register(register_base + r::sem + 4 * index);
}
void enable(Board& board) {
  for (std::size_t i = 0; i < board.size(); ++i) {
    board.device(i).write_register(register_base + r::ctrl, r::ctrl_enable_mask);
  }
}
Descriptor transfer(Opcode opcode, Place place, std::uint32_t words, std::uint32_t a = 0, std::uint32_t d = 0x4000) {
  Descriptor job;
  job.opcode = opcode;
  job.set_place(place.x, place.y);
  if (opcode == Opcode::signal) return job;
  job.m = 1;
  job.n = static_cast<std::uint16_t>(words);
  job.a_at.base = a;
  job.d_at.base = d;
  return job;
}

TEST(ModelBoard, IsOpenedByItsUri) {
  const TemporaryBoard file("");
  const auto board = open_board("board:" + file.path() + "?backend=model");
  EXPECT_EQ(board->size(), 4u);
  EXPECT_TRUE(board->problems().empty());
  EXPECT_FALSE(board->device(3).capabilities().can.time);
  EXPECT_EQ(net(*board, 3, n::place), 0x11u);
  for (const char* bad :
       {"?backend=", "?backend=fpga", "?backend", "?backend=model&x=1", "?threads=2&backend=model", "?threads="}) {
    EXPECT_THROW((void)open_board("board:" + file.path() + bad), Error) << bad;
  }
}

TEST(ModelBoard, RunsRandomPrograms) {
  const auto board = open_model_board(mesh(2, 2));
  const model::Geometry& g = board->device(0).capabilities().geometry;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const NetworkProgram program = random_program(board->file(), g, seed, 40);
    ASSERT_EQ(run_on(*board, program, seed), expected_memories(program, board->file(), g)) << "seed " << seed;
  }
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(net(*board, i, n::irq_status), 0u);
}

TEST(ModelBoard, ChainsOfAnyLengthNeedNoStack) {
  const auto board = open_model_board(mesh(16, 16));
  enable(*board);
  const std::size_t chips = board->size(), jobs = board->device(0).capabilities().geometry.queue_slots;
  const auto& places = board->file().chips;
  for (std::size_t round = 0; round < jobs; ++round) {
    for (std::size_t i = 0; i < chips; ++i) {
      Descriptor job = transfer(Opcode::signal, places[(i + 1) % chips], 0);
      job.wait_semaphore = 2;
      job.wait_count = 1;
      job.set_there(2, 1);
      submit(board->device(i), job);
    }
  }
  board->device(0).write_register(register_base + r::sem_post, 2 << r::sem_post_index_lsb | 1 << r::sem_post_count_lsb);
  EXPECT_EQ(semaphore(*board, 0, 2), 1u) << "the signal came round";
  for (std::size_t i = 0; i < chips; ++i) {
    EXPECT_EQ(board->device(i).read_register(register_base + r::queue_head), jobs);
  }
}

TEST(ModelBoard, CarriesTraffic) {
  const auto board = open_model_board(mesh(5, 5, R"(, "wires": {"bit_error_rate": 0.01, "latency": 1000})"));
  const board::Traffic traffic = board::exchange(*board, 20, 1);
  EXPECT_EQ(traffic.transfers, 500u);
  std::uint32_t words = 0;
  for (std::size_t i = 0; i < board->file().links.size(); ++i) {
    const auto [a, b] = board->link(i);
    EXPECT_EQ(a.tx_words, b.rx_words);
    EXPECT_EQ(b.tx_words, a.rx_words);
    words += a.tx_words + b.tx_words;
  }
  EXPECT_GE(words, traffic.bytes / 8);
}

TEST(ModelBoard, TrafficTakesTheWaysThatAreWhole) {
  const auto board =
      open_model_board(mesh(3, 1, R"(, "faults": {"unplugged": [[[1, 0], [2, 0]]]})"), {.tolerant = true});
  std::vector<std::uint64_t> progress;
  const board::Traffic traffic = board::exchange(*board, 3, 1, [&](std::uint64_t done, std::uint64_t all) {
    EXPECT_EQ(all, 6u);
    progress.push_back(done);
  });
  EXPECT_EQ(traffic.transfers, 6u);
  EXPECT_EQ(traffic.senders, 2u);
  EXPECT_EQ(traffic.pairs, 2u);
  EXPECT_TRUE(std::ranges::is_sorted(progress));
  EXPECT_EQ(progress.back(), 6u);
}

std::string refusal(Board& board, unsigned rounds, ExitCode code) {
  try {
    (void)board::exchange(board, rounds, 1);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what_happened();
  }
  return {};
}

TEST(ModelBoard, TrafficThatIsNoneIsNoGoodOne) {
  const auto board = open_model_board(mesh(2, 1));
  EXPECT_EQ(refusal(*board, 0, ExitCode::bad_input), "traffic of 0 rounds");
  refusal(*board, ~0U, ExitCode::bad_input);
  refusal(*open_model_board(mesh(1, 1)), 1, ExitCode::bad_input);
  board->device(0).write_register(net_register_base + n::ports, 0);
  EXPECT_EQ(refusal(*board, 1, ExitCode::check_failed), "no chip reaches another: nothing can be sent");
}

/// A link that goes off after traffic has begun.
TEST(ModelBoard, TrafficThatIsLostIsTold) {
  const auto board = open_model_board(mesh(2, 1));
  const std::string text = [&] {
    try {
      (void)board::exchange(*board, 2, 1, [&](std::uint64_t, std::uint64_t) {
        board->device(0).write_register(link_register_base + regs::link::ctrl, 0);
      });
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::check_failed);
      return error.what_happened();
    }
    return std::string();
  }();
  EXPECT_EQ(text, "chip 0 got 0 of 1 transfers, and nothing moves any more");
}

TEST(ModelBoard, GoesTheWayOfDimensionOrderOrNotAtAll) {
  // (0, 0) to (1, 1) goes by (1, 0), and back by (0, 1).
  const auto board =
      open_model_board(mesh(2, 2, R"(, "faults": {"unplugged": [[[1, 0], [1, 1]]]})"), {.tolerant = true});
  EXPECT_EQ(net(*board, 3, n::place), 0x11u) << "found the other way round";
  enable(*board);
  const std::vector<std::byte> data(64, std::byte{7}), nothing(64);
  board->device(0).write_words(0, data);
  board->device(3).write_words(0, data);
  Descriptor job = transfer(Opcode::send, {1, 1}, 2);
  job.set_there(1, 1);
  submit(board->device(0), job);
  EXPECT_EQ(net(*board, 1, n::no_routes), 2u) << "the WRITE and the SIGNAL, thrown away by (1, 0)";
  EXPECT_EQ(net(*board, 0, n::no_routes), 0u);
  EXPECT_EQ(semaphore(*board, 3, 1), 0u);
  job.set_place(0, 0);
  submit(board->device(3), job);
  EXPECT_EQ(semaphore(*board, 0, 1), 1u);
  std::vector<std::byte> arrived(64);
  board->device(0).read_words(0x4000, arrived);
  EXPECT_EQ(arrived, data);
  // A GET needs both ways.
  submit(board->device(3), transfer(Opcode::get, {0, 0}, 2, 0, 0x6000));
  EXPECT_EQ(net(*board, 3, n::gets_lost), 1u);
  EXPECT_EQ(net(*board, 1, n::no_routes), 3u) << "the answer";
}

TEST(ModelBoard, ALinkThatIsOffTakesAndThrowsAway) {
  const auto board = open_model_board(mesh(2, 1));
  enable(*board);
  board->device(0).write_register(link_register_base + regs::link::ctrl, 0);
  EXPECT_EQ(board->link(0)[0].state, 0u);
  EXPECT_EQ(board->link(0)[1].state, 1u) << "trains";
  submit(board->device(0), transfer(Opcode::send, {1, 0}, 2));
  EXPECT_EQ(board->link(0)[0].discarded, 9u) << "a header and two words of 32 bytes";
  board->device(0).idle(0x200000);
  EXPECT_EQ(board->link(0)[1].state, 5u) << "given up: time passes for all";
  EXPECT_EQ(board->link(0)[1].reason, 1u);
  for (const std::uint32_t mode : {0u, 1u}) {
    board->device(1).write_register(link_register_base + 0x400 + regs::link::ctrl, mode);
  }
  EXPECT_EQ(board->link(0)[1].state, 5u) << "until a session is opened";
  board->device(0).write_register(link_register_base + regs::link::ctrl, 1);
  EXPECT_FALSE(board->link(0)[0].up);
  board->run(0x200000);
  EXPECT_EQ(board->link(0)[0].reason, 5u) << "the partner is down";
  for (std::uint32_t i = 0; i < 2; ++i) {
    board->device(i).write_register(link_register_base + 0x400 * i + regs::link::ctrl, 1 | regs::link::ctrl_open_mask);
  }
  EXPECT_TRUE(board->link(0)[0].up && board->link(0)[1].up);
}

TEST(ModelBoard, CablesThatWereSwapped) {
  const auto board = open_model_board(mesh(3, 1, R"(, "faults": {"swapped": [[[[0, 0], [1, 0]], [[1, 0], [2, 0]]]]})"),
                                      {.tolerant = true});
  ASSERT_FALSE(board->problems().empty());
  EXPECT_EQ(board->problems()[0].text, "chip 0 (0, 0) east leads to chip 2 (2, 0) west, not to chip 1 (1, 0) west");
}

TEST(ModelBoard, LanesThatAreLeft) {
  struct Case {
    const char* dead;
    unsigned width;
  };
  for (const auto& [dead, width] : {Case{"[]", 4}, {"[2]", 2}, {"[0, 3]", 2}, {"[0, 1, 3]", 1}, {"[0, 1, 2, 3]", 0}}) {
    const auto board = open_model_board(mesh(2, 1, std::string(R"(, "wires": {"dead_lanes": )") + dead + "}", "node"),
                                        {.tolerant = true});
    EXPECT_EQ(board->link(0)[0].rx_width, width);
    EXPECT_EQ(board->link(0)[1].tx_width, width);
    EXPECT_EQ(board->problems().size(), width == 4 ? 0u : width == 0 ? 3u : 2u);
  }
  const auto late = open_model_board(mesh(2, 1, R"(, "wires": {"skew": [0, 0, 16, 0]})", "node"), {.tolerant = true});
  EXPECT_EQ(late->link(0)[1].reason, 7u) << "deskew";
  EXPECT_TRUE(open_model_board(mesh(2, 1, R"(, "wires": {"skew": [0, 0, 15, 0]})", "node"))->problems().empty());
}

TEST(ModelBoard, PoisonStaysWhereItIs) {
  const auto board = open_model_board(mesh(2, 1));
  enable(*board);
  const auto poison = [&](std::size_t chip, std::uint32_t address) {
    Device& device = board->device(chip);
    device.write_register(register_base + r::inject_addr, address);
    device.write_register(register_base + r::inject_bits, 3 | 40 << 8);
    device.write_register(register_base + r::inject_go, 1);
  };
  poison(0, 32 * 3);
  poison(1, 0x4000);  // what is written over it heals it
  Descriptor job = transfer(Opcode::send, {1, 0}, 6);
  job.set_there(1, 1);
  submit(board->device(0), job);
  EXPECT_EQ(net(*board, 0, n::irq_status), n::irq_status_poison_mask);
  EXPECT_EQ(net(*board, 0, n::poison_addr), 96u);
  EXPECT_EQ(net(*board, 1, n::irq_status), 0u);
  EXPECT_EQ(semaphore(*board, 1, 1), 0u);
  std::vector<std::byte> arrived(64);
  EXPECT_NO_THROW(board->device(1).read_words(0x4000, arrived));
  submit(board->device(1), transfer(Opcode::get, {0, 0}, 6, 0, 0x6000));
  EXPECT_EQ(net(*board, 1, n::irq_status), n::irq_status_get_lost_mask);
  EXPECT_EQ(net(*board, 0, n::poisoned), 2u);
}

/// Each chip waits for the one before, in a loop of its own.
TEST(ModelBoard, HostsOfAllChipsAdvanceTogether) {
  const auto board = open_model_board(mesh(3, 2));
  enable(*board);
  std::vector<std::size_t> order;
  board->together([&](std::size_t i) {
    Device& device = board->device(i);
    const std::size_t chips = board->size(), before = (i + chips - 1) % chips;
    while (i != chips - 1 && device.read_register(register_base + r::sem) == 0) device.idle(10);
    order.push_back(i);
    Descriptor job = transfer(Opcode::signal, board->file().chips[before], 0);
    job.set_there(0, 1);
    submit(device, job);
  });
  EXPECT_EQ(order, (std::vector<std::size_t>{5, 4, 3, 2, 1, 0}));
  EXPECT_THROW(board->together([&](std::size_t i) {
    if (i == 3) throw Error(ExitCode::machine, "broken", "here");
    for (;;) board->device(i).idle(10);
  }),
               Error);
  EXPECT_NO_THROW(board->device(0).idle(10));
}

}  // namespace
}  // namespace hilbert::test

// SPDX-License-Identifier: Apache-2.0
// The same board of verilated chips and of reference models: the same findings, memories, registers and counters.
#include <gtest/gtest.h>

#include <hilbert/board.hpp>
#include <hilbert/regs/link.hpp>
#include <hilbert/regs/net.hpp>
#include <hilbert/regs/tile.hpp>
#include <ostream>

#include "network_program.hpp"
#include "support/temporary_board.hpp"

namespace hilbert::test {
namespace {

namespace n = regs::net;
namespace r = regs::tile;
using model::Descriptor;
using model::Opcode;

struct Both {
  explicit Both(const TemporaryBoard& file)
      : sim(open_board(file.uri(), {.tolerant = true})),
        model(open_board("board:" + file.path() + "?backend=model", {.tolerant = true})) {}
  std::unique_ptr<Board> sim, model;
};

std::uint32_t link(Board& board, BoardEnd end, std::uint32_t offset) {
  return board.device(end.chip).read_register(link_register_base + 0x400 * end.port + offset);
}

TEST(BoardEquality, RandomProgramsLeaveTheSameMemories) {
  const TemporaryBoard file(R"(, "wires": {"bit_error_rate": 1e-6, "latency": 7})");
  const Both both(file);
  const model::Geometry& g = both.sim->device(0).capabilities().geometry;
  for (std::uint64_t seed = 1000; seed < 1012; ++seed) {
    const NetworkProgram program = random_program(both.sim->file(), g, seed, 25);
    const auto expected = run_on(*both.model, program, seed);
    ASSERT_EQ(run_on(*both.sim, program, seed), expected) << "seed " << seed;
  }
}

struct Fault {
  const char *name, *keys;
};
void PrintTo(const Fault& fault, std::ostream* out) {
  *out << fault.name;
}  // NOLINT: the name that GoogleTest looks for
constexpr Fault faults[] = {
    {"none", ""},
    {"unplugged", R"(, "faults": {"unplugged": [[[0, 0], [1, 0]]]})"},
    {"two_unplugged", R"(, "faults": {"unplugged": [[[0, 0], [1, 0]], [[1, 0], [1, 1]]]})"},
    {"swapped", R"(, "faults": {"swapped": [[[[0, 0], [0, 1]], [[1, 0], [1, 1]]]]})"},
    {"swapped_across", R"(, "faults": {"swapped": [[[[0, 0], [1, 0]], [[1, 0], [1, 1]]]]})"},
    {"dead_lane", R"(, "links": [{"between": [[0, 1], [1, 1]], "dead_lanes": [0]}])"},
    {"dead_lane_it_has_not", R"(, "wires": {"dead_lanes": [3]})"},
    {"without", R"(, "without": {"chips": [[1, 1]]})"},
};

class FaultyBoards : public testing::TestWithParam<Fault> {};

TEST_P(FaultyBoards, AreFoundOutAlike) {
  const TemporaryBoard file(GetParam().keys);
  const Both both(file);
  const auto texts = [](const Board& board) {
    std::vector<std::string> all;
    for (const BoardProblem& p : board.problems()) all.push_back(std::string(to_string(p.kind)) + ": " + p.text);
    return all;
  };
  EXPECT_EQ(texts(*both.model), texts(*both.sim));
  namespace l = regs::link;
  for (std::size_t i = 0; i < both.sim->size(); ++i) {
    for (const std::uint32_t offset : {n::place, n::ports, n::cfg, n::id, n::map_hash}) {
      EXPECT_EQ(both.model->device(i).read_register(net_register_base + offset),
                both.sim->device(i).read_register(net_register_base + offset));
    }
    for (unsigned p = 0; p < board_ports; ++p) {
      for (const std::uint32_t offset :
           {l::id, l::version, l::map_hash, l::cfg, l::cfg_buffers, l::ctrl, l::status, l::reason, l::lane_enable,
            l::lanes_heard, l::node, l::partner_node, l::partner_settings, l::train_timeout, l::irq_status}) {
        EXPECT_EQ(link(*both.model, {i, p}, offset), link(*both.sim, {i, p}, offset))
            << "chip " << i << ", port " << p << ", offset " << offset;
      }
    }
  }
}

/// A single transfer of each kind from every chip to every place, and every counter that means something to both.
TEST_P(FaultyBoards, LoseAndCountAlike) {
  const TemporaryBoard file(GetParam().keys);
  const Both both(file);
  const auto drive = [](Board& board) {
    for (std::size_t i = 0; i < board.size(); ++i) {
      Device& device = board.device(i);
      std::vector<std::byte> data(64, static_cast<std::byte>(i + 1));
      device.write_words(0, data);
      device.write_register(register_base + r::ctrl, r::ctrl_enable_mask);
      device.write_register(net_register_base + n::get_timeout, 4000);
    }
    const auto rest = [&](std::size_t chip) {
      Device& device = board.device(chip);
      do {
        board.run(400);
      } while (device.read_register(net_register_base + n::status) != 0 ||
               device.read_register(register_base + r::queue_head) !=
                   device.read_register(register_base + r::queue_tail));
      board.run(400);
    };
    for (std::size_t from = 0; from < board.size(); ++from) {
      for (unsigned place = 0; place < 6; ++place) {
        for (const Opcode opcode : {Opcode::send, Opcode::get, Opcode::signal}) {
          Descriptor job;
          job.opcode = opcode;
          job.set_place(place % 3, place / 3);
          if (opcode != Opcode::get) job.set_there(1, 3);
          job.signal_semaphore = 2;
          job.signal_count = 1;
          if (opcode != Opcode::signal) {
            job.m = 1;
            job.n = 2;
            job.d_at.base =
                static_cast<std::uint32_t>(0x1000 + 0x400 * from + 64 * place) + (opcode == Opcode::get ? 0x4000 : 0);
          }
          submit(board.device(from), job);
          rest(from);
        }
      }
    }
  };
  drive(*both.sim);
  drive(*both.model);
  namespace l = regs::link;
  for (std::size_t i = 0; i < both.sim->size(); ++i) {
    Device &sim = both.sim->device(i), &model = both.model->device(i);
    std::vector<std::byte> there(0x8000), here(0x8000);
    sim.read_words(0, there);
    model.read_words(0, here);
    EXPECT_EQ(here, there) << "memory of chip " << i;
    for (unsigned s = 0; s < 8; ++s) {
      EXPECT_EQ(model.read_register(register_base + r::sem + 4 * s), sim.read_register(register_base + r::sem + 4 * s));
    }
    for (const std::uint32_t offset : {n::irq_status, n::bad_flits, n::no_routes, n::poisoned, n::gets_lost,
                                       n::transfers, n::words_out, n::words_out + 4, n::words_in, n::words_in + 4}) {
      EXPECT_EQ(model.read_register(net_register_base + offset), sim.read_register(net_register_base + offset))
          << "chip " << i << ", network offset " << offset;
    }
    for (unsigned p = 0; p < board_ports; ++p) {
      for (const std::uint32_t offset : {l::tx_flits, l::tx_flits + 4, l::rx_flits, l::rx_flits + 4, l::tx_words,
                                         l::tx_words + 4, l::rx_words, l::rx_words + 4, l::discarded}) {
        EXPECT_EQ(link(*both.model, {i, p}, offset), link(*both.sim, {i, p}, offset))
            << "chip " << i << ", port " << p << ", offset " << offset;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Faults, FaultyBoards, testing::ValuesIn(faults),
                         [](const auto& fault) { return std::string(fault.param.name); });

}  // namespace
}  // namespace hilbert::test

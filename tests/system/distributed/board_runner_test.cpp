// SPDX-License-Identifier: Apache-2.0
// Programs over boards of verilated chips: right, wrong, hung and hit.
#include <gtest/gtest.h>

#include <hilbert/error.hpp>
#include <hilbert/regs/tile.hpp>

#include "distributed/board_runner.hpp"
#include "support/poison.hpp"
#include "support/random.hpp"
#include "support/temporary_board.hpp"

namespace hilbert::distributed {
namespace {

constexpr std::uint32_t word_bytes_4x8x2 = 32;  // bytes, of 4x8x2

std::vector<std::byte> random_bytes(std::size_t size, unsigned seed) {
  Random random(seed);
  std::vector<std::byte> bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random.bits32());
  return bytes;
}

model::Descriptor transfer(std::uint32_t from, std::uint32_t to, std::uint16_t words, Place place) {
  model::Descriptor job;
  job.opcode = model::Opcode::send;
  job.m = 1, job.n = words;
  job.a_at.base = from, job.d_at.base = to;
  job.set_place(place.x, place.y);
  return job;
}

model::Descriptor sync(unsigned semaphore, unsigned count) {
  model::Descriptor job;
  job.wait_semaphore = static_cast<std::uint8_t>(semaphore), job.wait_count = static_cast<std::uint8_t>(count);
  return job;
}

/// Every chip sends `rounds` blocks, the host's own, one after the other to the next chip, into the same place; the
/// host reads each there before the next may come.
struct Ring {
  static constexpr std::uint32_t bytes = 20 * word_bytes_4x8x2, source = 0, target = 4096;

  Ring(const Board& board, unsigned rounds) : programs(board.size()) {
    const std::size_t chips = board.size();
    for (std::size_t i = 0; i < chips; ++i) {
      sent.push_back({});
      got.emplace_back(rounds, std::vector<std::byte>(bytes));
      for (unsigned r = 0; r < rounds; ++r) {
        sent[i].push_back(random_bytes(bytes, static_cast<unsigned>(1000 * i + r)));
      }
    }
    for (std::size_t i = 0; i < chips; ++i) {
      ChipProgram& program = programs[i];
      std::optional<std::uint32_t> last;
      for (unsigned r = 0; r < rounds; ++r) {
        program.write(source, sent[i][r], last);
        model::Descriptor send =
            transfer(source, target, bytes / word_bytes_4x8x2, board.file().chips[(i + 1) % chips]);
        send.set_there(0, 1);
        if (r != 0) send.wait_semaphore = 1, send.wait_count = 1;  // the next one has read the last
        send.signal_semaphore = 2, send.signal_count = 1;
        program.job(send);
        program.job(sync(2, 1));
        last = program.job(sync(0, 1));
        program.read(target, got[i][r]);
        model::Descriptor free;
        free.opcode = model::Opcode::signal;
        const Place before = board.file().chips[(i + chips - 1) % chips];
        free.set_place(before.x, before.y);
        free.set_there(1, 1);
        program.job(free);
      }
      program.job(sync(1, 1));
    }
  }
  void expect_right() const {
    for (std::size_t i = 0; i < got.size(); ++i) {
      for (std::size_t r = 0; r < got[i].size(); ++r) {
        EXPECT_EQ(got[i][r], sent[(i + got.size() - 1) % got.size()][r]) << "chip " << i << ", round " << r;
      }
    }
  }

  std::vector<ChipProgram> programs;
  std::vector<std::vector<std::vector<std::byte>>> sent, got;
};

/// What a program throws, as text.
std::string failure(BoardRunner& runner, std::span<const ChipProgram> programs, ExitCode code) {
  try {
    const BoardRun run = runner.run(programs);
    ADD_FAILURE() << "it ran; poisoned by '" << run.poisoned << "'";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  return {};
}

TEST(BoardRunner, RunsJobsWritesAndReadsInTheirOrder) {
  const TemporaryBoard file("");
  const auto board = open_board(file.uri());
  BoardRunner runner(*board);
  const Ring ring(*board, 7);  // many more jobs than a queue holds
  const BoardRun run = runner.run(ring.programs);
  EXPECT_EQ(run.poisoned, "");
  ring.expect_right();
  for (std::size_t i = 0; i < board->size(); ++i) {
    ASSERT_EQ(run.completions[i].size(), ring.programs[i].jobs());
    for (std::uint32_t j = 0; j < run.completions[i].size(); ++j) EXPECT_EQ(run.completions[i][j].tag, j);
  }
  EXPECT_GT(run.run_clocks, 7 * Ring::bytes / 8 / 4);
}

TEST(BoardRunner, TakesTheSameClocksOnAnyNumberOfThreads) {
  const TemporaryBoard file(R"(, "wires": {"latency": 9, "bit_error_rate": 1e-5})");
  std::vector<std::uint64_t> clocks;
  for (const unsigned threads : {1u, 2u, 3u}) {
    const auto board = open_board(file.uri(threads), {.tolerant = true});
    BoardRunner runner(*board);
    const Ring ring(*board, 3);
    const BoardRun run = runner.run(ring.programs);
    ring.expect_right();
    clocks.push_back(run.load_clocks + (run.run_clocks << 32));
  }
  EXPECT_EQ(clocks[0], clocks[1]);
  EXPECT_EQ(clocks[0], clocks[2]);
}

TEST(BoardRunner, AHangNamesTheChipAndItsSemaphoresAndIsOver) {
  const TemporaryBoard file("");
  const auto board = open_board(file.uri());
  BoardRunner runner(*board, {.hang_clocks = 3'000});
  std::vector<ChipProgram> programs(4);
  programs[0].job(sync(0, 0));
  programs[1].job(sync(5, 3));
  const std::string text = failure(runner, programs, ExitCode::machine);
  EXPECT_NE(text.find("chip (1, 0): no job ended within "), std::string::npos) << text;
  EXPECT_NE(text.find("on the whole board nothing moves"), std::string::npos) << text;
  EXPECT_NE(text.find("SYNC at the semaphore"), std::string::npos) << text;
  EXPECT_EQ(text.find("chip (0, 0)"), std::string::npos) << text;
  EXPECT_EQ(text.find("link"), std::string::npos) << text;

  const Ring ring(*board, 2);
  EXPECT_EQ(runner.run(ring.programs).poisoned, "");
  ring.expect_right();
}

TEST(BoardRunner, SemaphoresLeftOverDoNotMatter) {
  const TemporaryBoard file("");
  const auto board = open_board(file.uri());
  BoardRunner runner(*board, {.hang_clocks = 20'000});
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::uint32_t s = 0; s < 8; ++s)
      board->device(i).write_register(register_base + regs::tile::sem + 4 * s, 7 + s);
  }
  const Ring ring(*board, 3);
  EXPECT_EQ(runner.run(ring.programs).poisoned, "");
  ring.expect_right();
}

TEST(BoardRunner, ARefusedJobIsBadInput) {
  const TemporaryBoard file("");
  const auto board = open_board(file.uri());
  BoardRunner runner(*board);
  std::vector<ChipProgram> programs(4);
  programs[2].job(sync(0, 0));
  programs[2].job(transfer(1, 0, 1, {0, 0}));  // misaligned
  programs[3].job(sync(0, 1));                 // would hang
  const std::string text = failure(runner, programs, ExitCode::bad_input);
  EXPECT_NE(text.find("job 1 of chip (0, 1), SEND, ended with MISALIGNED in word 5"), std::string::npos) << text;
  EXPECT_THROW((void)runner.run(std::vector<ChipProgram>(3)), Error);
}

TEST(BoardRunner, AnUncorrectableWordPoisonsAndNamesItself) {
  const TemporaryBoard file("");
  const auto board = open_board(file.uri());
  BoardRunner runner(*board, {.hang_clocks = 20'000});
  std::vector<ChipProgram> programs(4);
  model::Descriptor send = transfer(0, 1024, 20, {1, 1});
  send.set_there(0, 1);
  programs[0].job(send);
  programs[3].job(sync(0, 1));  // in vain
  poison(board->device(0), 7 * word_bytes_4x8x2);
  EXPECT_EQ(runner.run(programs).poisoned, "uncorrectable word at 0x000000e0 of chip (0, 0) met by the network");

  model::Descriptor copy;
  copy.opcode = model::Opcode::copy;
  copy.m = 1, copy.n = 20, copy.a_at.base = 0, copy.d_at.base = 2048;
  std::vector<ChipProgram> local(4);
  local[0].job(copy);
  const std::string poisoned = runner.run(local).poisoned;
  EXPECT_NE(poisoned.find("job 0 of chip (0, 0): POISONED: uncorrectable word at 0x000000e0"), std::string::npos)
      << poisoned;

  std::vector<std::byte> bytes(20 * word_bytes_4x8x2);
  std::vector<ChipProgram> reading(4);
  reading[0].read(0, bytes);
  EXPECT_EQ(runner.run(reading).poisoned, "uncorrectable word at 0x000000e0 of chip (0, 0)");

  const Ring ring(*board, 2);  // writes the word, so heals it
  EXPECT_EQ(runner.run(ring.programs).poisoned, "");
  ring.expect_right();
}

TEST(BoardRunner, ADeadLinkEndsInAnErrorThatNamesIt) {
  const TemporaryBoard file(R"(, "faults": {"unplugged": [[[0, 0], [1, 0]]]})");
  const auto board = open_board(file.uri(), {.tolerant = true});
  BoardRunner runner(*board, {.hang_clocks = 5'000});
  const Ring ring(*board, 1);
  const std::string text = failure(runner, ring.programs, ExitCode::machine);
  EXPECT_NE(text.find("link east of chip (0, 0) is down"), std::string::npos) << text;
  EXPECT_NE(text.find("flits without a way"), std::string::npos) << text;
}

}  // namespace
}  // namespace hilbert::distributed

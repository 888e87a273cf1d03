// SPDX-License-Identifier: Apache-2.0
// tb::Mesh with stand-ins for chips, against the same machines in plain lock step: whoever runs ahead, on however many
// threads, every chip must see every symbol in its clock.
#include <gtest/gtest.h>

#include <array>
#include <hilbert/error.hpp>
#include <hilbert/tb/mesh.hpp>
#include <vector>

#include "support/random.hpp"

namespace hilbert::tb {
namespace {

constexpr unsigned links = 4, lanes = 2;
using Wires = std::array<std::array<std::uint16_t, lanes>, links>;

/// What a stand-in computes: everything it hears, with its clock and number, goes into everything it says.
struct Machine {
  std::uint64_t state = 0;
  explicit Machine(unsigned number) : state(number + 1) {}
  [[nodiscard]] Wires says() const {
    Wires out{};
    std::uint64_t x = state;
    for (auto& port : out) {
      for (std::uint16_t& lane : port) lane = static_cast<std::uint16_t>((x = x * 6364136223846793005u + 1) >> 48);
    }
    return out;
  }
  void hears(const Wires& in) {
    for (const auto& port : in) {
      for (const std::uint16_t lane : port) state = (state ^ lane) * 0x9E3779B97F4A7C15u + 0x632BE59BD9B4E019u;
    }
  }
};

class StandIn final : public Chip {
 public:
  StandIn(unsigned number, std::vector<std::uint64_t>& history)
      : machine_(number), number_(number), history_(history) {}

  void settle() override { tx_ = machine_.says(); }
  void edge() override {
    if (take_ != 0xF || give_ != 0xF) return;
    machine_.hears(rx_);
    history_.push_back(machine_.state);
    ++clocks_;
  }
  void run(std::uint64_t clocks) override {
    while (clocks-- > 0) clock();
  }
  void reset(unsigned clocks) override {
    take_ = give_ = 0;
    machine_ = Machine(number_);
    history_.resize(history_.size() + clocks, 0);
    clocks_ = 0;
  }
  HostPins host() override { return {valid_, ready_, last_, {}, rsp_valid_, rsp_ready_, rsp_last_, {}, irq_}; }
  PhyPins phy() override {
    return {links, lanes, std::as_bytes(std::span(&tx_, 1)), &take_, std::as_writable_bytes(std::span(&rx_, 1)),
            &give_};
  }
  void start_trace(const std::string&) override {}
  void stop_trace() override {}

 private:
  Machine machine_;
  unsigned number_;
  std::vector<std::uint64_t>& history_;
  Wires tx_{}, rx_{};
  std::uint8_t take_ = 0, give_ = 0, valid_ = 0, ready_ = 0, last_ = 0, rsp_valid_ = 0, rsp_ready_ = 0, rsp_last_ = 0,
               irq_ = 0;
};

using Histories = std::vector<std::vector<std::uint64_t>>;

/// Five chips: a ring of four with a double link, and one alone. Every direction has a latency and skews of its own.
std::vector<MeshLink> wiring(unsigned least, unsigned spread) {
  std::vector<MeshLink> all{{{0, 0}, {1, 1}, {}, {}},
                            {{1, 2}, {2, 3}, {}, {}},
                            {{2, 1}, {3, 0}, {}, {}},
                            {{3, 3}, {0, 2}, {}, {}},
                            {{0, 1}, {1, 0}, {}, {}}};
  Random random(least * 100 + spread);
  for (MeshLink& link : all) {
    for (ChannelOptions* options : {&link.a_to_b, &link.b_to_a}) {
      options->latency = least + static_cast<unsigned>(random() % (spread + 1));
      for (unsigned& skew : options->skew) skew = static_cast<unsigned>(random() % 4);
    }
  }
  all[0].a_to_b.latency = least;
  return all;
}

struct Board {
  explicit Board(const std::vector<MeshLink>& wires, unsigned threads) : histories(5) {
    std::vector<std::unique_ptr<Chip>> chips;
    for (unsigned i = 0; i < 5; ++i) chips.push_back(std::make_unique<StandIn>(i, histories[i]));
    mesh = std::make_unique<Mesh>(std::move(chips), wires, threads);
  }
  Histories histories;
  std::unique_ptr<Mesh> mesh;
};

struct Reset {
  unsigned chip = 0;
  std::size_t at = 0, clocks = 0;
  [[nodiscard]] bool holds(unsigned c, std::size_t t) const { return c == chip && t >= at && t < at + clocks; }
};

/// All chips clock by clock, with every symbol ever sent kept in a table. A chip in reset says zeros, and begins anew.
Histories lock_step(const std::vector<MeshLink>& wires, std::size_t clocks, Reset reset = {}) {
  std::vector<Machine> machines;
  for (unsigned i = 0; i < 5; ++i) machines.emplace_back(i);
  std::vector<std::vector<Wires>> said(5);
  Histories histories(5);
  for (std::size_t t = 0; t < clocks; ++t) {
    std::vector<Wires> heard(5, Wires{});
    for (unsigned i = 0; i < 5; ++i) said[i].push_back(reset.holds(i, t) ? Wires{} : machines[i].says());
    const auto carry = [&](MeshEnd from, MeshEnd to, const ChannelOptions& options) {
      for (unsigned l = 0; l < lanes; ++l) {
        const std::size_t delay = options.latency + options.skew[l];
        if (t >= delay) heard[to.chip][to.port][l] = said[from.chip][t - delay][from.port][l];
      }
    };
    for (const MeshLink& link : wires) {
      carry(link.a, link.b, link.a_to_b);
      carry(link.b, link.a, link.b_to_a);
    }
    for (unsigned i = 0; i < 5; ++i) {
      machines[i].hears(heard[i]);
      if (reset.holds(i, t)) machines[i] = Machine(i);
      histories[i].push_back(reset.holds(i, t) ? 0 : machines[i].state);
    }
  }
  return histories;
}

TEST(Mesh, IsLockStepWhoeverRunsAhead) {
  for (const auto& [least, spread] : {std::pair{1u, 0u}, {1u, 3u}, {2u, 5u}, {5u, 0u}, {16u, 9u}}) {
    const std::vector<MeshLink> wires = wiring(least, spread);
    const Histories expected = lock_step(wires, 600);
    for (const unsigned threads : {1u, 2u, 9u}) {
      Board board(wires, threads);
      EXPECT_EQ(board.mesh->window(), least);
      board.mesh->start();
      Random random(threads);
      while (board.mesh->clocks() < 500) {
        Chip& chip = board.mesh->chip(random() % 5);
        switch (random() % 4) {
          case 0:
            chip.run(random() % 40);
            break;
          case 1:
            chip.settle();  // to look at pins, without a clock
            break;
          case 2:
            chip.settle();
            chip.edge();
            break;
          default:
            board.mesh->run(random() % 30);
        }
      }
      board.mesh->run(0);
      for (unsigned i = 0; i < 5; ++i) {
        const std::size_t clocks = board.histories[i].size();
        ASSERT_EQ(clocks, board.mesh->clocks());
        const std::vector<std::uint64_t> first(expected[i].begin(), expected[i].begin() + static_cast<long>(clocks));
        ASSERT_EQ(board.histories[i], first) << "chip " << i << ", latency " << least << ", threads " << threads;
      }
    }
  }
}

TEST(Mesh, ErrorsOnTheWiresDoNotDependOnThreadsEither) {
  std::vector<MeshLink> wires = wiring(7, 2);
  std::uint64_t seed = 1;
  for (MeshLink& link : wires) {
    for (ChannelOptions* options : {&link.a_to_b, &link.b_to_a}) {
      options->bit_error_rate = 0.01;
      options->burst_rate = 0.001;
      options->seed = seed++;
    }
  }
  Histories first;
  for (const unsigned threads : {1u, 2u, 3u}) {
    Board board(wires, threads);
    board.mesh->start();
    board.mesh->channel(2, 1).set_fault(1, LaneFault::noise);
    board.mesh->run(500);
    if (threads == 1) first = board.histories;
    EXPECT_EQ(board.histories, first) << threads << " threads";
  }
  EXPECT_NE(first, lock_step(wires, 500));
}

TEST(Mesh, ResetOfAChipTakesTimeAndTheOthersHearSilence) {
  const std::vector<MeshLink> wires = wiring(4, 2);
  Board board(wires, 1);
  board.mesh->start();
  board.mesh->run(41);
  board.mesh->chip(0).reset(6);
  EXPECT_EQ(board.mesh->chip(0).clocks(), 0u);
  EXPECT_EQ(board.mesh->clocks(), 47u);
  board.mesh->run(50);
  EXPECT_EQ(board.mesh->chip(0).clocks(), 50u);
  EXPECT_EQ(board.mesh->chip(1).clocks(), 97u);
  EXPECT_EQ(board.histories, lock_step(wires, 97, {0, 41, 6}));
}

TEST(Mesh, BeforeTheStartChipsRunAlone) {
  const std::vector<MeshLink> wires = wiring(3, 0);
  Board board(wires, 1);
  board.mesh->chip(2).run(100);
  EXPECT_EQ(board.mesh->clocks(), 0u);
  for (const auto& history : board.histories) EXPECT_TRUE(history.empty());
}

TEST(Mesh, IsLockStepWhenEveryChipHasAHost) {
  for (const auto& [least, spread] : {std::pair{1u, 0u}, {3u, 4u}, {16u, 9u}}) {
    const std::vector<MeshLink> wires = wiring(least, spread);
    const Histories expected = lock_step(wires, 700);
    std::array<std::uint64_t, 5> first_times{};
    for (const unsigned threads : {1u, 2u, 9u}) {
      Board board(wires, threads);
      std::array<std::uint64_t, 5> times{};  // what each chip's host saw as the end
      for (unsigned turn = 0; turn < 3; ++turn) {
        board.mesh->together([&](std::size_t i) {
          if (i == turn) return;  // a host that has nothing to do
          Random random(10 * turn + i);
          Chip& chip = board.mesh->chip(i);
          for (unsigned n = 0; n < 20; ++n) {
            if (random() % 3 == 0) {
              chip.run(random() % 15);
            } else {
              chip.settle();
              chip.edge();
            }
          }
          times[i] = chip.clocks();
        });
        board.mesh->run(5);
      }
      for (unsigned i = 0; i < 5; ++i) {
        const std::size_t clocks = board.histories[i].size();
        ASSERT_EQ(clocks, board.mesh->clocks());
        ASSERT_LT(clocks, expected[i].size());
        const std::vector<std::uint64_t> first(expected[i].begin(), expected[i].begin() + static_cast<long>(clocks));
        ASSERT_EQ(board.histories[i], first) << "chip " << i << ", latency " << least << ", threads " << threads;
      }
      if (threads == 1) first_times = times;
      EXPECT_EQ(times, first_times) << threads << " threads";
    }
  }
}

TEST(Mesh, WhatOneHostThrowsStopsTheOthersWhereTheyWait) {
  const std::vector<MeshLink> wires = wiring(4, 2);
  for (const unsigned threads : {1u, 2u, 5u}) {
    Board board(wires, threads);
    std::array<std::uint64_t, 5> stopped{};
    try {
      board.mesh->together([&](std::size_t i) {
        Chip& chip = board.mesh->chip(i);
        if (i == 3) {
          chip.run(50);
          throw Error(ExitCode::machine, "chip 3 is broken");
        }
        try {
          for (;;) chip.run(1);
        } catch (const Error&) {
          stopped[i] = chip.clocks();
          throw;
        }
      });
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(), "chip 3 is broken");
    }
    for (const unsigned i : {0u, 1u, 2u, 4u}) EXPECT_EQ(stopped[i], 53u) << i << ", threads " << threads;
    board.mesh->run(20);  // time goes on
    EXPECT_EQ(board.histories, lock_step(wires, board.mesh->clocks())) << threads;
  }
}

TEST(Mesh, TogetherRefusesWhatWouldMoveOthers) {
  Board board(wiring(4, 0), 1);
  EXPECT_THROW(board.mesh->together([&](std::size_t) { board.mesh->run(1); }), Error);
  EXPECT_THROW(board.mesh->together([&](std::size_t) { board.mesh->together([](std::size_t) {}); }), Error);
}

TEST(Mesh, RefusesWiresThatCannotBe) {
  const auto refused = [](MeshLink link) {
    std::vector<MeshLink> wires = wiring(1, 0);
    wires.push_back(link);
    EXPECT_THROW(Board(wires, 1), Error);
  };
  refused({{0, 0}, {4, 0}, {}, {}});  // joined already
  refused({{4, 0}, {4, 0}, {}, {}});
  refused({{4, 0}, {5, 0}, {}, {}});
  refused({{4, 4}, {3, 1}, {}, {}});
  MeshLink timeless{{4, 0}, {3, 1}, {}, {}};
  timeless.b_to_a.latency = 0;
  refused(timeless);
}

}  // namespace
}  // namespace hilbert::tb

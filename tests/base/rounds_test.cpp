// SPDX-License-Identifier: Apache-2.0
// Rounds: turns in order, work between rounds, ends and failures of single pieces.
#include <gtest/gtest.h>

#include <atomic>
#include <hilbert/rounds.hpp>
#include <string>

namespace hilbert {
namespace {

TEST(Rounds, OneAtATimeTakesTurnsInOrder) {
  std::string log;
  Rounds rounds(3, 1, [&] { log += '|'; });
  rounds.run([&](std::size_t i) {
    for (std::size_t n = 0; n <= i; ++n) {  // piece i lives for i + 1 rounds
      log += static_cast<char>('a' + i);
      rounds.arrive(i);
    }
    log += static_cast<char>('A' + i);
  });
  EXPECT_EQ(log, "abc|Abc|Bc|C");
}

TEST(Rounds, ManyAtOnceMeetAtTheEndOfEveryRound) {
  for (const unsigned at_once : {2u, 3u, 50u}) {
    constexpr std::size_t pieces = 20;
    std::array<std::atomic<unsigned>, pieces> done{};
    std::atomic<unsigned> running{0}, most{0};
    unsigned between = 0;
    Rounds rounds(pieces, at_once, [&] {
      ++between;
      for (const auto& d : done) EXPECT_EQ(d, between);
    });
    rounds.run([&](std::size_t i) {
      for (unsigned n = 0; n < 100; ++n) {
        const unsigned now = ++running;
        for (unsigned seen = most; seen < now && !most.compare_exchange_weak(seen, now);) continue;
        ++done[i];
        --running;
        rounds.arrive(i);
      }
    });
    EXPECT_EQ(between, 100u);
    EXPECT_LE(most, at_once);
  }
}

TEST(Rounds, TheFirstRoundThatFailsDecidesAndInItTheLowestNumber) {
  for (const unsigned at_once : {1u, 4u}) {
    std::array<unsigned, 5> lived{};
    Rounds rounds(5, at_once);
    try {
      rounds.run([&](std::size_t i) {
        for (;; ++lived[i]) {
          rounds.check();
          if (i == 0 && lived[i] == 8) throw Error(ExitCode::machine, "late");
          if ((i == 2 || i == 4) && lived[i] == 7) throw Error(ExitCode::machine, i == 2 ? "two" : "four");
          rounds.arrive(i);
        }
      });
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(), "two");
    }
    EXPECT_EQ(lived, (std::array<unsigned, 5>{8, 8, 7, 8, 7}));
  }
}

TEST(Rounds, WhatFailsBetweenRoundsEndsAll) {
  unsigned round = 0;
  Rounds rounds(3, 1, [&] {
    if (++round == 4) throw Error(ExitCode::machine, "time");
  });
  try {
    rounds.run([&](std::size_t i) {
      for (;;) rounds.arrive(i);
    });
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "time");
  }
  EXPECT_EQ(round, 4u);
}

TEST(Rounds, NothingToDoEnds) {
  Rounds(0, 1).run([](std::size_t) { FAIL(); });
}

}  // namespace
}  // namespace hilbert

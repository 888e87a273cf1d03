// SPDX-License-Identifier: Apache-2.0
// Work on a machine without threads to spare: a stack larger than any address space makes pthread_create fail as a
// limit on processes does.
#include <hilbert/threads.hpp>

#include <gtest/gtest.h>
#include <pthread.h>

#include <hilbert/crew.hpp>
#include <hilbert/rounds.hpp>
#include <stdexcept>
#include <vector>

#include "support/errors.hpp"

namespace hilbert {
namespace {

/// While it lives no thread can be started.
class NoMoreThreads {
 public:
  NoMoreThreads() {
    pthread_getattr_default_np(&before_);
    pthread_attr_t absurd;
    pthread_attr_init(&absurd);
    pthread_attr_setstacksize(&absurd, std::size_t{1} << 60);
    EXPECT_EQ(pthread_setattr_default_np(&absurd), 0);
    pthread_attr_destroy(&absurd);
  }
  ~NoMoreThreads() {
    pthread_setattr_default_np(&before_);
    pthread_attr_destroy(&before_);
  }

 private:
  pthread_attr_t before_;
};

TEST(Threads, OneThatCannotBeStartedIsNotAnEnd) {
  Threads threads;
  std::atomic<int> ran = 0;
  EXPECT_TRUE(threads.start([&] { ++ran; }));
  {
    const NoMoreThreads none;
    EXPECT_FALSE(threads.start([&] { ++ran; }));
  }
  EXPECT_TRUE(threads.start([&] { ++ran; }));
  EXPECT_EQ(threads.count(), 2u);
  threads.join();
  EXPECT_EQ(ran, 2);
}

TEST(Crew, DoesTheWholeWorkWithTheThreadsThereAre) {
  for (const bool short_of_threads : {false, true}) {
    std::optional<NoMoreThreads> none;
    if (short_of_threads) none.emplace();
    Crew crew(4);
    EXPECT_EQ(crew.threads(), short_of_threads ? 1u : 4u);
    for (std::size_t count : {0u, 1u, 3u, 50u}) {
      std::vector<int> done(count);
      crew.each(count, [&](std::size_t i) { ++done[i]; });
      EXPECT_EQ(done, std::vector<int>(count, 1));
    }
  }
}

/// What several pieces throw is told once, and forgotten by the next call.
TEST(Crew, AFailureIsThrownOnce) {
  Crew crew(3);
  EXPECT_THROW(crew.each(3, [](std::size_t i) { throw std::out_of_range(std::to_string(i)); }), std::out_of_range);
  std::vector<int> done(3);
  EXPECT_NO_THROW(crew.each(3, [&](std::size_t i) { ++done[i]; }));
  EXPECT_EQ(done, std::vector<int>(3, 1));
}

TEST(Rounds, WithoutAThreadForEachPieceNothingIsBegun) {
  const NoMoreThreads none;
  Rounds rounds(3, 2);
  expect_error(ExitCode::machine, "only 0 threads could be started for 3 chips",
               [&] { rounds.run([](std::size_t) { ADD_FAILURE() << "begun"; }); });
}

}  // namespace
}  // namespace hilbert

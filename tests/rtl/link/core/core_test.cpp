// SPDX-License-Identifier: Apache-2.0
// Two cores against a damaged wire: every flit once, in order, unchanged; sessions end for one side; nothing ever
// hangs.
#include <gtest/gtest.h>

#include <algorithm>
#include <hilbert/number.hpp>

#include "pair.hpp"

namespace link_core {
namespace {

struct Case {
  const char* name;
  std::uint64_t clocks;
  std::uint64_t least;  // flits that must arrive
  Settings settings;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class Traffic : public testing::TestWithParam<Case> {};

/// HILBERT_LINK_LONG=n makes every run n times as long, with another seed.
std::uint64_t factor() {
  return hilbert::number_from_environment<std::uint64_t>("HILBERT_LINK_LONG", 1, {1, 1'000'000, "times"});
}

TEST_P(Traffic, EveryFlitOnceInOrderUnchanged) {
  Settings settings = GetParam().settings;
  settings.seed += factor() - 1;
  Pair pair(settings);
  for (std::uint64_t i = 0; i < GetParam().clocks * factor(); i++) pair.clock();
  pair.drain();
  std::printf(
      "  %llu clocks, %llu flits, %llu words, %llu words damaged, %llu crc errors, %llu hunts, %llu replays (%llu "
      "timeouts), "
      "%llu duplicates, %llu trainings, %llu resets, %llu lost at resets\n",
      static_cast<unsigned long long>(pair.clocks()), static_cast<unsigned long long>(pair.delivered()),
      static_cast<unsigned long long>(pair.delivered_words()), static_cast<unsigned long long>(pair.damaged()),
      static_cast<unsigned long long>(pair.count(crc_error)), static_cast<unsigned long long>(pair.count(hunt)),
      static_cast<unsigned long long>(pair.count(replay)), static_cast<unsigned long long>(pair.count(timeout)),
      static_cast<unsigned long long>(pair.count(duplicate)), static_cast<unsigned long long>(pair.trainings),
      static_cast<unsigned long long>(pair.resets), static_cast<unsigned long long>(pair.lost_at_reset));
  EXPECT_GE(pair.delivered(), GetParam().least * factor());
  EXPECT_EQ(pair.count(overflow), 0U);
  EXPECT_EQ(pair.count(protocol_error), 0U);
  if (settings.bit_error_rate > 0 || settings.burst_rate > 0) EXPECT_GT(pair.count(replay), 0U);
  if (settings.session_rate > 0) EXPECT_GT(pair.resets, 0U);
}

constexpr Configuration full = configurations[0], small = configurations[1], least = configurations[2];

INSTANTIATE_TEST_SUITE_P(
    Link, Traffic,
    testing::Values(
        Case{"clean", 100'000, 2'500, {.configuration = full}},
        Case{"clean_small_flits", 100'000, 80'000, {.configuration = full, .max_words = 1}},
        Case{"clean_stalls", 100'000, 1'000, {.configuration = full, .offer = 0.02, .stall = 0.5}},
        Case{"errors", 300'000, 2'500, {.configuration = full, .bit_error_rate = 1e-5}},
        Case{"errors_small_flits",
             300'000,
             30'000,
             {.configuration = full, .bit_error_rate = 1e-4, .stall = 0.3, .max_words = 4}},
        Case{"many_errors", 300'000, 500, {.configuration = full, .bit_error_rate = 1e-3, .max_words = 4}},
        Case{"bursts", 300'000, 3'000, {.configuration = full, .burst_rate = 1e-4}},
        Case{"forged", 300'000, 1'500, {.configuration = full, .bit_error_rate = 3e-5, .forge = true}},
        Case{"slow_wire",
             300'000,
             1'000,
             {.configuration = full, .latency = 40, .take_every = 4, .bit_error_rate = 1e-5}},
        Case{"retraining", 300'000, 1'500, {.configuration = full, .bit_error_rate = 1e-5, .retrain_rate = 1e-3}},
        Case{"blocked_channel", 300'000, 1'000, {.configuration = full, .bit_error_rate = 1e-5, .block_rate = 1e-4}},
        Case{"sessions",
             300'000,
             2'000,
             {.configuration = full,
              .bit_error_rate = 1e-5,
              .session_rate = 1e-3,
              .stall = 0.2,
              .block_rate = 1e-4,
              .max_words = 20}},
        Case{"small", 300'000, 10'000, {.configuration = small, .bit_error_rate = 1e-4}},
        Case{"small_slow",
             300'000,
             5'000,
             {.configuration = small,
              .latency = 30,
              .take_every = 4,
              .bit_error_rate = 1e-4,
              .offer = 0.05,
              .stall = 0.4}},
        Case{"small_everything",
             300'000,
             3'000,
             {.configuration = small,
              .bit_error_rate = 1e-4,
              .burst_rate = 1e-4,
              .retrain_rate = 3e-4,
              .session_rate = 3e-4,
              .offer = 0.2,
              .stall = 0.4,
              .block_rate = 1e-4,
              .forge = true}},
        Case{"window_of_one", 300'000, 5'000, {.configuration = least, .bit_error_rate = 1e-4, .stall = 0.2}},
        Case{"window_of_one_everything",
             300'000,
             2'000,
             {.configuration = least,
              .latency = 1,
              .bit_error_rate = 1e-4,
              .burst_rate = 1e-4,
              .retrain_rate = 3e-4,
              .session_rate = 3e-4,
              .stall = 0.2}},
        Case{"timeout_too_short",
             200'000,
             500,
             {.configuration = full, .latency = 100, .bit_error_rate = 1e-5, .max_words = 16, .replay_timeout = 150}}),
    [](const auto& info) { return info.param.name; });

class Efficiency : public testing::TestWithParam<std::pair<unsigned, double>> {};

// Without traffic the other way there is nothing to tell, so a flit costs one word more and nothing else.
TEST(LinkPair, EfficiencyOneWay) {
  Pair pair({.configuration = full, .min_words = 128, .max_words = 128});
  pair.silent[1] = true;
  for (unsigned i = 0; i < 2000; i++) pair.clock();
  const std::uint64_t before = pair.delivered_words();
  for (unsigned i = 0; i < 129'000; i++) pair.clock();
  const double efficiency = static_cast<double>(pair.delivered_words() - before) / 129'000;
  std::printf("  128 words a flit, one way: %.2f %% of the words are payload\n", 100 * efficiency);
  EXPECT_NEAR(efficiency, 128.0 / 129, 0.001);
}

// A small window of long flits waits for acknowledgements: those come more often then.
TEST(LinkPair, EfficiencyOfASmallWindow) {
  Pair pair({.configuration = small, .min_words = 9});
  for (unsigned i = 0; i < 100'000; i++) pair.clock();
  const double efficiency = static_cast<double>(pair.delivered_words()) / 2e5;
  std::printf("  9 words a flit, window of 4: %.2f %% of the words are payload\n", 100 * efficiency);
  EXPECT_GE(efficiency, 0.75);
}

// Payload words over words of the wire, both directions saturated, acknowledgements and credits included.
TEST_P(Efficiency, OfFlitsOfOneLength) {
  const auto [words, asked] = GetParam();
  for (const unsigned latency : {4U, 24U}) {
    Pair pair({.configuration = full, .latency = latency, .min_words = words, .max_words = words});
    for (unsigned i = 0; i < 2000; i++) pair.clock();
    const std::uint64_t before = pair.delivered_words();
    constexpr unsigned clocks = 100'000;
    for (unsigned i = 0; i < clocks; i++) pair.clock();
    const double efficiency = static_cast<double>(pair.delivered_words() - before) / (2.0 * clocks);
    std::printf("  %3u words a flit, %2u clocks of latency: %.2f %% of the words are payload\n", words, latency,
                100 * efficiency);
    EXPECT_GE(efficiency, asked);
  }
}

INSTANTIATE_TEST_SUITE_P(Link, Efficiency,
                         testing::Values(std::pair{1U, 0.45}, std::pair{8U, 0.87}, std::pair{9U, 0.88},
                                         std::pair{128U, 0.98}, std::pair{129U, 0.98}),
                         [](const auto& info) { return std::to_string(info.param.first) + "_words"; });

// Every word of the first ones corrupted, and every two of them: first resyncs, nacks, acknowledgements, replays, on
// both sides. Whatever is hit, all is delivered within two timeouts and what the words themselves take.
TEST(LinkPair, AnyTwoWordsMayBeLost) {
  constexpr unsigned words = 36, timeout = 300;
  std::uint64_t longest = 0, runs = 0;
  const auto run = [&](std::vector<unsigned> corrupted) {
    Settings settings{
        .configuration = small, .latency = 6, .max_words = 3, .nack_interval = 16, .replay_timeout = timeout};
    for (const unsigned word : corrupted) settings.corrupt[word % 2].push_back(word / 2);
    Pair pair(settings);
    for (unsigned i = 0; i < 100; i++) pair.clock();
    try {
      pair.drain(20 * timeout);
    } catch (const Broken& broken) {
      FAIL() << broken.what() << " with words " << testing::PrintToString(corrupted)
             << " corrupted (twice the number, plus the end)";
    }
    longest = std::max(longest, pair.clocks());
    runs++;
    EXPECT_EQ(pair.trainings, 1U);
  };
  for (unsigned a = 0; a < 2 * words && !HasFailure(); a++) {
    run({a});
    for (unsigned b = a + 1; b < 2 * words && !HasFailure(); b++) run({a, b});
  }
  std::printf("  %llu runs, the longest %llu clocks\n", static_cast<unsigned long long>(runs),
              static_cast<unsigned long long>(longest));
  EXPECT_LE(longest, 2 * timeout + 300U);
}

// Channels take turns flit by flit, however long the flits of one are.
TEST(LinkPair, NoChannelStarves) {
  for (const auto& [zero, one] : {std::pair{129U, 1U}, std::pair{1U, 129U}, std::pair{4U, 4U}}) {
    Pair pair({.configuration = full, .words = {zero, one}});
    for (unsigned i = 0; i < 30'000; i++) pair.clock();
    EXPECT_NEAR(static_cast<double>(pair.delivered_on[0]) / static_cast<double>(pair.delivered_on[1]), 1.0, 0.05)
        << zero << " and " << one << " words";
  }
}

// A client that never reads one channel stops that channel alone.
TEST(LinkPair, ABlockedChannelBlocksNoOther) {
  for (unsigned channel = 0; channel < 2; channel++) {
    Pair pair({.configuration = full, .max_words = 16});
    pair.blocked[0] = pair.blocked[1] = 1U << channel;
    for (unsigned i = 0; i < 20'000; i++) pair.clock();
    const std::uint64_t before = pair.delivered_words();
    for (unsigned i = 0; i < 20'000; i++) pair.clock();
    EXPECT_GT(pair.delivered_words() - before, 2 * 20'000 * 0.85);
    EXPECT_EQ(pair.count(overflow), 0U);
    pair.blocked[0] = pair.blocked[1] = 0;
    pair.drain();
  }
}

}  // namespace
}  // namespace link_core

// SPDX-License-Identifier: Apache-2.0
// hilbert board and hilbert link as a user runs them: exit codes, messages, figures.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/shell.hpp"
#include "support/temporary_board.hpp"

namespace hilbert {
namespace {

using test::Outcome, test::run_hilbert;

TEST(BoardCli, ShowsAGoodBoard) {
  const Outcome shown = run_hilbert("board show " BOARDS "/2x2.json");
  EXPECT_EQ(shown.code, 0) << shown.out;
  EXPECT_NE(shown.out.find("[ 0, 1]====[ 1, 1]\n   |          |\n[ 0, 0]====[ 1, 0]\n"), std::string::npos)
      << shown.out;
  EXPECT_NE(shown.out.find("as its file says"), std::string::npos);
}

TEST(BoardCli, ShowsWhatIsWrongAndExitsWith1) {
  const TemporaryBoard file(R"(, "faults": {"unplugged": [[[0, 0], [0, 1]]]})");
  const Outcome shown = run_hilbert("board show " + file.path());
  EXPECT_EQ(shown.code, 1);
  EXPECT_NE(shown.out.find("[ 0, 1]====[ 1, 1]\n   x          |\n[ 0, 0]====[ 1, 0]\n"), std::string::npos)
      << shown.out;
  EXPECT_NE(shown.out.find("missing: chip 0 (0, 0) north does not reach chip 2 (0, 1) south: down, no partner"),
            std::string::npos)
      << shown.out;
  EXPECT_EQ(run_hilbert("link status --device " + file.uri()).code, 1);
}

TEST(BoardCli, WritesJsonAndAPageThatNeedsNothing) {
  const std::string page = std::string(std::filesystem::temp_directory_path()) + "/hilbert-board-page.html";
  const Outcome shown = run_hilbert("board show " BOARDS "/2x2.json --json --traffic 2 --html " + page, false);
  EXPECT_EQ(shown.code, 0);
  const auto json = nlohmann::json::parse(shown.out);
  EXPECT_EQ(json["links"].size(), 4u);
  EXPECT_EQ(json["problems"].size(), 0u);
  std::uint64_t words = 0;
  for (const auto& link : json["links"]) {
    words += link["ends"][0]["tx_words"].get<std::uint64_t>();
    EXPECT_EQ(link["ends"][0]["tx_words"], link["ends"][1]["rx_words"]);
  }
  EXPECT_GT(words, 0u);
  std::stringstream html;
  html << std::ifstream(page).rdbuf();
  EXPECT_NE(html.str().find("4 of 4"), std::string::npos);
  EXPECT_EQ(html.str().find("src="), std::string::npos);
  EXPECT_EQ(html.str().find("href="), std::string::npos);
  std::filesystem::remove(page);
}

TEST(BoardCli, RefusesBadFilesAndWords) {
  const TemporaryBoard file(R"(, "wires": {"latency": 0})");
  const Outcome refused = run_hilbert("board show " + file.path());
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.out.find("at /wires/latency: 0 does not belong here"), std::string::npos) << refused.out;
  EXPECT_EQ(run_hilbert("board shwo " BOARDS "/1.json").code, 2);
  EXPECT_EQ(run_hilbert("board show /no/such.json").code, 2);
  EXPECT_EQ(run_hilbert("link stres --device board:" BOARDS "/1.json").code, 2);
  EXPECT_EQ(run_hilbert("link status --device sim:4x8x2").code, 2);
  EXPECT_EQ(run_hilbert("link bert --device board:" BOARDS "/1.json --max-ber 2").code, 2);
}

TEST(BoardCli, TheBitErrorRateTestFindsTheRateOfTheWires) {
  constexpr double rate = 1e-4;
  const TemporaryBoard file(R"(, "wires": {"bit_error_rate": 1e-4})");
  const Outcome measured = run_hilbert("link bert --json --clocks 30000 --max-ber 1e-3 --device " + file.uri(), false);
  EXPECT_EQ(measured.code, 0);
  double bits = 0, errors = 0;
  for (const auto& lane : nlohmann::json::parse(measured.out)) {
    bits += lane["bits"].get<double>();
    errors += lane["errors"].get<double>();
    EXPECT_EQ(lane["verdict"], "within");
    EXPECT_LT(lane["rate_lower"].get<double>(), lane["errors"].get<double>() / lane["bits"].get<double>());
    EXPECT_GT(lane["rate_upper"].get<double>(), lane["errors"].get<double>() / lane["bits"].get<double>());
  }
  EXPECT_GT(bits, 16 * 30000 * 8 * 0.99);
  EXPECT_NEAR(errors, bits * rate, 5 * std::sqrt(bits * rate));
  const Outcome bad = run_hilbert("link bert --clocks 30000 --device " + file.uri());  // by default too
  EXPECT_EQ(bad.code, 1);
  EXPECT_NE(bad.out.find("too many errors"), std::string::npos) << bad.out;
  EXPECT_NE(bad.out.find("0 of 8 lanes have a rate of at most 1e-05"), std::string::npos) << bad.out;
}

TEST(BoardCli, ABitErrorRateTestPassesOnEvidenceAlone) {
  const std::string device = " --device board:" BOARDS "/2x2.json";
  const Outcome short_one = run_hilbert("link bert --clocks 1021 --max-ber 1e-12" + device);
  EXPECT_EQ(short_one.code, 1) << "16,336 bits and no error once passed";
  // -ln 0.05 / 1e-12 / 16
  EXPECT_NE(short_one.out.find("too short: 1872332"), std::string::npos) << short_one.out;
  EXPECT_EQ(run_hilbert("link bert --clocks 1000 --max-ber 2e-4" + device).code, 0);
  EXPECT_EQ(run_hilbert("link bert --clocks 1000 --max-ber 2e-4 --confidence 0.999" + device).code, 1);
  EXPECT_EQ(run_hilbert("link bert --clocks 30000" + device).code, 0) << "the default";
}

TEST(BoardCli, ALaneWithoutASequenceFailsTheBitErrorRateTest) {
  const TemporaryBoard file(R"(, "faults": {"unplugged": [[[0, 0], [1, 0]]]})");
  const Outcome text = run_hilbert("link bert --clocks 1000 --max-ber 1e-3 --device " + file.uri());
  EXPECT_EQ(text.code, 1);
  EXPECT_NE(text.out.find("the sequence is not heard"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("6 of 8 lanes"), std::string::npos) << text.out;
  const Outcome json = run_hilbert("link bert --json --clocks 1000 --max-ber 1e-3 --device " + file.uri(), false);
  std::size_t never = 0;
  for (const auto& lane : nlohmann::json::parse(json.out)) never += lane["verdict"] == "never in step" ? 1 : 0;
  EXPECT_EQ(never, 2u);
}

/// With one cable out traffic goes where routing leads, and everything is shown.
TEST(BoardCli, ABrokenBoardIsShownWithItsTraffic) {
  const TemporaryBoard file(R"(, "faults": {"unplugged": [[[0, 0], [0, 1]]]})");
  for (const std::string& uri : {"'" + file.uri() + "'", "'board:" + file.path() + "?backend=model'"}) {
    const Outcome shown = run_hilbert("board show " + uri + " --traffic 2");
    EXPECT_EQ(shown.code, 1);
    EXPECT_NE(shown.out.find("[ 0, 1]====[ 1, 1]\n   x          |\n[ 0, 0]====[ 1, 0]\n"), std::string::npos)
        << shown.out;
    // (0, 0) and (0, 1) do not reach each other, nor what lies behind: (1, 0) to (0, 1) and (1, 1) to (0, 0).
    EXPECT_NE(shown.out.find("of 12 ways from chip to chip 8 are whole"), std::string::npos) << shown.out;
    EXPECT_NE(shown.out.find("8 transfers"), std::string::npos) << shown.out;
    const Outcome stressed = run_hilbert("link stress --rounds 2 --device " + uri);
    EXPECT_EQ(stressed.code, 1);
    EXPECT_NE(stressed.out.find("8 transfers"), std::string::npos) << stressed.out;
    EXPECT_NE(stressed.out.find("down (no partner"), std::string::npos) << stressed.out;
    EXPECT_NE(stressed.out.find("missing: chip 0"), std::string::npos) << stressed.out;
  }
}

/// Two chips and no way between them: what is known comes before the error, in every form.
TEST(BoardCli, WhatIsKnownComesBeforeTheError) {
  const TemporaryBoard file(R"(, "faults": {"unplugged": [[[0, 0], [1, 0]]]})", 2, 1);
  const std::string page = std::string(std::filesystem::temp_directory_path()) + "/hilbert-broken-board.html";
  const Outcome shown = run_hilbert("board show --traffic 1 --html " + page + " " + file.path());
  EXPECT_EQ(shown.code, 1);
  EXPECT_LT(shown.out.find("[ 0, 0]=x= [ 1, 0]"), shown.out.find("no chip reaches another")) << shown.out;
  EXPECT_NE(shown.out.find("no chip reaches another"), std::string::npos) << shown.out;
  EXPECT_TRUE(std::filesystem::exists(page));
  std::filesystem::remove(page);
  const Outcome stressed = run_hilbert("link stress --device " + file.uri());
  EXPECT_EQ(stressed.code, 1);
  EXPECT_LT(stressed.out.find("(0, 0) east"), stressed.out.find("no chip reaches another")) << stressed.out;
}

/// Text, JSON and page of one command are of one look: on noisy wires counters change from clock to clock.
TEST(BoardCli, PageAndJsonAgree) {
  const TemporaryBoard file(R"(, "wires": {"bit_error_rate": 3e-4})");
  const std::string page = std::string(std::filesystem::temp_directory_path()) + "/hilbert-noisy-board.html";
  const Outcome shown = run_hilbert("board show --json --traffic 3 --html " + page + " " + file.path(), false);
  std::stringstream html;
  html << std::ifstream(page).rdbuf();
  std::filesystem::remove(page);
  const auto json = nlohmann::json::parse(shown.out);
  for (const auto& link : json["links"]) {
    const auto& a = link["ends"][0];
    const auto& b = link["ends"][1];
    const auto number = [](const nlohmann::json& n) { return std::to_string(n.get<std::uint64_t>()); };
    const std::string row =
        number(a["tx_words"]) + " / " + number(b["rx_words"]) + ", back " + number(b["tx_words"]) + " / " +
        number(a["rx_words"]) + "; " +
        std::to_string(a["crc_errors"].get<std::uint64_t>() + b["crc_errors"].get<std::uint64_t>()) + " CRC errors";
    EXPECT_NE(html.str().find(row), std::string::npos) << row;
  }
}

TEST(BoardCli, RefusesOptionsThatWouldDoNothing) {
  const std::string board = BOARDS "/2x2.json", device = " --device board:" BOARDS "/2x2.json";
  const auto refused = [](const std::string& arguments, const std::string& why) {
    const Outcome outcome = run_hilbert(arguments);
    EXPECT_EQ(outcome.code, 2) << arguments << outcome.out;
    EXPECT_NE(outcome.out.find(why), std::string::npos) << arguments << '\n' << outcome.out;
  };
  refused("board show '" + board + "?threads=2' --threads 3", "'threads' is given twice");
  refused("board show 'board:" + board + "?backend=model' --threads 3", "threads do nothing for reference models");
  refused("board show " + board + " --seed 3", "--seed has an effect only with --traffic");
  refused("link stress --rounds 0" + device, "--rounds: '0' is too small (1 to 1,000,000 rounds)");
  refused("link stress --rounds 2000000" + device, "1 to 1,000,000 rounds");
  refused("link stress --clocks 5" + device, "--clocks has an effect only with the action");
  refused("link stress --device board:" BOARDS "/1.json", "nobody to send to");
  refused("link bert --device board:" BOARDS "/1.json", "no links");
  refused("link bert --seed 5" + device, "--seed has an effect only with the action");
  refused("link status --max-ber 0.1" + device, "--max-ber has an effect only with the action");
  refused("link train --confidence 0.9" + device, "--confidence has an effect only with the action");
  refused("link bert --clocks 0" + device, "--clocks: '0' is too small");
  refused("link bert --clocks 18446744073709551615" + device, "1 to 1,000,000,000,000 clocks");
  refused("link bert --max-ber 0" + device, "--max-ber: '0' is too small (1e-30 to 1)");
  refused("link bert --confidence 1" + device, "0.5 to 0.999999999999");
  refused("train --jobs 2 --steps 1" + device, "--jobs");
}

/// Every action that can say it in JSON, on a good board and on one whose cable is out, says JSON before anything else.
TEST(BoardCli, JsonOfEveryAction) {
  for (const char* action : {"status", "stress --rounds 1", "train", "bert --clocks 2000"}) {
    const Outcome outcome = run_hilbert(std::string("link ") + action + " --json --device board:" BOARDS "/2x2.json");
    EXPECT_NE(outcome.code, 3) << action << outcome.out;
    ASSERT_FALSE(outcome.out.empty()) << action;
    EXPECT_TRUE(outcome.out.front() == '{' || outcome.out.front() == '[') << action << outcome.out;
    EXPECT_EQ(outcome.out.find("exception"), std::string::npos) << action << outcome.out;
  }
}

TEST(BoardCli, AUriMayHaveItsThreads) {
  EXPECT_EQ(run_hilbert("board show 'board:" BOARDS "/2x2.json?threads=2'").code, 0);
  EXPECT_EQ(run_hilbert("board show '" BOARDS "/2x2.json?threads=2'").code, 0);
  EXPECT_EQ(run_hilbert("board show " BOARDS "/2x2.json --threads 2").code, 0);
}

TEST(BoardCli, LongWiresAreTrainedWithoutAnOption) {
  const TemporaryBoard file(R"(, "wires": {"latency": 40000})", 2, 1);
  const Outcome trained = run_hilbert("link train --json --device " + file.uri(), false);
  EXPECT_EQ(trained.code, 0) << trained.out;
  EXPECT_GT(nlohmann::json::parse(trained.out)[0]["clocks"].get<unsigned>(), 3 * 40'000u);
}

TEST(BoardCli, BoardsOfModelsHaveNoWires) {
  const std::string uri = "'board:" BOARDS "/2x2.json?backend=model'";
  const Outcome shown = run_hilbert("board show " + uri + " --traffic 3");
  EXPECT_EQ(shown.code, 0) << shown.out;
  EXPECT_NE(shown.out.find("as its file says"), std::string::npos) << shown.out;
  EXPECT_EQ(run_hilbert("link status --device " + uri).code, 0);
  EXPECT_EQ(run_hilbert("link stress --device " + uri).code, 0);
  for (const char* action : {"bert", "train"}) {
    const Outcome refused = run_hilbert(std::string("link ") + action + " --device " + uri);
    EXPECT_EQ(refused.code, 2);
    EXPECT_NE(refused.out.find("no wires and no clocks"), std::string::npos) << refused.out;
  }
  EXPECT_EQ(run_hilbert("board show 'board:" BOARDS "/2x2.json?backend=fpga'").code, 2);
}

TEST(BoardCli, TrainsAndStresses) {
  const Outcome trained = run_hilbert("link train --json --device board:" BOARDS "/2x2.json", false);
  EXPECT_EQ(trained.code, 0);
  for (const auto& link : nlohmann::json::parse(trained.out)) EXPECT_LT(link["clocks"].get<unsigned>(), 3000u);
  const Outcome stressed = run_hilbert("link stress --rounds 5 --seed 3 --device board:" BOARDS "/2x2.json");
  EXPECT_EQ(stressed.code, 0);
  EXPECT_NE(stressed.out.find("20 transfers"), std::string::npos) << stressed.out;
}

}  // namespace
}  // namespace hilbert

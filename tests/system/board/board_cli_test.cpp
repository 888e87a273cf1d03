// SPDX-License-Identifier: Apache-2.0
// hilbert board and hilbert link as a user runs them: exit codes, messages, figures.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "command.hpp"
#include "temporary_board.hpp"

namespace hilbert {
namespace {

TEST(BoardCli, ShowsAGoodBoard) {
  const Outcome shown = run_hilbert("board show " BOARDS "/2x2.json");
  EXPECT_EQ(shown.code, 0) << shown.text;
  EXPECT_NE(shown.text.find("[ 0, 1]====[ 1, 1]\n   |          |\n[ 0, 0]====[ 1, 0]\n"), std::string::npos)
      << shown.text;
  EXPECT_NE(shown.text.find("as its file says"), std::string::npos);
}

TEST(BoardCli, ShowsWhatIsWrongAndExitsWith1) {
  const TemporaryBoard file(R"(, "faults": {"unplugged": [[[0, 0], [0, 1]]]})");
  const Outcome shown = run_hilbert("board show " + file.path());
  EXPECT_EQ(shown.code, 1);
  EXPECT_NE(shown.text.find("[ 0, 1]====[ 1, 1]\n   x          |\n[ 0, 0]====[ 1, 0]\n"), std::string::npos)
      << shown.text;
  EXPECT_NE(shown.text.find("missing: chip 0 (0, 0) north does not reach chip 2 (0, 1) south: down, no partner"),
            std::string::npos)
      << shown.text;
  EXPECT_EQ(run_hilbert("link status --device " + file.uri()).code, 1);
}

TEST(BoardCli, WritesJsonAndAPageThatNeedsNothing) {
  const std::string page = std::string(std::filesystem::temp_directory_path()) + "/hilbert-board-page.html";
  const Outcome shown = run_hilbert("board show " BOARDS "/2x2.json --json --traffic 2 --html " + page, false);
  EXPECT_EQ(shown.code, 0);
  const auto json = nlohmann::json::parse(shown.text);
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
  EXPECT_NE(refused.text.find("at /wires/latency: 0 does not belong here"), std::string::npos) << refused.text;
  EXPECT_EQ(run_hilbert("board shwo " BOARDS "/1.json").code, 2);
  EXPECT_EQ(run_hilbert("board show /no/such.json").code, 2);
  EXPECT_EQ(run_hilbert("link stres --device board:" BOARDS "/1.json").code, 2);
  EXPECT_EQ(run_hilbert("link status --device sim:4x8x2").code, 2);
  EXPECT_EQ(run_hilbert("link bert --device board:" BOARDS "/1.json --max-ber 2").code, 2);
}

TEST(BoardCli, TheBitErrorRateTestFindsTheRateOfTheWires) {
  constexpr double rate = 1e-4;
  const TemporaryBoard file(R"(, "wires": {"bit_error_rate": 1e-4})");
  const Outcome measured = run_hilbert("link bert --json --clocks 30000 --device " + file.uri(), false);
  EXPECT_EQ(measured.code, 0);
  double bits = 0, errors = 0;
  for (const auto& lane : nlohmann::json::parse(measured.text)) {
    bits += lane["bits"].get<double>();
    errors += lane["errors"].get<double>();
  }
  EXPECT_GT(bits, 16 * 30000 * 8 * 0.99);
  EXPECT_NEAR(errors, bits * rate, 5 * std::sqrt(bits * rate));
  EXPECT_EQ(run_hilbert("link bert --clocks 5000 --max-ber 1e-6 --device " + file.uri()).code, 1);
}

TEST(BoardCli, BoardsOfModelsHaveNoWires) {
  const std::string uri = "'board:" BOARDS "/2x2.json?backend=model'";
  const Outcome shown = run_hilbert("board show " + uri + " --traffic 3");
  EXPECT_EQ(shown.code, 0) << shown.text;
  EXPECT_NE(shown.text.find("as its file says"), std::string::npos) << shown.text;
  EXPECT_EQ(run_hilbert("link status --device " + uri).code, 0);
  EXPECT_EQ(run_hilbert("link stress --device " + uri).code, 0);
  for (const char* action : {"bert", "train"}) {
    const Outcome refused = run_hilbert(std::string("link ") + action + " --device " + uri);
    EXPECT_EQ(refused.code, 2);
    EXPECT_NE(refused.text.find("no wires and no clocks"), std::string::npos) << refused.text;
  }
  EXPECT_EQ(run_hilbert("board show 'board:" BOARDS "/2x2.json?backend=fpga'").code, 2);
}

TEST(BoardCli, TrainsAndStresses) {
  const Outcome trained = run_hilbert("link train --json --device board:" BOARDS "/2x2.json", false);
  EXPECT_EQ(trained.code, 0);
  for (const auto& link : nlohmann::json::parse(trained.text)) EXPECT_LT(link["clocks"].get<unsigned>(), 3000u);
  const Outcome stressed = run_hilbert("link stress --rounds 5 --seed 3 --device board:" BOARDS "/2x2.json");
  EXPECT_EQ(stressed.code, 0);
  EXPECT_NE(stressed.text.find("20 transfers"), std::string::npos) << stressed.text;
}

}  // namespace
}  // namespace hilbert

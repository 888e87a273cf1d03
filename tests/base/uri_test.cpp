// SPDX-License-Identifier: Apache-2.0
// URIs as text: parts, and the same text from the parts.
#include <gtest/gtest.h>

#include <array>
#include <hilbert/uri.hpp>
#include <support/errors.hpp>

#include "support/random.hpp"

namespace hilbert {
namespace {

constexpr std::array<std::string_view, 3> known{"baud", "chip", "parity"};

std::vector<UriParameter> parameters(std::string_view text) {
  return uri_parameters(*parse_uri(text), known, "here", "there are baud, chip and parity");
}

TEST(Uri, HasThreeParts) {
  EXPECT_EQ(parse_uri("model:full"), (Uri{"model", "full", std::nullopt}));
  EXPECT_EQ(parse_uri("model:"), (Uri{"model", "", std::nullopt}));
  EXPECT_EQ(parse_uri(":"), (Uri{"", "", std::nullopt}));
  EXPECT_EQ(parse_uri("serial:/dev/ttyUSB1?baud=3000000"), (Uri{"serial", "/dev/ttyUSB1", "baud=3000000"}));
  EXPECT_EQ(parse_uri("tcp:lab.example:7000"), (Uri{"tcp", "lab.example:7000", std::nullopt}));
  EXPECT_EQ(parse_uri("tcp:[::1]:7000?chip=full"), (Uri{"tcp", "[::1]:7000", "chip=full"}));
  EXPECT_EQ(parse_uri("sim:full?"), (Uri{"sim", "full", ""}));
  EXPECT_EQ(parse_uri("board:what?/b.json?threads=2"), (Uri{"board", "what?/b.json", "threads=2"}));
  EXPECT_EQ(parse_uri("full"), std::nullopt);
  EXPECT_EQ(parse_uri(""), std::nullopt);
}

TEST(Uri, IsTheSameTextAgain) {
  Random random(seed_of(7));
  constexpr std::string_view letters = "a:?&=/.%\\ \n\x80";
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto n = random() % 12; n > 0; --n) text += letters[random() % letters.size()];
    const auto uri = parse_uri(text);
    ASSERT_EQ(uri.has_value(), text.find(':') != std::string::npos) << text;
    if (!uri) continue;
    ASSERT_EQ(to_string(*uri), text);
    ASSERT_EQ(parse_uri(to_string(*uri)), uri) << text;
    ASSERT_EQ(uri->scheme.find(':'), std::string::npos) << text;
    if (uri->parameters) {
      ASSERT_EQ(uri->parameters->find('?'), std::string::npos) << text;
    }
  }
}

TEST(Uri, ParametersComeInTheirOrder) {
  EXPECT_EQ(parameters("s:x"), std::vector<UriParameter>{});
  EXPECT_EQ(parameters("s:x?parity=even&baud=9600"), (std::vector<UriParameter>{{"parity", "even"}, {"baud", "9600"}}));
  EXPECT_EQ(parameters("s:x?baud="), (std::vector<UriParameter>{{"baud", ""}})) << "for the scheme to refuse";
  EXPECT_EQ(parameters("s:x?chip=a=b:c"), (std::vector<UriParameter>{{"chip", "a=b:c"}}));
}

TEST(Uri, BadParametersAreRefusedByName) {
  const auto refused = [](std::string_view text, std::string_view piece) {
    expect_error(ExitCode::bad_input, piece, [&] { (void)parameters(text); });
    expect_error(ExitCode::bad_input, "here: ", [&] { (void)parameters(text); });
    expect_error(ExitCode::bad_input, "(there are baud, chip and parity)", [&] { (void)parameters(text); });
  };
  refused("s:x?", "nothing after '?'");
  refused("s:x?baud=1&", "an empty parameter");
  refused("s:x?&baud=1", "an empty parameter");
  refused("s:x?buad=1", "unknown parameter 'buad', did you mean 'baud'?");
  refused("s:x?BAUD=1", "unknown parameter 'BAUD'");
  refused("s:x?baud", "no value for 'baud'");
  refused("s:x?=1", "unknown parameter ''");
  refused("s:x?baud=1&chip=2&baud=1", "'baud' is given twice");
}

}  // namespace
}  // namespace hilbert

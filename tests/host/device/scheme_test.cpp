// SPDX-License-Identifier: Apache-2.0
// The table of schemes: each row is whole, is found, refuses what it does not read, and names devices that open again.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <hilbert/uri.hpp>
#include <set>
#include <support/errors.hpp>

#include "device/configurations.hpp"
#include "device/scheme.hpp"

namespace hilbert {
namespace {

using device::Scheme;
using device::schemes;

TEST(Schemes, HaveTheirNamesFirst) {
  std::set<std::string_view> names;
  for (const Scheme* scheme : schemes()) {
    EXPECT_TRUE(names.insert(scheme->name).second) << scheme->name << " twice";
    const std::string prefix = std::string(scheme->name) + ':';
    EXPECT_TRUE(scheme->usage.starts_with(prefix)) << scheme->usage;
    EXPECT_TRUE(scheme->example.starts_with(prefix)) << scheme->example;
    EXPECT_FALSE(scheme->about.empty() || scheme->kind.empty()) << scheme->name;
    EXPECT_EQ(scheme->about.find('\n'), std::string_view::npos) << "a help line is a line";
    EXPECT_FALSE(scheme->parameter_help.empty()) << scheme->name << ": which, or why none";
    EXPECT_EQ(&device::scheme_of(prefix + "whatever"), scheme);
  }
  EXPECT_TRUE(names.contains("model") && names.contains("sim") && names.contains("board"));
}

TEST(Schemes, UsageShowsEveryParameter) {
  for (const Scheme* scheme : schemes()) {
    for (const std::string_view key : scheme->parameters) {
      EXPECT_NE(scheme->usage.find(std::string(key) + '='), std::string_view::npos) << scheme->name << ' ' << key;
      EXPECT_NE(scheme->parameter_help.find(std::string(key) + '='), std::string_view::npos)
          << scheme->name << ' ' << key;
    }
  }
}

TEST(Schemes, ExamplesAreOfTheirScheme) {
  for (const Scheme* scheme : schemes()) {
    const auto uri = parse_uri(scheme->example);
    ASSERT_TRUE(uri) << scheme->example;
    EXPECT_NO_THROW((void)device::read_parameters(*scheme, *uri, "")) << scheme->example;
  }
}

TEST(Schemes, WhatIsAtHandOpensAndCallsItselfSo) {
  std::set<std::string> listed;
  for (const std::string& uri : available_devices()) listed.insert(uri);
  for (const Scheme* scheme : schemes()) {
    const Abilities can = scheme->can();
    const auto texts = scheme->at_hand();
    if (can.board || can.remote) continue;
    if (scheme->name == "model") {
      EXPECT_EQ(texts.size(), device::configurations().size());
    }
    for (const std::string& text : texts) {
      const std::string uri = std::string(scheme->name) + ':' + text;
      EXPECT_TRUE(listed.contains(uri)) << uri << " is not in the conformance suite";
      const Capabilities known = open_device(uri)->capabilities();
      EXPECT_EQ(known.uri, uri);
      EXPECT_TRUE(known.description.starts_with(scheme->kind)) << known.description;
      EXPECT_EQ(known.can.time, can.time) << "the row says what the device says";
      EXPECT_EQ(known.can.stalls, can.stalls);
      EXPECT_EQ(known.can.trace, can.trace);
      EXPECT_EQ(known.can.inject, can.inject);
      EXPECT_EQ(known.can.remote, can.remote);
    }
  }
}

TEST(Schemes, ParametersThatAreNotReadAreRefused) {
  for (const Scheme* scheme : schemes()) {
    const std::string name(scheme->name), uri = name + ":full?nonsense=1";
    const std::string piece =
        scheme->parameters.empty() ? name + ": takes no parameters" : "unknown parameter 'nonsense'";
    expect_error(ExitCode::bad_input, piece, [&] { (void)open_device(uri); });
    expect_error(ExitCode::bad_input, std::string(scheme->parameter_help), [&] { (void)open_device(uri); });
    expect_error(ExitCode::bad_input, '\'' + uri + '\'', [&] { (void)open_device(uri); });
  }
}

TEST(Schemes, UnknownOnesAreRefusedWithTheNearest) {
  for (const auto& [uri, piece] : {std::pair{"modle:full", "unknown scheme 'modle', did you mean 'model'?"},
                                   {"boards:x", "unknown scheme 'boards', did you mean 'board'?"},
                                   {"Sim:full", "unknown scheme 'Sim', did you mean 'sim'?"},
                                   {"verilator:full", "unknown scheme 'verilator' (there are model:"},
                                   {":full", "unknown scheme ''"},
                                   {"model", "no ':' in it (a device is SCHEME:[CONFIG] with SCHEME model"}}) {
    expect_error(ExitCode::bad_input, piece, [&] { (void)open_device(uri); });
    expect_error(ExitCode::bad_input, piece, [&] { (void)abilities_of(uri); });
  }
}

TEST(Schemes, ABoardIsNotOneDevice) {
  EXPECT_TRUE(abilities_of("board:/none.json").board) << "nothing is opened to ask";
  EXPECT_FALSE(abilities_of("model:").board);
  expect_error(ExitCode::bad_input, "a board is not one device", [] { (void)open_device("board:boards/2x2.json"); });
}

TEST(Schemes, TellWhoCan) {
  EXPECT_EQ(device::schemes_that(&Abilities::board), "board:");
  EXPECT_EQ(to_words({.time = true, .remote = true}), (std::vector<std::string_view>{"time", "remote"}));
  EXPECT_EQ(to_words({}), std::vector<std::string_view>{});
  EXPECT_EQ(abilities_of("model:").time, false);
  EXPECT_EQ(abilities_of("model:").inject, true);
  EXPECT_EQ(device::schemes_that(&Abilities::inject).starts_with("model:"), true);
}

TEST(Schemes, OptionsThatADeviceCannotAreRefusedWithOnesThatCan) {
  expect_error(ExitCode::bad_input, "the reference model has no waveform",
               [] { (void)open_device("model:", {.trace_path = "x.fst"}); });
  EXPECT_FALSE(std::ifstream("x.fst").is_open());
  if (device::schemes_that(&Abilities::stalls).empty()) GTEST_SKIP() << "no scheme of this build stalls";
  expect_error(ExitCode::bad_input, "no host port that could stall (open a sim:", [] {
    (void)open_device("model:", {.stall_probability = 0.1});
  });
}

/// Whatever a URI of the model leaves open, its completed form opens the same chip and is complete.
TEST(Schemes, CompletedUrisAreFixedPoints) {
  for (const device::Configuration& c : device::configurations()) {
    const std::string base = "model:" + std::string(c.name);
    for (const char* parameters : {"", "?banks=2", "?bank_bytes=8192", "?controller_bytes=4096", "?links=0", "?links=4",
                                   "?banks=4&controller_bytes=65536"}) {
      const Capabilities first = open_device(base + parameters)->capabilities();
      const Capabilities second = open_device(first.uri)->capabilities();
      EXPECT_EQ(second.geometry, first.geometry) << base << parameters << " calls itself " << first.uri;
      EXPECT_EQ(second.controller_bytes, first.controller_bytes) << first.uri;
      EXPECT_EQ(second.uri, first.uri);
    }
  }
}

}  // namespace
}  // namespace hilbert

// SPDX-License-Identifier: Apache-2.0
// Reading numbers: what is one, what is not, and what is said about it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <hilbert/number.hpp>
#include <hilbert/suggestion.hpp>

namespace hilbert {
namespace {

template <class T>
std::string problem(std::string_view text, Range<T> range = {}) {
  T value = 77;
  const auto said = read_number(text, range, value);
  EXPECT_TRUE(!said || value == T{77}) << "a refused number changed its target";
  return said.value_or("");
}
template <class T>
T number(std::string_view text) {
  return parse_number<T>(text, {}, "test");
}

TEST(Number, WholeNumbers) {
  EXPECT_EQ(number<std::uint64_t>("0"), 0U);
  EXPECT_EQ(number<std::uint64_t>("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(number<std::uint32_t>("4294967295"), UINT32_MAX);
  EXPECT_EQ(number<std::uint32_t>("007"), 7U);  // not octal
  EXPECT_EQ(number<std::uint32_t>("010"), 10U);
  EXPECT_EQ(number<std::uint32_t>("0xfF"), 255U);
  EXPECT_EQ(number<std::uint64_t>("0XFFFFFFFFFFFFFFFF"), UINT64_MAX);
}

TEST(Number, WhatIsNoWholeNumber) {
  for (const char* text : {"",   " ",   "-",    "+1",  " 1",  "1 ",  "1\n",   "1.0",   "1e3",   "12abc",       "abc",
                           "0x", "0xg", "0x-1", "--1", "nan", "inf", "1,000", "1'000", "1_000", "\xEF\xBC\x91"}) {
    EXPECT_EQ(problem<std::uint64_t>(text), '\'' + std::string(text) + "' is no whole number");
  }
  EXPECT_EQ(problem<std::uint32_t>(std::string_view("1\0", 2)).find("is no whole number") == std::string::npos, false);
}

TEST(Number, SignsAndSizes) {
  EXPECT_EQ(problem<std::uint64_t>("-1"), "'-1' is too small");
  EXPECT_EQ(problem<std::uint64_t>("-0x1"), "'-0x1' is too small");
  EXPECT_EQ(problem<std::uint64_t>("18446744073709551616"), "'18446744073709551616' is too large");
  EXPECT_EQ(problem<std::uint32_t>("4294967296"), "'4294967296' is too large");
  EXPECT_EQ(problem<std::uint64_t>("-99999999999999999999999"), "'-99999999999999999999999' is too small");
  EXPECT_EQ(problem<std::uint32_t>("2", {3, 5}), "'2' is too small");
  EXPECT_EQ(problem<std::uint32_t>("3", {3, 5}), "");
  EXPECT_EQ(problem<std::uint32_t>("5", {3, 5}), "");
  EXPECT_EQ(problem<std::uint32_t>("6", {3, 5}), "'6' is too large");
}

TEST(Number, RealNumbers) {
  EXPECT_EQ(number<double>("0.1"), 0.1);
  EXPECT_EQ(number<double>("1e-6"), 1e-6);
  EXPECT_EQ(number<float>("0.006"), 0.006f);  // rounded once
  EXPECT_EQ(problem<double>("-0.5"), "'-0.5' is too small");
  EXPECT_EQ(problem<double>("2", {0, 1}), "'2' is too large");
  for (const char* text :
       {"", "nan", "-nan", "inf", "-inf", "infinity", "NaN", "+1", " 1", "1 ", "1,5", "0x1p3", "1e", "abc"}) {
    EXPECT_EQ(problem<double>(text), '\'' + std::string(text) + "' is no number");
  }
  for (const char* text : {"1e999", "1e-999"}) EXPECT_NE(problem<double>(text), "") << text;
  EXPECT_NE(problem<float>("1e99"), "");
}

TEST(Number, TheErrorSaysWhatWhereAndTheRange) {
  try {
    (void)parse_number("-1", Range<std::uint64_t>{1, 1'000'000, "clocks"}, "--clocks");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    EXPECT_STREQ(error.what(), "--clocks: '-1' is too small (1 to 1,000,000 clocks)");
  }
  EXPECT_EQ(to_string(Range<double>{0, 0.999}), "0 to 0.999");
  EXPECT_EQ(number_text(std::uint64_t{999}), "999");
  EXPECT_EQ(number_text(std::uint64_t{1000}), "1,000");
  EXPECT_EQ(number_text(UINT64_MAX), "18,446,744,073,709,551,615");
}

TEST(Number, Environment) {
  ::unsetenv("HILBERT_NUMBER_TEST");
  EXPECT_EQ(number_from_environment<std::uint64_t>("HILBERT_NUMBER_TEST", 3), 3U);
  ::setenv("HILBERT_NUMBER_TEST", "12", 1);
  EXPECT_EQ(number_from_environment<std::uint64_t>("HILBERT_NUMBER_TEST", 3), 12U);
  ::setenv("HILBERT_NUMBER_TEST", "-1", 1);
  EXPECT_THROW((void)number_from_environment<std::uint64_t>("HILBERT_NUMBER_TEST", 3), Error);
  ::setenv("HILBERT_NUMBER_TEST", "", 1);
  EXPECT_THROW((void)number_from_environment<std::uint64_t>("HILBERT_NUMBER_TEST", 3), Error);
}

TEST(Suggestion, TheNearestWordOrNone) {
  const std::vector<std::string> known{"full", "small", "4x8x2"};
  EXPECT_EQ(suggestion("ful", known), ", did you mean 'full'?");
  EXPECT_EQ(suggestion("smal1", known), ", did you mean 'small'?");
  EXPECT_EQ(suggestion("huge", known), "");
  EXPECT_EQ(suggestion("shwo", std::vector<std::string>{"show"}), ", did you mean 'show'?");
  EXPECT_EQ(word_distance("", "abc"), 3U);
  EXPECT_EQ(word_distance("abc", ""), 3U);
  EXPECT_EQ(word_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(word_distance("ca", "ac"), 1U);
  EXPECT_EQ(word_distance("bf61", "bf16"), 1U);
  EXPECT_EQ(word_distance("same", "same"), 0U);
  EXPECT_EQ(suggestion("", known), "");
  EXPECT_EQ(suggestion(std::string(100'000, 'x'), known), "");
  EXPECT_EQ(suggestion("x", std::vector<std::string>{}), "");
}

}  // namespace
}  // namespace hilbert

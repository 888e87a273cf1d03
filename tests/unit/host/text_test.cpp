// SPDX-License-Identifier: Apache-2.0
// Bytes as text: the examples of the Unicode Standard, and what XML, terminals and shells cannot take. Python's decoder
// judges all bytes in tests/system/cli/names_test.py.
#include "hilbert/text.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>

namespace hilbert {
namespace {

constexpr std::string_view bad = "\xEF\xBF\xBD";

std::string times(int n) {
  std::string text;
  while (n-- > 0) text += bad;
  return text;
}

TEST(Text, ValidTextStaysAsItIs) {
  for (const std::string_view text : {"", "plain \t\n", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x9B\xB0", "\xEF\xBF\xBD"}) {
    EXPECT_EQ(valid_text(text), text);
  }
}

/// The Unicode Standard 15, tables 3-8 to 3-11: how many U+FFFD stand for broken characters.
TEST(Text, BrokenCharactersAreReplacedAsUnicodeRecommends) {
  EXPECT_EQ(valid_text("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"), times(8) + "A");  // overlong
  EXPECT_EQ(valid_text("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"), times(8) + "A");  // surrogates
  EXPECT_EQ(valid_text("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"), times(5) + "A" + times(2) + "B");
  EXPECT_EQ(valid_text("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), times(4) + "A");  // cut short
  EXPECT_EQ(valid_text("x\xE2\x82"), std::string("x").append(times(1)));
}

TEST(Text, WhatXmlAndTerminalsCannotTakeIsReplaced) {
  EXPECT_EQ(valid_text(std::string_view("\0\x1B\r\x7F", 4)), times(4));
  EXPECT_EQ(valid_text("\xC2\x9B"), times(1));                      // C1: control sequence introducer
  EXPECT_EQ(valid_text("\xEF\xBF\xBE\xEF\xBF\xBF"), times(2));      // U+FFFE, U+FFFF
  EXPECT_EQ(valid_text("\xF0\x9F\xBF\xBF\xEF\xB7\x90"), times(2));  // U+1FFFF, U+FDD0
}

TEST(Text, PrintableIsOneLineAndTellsBytesApart) {
  EXPECT_EQ(printable("a\n\t\r\x1B[31m\xFF\xC2\x9B \xC3\xA9"), "a\\n\\t\\r\\x1b[31m\\xff\\xc2\\x9b \xC3\xA9");
  for (int b = 0; b < 256; ++b) {
    for (const char c : printable(std::string(1, static_cast<char>(b)))) EXPECT_TRUE(c >= 0x20 && c < 0x7F) << b;
  }
}

TEST(Text, PrintableShowsWhatTurnsOrBreaksALine) {
  EXPECT_EQ(printable("\xE2\x80\xAE"
                      "txt"),
            "\\xe2\\x80\\xaetxt");                          // right-to-left override
  EXPECT_EQ(printable("\xE2\x80\xA8"), "\\xe2\\x80\\xa8");  // line separator
  EXPECT_EQ(valid_text("\xE2\x80\xAE"), "\xE2\x80\xAE");
}

TEST(Text, LongTextIsCutBetweenCharacters) {
  EXPECT_EQ(printable("abc", 3), "abc");
  EXPECT_EQ(printable("abcd", 3), "abc...");
  EXPECT_EQ(printable("\xC3\xBC\xC3\xBC\xC3\xBC", 2), "\xC3\xBC\xC3\xBC...");
}

/// The shell's own reading is the judge.
TEST(Text, ShellsReadTheBytesBack) {
  std::string all;
  for (int b = 1; b < 256; ++b) all += static_cast<char>(b);
  for (const std::string& word : {std::string("plain/name.hbv"), std::string("it's a name"), std::string("$HOME *"),
                                  std::string("back\\slash\n7"),
                                  std::string("\xFF"
                                              "1"),
                                  std::string(), all}) {
    for (const char c : shell_quoted(word)) EXPECT_FALSE(static_cast<unsigned char>(c) < 0x20) << word;
    const std::string script = "bash -c \"printf %s \"'" + [&] {
      std::string quoted;  // once more, for the shell that popen starts
      for (const char c : shell_quoted(word)) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
      return quoted;
    }() + "'";
    std::FILE* shell = ::popen(script.c_str(), "r");
    ASSERT_NE(shell, nullptr);
    std::string got;
    std::array<char, 512> buffer{};
    for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), shell)) != 0;)
      got.append(buffer.data(), n);
    ::pclose(shell);
    EXPECT_EQ(got, word) << shell_quoted(word);
  }
}

TEST(Text, WhatIsCountedHasItsNumber) {
  EXPECT_EQ(counted(1, "job"), "1 job");
  EXPECT_EQ(counted(0, "job"), "0 jobs");
  EXPECT_EQ(counted(12, "retry"), "12 retries");
  EXPECT_EQ(counted(1, "retry"), "1 retry");
  EXPECT_EQ(counted(2, "array"), "2 arrays");
}

}  // namespace
}  // namespace hilbert

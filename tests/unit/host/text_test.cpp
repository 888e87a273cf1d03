// SPDX-License-Identifier: Apache-2.0
// Any bytes become text that does nothing to a terminal.
#include <hilbert/text.hpp>

#include <gtest/gtest.h>

#include <string>

namespace hilbert {
namespace {

TEST(Text, OrdinaryTextStaysAsItIs) {
  for (const char* text : {"", "board 4x8x2, (0, 1)",
                           "Br\xC3\xBC"
                           "cke",
                           "\xE6\xA9\x8B", "\xF0\x9F\x9B\xB0 orbit"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Text, WhatMovesATerminalIsShown) {
  EXPECT_EQ(printable("\x1b[2J\r\n\t\x7f"), "\\x1b[2J\\x0d\\x0a\\x09\\x7f");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            "\\u{9b}31m");  // CSI in one character
  EXPECT_EQ(printable("\xE2\x80\xAE"
                      "txt"),
            "\\u{202e}txt");                                               // right-to-left override
  EXPECT_EQ(printable("\xE2\x80\xA8\xEF\xBF\xBE"), "\\u{2028}\\u{fffe}");  // a line's end; no character
}

/// Overlong, cut short, surrogates, beyond the last character (Unicode, table 3-7).
TEST(Text, WhatIsNoUtf8IsShownByteByByte) {
  EXPECT_EQ(printable("\xFF\x80"), "\\xff\\x80");
  EXPECT_EQ(printable("\xC0\xAF"), "\\xc0\\xaf");
  EXPECT_EQ(printable("\xE0\x80\x80"), "\\xe0\\x80\\x80");
  EXPECT_EQ(printable("\xED\xA0\x80"), "\\xed\\xa0\\x80");
  EXPECT_EQ(printable("\xF4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
  EXPECT_EQ(printable("\xE6\xA9"), "\\xe6\\xa9");
  EXPECT_EQ(printable("\xE6"
                      "a"),
            "\\xe6a");
}

TEST(Text, LongTextIsCutBetweenCharacters) {
  EXPECT_EQ(printable("abc", 3), "abc");
  EXPECT_EQ(printable("abcd", 3), "abc...");
  EXPECT_EQ(printable("\xC3\xBC\xC3\xBC\xC3\xBC", 2), "\xC3\xBC\xC3\xBC...");
}

}  // namespace
}  // namespace hilbert

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/prose.py counts words and columns as a reader would, whatever Markdown is around them."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import prose  # noqa: E402


def found(text: str) -> list[str]:
    return [f"{finding.line}: {finding.what}" for finding in prose.judge(text)]


def sentence(count: int) -> str:
    """`count` words, short enough for one line of 120 columns."""
    return "A" + " b" * (count - 1) + "."


class Sentences(unittest.TestCase):
    def test_the_bound(self):
        self.assertEqual(found(sentence(40)), [])
        self.assertIn("1: a sentence of 41 words", found(sentence(41))[0])

    def test_lines_of_one_paragraph_are_one_sentence(self):
        self.assertIn("1: a sentence of 60 words", found("\n".join(["word " * 20] * 3))[0])
        self.assertEqual(found("\n\n".join(["word " * 20] * 3)), [])

    def test_where_it_begins(self):
        self.assertIn("3: a sentence of 41 words", found("# Head\n\nShort. " + sentence(41))[0])
        self.assertIn("2: a sentence of 41 words", found("Short.\n" + sentence(41))[0])

    def test_only_full_stops_end_one(self):
        for end in (";", ":", ",", " -"):
            self.assertIn("41 words", found(sentence(20)[:-1] + end + " " + "b " * 21)[0], end)
        for end in ".?!":
            self.assertEqual(found(sentence(20)[:-1] + end + " " + sentence(21)), [], end)

    def test_dots_that_end_nothing(self):
        self.assertIn("41 words", found("Version 0.23 of e.g. a/b.md and `x. y` " + "b " * 34)[0])

    def test_code_is_one_word_and_a_link_is_what_it_shows(self):
        self.assertEqual(found("`one two three. Four five` " + "b " * 39), [])
        self.assertIn("41 words", found("[two words](with/an/address.md#of. Many) " + "b " * 39)[0])

    def test_signs_are_no_words(self):
        self.assertEqual(found("a + b - c " * 12), [])

    def test_items_and_cells_are_paragraphs(self):
        self.assertEqual(found("\n".join(["- " + "b " * 30] * 3)), [])
        self.assertEqual(found("| " + " | ".join(["b " * 30] * 3) + " |"), [])
        self.assertIn("2: a sentence of 41 words", found("| a |\n| " + "b " * 41 + " |")[0])
        self.assertIn("3: a sentence of 41 words", found("1. first\n   more\n2. " + "b " * 20 + "\n   " + "b " * 21)[0])

    def test_code_blocks_hold_none(self):
        self.assertEqual(found("```\n" + "b " * 50 + "\n```\n\n    " + "c " * 50), [])
        self.assertIn("5: a sentence of 41 words", found("```\nx\n```\n\n" + "b " * 41)[0])

    def test_made_pages_too(self):
        self.assertIn("41 words", found("# Map\n\nMade from map.toml.\n\n" + sentence(41))[0])


class Lines(unittest.TestCase):
    def test_the_bound(self):
        self.assertEqual(found("x" * 120), [])
        self.assertIn("1: a line of 121 columns", found("x" * 121)[0])
        self.assertIn("2: a line of 121 columns", found("```\n" + "x" * 121 + "\n```")[0])

    def test_addresses_of_links_do_not_count(self):
        self.assertEqual(found("[" + "x" * 100 + "](" + "y" * 100 + ")"), [])
        self.assertIn("a line of 122", found("[" + "x" * 120 + "](y)")[0])

    def test_a_row_is_judged_by_its_cells(self):
        self.assertEqual(found("| " + " | ".join(["x" * 119] * 3) + " |"), [])
        self.assertIn("1: a cell of 121 columns", found("| a | " + "x" * 121 + " | b |")[0])
        self.assertEqual(found("| `" + "x" * 118 + "` | **" + "y" * 120 + "** |"), [])
        self.assertEqual(found("| `" + "x\\|" * 50 + "` |"), [])

    def test_a_page_that_a_script_made(self):
        self.assertEqual(found("# Map\n\nMade from map.toml.\n\n" + "x" * 200), [])


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/figures.py makes tables of JSON, replaces sections and leaves others, and keeps a section whose command fails."""

import contextlib
import io
import json
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import figures  # noqa: E402


class Rendering(unittest.TestCase):
    def test_numbers(self):
        self.assertEqual(figures.number(1234567.0), "1,234,567")
        self.assertEqual(figures.number(98.4567), "98.46")
        self.assertEqual(figures.number(0.0), "0")
        self.assertEqual(figures.number({"median": 200.5, "low": 190.475, "high": 210.525}), "200.5 ± 5.0 %")

    def test_tables(self):
        sheet = {"tables": [{"title": "Link", "notes": ["one", "two"], "rows": [{"name": "4 lanes", "64 bytes": 87.5, "9 words": 3}]}]}
        self.assertEqual(figures.bench(json.dumps(sheet)),
                         "**Link**\n\n|  | 64 bytes | 9 words |\n|---|--:|--:|\n| 4 lanes | 87.5 | 3 |\n\n- one\n- two")

    def test_lines_that_must_be_there(self):
        self.assertEqual(figures.lines("runs")("a\n3 runs \nb"), "```\n3 runs\n```")
        self.assertRaises(figures.Failed, figures.lines("runs"), "nothing")

    def test_a_regression_that_failed_is_no_figure(self):
        good = {"device": "sim:full", "complete": True, "passed": 7, "skipped": 1, "failed": 0, "errors": 0, "seconds": 2.04}
        self.assertEqual(figures.regress(json.dumps(good)), "sim:full: 7 cases passed, 1 not promised for its shape, in 2.0 s.")
        for bad in ({"failed": 1}, {"errors": 1}, {"complete": False}):
            self.assertRaises(figures.Failed, figures.regress, json.dumps(good | bad))


class Page(unittest.TestCase):
    def run_script(self, page: pathlib.Path, *commands: figures.Command, name: str = "two") -> int:
        sections = [figures.Section("one", "First.", []), figures.Section("two", "Second.", list(commands))]
        said = io.StringIO()
        with mock.patch.object(figures, "SECTIONS", sections), mock.patch.object(sys, "argv", ["figures.py", "--out", str(page), name]), \
                contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            return figures.main()

    def test_sections_are_replaced_one_by_one(self):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "FIGURES.md"
            figures.write(page, {"by-hand": "Kept.", "two": "Old.", "one": "Left alone."})
            self.assertEqual(self.run_script(page, figures.Command("echo 5 runs", figures.lines("runs"))), 0)
            bodies = figures.read(page)
            self.assertEqual(list(bodies), ["one", "two", "by-hand"])
            self.assertEqual((bodies["one"], bodies["by-hand"]), ("Left alone.", "Kept."))
            self.assertIn("`echo 5 runs`\n\n```\n5 runs\n```\n\n*20", bodies["two"])

    def test_a_command_that_fails_changes_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "FIGURES.md"
            figures.write(page, {"two": "Old."})
            before = page.read_text(encoding="utf-8")
            for command in ("false", "echo nothing", "no-such-program-here"):
                self.assertEqual(self.run_script(page, figures.Command(command, figures.lines("runs"))), 1)
                self.assertEqual(page.read_text(encoding="utf-8"), before)

    def test_the_committed_page(self):
        known = {section.name for section in figures.SECTIONS}
        page = figures.read(figures.ROOT / "FIGURES.md")
        self.assertLessEqual(known, set(page), "a section of the table is not on the page")


if __name__ == "__main__":
    unittest.main()

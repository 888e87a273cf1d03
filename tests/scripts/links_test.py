#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/links.py finds what pages name and is not there."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import links  # noqa: E402


class Links(unittest.TestCase):
    def found(self, text: str, **pages: str) -> list[str]:
        """Of a page beside others, given by their names without .md."""
        with tempfile.TemporaryDirectory() as folder:
            for name, content in {"page": text, **pages}.items():
                (pathlib.Path(folder) / f"{name}.md").write_text(content, encoding="utf-8")
            return [f"{number}: {what}" for number, what in links.judge(pathlib.Path(folder) / "page.md", {"hilbert", "x_test"})]

    def test_links_to_files(self):
        self.assertEqual(self.found("[b](b.md), [here](.), [web](https://example.org/x)", b=""), [])
        self.assertIn("2: a link to c.md", self.found("x\n[c](c.md)")[0])

    def test_links_to_headings(self):
        heads = "# One: a `b` (c)\n\n## x-y, z\n\n```\n# no heading\n```\n"
        self.assertEqual(self.found("[1](b.md#one-a-b-c) [2](b.md#x-y-z) [3](#own)\n\n## Own", b=heads), [])
        self.assertIn("no such heading", self.found("[1](b.md#no-heading)", b=heads)[0])
        self.assertIn("page.md has no such heading", self.found("[1](#other)")[0])

    def test_paths_in_code(self):
        self.assertEqual(self.found("`scripts/links.py`, `host/cli`, `tests/*/x`, `rtl/a b`, `other/x.py`, `build/x`"), [])
        self.assertIn("3: `tests/none/x.cpp` is not there", self.found("a\n\n`tests/none/x.cpp`")[0])

    def test_programs(self):
        self.assertEqual(self.found("`bin/hilbert`, `build/release/bin/x_test`\n\n    x_test --gtest_filter=A.*\n"), [])
        self.assertIn("3: CMake makes no program y_test", self.found("a\n\n    y_test --gtest_filter=A.*\n")[0])
        self.assertIn("1: CMake makes no program old", self.found("`bin/old --runs 3`")[0])
        self.assertTrue({"hilbert", "hilbert_cli"} <= links.programs())

    def test_code_blocks_are_not_looked_at(self):
        self.assertEqual(self.found("```\n[c](c.md)\n```\n\n    `scripts/none.py`\n"), [])


if __name__ == "__main__":
    unittest.main()

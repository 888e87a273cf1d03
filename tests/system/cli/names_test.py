# SPDX-License-Identifier: Apache-2.0
"""Names of files with every byte in them: reports that Python's parsers read, and nothing on the terminal that it
would obey."""
import html.parser
import json
import os
import shutil
import subprocess
import sys
import unicodedata
import unittest
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "support"))
from program import HILBERT, Case, images  # noqa: E402

BOARD = os.environ["HILBERT_BOARD"]

# Every byte alone, and what decoders and parsers stumble over.
NAMES = [bytes([b]) for b in range(1, 256) if b != ord("/")] + [
    b"\xc3\xa9", b"\xe2\x82\xac", b"\xf0\x9f\x9b\xb0", b"\xef\xbf\xbd",             # valid
    b"\xc0\xaf", b"\xe0\x80\xaf", b"\xf0\x80\x80\xaf", b"\xed\xa0\x80", b"\xed\xb0\x80",  # overlong, surrogates
    b"\xf4\x90\x80\x80", b"\xe2\x82", b"\xf0\x9f\x9b", b"\xf8\x88\x80\x80\x80", b"\x80\xbf",
    b"\xef\xbf\xbe", b"\xef\xbf\xbf", b"\xf0\x9f\xbf\xbe", b"\xc2\x85", b"\xc2\x9b31m", b"\xe2\x80\xa8",
    b"\x1b[2J\x1b]0;title\x07", b"]]>", b"<!--", b"&amp;", b"a\nb\tc\rd", b"'\"\\", b"\xff\xfe<a>"]


def valid(name):
    """What a report shows of a name, by Python's decoder and Unicode's own tables."""
    def shown(c):
        if c in "\n\t":
            return c
        return "\ufffd" if unicodedata.category(c) == "Cc" or ord(c) & 0xfffe == 0xfffe else c
    return "".join(map(shown, name.decode("utf-8", "replace")))


class Text(html.parser.HTMLParser):
    """All text of a page."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text = ""

    def handle_data(self, data):
        self.text += data


class Names(Case):
    def test_regress(self):
        folder = os.fsencode(self.folder)
        files = [os.path.join(folder, b"x" + name + b".hbv") for name in NAMES]
        for name in files:
            with open(name, "wb") as file:
                file.write(b"no vectors")
        run = subprocess.run([HILBERT, "regress", *files, "--junit", b"\xff\x1b.xml", "--json", b"\xff\x1b.json"],
                             cwd=folder, capture_output=True, check=False)
        self.assertEqual(run.returncode, 2, run.stderr)
        with open(os.path.join(folder, b"\xff\x1b.json"), "rb") as file:
            cases = json.loads(file.read().decode("utf-8"))["cases"]
        suites = xml.etree.ElementTree.parse(os.path.join(folder, b"\xff\x1b.xml")).getroot()
        expected = [valid(name) for name in files]
        self.assertEqual([case["file"] for case in cases], expected)
        self.assertEqual([suite.get("name") for suite in suites], expected)
        self.assertEqual([suite.find("testcase").get("name") for suite in suites], expected)
        for suite, name in zip(suites, expected):
            self.assertIn(name, suite.find("testcase/error").text)
#Each complaint is a line that a terminal shows and does not obey.
        lines = run.stderr.decode("utf-8").rstrip("\n").split("\n")
        self.assertEqual(len(lines), len(files))
        for line in lines:
            self.assertFalse([c for c in line if unicodedata.category(c) == "Cc"], line)
        self.assertEqual(len(set(lines)), len(files), "names can be told apart")

    def test_train(self):
        images(self.folder / "data", count=60)
        for name in (b"b\xff\xfe", b"b\x1b[31m<&>", b"b\xef\xbf\xbf\xed\xa0\x80"):
            shutil.copy(BOARD, os.path.join(os.fsencode(self.folder), name))
            run = subprocess.run([HILBERT, "train", "--data", "data", "--steps", "2", "--hidden", "2", "--batch", "4",
                                  "--device", b"board:" + name + b"?backend=model", "--json", "j", "--html", "h"],
                                 cwd=self.folder, capture_output=True, check=False)
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertNotIn("\x1b", run.stdout.decode("utf-8"))
            self.assertIn(valid(name), json.loads((self.folder / "j").read_text("utf-8"))["run"]["device"])
            page = Text()
            page.feed((self.folder / "h").read_text("utf-8"))
            self.assertIn(valid(name), page.text)

    def test_messages(self):
        for words in ([b"\x1b[31m"], [b"gemm", b"--\x1b"], [b"gemm", b"--a", b"\x1b\n", b"--b", b"b", b"-f", b"bf16"],
                      [b"regress", b"\xff\x1b"], [b"info", b"-d", b"\x9b31m"], [b"firmware", b"run", b"\x1b"]):
            run = subprocess.run([HILBERT, *words], cwd=self.folder, capture_output=True, check=False)
            self.assertEqual(run.returncode, 2, run.stderr)
            text = run.stderr.decode("utf-8")
            self.assertEqual(text.count("\n"), 1, text)
            self.assertFalse([c for c in text[:-1] if unicodedata.category(c) == "Cc"], text)


if __name__ == "__main__":
    unittest.main()

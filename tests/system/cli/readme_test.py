# SPDX-License-Identifier: Apache-2.0
"""Every hilbert command line in a README names a command, an action and options that there are: --help says so.

Usage: readme_test.py HILBERT
"""
import functools
import re
import shlex
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
HILBERT = sys.argv.pop(1)
READMES = sorted(p for p in ROOT.rglob("*.md") if not {"build", ".git"} & set(p.relative_to(ROOT).parts))
RENAMED = re.findall(r'Renamed\{"([^"]*)", "([^"]*)", "[^"]*"\}', (ROOT / "base/include/hilbert/renamed.hpp").read_text())


@functools.cache
def help_of(*words):
    return subprocess.run([HILBERT, *words, "--help"], capture_output=True, text=True, check=False).stdout


def listed(text, title):
    """The first words of the lines below a title."""
    return re.findall(r"^  (\w+)  ", text.split(title + "\n")[1].split("\n\n")[0], re.M) if title in text else []


def code(text):
    """Indented lines, fenced ones, and what stands between backticks."""
    fenced = False
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            yield line.strip()
        else:
            yield from (piece.strip() for piece in re.findall(r"`([^`]+)`", line))


def command_lines(text):
    """What follows hilbert, up to what the shell takes."""
    for piece in code(text):
        found = re.match(r"(?:\$ )?(?:\S*/)?hilbert ([a-z-].*)$", piece)
        if not found:
            continue
        line = re.split(r"\s{2,}|\s#|\s[|>]|&&|;", found[1])[0]
        lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
        lexer.whitespace_split, lexer.commenters = True, ""
        yield piece, list(lexer)


def complaint(words):
    """What is wrong with a command line, or None."""
    if words[0] in ("--help", "--version", "COMMAND"):
        return None
    command = words[:1]
    if command[0] not in listed(help_of(), "Commands:"):
        return f"no command {command[0]}"
    actions = listed(help_of(*command), "Actions:")
    if "ACTION [options]" in help_of(*command).splitlines()[0] and words[1:] and words[1] != "--help":
        if not set(re.split(r"\|", words[1])) <= set(actions):
            return f"no action {words[1]}"
        if "|" in words[1]:
            return None
        command = words[:2]
    options = re.split(r"^Options:\n", help_of(*command), flags=re.M)[-1]
    known = set(re.findall(r"^  (?:(?:-\w \[ )?(--[\w-]+))", options, re.M)) | set(re.findall(r"^  (-\w) \[", options, re.M))
    for word in words[len(command):]:
        name = word.strip("[]").split("=")[0]
        if re.match(r"--?[a-z]", name) and name not in known | {"--help"}:
            return f"no option {name} of hilbert {' '.join(command)}"
    return None


class Readmes(unittest.TestCase):
    def test_command_lines_are_accepted(self):
        seen = 0
        for readme in READMES:
            for piece, words in command_lines(readme.read_text()):
                seen += 1
                with self.subTest(readme=str(readme.relative_to(ROOT)), line=piece):
                    self.assertIsNone(complaint(words))
        self.assertGreater(seen, 30)

    def test_no_old_option_is_told(self):
        known = {old for where, old in RENAMED if old.startswith("--")}
        self.assertGreaterEqual(len(known), 5)
        for readme in READMES:
            for piece in code(readme.read_text()):
                for word in re.findall(r"(?<![\w-])--[a-z][\w-]*", piece):
                    self.assertNotIn(word, known, f"{readme.relative_to(ROOT)}: {piece}")

    def test_this_test_sees_what_is_wrong(self):
        for line, piece in (("cpu run x", "no command cpu"), ("firmware rum x", "no action rum"), ("gemm --a A --direct", "no option --direct"),
                            ("firmware run x --max-cycles=5", "no option --max-cycles"), ("regress -q", "no option -q"),
                            ("vectors gen --sr-seed 5", "no option --sr-seed")):
            self.assertIn(piece, complaint(line.split()) or "", line)
        for line in ("gemm --a A -f bf16 --json r.json", "firmware run|step x", "link bert -d board:x --clocks 5", "regress -j 2 --path auto"):
            self.assertIsNone(complaint(line.split()), line)


if __name__ == "__main__":
    unittest.main()

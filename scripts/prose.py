#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Check the prose of Markdown files: sentences of at most 40 words, lines of at most 120 columns.

    scripts/prose.py [--figures] FILE...     for example: scripts/prose.py README.md rtl/README.md

What is counted. A sentence goes to its `.`, `?` or `!` with a space behind it, or to the end of its paragraph, list item or table
cell; `;` and `:` do not end one. A word has a letter or a digit in it; inline code is one word, a link is the words it shows.
Code blocks hold no sentences, but lines. A table's row cannot be broken, so there every cell counts as a line, as it is shown.
A link's address cannot be broken either, and does not make a line long. Pages that a script made, as their first lines say, are
judged by their sentences alone.

Prints FILE:LINE: and what is wrong, a line each. With --figures, instead, words a sentence and what is the longest, by file.
Exit code: 0 all good, 1 something is too long, 2 bad usage.
"""
import argparse
import pathlib
import re
import sys
from typing import Iterator

MOST_WORDS = 40
MOST_COLUMNS = 120

FENCE = re.compile(r"^\s*(```|~~~)")
BREAK = re.compile(r"^\s*(#{1,6}\s|[-*+]\s|\d+[.)]\s|>|<|$)")
BULLET = re.compile(r"^\s*(#{1,6}|[-*+]|\d+[.)]|>)\s+")
END = re.compile(r"[.?!][\"')*_]*(?=\s)(?!\s+[a-z])")
ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|cf|vs|No|al)\.)$")


def shown(text: str) -> str:
    """`text` as a reader sees it: links by their words, code as it stands without its marks, no emphasis."""
    parts = re.split(r"(`+)(.*?)\1", text)
    for i in range(0, len(parts), 3):
        part = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", parts[i])
        part = re.sub(r"</?[a-z][^>]*>", "", part)
        parts[i] = re.sub(r"\*\*|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)", "", part)
    return "".join(part for i, part in enumerate(parts) if i % 3 != 1)


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """(offset, sentence) of a paragraph, item or cell. Code and links are put aside as one word, so their dots end nothing."""
    def aside(match: re.Match) -> str:
        return "X" * len(match.group())
    plain = re.sub(r"(`+)(.*?)\1", aside, text, flags=re.DOTALL)
    plain = re.sub(r"(?<=\])\([^)]*\)", lambda m: " " * len(m.group()), plain)
    start = 0
    for end in END.finditer(plain):
        if ABBREVIATION.search(plain[start:end.start() + 1]):
            continue
        yield start, plain[start:end.end()]
        start = end.end()
    if plain[start:].strip():
        yield start, plain[start:]


def words(sentence: str) -> int:
    return sum(1 for word in sentence.split() if re.search(r"\w", word))


def cells(row: str) -> list[str]:
    """Cells of a table's row. A bar in code is written `\\|`."""
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


class Finding:
    def __init__(self, line: int, what: str):
        self.line, self.what = line, what


def paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """(line, text) of every paragraph, heading, list item and table cell; code blocks are none."""
    fenced = False
    start, lines = 0, []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if FENCE.match(line):
            fenced = not fenced
        code = fenced or FENCE.match(line) or (line.startswith("    ") and not lines)
        row = line.lstrip().startswith("|")
        if lines and (code or row or BREAK.match(line)):
            yield start, "\n".join(lines)
            lines = []
        if code or not line.strip():
            continue
        if row:
            for cell in cells(line):
                yield number, cell
            continue
        if not lines:
            start = number
            line = BULLET.sub("", line)
        lines.append(line)
        if re.match(r"\s*#", line):
            yield start, lines.pop()


def long_line(line: str) -> int:
    """Columns of a line that could be shorter, 0 of one that is short enough or cannot be broken."""
    if line.lstrip().startswith("|"):
        longest = max((len(shown(cell)) for cell in cells(line)), default=0)
        return longest if longest > MOST_COLUMNS else 0
    visible = re.sub(r"(?<=\])\([^)]*\)", "", line)
    visible = re.sub(r"^\s*<(img|source)\b.*", "", visible)
    return len(visible) if len(visible) > MOST_COLUMNS else 0


def judge(text: str) -> list[Finding]:
    """What is wrong with a file, in order of its lines."""
    found = []
    lines = text.split("\n")
    made = any(line.startswith("Made from ") for line in lines[:8])
    for number, line in enumerate([] if made else lines, 1):
        if columns := long_line(line):
            kind = "a cell" if line.lstrip().startswith("|") else "a line"
            found.append(Finding(number, f"{kind} of {columns} columns; {MOST_COLUMNS} at most"))
    for start, paragraph in paragraphs(text):
        for offset, sentence in sentences(paragraph):
            if (count := words(sentence)) > MOST_WORDS:
                begin = offset + len(sentence) - len(sentence.lstrip())
                excerpt = " ".join(paragraph[begin:begin + 200].split())[:60]
                found.append(Finding(start + paragraph.count("\n", 0, begin),
                                     f"a sentence of {count} words, {MOST_WORDS} at most: {excerpt}..."))
    return sorted(found, key=lambda finding: finding.line)


def figures(text: str) -> str:
    counts = sorted(words(s) for _, p in paragraphs(text) for _, s in sentences(p) if words(s) > 2)
    if not counts:
        return "no sentences"
    return f"{len(counts)} sentences, {sum(counts) / len(counts):.1f} words each, {counts[-1]} in the longest"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--figures", action="store_true", help="print words a sentence, by file, instead of judging")
    parser.add_argument("files", nargs="+", type=pathlib.Path, metavar="FILE")
    arguments = parser.parse_args()
    bad = False
    for file in arguments.files:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            print(f"prose.py: {file}: {error}", file=sys.stderr)
            return 2
        if arguments.figures:
            print(f"{file}: {figures(text)}")
            continue
        for finding in judge(text):
            print(f"{file}:{finding.line}: {finding.what}")
            bad = True
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

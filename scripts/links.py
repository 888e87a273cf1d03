#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Check that what Markdown files name exists: links to files and headings of this tree, paths in inline code, programs.

    scripts/links.py FILE...      for example: scripts/links.py README.md docs/timing.md

A path in inline code counts if it begins with a folder of the root and has neither characters of a pattern nor NAME in it. It is
looked for from the root, from the page's folder, and from where an #include is. build/ is not looked for. A program is `bin/X`, or
what `--gtest_filter` follows, in code of any kind; CMake must make it.
Prints FILE:LINE: and what leads nowhere, a line each. Exit code: 0 all good, 1 something is missing, 2 bad usage.
"""
import argparse
import pathlib
import re
import sys
from typing import Iterator

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROOTS = ("", "host", "host/include", "base/include", "vectors/include", "tb/include")
FOLDERS = ("base", "boards", "cmake", "docs", "findings", "firmware", "host", "rtl", "scripts", "tb", "tests", "vectors")
PATH = re.compile(r"[\w.+-]+(/[\w.+-]+)+/?")


def anchors(page: pathlib.Path) -> set[str]:
    """Headings of a page as GitHub names them."""
    found: set[str] = set()
    for _, line in prose(page.read_text(encoding="utf-8")):
        if heading := re.match(r"#{1,6}\s+(.*)", line):
            text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.group(1)).lower()
            found.add(re.sub(r"[^\w\- ]", "", text).strip().replace(" ", "-"))
    return found


def programs() -> set[str]:
    """What CMake makes."""
    made = {"hilbert"}
    for pattern in ("CMakeLists.txt", "*/CMakeLists.txt", "*/*/CMakeLists.txt", "*/*/*/CMakeLists.txt", "*/*/*/*/CMakeLists.txt"):
        for file in ROOT.glob(pattern):
            made |= set(re.findall(r"add_executable\((\w+)", file.read_text(encoding="utf-8")))
    return made


def exists(page: pathlib.Path, path: str) -> bool:
    return any((base / path).exists() for base in (page.parent, *(ROOT / root for root in ROOTS)))


def prose(text: str) -> Iterator[tuple[int, str]]:
    """(number, line) outside code blocks."""
    fenced = False
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and not line.startswith("    "):
            yield number, line


def judge(page: pathlib.Path, made: set[str]) -> list[tuple[int, str]]:
    """(line, what leads nowhere) of a page; `made` are the programs that there are."""
    found = []
    for number, line in prose(page.read_text(encoding="utf-8")):
        code = re.findall(r"`([^`]+)`", line)
        for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", line)):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            file = (page.parent / path) if path else page
            if not file.exists():
                found.append((number, f"a link to {target}: there is no {path}"))
            elif anchor and file.suffix == ".md" and anchor not in anchors(file):
                found.append((number, f"a link to {target}: {path or page.name} has no such heading"))
        for path in code:
            if PATH.fullmatch(path) and "NAME" not in path and path.split("/")[0] in FOLDERS and not exists(page, path):
                found.append((number, f"`{path}` is not there"))
    for number, line in enumerate(page.read_text(encoding="utf-8").split("\n"), 1):
        for named in re.findall(r"\bbin/([a-z]\w+)|\b([a-z]\w+) --gtest_filter", line):
            if (name := "".join(named)) not in made:
                found.append((number, f"CMake makes no program {name}"))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=pathlib.Path, metavar="FILE")
    bad, made = False, programs()
    for file in parser.parse_args().files:
        try:
            findings = judge(file.resolve(), made)
        except (OSError, UnicodeDecodeError) as error:
            print(f"links.py: {file}: {error}", file=sys.stderr)
            return 2
        for number, what in findings:
            print(f"{file}:{number}: {what}")
            bad = True
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

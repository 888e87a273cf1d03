#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What each folder may include, and nothing else; no circle of folders or of files.

A folder that is not in the table is refused, so a new folder begins with a line here. A public header in host/include belongs
to the folder whose source of its name includes it first. x.hpp and x.cpp (x.h and x.c) count as one file; but a header in an
include folder is a promise of its own, for what implements it may use others that rely on it.

Prints every finding, exit 1 if there is one; --draw prints the layers as a Mermaid graph.
"""
import pathlib
import re
import subprocess
import sys

# folder: what it may include of this tree | of libraries (by the first part of the include)
TABLE = """
rtl/regs           |
base               rtl/regs | fmt posix
vectors/model      base rtl/regs |
vectors/container  base rtl/regs vectors/model | fmt zlib.h zstd.h zstd_errors.h
tb                 base rtl/regs | fmt gtkwave nlohmann posix verilator
firmware/include   rtl/regs |
firmware/drivers   firmware/include rtl/regs |
firmware/apps      firmware/include firmware/drivers rtl/regs |
firmware/rv32      firmware/include rtl/regs |
host/device        base rtl/regs vectors/model tb | fmt
host/files         base vectors/model | fmt zlib.h
host/board         base rtl/regs vectors/model tb host/device | boost fmt nlohmann
host/runtime       base rtl/regs vectors/model firmware/include host/device host/files | fmt spdlog
host/train         base vectors/model host/files host/runtime | fmt nlohmann zlib.h
host/distributed   base rtl/regs vectors/model host/device host/board host/runtime host/train | fmt spdlog
host/store         base | fmt nlohmann posix zstd.h
host/campaign      base tb host/store | fmt nlohmann posix
host/workloads     base rtl/regs vectors/model tb host/device host/files host/runtime host/store host/campaign | fmt nlohmann posix
host/report        base vectors/model vectors/container host/device host/runtime | fmt nlohmann posix
host/bench         base rtl/regs vectors/model vectors/container tb host/device host/files host/board host/runtime host/distributed host/store host/campaign host/workloads host/report | fmt malloc.h nlohmann
host/cli           base rtl/regs vectors/model vectors/container tb host/device host/files host/board host/runtime host/train host/distributed host/store host/campaign host/workloads host/report host/bench | boost fmt nlohmann posix spdlog
cmake              | fmt
tests              base rtl/regs vectors/model vectors/container tb firmware/include firmware/drivers firmware/apps host/device host/files host/board host/runtime host/train host/distributed host/store host/campaign host/workloads host/report host/bench host/cli | boost fmt gtest nlohmann posix unicorn verilator zlib.h zstd.h
"""
POSIX = {"errno.h", "fcntl.h", "pthread.h", "fnmatch.h", "sys", "unistd.h", "poll.h", "termios.h", "dlfcn.h"}
C_STANDARD = {"stdarg.h", "stdbool.h", "stddef.h", "stdint.h"}
# Generated in the build, or of the suite that brings its own.
ELSEWHERE = {"mxu_arrays.hpp", "encoding.h"}
# Where an include is looked for, beside the folder of the file itself.
ROOTS = ["base/include", "vectors/include", "tb/include", "host/include", "firmware/include", "rtl/regs/include", "firmware/drivers",
         "firmware", "host", "host/cli", "vectors", "tests", "tests/system/cpu/env", "tb/src", ""]


Rules = dict[str, tuple[set[str], set[str]]]


def sources() -> dict[str, str]:
    """Path from the root: text, of every source in the tree."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.cpp", "*.hpp", "*.c", "*.h", "*.S", "*.in"]
    files = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return {f: pathlib.Path(f).read_text() for f in files if pathlib.Path(f).is_file() and not f.endswith(".cmake.in")}


def table(text: str) -> Rules:
    rules: Rules = {}
    for line in text.strip().splitlines():
        left, libraries = line.split("|")
        folder, *allowed = left.split()
        unknown = set(allowed) - set(rules)  # so the table has no circle
        if unknown:
            raise ValueError(f"{folder}: {', '.join(sorted(unknown))} must stand before it")
        rules[folder] = (set(allowed), set(libraries.split()))
    return rules


def unit(path: str) -> str:
    """What counts as one file."""
    return path if "/include/" in path else re.sub(r"(\.(cpp|hpp|c|h|S))?(\.in)?$", "", path)


def library(name: str) -> str:
    """What an include that is not of this tree belongs to; nothing for the language's own."""
    head = name.split("/")[0]
    if ("." not in head and head == name) or head in C_STANDARD:
        return ""
    if re.match(r"V[A-Za-z0-9_@]*\.h|V\w*___024root|verilated|svdpi", head):
        return "verilator"
    return "posix" if head in POSIX else head


def findings(files: dict[str, str], rules: Rules) -> tuple[list[str], dict[str, set[str]]]:
    """What breaks the rules, and which folder includes which."""
    found: list[str] = []
    includes = {path: re.findall(r'^ *# *include +[<"]([^>"]+)[>"]', text, re.MULTILINE) for path, text in files.items()}
    own = {}  # header in host/include: the source that includes it first
    for path, names in includes.items():
        if path.startswith("host/") and path.endswith(".cpp") and names:
            header = f"host/include/{names[0]}"
            if header in files and pathlib.Path(header).stem == pathlib.Path(path).stem:
                own[header] = path

    def folder(path: str) -> str:
        if path.startswith("host/include/"):
            return folder(own[path]) if path in own else path
        if path.startswith("vectors/include/"):
            return "vectors/model" if "/model/" in path else "vectors/container"
        return max((f for f in rules if path.startswith(f + "/")), key=len, default=str(pathlib.PurePath(path).parent))

    files_graph: dict[str, set[str]] = {}
    folders: dict[str, set[str]] = {}
    for path, names in includes.items():
        here = folder(path)
        if here not in rules:
            found.append(f"{path}: no source of its name includes it first" if here == path else
                         f"{path}: the folder {here} is not in the table of scripts/layers.py")
            continue
        allowed, libraries = rules[here]
        for name in names:
            places = [str(pathlib.PurePath(root, name)) for root in [str(pathlib.PurePath(path).parent), *ROOTS]]
            target = next((p for p in places if p in files), None)
            if target is None:
                if name not in ELSEWHERE and (name.startswith("hilbert/") or library(name) not in libraries | {""}):
                    found.append(f"{path}: {here} may not include <{name}>")
                continue
            files_graph.setdefault(unit(path), set()).add(unit(target))
            there = folder(target)
            if there != here:
                folders.setdefault(here, set()).add(there)
                if there not in allowed:
                    found.append(f"{path}: {here} may not include {there} ({name})")
            elif here == "tests" and not reaches(path, target):
                found.append(f"{path}: only tests/support is for tests of other folders ({name})")
    return found + circles(files_graph), folders


def reaches(path: str, target: str) -> bool:
    """Whether a test may include a header of the tests: of its own folder, of one above it, or of tests/support."""
    return target.startswith("tests/support/") or path.startswith(str(pathlib.PurePath(target).parent) + "/") or \
        (path.endswith(".S") and "/cpu/" in target)


def reached(graph: dict[str, set[str]], start: str) -> set[str]:
    todo, seen = list(graph.get(start, ())), set()
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo += graph.get(node, ())
    return seen


def circles(graph: dict[str, set[str]]) -> list[str]:
    graph = {node: targets - {node} for node, targets in graph.items()}
    inside = {node: reached(graph, node) for node in graph}
    rings = {frozenset({node} | {o for o in inside[node] if node in inside.get(o, ())}) for node in graph if node in inside[node]}
    return sorted("a circle of files: " + ", ".join(sorted(ring)) for ring in rings)


def drawing(rules: Rules, folders: dict[str, set[str]]) -> str:
    """The folders as a graph, without arrows that go through another folder anyway."""
    lines = ["graph TD"]
    for here in rules:
        direct = folders.get(here, set())
        lines += [f"  {here} --> {there}" for there in sorted(direct - set().union(*(reached(folders, d) for d in direct)))]
    return "\n".join(lines)


def main() -> int:
    rules = table(TABLE)
    found, folders = findings(sources(), rules)
    if "--draw" in sys.argv:
        print(drawing(rules, folders))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

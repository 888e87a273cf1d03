#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Show every source of our own, alone and without precompiled headers, to another compiler, with warnings as errors; or, with
--tidy, to clang-tidy, which judges names by the tree's .clang-tidy.

Configures a second build of the tree and runs its compile commands with -fsyntax-only. What that build would generate is taken
from a finished one (--build). Exit code: 0 all compile, 1 one does not, 2 bad usage, 3 CMake failed.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHOWN_LINES = 12


def configure(cxx: str, work: pathlib.Path, sim: bool) -> list[dict]:
    """The compile commands of a build with `cxx` in `work`."""
    cc = cxx.replace("clang++", "clang").replace("g++", "gcc")
    command = ["cmake", "-S", str(ROOT), "-B", str(work), "-G", "Ninja", f"-DCMAKE_C_COMPILER={cc}", f"-DCMAKE_CXX_COMPILER={cxx}",
               "-DCMAKE_BUILD_TYPE=Release", "-DHILBERT_WERROR=ON", "-DHILBERT_UNITY=OFF", "-DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON",
               f"-DHILBERT_SIM={'ON' if sim else 'OFF'}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
        sys.exit(3)
    return json.loads((work / "compile_commands.json").read_text())


def syntax_command(entry: dict, work: pathlib.Path, build: pathlib.Path) -> list[str]:
    words = shlex.split(entry["command"].replace(str(work), str(build)))
    output = words.index("-o")
    return [*words[:output], *words[output + 2:], "-fsyntax-only"]


def tidy_command(tidy: str, command: list[str]) -> list[str]:
    """The same source for clang-tidy, without the compiler's own name and launcher."""
    flags = command[next(i for i, word in enumerate(command) if word.startswith("-I") or word.startswith("-D")):]
    file = flags[flags.index("-c") + 1]
    return [tidy, "--quiet", f"--config-file={ROOT / '.clang-tidy'}", file, "--", *(w for w in flags if w not in ("-c", file))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cxx", default="clang++")
    parser.add_argument("--work", type=lambda text: pathlib.Path(text).resolve(), required=True, metavar="DIR")
    parser.add_argument("--build", type=lambda text: pathlib.Path(text).resolve(), required=True, metavar="DIR", help="a finished build")
    parser.add_argument("--no-sim", action="store_true", help="as without verilated chips")
    parser.add_argument("--tidy", metavar="CLANG-TIDY", help="names instead of warnings")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("only", nargs="*", metavar="FOLDER", help="sources below these, from the repository's root (default: all)")
    arguments = parser.parse_args()

    own = []
    for entry in configure(arguments.cxx, arguments.work, not arguments.no_sim):
        file = pathlib.Path(entry["file"])
        if not file.is_relative_to(ROOT) or file.is_relative_to(arguments.work) or file.suffix not in (".cpp", ".c"):
            continue  # generated
        place = str(file.relative_to(ROOT))
        if not arguments.only or any(place.startswith(folder) for folder in arguments.only):
            own.append((place, syntax_command(entry, arguments.work, arguments.build), entry["directory"].replace(str(arguments.work), str(arguments.build))))

    if arguments.tidy:
        own = [(place, tidy_command(arguments.tidy, command), folder) for place, command, folder in own if place.endswith(".cpp")]

    def compiles(job: tuple[str, list[str], str]) -> tuple[str, str]:
        place, command, folder = job
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        return place, "" if done.returncode == 0 else done.stdout + done.stderr or f"exit code {done.returncode}"

    bad = set()
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for place, said in pool.map(compiles, own):
            if said and place not in bad:
                bad.add(place)
                print(f"FAIL  {place}", *said.splitlines()[:SHOWN_LINES], sep="\n", flush=True)
    print(f"{len(own)} sources, {len(bad)} not accepted by {arguments.tidy or arguments.cxx}")
    return 1 if bad or not own else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Put one defect at a time into the core of the watched chip and demand that the monitor in lock-step notices it.

The defects are some of those of tests/rtl/cpu/mutants.py: what ordinary software meets. The unmutated chip, built the same way, must
pass first. Exit code: 0 all were caught, 1 one survived or the unmutated chip failed, 2 bad usage, 3 a tool failed.
"""

import argparse
import pathlib
import re
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "rtl" / "cpu"))
from mutants import MUTANTS, MachineFailed, Mutant, mutate, run  # noqa: E402

NAMES = ("bypass", "slt", "fetch-early", "wfi")
TIMEOUT_S = 120


def sources(cpu: pathlib.Path) -> list[str]:
    """The chip's, with the core from another folder."""
    lines = (ROOT / "rtl" / "hilbert.f").read_text().splitlines()
    paths = [line for line in lines if line and not line.startswith("#")]
    return [str(cpu / pathlib.Path(p).name if p.startswith("rtl/cpu/") else ROOT / p) for p in paths]


def build(cpu: pathlib.Path, folder: pathlib.Path, cxx: str, objects: list[str]) -> pathlib.Path:
    """firmware_lockstep around a chip with this core."""
    folder.mkdir(parents=True, exist_ok=True)
    log, top = folder / "log", "hb_watched_chip"
    run(["verilator", "--cc", "-Wno-fatal", "-O3", "--x-assign", "fast", "--x-initial", "fast", "--noassert", "--output-split", "20000",
         "-fno-const-bit-op-tree", "--top", top, "--prefix", f"V{top}", "--Mdir", str(folder), *sources(cpu),
         str(pathlib.Path(__file__).with_name(f"{top}.sv"))], log)
    run(["make", "-s", "-j2", "-C", str(folder), "-f", f"V{top}.mk", "OPT_FAST=-O1", "OPT_SLOW=-O0", f"CXX={cxx}", f"V{top}__ALL.a"], log)
    program = folder / "firmware_lockstep"
    own = [o for o in objects if o.endswith(".o")]
    archives = [o for o in objects if not o.endswith(".o")]
    run([*shlex.split(cxx), *own, str(folder / f"V{top}__ALL.a"), *archives, "-o", str(program), "-lgtest", "-lgtest_main", "-lspdlog", "-lfmt",
         "-lpthread", "-latomic"], log)
    return program


def failure(program: pathlib.Path) -> str | None:
    """What the lock-step says first, or None if it has nothing to say."""
    try:
        done = subprocess.run([str(program), "--gtest_brief=1", "--gtest_fail_fast"], capture_output=True, text=True, check=False, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return f"no end within {TIMEOUT_S} s"
    if done.returncode == 0:
        return None
    text = re.search(r"with description \"(.*?)\n", done.stdout) or re.search(r"Failure\n(.*)", done.stdout)
    return text.group(1) if text else f"exit code {done.returncode}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"mutants of tests/rtl/cpu/mutants.py (default: {' '.join(NAMES)})")
    parser.add_argument("--objects", nargs="+", required=True, metavar="FILE", help="objects and archives of firmware_lockstep; a mutated chip replaces the one in them")
    parser.add_argument("--work", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--cxx", default="ccache g++")
    arguments = parser.parse_args()
    known = {m.name: m for m in MUTANTS}
    if unknown := [n for n in arguments.names if n not in known]:
        parser.error(f"no mutant named {', '.join(unknown)}")

    start, survivors = time.monotonic(), 0
    chosen: list[Mutant] = [known[n] for n in arguments.names or NAMES]
    try:
        if said := failure(build(ROOT / "rtl" / "cpu", arguments.work / "unmutated", arguments.cxx, arguments.objects)):
            print(f"FAIL  the unmutated chip fails: {said}")
            return 1
        for mutant in chosen:
            folder = arguments.work / mutant.name
            mutate(mutant, folder / "rtl")
            said = failure(build(folder / "rtl", folder / "model", arguments.cxx, arguments.objects))
            survivors += said is None
            print(f"{mutant.name:15} {'caught' if said else 'SURVIVES':8}  {mutant.breaks} ({mutant.file}): {said or 'nothing noticed'}", flush=True)
    except MachineFailed as error:
        print(f"ERROR {error}", file=sys.stderr)
        return 3
    print(f"{len(chosen) - survivors} of {len(chosen)} mutants caught in {time.monotonic() - start:.0f} s")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())

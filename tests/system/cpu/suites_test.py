#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Executables of public RISC-V suites through `hilbert firmware run`, counted by folder.

    HILBERT_RISCV_TESTS=DIR suites_test.py --program HILBERT DEVICE...

DIR holds folders of NAME.elf (rtl/cpu/README.md: how they are compiled). Beside one, NAME.reference_output is the signature that
it must leave. A program that is larger than a device's memory is counted as such; one device at least must run each of them.
Exit code: 0 all passed, 1 one did not, 2 bad usage, 77 HILBERT_RISCV_TESTS is not set.
"""

import argparse
import collections
import os
import pathlib
import subprocess
import sys
import tempfile

TIMEOUT_S = 300
PASSED, TOO_LARGE = "passed", "too large"


def run(program: str, elf: pathlib.Path, device: str, folder: pathlib.Path) -> str:
    """PASSED, TOO_LARGE, or what went wrong."""
    reference, signature = elf.with_suffix(".reference_output"), folder / "signature"
    command = [program, "firmware", "run", str(elf), "--device", device]
    if reference.exists():
        command += ["--signature", str(signature)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return f"no end within {TIMEOUT_S} s"
    if done.returncode == 2 and "is not in memory" in done.stderr:
        return TOO_LARGE
    if done.returncode != 0:
        return done.stderr.strip() or f"exit code {done.returncode}"
    if ": passed after " not in done.stdout:  # one without tohost makes no promise, and breaks none
        return "it has no verdict: " + done.stdout.splitlines()[0]
    if reference.exists():
        found, right = signature.read_text().split(), reference.read_text().split()
        if len(found) != len(right):
            return f"a signature of {len(found)} words, the reference has {len(right)}"
        for i, (a, b) in enumerate(zip(found, right)):
            if a != b:
                return f"word {i} of the signature is {a}, the reference has {b}"
    return PASSED


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, metavar="FILE", help="hilbert")
    parser.add_argument("devices", nargs="+", metavar="DEVICE")
    arguments = parser.parse_args()
    if not os.environ.get("HILBERT_RISCV_TESTS"):
        print("skipped: HILBERT_RISCV_TESTS names no folder of compiled suites (rtl/cpu/README.md)")
        return 77
    root = pathlib.Path(os.environ["HILBERT_RISCV_TESTS"])
    programs = sorted(root.rglob("*.elf"))
    if not programs:
        print(f"{root}: no *.elf below it", file=sys.stderr)
        return 2

    groups = collections.defaultdict(list)
    for elf in programs:
        groups[str(elf.parent.relative_to(root))].append(elf)
    failures = 0
    with tempfile.TemporaryDirectory() as scratch:
        for group, members in groups.items():
            unrun = set(members)
            for device in arguments.devices:
                results = {elf: run(arguments.program, elf, device, pathlib.Path(scratch)) for elf in members}
                passed = sum(r == PASSED for r in results.values())
                large = sum(r == TOO_LARGE for r in results.values())
                compared = sum(r == PASSED and elf.with_suffix(".reference_output").exists() for elf, r in results.items())
                print(f"{group}: {passed} of {len(members)} passed on {device}, {compared} by their signature"
                      + (f"; {large} are too large for it" if large else ""))
                for elf, result in results.items():
                    if result != TOO_LARGE:
                        unrun.discard(elf)
                    if result not in (PASSED, TOO_LARGE):
                        print(f"  FAIL {elf.stem}: {result}")
                        failures += 1
            for elf in sorted(unrun):
                print(f"  FAIL {elf.stem}: too large for every device")
                failures += 1
    print(f"{len(programs)} programs, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""suites_test.py notices what it is for, with the programs of this folder in the place of a suite.

    suites_itself_test.py --program HILBERT --programs DIR
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

WORDS = "6f5ca309\n12345678\n6f5ca30a\n00000000\ndeadbeef\n"  # programs/arch_registers.S


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    failures = []

    def check(name: str, elves: dict[str, str], references: dict[str, str], code: int, *pieces: str, device="model:full", where=True):
        with tempfile.TemporaryDirectory() as folder:
            suite = pathlib.Path(folder) / "suite"
            suite.mkdir()
            for elf, source in elves.items():
                shutil.copy(arguments.programs / f"{source}.elf", suite / f"{elf}.elf")
            for reference, text in references.items():
                (suite / f"{reference}.reference_output").write_text(text)
            environment = {key: value for key, value in os.environ.items() if key != "HILBERT_RISCV_TESTS"}
            if where:
                environment["HILBERT_RISCV_TESTS"] = folder
            done = subprocess.run([sys.executable, pathlib.Path(__file__).with_name("suites_test.py"), "--program", arguments.program, device],
                                  env=environment, capture_output=True, text=True)
        missing = [piece for piece in pieces if piece not in done.stdout + done.stderr]
        if done.returncode != code or missing:
            failures.append(f"{name}: exit {done.returncode}, not {code}; lacks {missing}\n{done.stdout}{done.stderr}")

    check("good", {"a": "sort", "b": "arch_registers"}, {"b": WORDS}, 0, "suite: 2 of 2 passed on model:full, 1 by their signature")
    check("wrong word", {"b": "arch_registers"}, {"b": WORDS.replace("6f5ca30a", "6f5ca30b")}, 1, "word 2 of the signature")
    check("shorter", {"b": "arch_registers"}, {"b": WORDS[:-9]}, 1, "of 5 words, the reference has 4")
    check("failing", {"a": "fail_unnumbered"}, {}, 1, "0 of 1", "failure 499")
    check("too large", {"a": "sort"}, {}, 1, "too large", device="model:2x2x2?controller_bytes=64")
    check("empty", {}, {}, 2, "no *.elf")
    check("not set", {}, {}, 77, "skipped", where=False)
    print("\n".join(failures) or "ok")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Choose one defect at a time in the RTL of the small chip and demand that the suites notice it.

One chip is built that has all defects, each behind its number. With none chosen it must pass every check first. Then each mutant must
fail the check that mutants.py names for it.
Exit code: 0 every mutant was caught, 1 one survived or the unmutated chip failed, 2 bad usage, 3 a tool failed.
"""

import argparse
import concurrent.futures
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass

import loaded_chip
from loaded_chip import Tools
from mutants import MUTANTS
from mutation import ASSERTION, MachineFailed, Mutant, chosen_defect, number_of, refuse_unknown, with_defects

TIMEOUT_S = 120  # for one check; on the unmutated chip each takes a few seconds. A chip that hangs in every job ends there.


@dataclass(frozen=True)
class Check:
    name: str
    program: str
    arguments: tuple[str, ...]


# The suites that run under other labels too, as far as they concern this chip.
REGRESS = ("regress", "--device", "sim:small", "--jobs", "1")
CHECKS = (
    Check("golden", "loaded_regress", REGRESS),
    Check("conformance", "loaded_conformance", ("--gtest_fail_fast", "--gtest_brief=1", "--gtest_filter=*/sim_small*")),
    Check("chip", "loaded_chip_test", ("--gtest_fail_fast", "--gtest_brief=1", "--gtest_filter=SmallChip.*-*.QueueNumbersWrap")),
    Check("fuzz", "loaded_fuzz", ("--device", "sim:small", "--descriptors", "6400")),
)


def check_named(name: str) -> Check:
    """`golden/ties` is that vector file alone, `conformance/Ecc` that suite of tests."""
    suite, _, part = name.partition("/")
    check = {c.name: c for c in CHECKS}[suite]
    if not part:
        return check
    if suite == "conformance":
        return Check(f"{suite}-{part}", check.program, (*check.arguments, f"--gtest_filter=*/{part}.*/sim_small*"))
    file = loaded_chip.ROOT / "vectors" / "golden" / f"{part}.hbv"
    return Check(f"{suite}-{part}", check.program, (*check.arguments, str(file)))


@dataclass(frozen=True)
class Verdict:
    failed: list[str]  # names of checks
    seconds: float
    folder: pathlib.Path  # of sources and logs


def run_checks(checks: tuple[Check, ...], chip: pathlib.Path, defect: int, programs: pathlib.Path, folder: pathlib.Path) -> list[str]:
    """The names of the checks that failed, with a note where one did not come to an end."""
    failed = []
    for check in checks:
        log = folder / f"{check.name}.log"
        outcome = check.name
        with log.open("w") as out:
            try:
                code = subprocess.run([str(programs / check.program), *check.arguments], stdout=out, stderr=subprocess.STDOUT,
                                      env=os.environ | {"HILBERT_CHIP": str(chip)} | chosen_defect(defect), timeout=TIMEOUT_S, check=False).returncode
            except OSError as error:
                raise MachineFailed(f"{check.program}: {error.strerror}") from None
            except subprocess.TimeoutExpired:
                code = 1
                outcome += " (no end)"
        if promise := ASSERTION.search(log.read_text(errors="replace")):
            outcome += f" ({promise.group(1)})"
            code = 1
        if code not in (0, 1, 3):  # 3: the device failed, as a chip does that hangs
            raise MachineFailed(f"{check.name} ended with {code}, which judges nothing: see {log}")
        if code != 0:
            failed.append(outcome)
    return failed


def judge(mutant: Mutant | None, checks: tuple[Check, ...], chip: pathlib.Path, programs: pathlib.Path, work: pathlib.Path) -> Verdict:
    """Run the checks on the chip, with the mutant if there is one."""
    start = time.monotonic()
    folder = work / (mutant.name if mutant else "unmutated")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    failed = run_checks(checks, chip, number_of(mutant, MUTANTS), programs, folder)
    return Verdict(failed, time.monotonic() - start, folder)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="the mutants to try (default: all)")
    parser.add_argument("--list", action="store_true", help="print the mutants and what they break")
    parser.add_argument("--all-checks", action="store_true", help="run every check on every mutant, not only the one that must catch it")
    parser.add_argument("--programs", type=pathlib.Path, metavar="DIR", help="where the loaded_* programs are")
    Tools.add_options(parser)
    arguments = parser.parse_args()

    mutants = {m.name: m for m in MUTANTS}
    if arguments.list:
        for m in MUTANTS:
            print(f"{m.name:20} {m.file:22} {m.breaks}")
        return 0
    refuse_unknown(parser, arguments.names, MUTANTS)

    tools = Tools.of(arguments)
    work = tools.work
    chosen = [mutants[n] for n in arguments.names or mutants]
    start = time.monotonic()
    survivors = 0

    def attempt(mutant: Mutant) -> Verdict:
        wanted = CHECKS if arguments.all_checks else (check_named(mutant.check),)
        return judge(mutant, wanted, chip, arguments.programs, work)

    try:
        chip = loaded_chip.build(tools, with_defects(MUTANTS, loaded_chip.RTL, loaded_chip.sources(), work / "rtl"), work / "chip")
        unmutated = judge(None, CHECKS, chip, arguments.programs, work)
        if unmutated.failed:
            print(f"FAIL  the unmutated chip fails {', '.join(unmutated.failed)}: see {unmutated.folder}")
            return 1
        print(f"{'mutant':19} {'caught by':25} {'s':>5}  what it breaks\n{'(none)':19} {'-':25} {unmutated.seconds:5.1f}", flush=True)
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            for mutant, verdict in zip(chosen, pool.map(attempt, chosen)):
                outcome = " ".join(verdict.failed) or "SURVIVES"
                print(f"{mutant.name:19} {outcome:25} {verdict.seconds:5.1f}  {mutant.breaks} ({mutant.file})", flush=True)
                if not mutant.noticed(outcome if verdict.failed else None):
                    survivors += 1
                    print(f"    {mutant.check} did not notice it{', or not by ' + mutant.promise if mutant.promise else ''}: {verdict.folder}\n"
                          f"    again: {shlex.join([*sys.argv, mutant.name])}", flush=True)
    except MachineFailed as error:
        print(f"ERROR {error}", file=sys.stderr)
        return 3
    print(f"{len(chosen) - survivors} of {len(chosen)} mutants caught in {time.monotonic() - start:.0f} s")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())

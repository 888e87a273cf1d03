#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Time scripts/run.sh of several commits, each in a fresh clone with an empty compiler cache, by turns.

    scripts/cold_start.py [--rounds N] [--work DIR] COMMIT...      for example: scripts/cold_start.py a7dc696 HEAD

Prints the table: wall time, processor time of all processes (which hardly depends on what else the machine does), and their
ratio to the first commit's. Packages must be installed (scripts/setup.sh). Exit code: 0 good, 2 bad usage, 3 a run failed.
"""
import argparse
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Failed(Exception):
    """A clone or a run that ended badly."""


def processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_once(commit: str, folder: pathlib.Path) -> tuple[float, float]:
    """Wall and processor time in seconds of scripts/run.sh at `commit`; its output stays in `folder`.log."""
    for command in (["git", "clone", "-q", "--no-checkout", str(ROOT), str(folder)], ["git", "-C", str(folder), "checkout", "-q", "--detach", commit]):
        if subprocess.run(command, check=False).returncode != 0:
            raise Failed(f"{' '.join(command)} failed")
    log = folder.with_suffix(".log")
    environment = os.environ | {"CCACHE_DIR": str(folder.with_suffix(".ccache"))}
    wall, processor = time.monotonic(), processor_s()
    with log.open("w") as out:
        code = subprocess.run(["scripts/run.sh"], cwd=folder, stdout=out, stderr=subprocess.STDOUT, env=environment, check=False).returncode
    wall, processor = time.monotonic() - wall, processor_s() - processor
    if code != 0:
        raise Failed(f"scripts/run.sh of {commit} ended with {code}: see {log}")
    shutil.rmtree(folder)
    shutil.rmtree(folder.with_suffix(".ccache"), ignore_errors=True)
    return wall, processor


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1, metavar="N", help="runs of each commit; the least of them counts (default 1)")
    parser.add_argument("--work", type=pathlib.Path, metavar="DIR", help="where to clone (default: a temporary folder)")
    parser.add_argument("commits", nargs="+", metavar="COMMIT")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds must be at least 1")
    work = arguments.work or pathlib.Path(tempfile.mkdtemp(prefix="hilbert-cold-"))
    work.mkdir(parents=True, exist_ok=True)
    best: dict[str, tuple[float, float]] = {}
    try:
        # The hash, since a clone knows no name of a branch but origin's.
        hashes = {c: subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--verify", f"{c}^{{commit}}"], capture_output=True, text=True,
                                    check=True).stdout.strip() for c in arguments.commits}
        for turn in range(arguments.rounds):
            for commit, name in hashes.items():
                times = run_once(name, work / f"{name[:10]}-{turn}")
                best[commit] = min(best.get(commit, times), times, key=lambda t: t[1])
                print(f"{commit}: {times[0]:.0f} s, {times[1]:.0f} s of processor time", file=sys.stderr, flush=True)
    except (Failed, subprocess.CalledProcessError) as error:
        print(f"cold_start.py: {error}", file=sys.stderr)
        return 3
    first = best[arguments.commits[0]]
    print(f"{'scripts/run.sh of':20} {'wall':>8} {'processor':>10}   of the first")
    for commit, (wall, processor) in best.items():
        print(f"{commit:20} {wall:6.0f} s {processor:8.0f} s   {100 * wall / first[0]:3.0f} %, {100 * processor / first[1]:3.0f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())

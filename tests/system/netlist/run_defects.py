#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Invert the output of one random gate of the netlist's cells at a time and demand that the golden vectors notice it:
five cases of each of the files random and corners, which suffice for most, or else all that the test netlist.golden runs.

Exit code: 0 every defect was noticed, 1 one was not, 2 bad usage, 3 the program failed.
"""

import argparse
import os
import pathlib
import random
import subprocess
import sys

GATES = "gen_cell"  # in the names of the dot-product cells' gates
TIMEOUT_S = 120
QUICK = ("random", "corners")  # of the vector files


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, metavar="FILE", help="netlist_regress")
    parser.add_argument("--netlist", required=True, metavar="FILE", help="from scripts/synth.sh netlist FILE")
    parser.add_argument("--defects", type=int, default=6, metavar="N", help="how many (default 6)")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("HILBERT_SEED", "1")), help="default HILBERT_SEED or 1")
    parser.add_argument("--filter", required=True, metavar="PATTERN", help="cases that netlist.golden runs")
    parser.add_argument("vectors", type=pathlib.Path, nargs="+", metavar="VECTORS")
    arguments = parser.parse_args()

    command = [arguments.program, "regress", "--device", "sim:small", "--jobs", "1", "--filter"]
    stages = [[*command, "*/000[0-4]-*", *(str(v) for v in arguments.vectors if v.stem in QUICK)],
              [*command, arguments.filter, *map(str, arguments.vectors)]]
    chooser = random.Random(arguments.seed)
    print(f"seed {arguments.seed}")
    missed = 0
    for _ in range(arguments.defects):
        invert = f"{GATES},{chooser.randrange(1 << 30)}"
        environment = os.environ | {"HILBERT_NETLIST": arguments.netlist, "HILBERT_NETLIST_INVERT": invert}
        try:
            for stage in stages:
                done = subprocess.run(stage, capture_output=True, text=True, env=environment, timeout=TIMEOUT_S, check=False)
                if done.returncode != 0:
                    break
        except OSError as error:
            print(f"{arguments.program}: {error.strerror}", file=sys.stderr)
            return 3
        except subprocess.TimeoutExpired:
            print(f"noticed: no end within {TIMEOUT_S} s\n  inverted: {invert}", flush=True)
            continue
        lines = done.stdout.splitlines()
        if done.returncode not in (0, 1, 3) or not lines or not lines[0].startswith("inverted: "):
            print(f"ended with {done.returncode}, which judges nothing:\n{done.stdout}{done.stderr}", file=sys.stderr)
            return 3
        print(f"{'noticed' if done.returncode else 'MISSED'}: {lines[-1]}\n  {lines[0]} ({invert})", flush=True)
        missed += done.returncode == 0
    print(f"{arguments.defects - missed} of {arguments.defects} inverted gates noticed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

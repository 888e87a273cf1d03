#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run the core's netlist, as Yosys synthesises it, through the lock-step in place of the RTL: no instruction may differ.

Then some gates of the netlist are changed, one at a time, and each change must be noticed. Exit code: 0 good, 1 the netlist differs from the
simulator, or a change was not noticed, 2 bad usage, 3 a tool failed.
"""

import argparse
import pathlib
import random
import re
import sys
import time

from mutants import SOURCES, build, failure
from mutation import MachineFailed, run

PARAMETERS = "-set LineBytes 8 -set Counters 0"  # the configuration "small" of CMakeLists.txt
PROGRAMS = 60  # of 2,000 instructions each


def synthesise(folder: pathlib.Path) -> str:
    """Verilog of gates, flip-flops and memories."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = " ".join(map(str, SOURCES))
    # As `synth -flatten`, but for memory_map: memories stay memories.
    script = (f"read_verilog -sv {sources}; chparam {PARAMETERS} hb_cpu; hierarchy -check -top hb_cpu; rename -top hb_cpu; synth -flatten -run begin:fine; "
              f"opt -fast; techmap; opt -fast; abc -g AND,NAND,OR,NOR,XOR,XNOR,MUX; opt -fast; clean; check -assert; "
              f"write_verilog -noattr {folder}/hb_cpu.v")
    run(["yosys", "-q", "-p", script], folder / "log")
    return (folder / "hb_cpu.v").read_text()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objects", nargs="+", required=True, metavar="FILE", help="objects and archives of cpu_test; the netlist replaces a model in them")
    parser.add_argument("--work", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--cxx", default="ccache g++")
    parser.add_argument("--defects", type=int, default=2, metavar="N", help="gates to change (default 2)")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    start = time.monotonic()
    work = arguments.work.resolve()

    def judge(text: str, name: str) -> str | None:
        folder = work / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "hb_cpu.v").write_text(text)
        program = build(arguments.objects, [folder / "hb_cpu.v"], "small", [], folder, arguments.cxx)
        return failure(program, "small", PROGRAMS, "*Random*/small:*Directed*/small")

    try:
        netlist = synthesise(work / "synth")
        gates = [m for m in re.finditer(r"^  assign (\S+) = (.*);$", netlist, re.MULTILINE) if re.search(r"[&|^?]", m.group(2))]
        print(f"{len(gates)} gates, {netlist.count('always')} processes", flush=True)
        if said := judge(netlist, "netlist"):
            print(f"FAIL  the netlist: {said}")
            return 1
        print(f"the netlist passes directed tests and {PROGRAMS} random programs", flush=True)
        chooser, missed = random.Random(arguments.seed), 0
        for number in range(arguments.defects):
            gate = chooser.choice(gates)
            said = judge(f"{netlist[:gate.start(2)]}~({gate.group(2)}){netlist[gate.end(2):]}", f"defect{number}")
            missed += said is None
            print(f"{'noticed' if said else 'MISSED'}: {gate.group(1)} inverted: {said or 'nothing'}", flush=True)
    except MachineFailed as error:
        print(f"ERROR {error}", file=sys.stderr)
        return 3
    print(f"seed {arguments.seed}, {time.monotonic() - start:.0f} s")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

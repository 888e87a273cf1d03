#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run the small link's netlist, as Yosys synthesises it, through torture and the test of an end in place of the RTL.

Then some gates of the netlist are inverted, one at a time, and each must be noticed. Exit code: 0 good, 1 a test of the netlist failed, or an
inverted gate was not noticed, 2 bad usage, 3 a tool failed.
"""

import argparse
import pathlib
import random
import re
import sys
import time

from mutants import PARAMETERS, SOURCES
from mutation import MachineFailed, complaint, linked, run, verilated

RUNS = 6  # of torture
TIMEOUT_S = 240


def synthesise(folder: pathlib.Path) -> str:
    """Verilog of gates, flip-flops and memories."""
    folder.mkdir(parents=True, exist_ok=True)
    parameters = " ".join(f"-set {name} {value}" for name, value in (p.removeprefix("-G").split("=") for p in PARAMETERS["small"]))
    # As `synth -flatten`, but for memory_map: memories stay memories.
    script = (f"read_verilog -sv {' '.join(map(str, SOURCES))}; chparam {parameters} hb_link; hierarchy -check -top hb_link; rename -top hb_link; "
              f"synth -flatten -noshare -run begin:fine; opt -fast; techmap; opt -fast; abc -g AND,NAND,OR,NOR,XOR,XNOR,MUX; opt -fast; clean; "
              f"check -assert; write_verilog -noattr {folder}/hb_link.v")
    run(["yosys", "-q", "-p", script], folder / "log")
    return (folder / "hb_link.v").read_text()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--torture", nargs="+", required=True, metavar="FILE", help="objects of link_torture")
    parser.add_argument("--end", nargs="+", required=True, metavar="FILE", help="objects of link_end_test")
    parser.add_argument("--archives", nargs="+", required=True, metavar="FILE", help="what both are linked with; the netlist replaces a model in it")
    parser.add_argument("--work", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--cxx", default="ccache g++")
    parser.add_argument("--defects", type=int, default=1, metavar="N", help="gates to invert (default 1)")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    start = time.monotonic()
    work = arguments.work.resolve()

    def judge(text: str, name: str) -> str | None:
        folder = work / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "hb_link.v").write_text(text)
        model = verilated([folder / "hb_link.v"], "hb_link", "Vhb_link_small", ["--x-assign", "fast", "--x-initial", "fast", "--noassert"],
                          folder / "model", arguments.cxx)
        programs = {program: linked([*objects, *arguments.archives], model, folder / program, arguments.cxx, "-lfmt", "-lboost_program_options")
                    for program, objects in (("end", arguments.end), ("torture", arguments.torture))}
        return (complaint([str(programs["end"]), "--gtest_brief=1", "--gtest_fail_fast", "--gtest_filter=*/small"], r"FAILED  \] ([\w/.]+)", TIMEOUT_S) or
                complaint([str(programs["torture"]), "--link", "small", "--runs", str(RUNS)], r"FAIL(?: in|:) (.*)", TIMEOUT_S))

    try:
        netlist = synthesise(work / "synth")
        gates = [m for m in re.finditer(r"^  assign (\S+) = (.*);$", netlist, re.MULTILINE) if re.search(r"[&|^?]", m.group(2))]
        print(f"{len(gates)} gates, {netlist.count('always')} processes", flush=True)
        if said := judge(netlist, "netlist"):
            print(f"FAIL  the netlist: {said}")
            return 1
        print(f"the netlist passes the test of an end and {RUNS} runs of torture", flush=True)
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

# SPDX-License-Identifier: Apache-2.0
"""What campaigns on netlists have in common: synthesis with Yosys, the tests of the netlist, and gates inverted one at a time."""

import argparse
import os
import pathlib
import random
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from mutation import DEFECT_PACKAGE, MachineFailed, either, run

Programs = TypeVar("Programs")


def parser(description: str | None, defects: int) -> argparse.ArgumentParser:
    """What every such campaign can be told; `defects`: gates to invert by default."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--work", type=lambda text: pathlib.Path(text).resolve(), required=True, metavar="DIR")
    made.add_argument("--cxx", default="ccache g++")
    made.add_argument("--defects", type=int, default=defects, metavar="N", help=f"gates to invert (default {defects})")
    made.add_argument("--seed", type=int, default=1)
    return made


def synthesise(top: str, sources: Sequence[pathlib.Path], parameters: Mapping[str, str], folder: pathlib.Path, options: str = "") -> str:
    """Verilog of gates, flip-flops and memories."""
    folder.mkdir(parents=True, exist_ok=True)
    values = " ".join(f"-set {name} {value}" for name, value in parameters.items())
    # As `synth -flatten`, but for memory_map: memories stay memories.
    script = (f"read_verilog -sv {' '.join(map(str, sources))}; chparam {values} {top}; hierarchy -check -top {top}; rename -top {top}; "
              f"synth -flatten {options} -run begin:fine; opt -fast; techmap; opt -fast; abc -g AND,NAND,OR,NOR,XOR,XNOR,MUX; opt -fast; clean; "
              f"check -assert; write_verilog -noattr {folder}/{top}.v")
    run([os.environ.get("YOSYS") or "yosys", "-q", "-p", script], folder / "log")
    return (folder / f"{top}.v").read_text()


def run_netlist(arguments: argparse.Namespace, top: str, make: Callable[[pathlib.Path], str],
                build: Callable[[Sequence[pathlib.Path], pathlib.Path], Programs], notice: Callable[[Programs, int], str | None], passes: str) -> int:
    """The netlist that `make(folder)` gives must pass, and must not with a gate inverted; returns the exit code.

    `build(sources, folder)` builds the tests with these sources once, for all gates to invert are in them behind a number (mutation.py);
    `notice(built, number)` runs them, and returns what they say first, None if they are content; `passes` says what they are.
    """
    start = time.monotonic()
    try:
        netlist = make(arguments.work / "synth")
        gates = [m for m in re.finditer(r"^  assign (\S+) = (.*);$", netlist, re.MULTILINE) if re.search(r"[&|^?]", m.group(2))]
        print(f"{len(gates)} gates, {netlist.count('always')} processes", flush=True)
        inverted = random.Random(arguments.seed).sample(gates, arguments.defects)
        text = netlist
        for gate in sorted(inverted, key=lambda g: g.start(), reverse=True):
            both = either([(inverted.index(gate) + 1, f"~({gate.group(2)})")], gate.group(2))
            text = text[:gate.start(2)] + both + text[gate.end(2):]
        folder = arguments.work / "netlist"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{top}.v").write_text(text)
        programs = build([DEFECT_PACKAGE, folder / f"{top}.v"], folder)
        if said := notice(programs, 0):
            print(f"FAIL  the netlist: {said}")
            return 1
        print(f"the netlist passes {passes}", flush=True)
        missed = 0
        for number, gate in enumerate(inverted, 1):
            said = notice(programs, number)
            missed += said is None
            print(f"{'noticed' if said else 'MISSED'}: {gate.group(1)} inverted: {said or 'nothing'}", flush=True)
    except MachineFailed as error:
        print(f"ERROR {error}", file=sys.stderr)
        return 3
    print(f"seed {arguments.seed}, {time.monotonic() - start:.0f} s")
    return 1 if missed else 0

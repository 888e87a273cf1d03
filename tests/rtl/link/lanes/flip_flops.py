#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lists the flip-flops and memories of a module as Yosys sees them before it optimises: a line NAME BITS each, the name below the top.

    flip_flops.py -o FILE --top MODULE [--set PARAMETER=VALUE]... [--yosys PROGRAM] SOURCE...
"""

import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys

FLIP_FLOP = re.compile(r"\$(a|s|al)?dff(e|sr|sre|ce)?$")


def names_of_bits(module: dict) -> dict[int, str]:
    """The name in _q of every net that has one: scripts/registers.py keeps it with flip-flops."""
    return {bit: name for name, net in module["netnames"].items() if name.endswith("_q") for bit in net["bits"]}


def flip_flops(module: dict) -> dict[str, int]:
    bits: dict[str, int] = collections.Counter()
    names = names_of_bits(module)
    for name, memory in module.get("memories", {}).items():
        bits[name] += memory["width"] * memory["size"]
    for name, cell in module["cells"].items():
        if FLIP_FLOP.match(cell["type"]):
            for bit in cell["connections"]["Q"]:
                bits[names[bit]] += 1
    return bits


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True, metavar="FILE")
    parser.add_argument("--top", required=True, metavar="MODULE")
    parser.add_argument("--set", action="append", default=[], metavar="PARAMETER=VALUE")
    parser.add_argument("--yosys", default="yosys", metavar="PROGRAM")
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    arguments = parser.parse_args()
    netlist = arguments.output.with_suffix(".json")
    parameters = "".join(f" -set {name} {value}" for name, value in (text.split("=") for text in arguments.set))
    steps = [f"read_verilog -sv {' '.join(arguments.sources)}", *([f"chparam{parameters} {arguments.top}"] if parameters else []),
             f"hierarchy -check -top {arguments.top}", "proc", "flatten", "clean", f"write_json {netlist}"]
    done = subprocess.run([arguments.yosys, "-q", "-p", "; ".join(steps)], check=False)
    if done.returncode != 0:
        return 3
    top, = json.loads(netlist.read_text())["modules"].values()  # its name holds the parameters
    try:
        found = flip_flops(top)
    except KeyError as bit:
        print(f"{netlist}: the flip-flop that drives net {bit} has no name in _q", file=sys.stderr)
        return 1
    arguments.output.write_text("".join(f"{name} {bits}\n" for name, bits in sorted(found.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main())

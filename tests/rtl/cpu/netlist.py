#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run the core's netlist, as Yosys synthesises it, through the lock-step in place of the RTL: no instruction may differ.

Then some gates of the netlist are changed, one at a time, and each change must be noticed. Exit code: 0 good, 1 the netlist differs from the
simulator, or a change was not noticed, 2 bad usage, 3 a tool failed.
"""

import pathlib
import sys
from collections.abc import Sequence

from mutants import SOURCES, build, failure  # which makes tests/support known
from netlists import parser, run_netlist, synthesise

PARAMETERS = {"LineBytes": "8", "Counters": "0"}  # the configuration "small" of CMakeLists.txt
PROGRAMS = 60  # of 2,000 instructions each


def main() -> int:
    options = parser(__doc__, defects=2)
    options.add_argument("--objects", nargs="+", required=True, metavar="FILE", help="objects and archives of cpu_test; the netlist replaces a model in them")
    arguments = options.parse_args()

    def built(sources: Sequence[pathlib.Path], folder: pathlib.Path) -> pathlib.Path:
        return build(arguments.objects, sources, "small", [], folder, arguments.cxx)

    def notice(program: pathlib.Path, defect: int) -> str | None:
        return failure(program, "small", PROGRAMS, "*Random*/small:*Directed*/small", defect)

    return run_netlist(arguments, "hb_cpu", lambda folder: synthesise("hb_cpu", SOURCES, PARAMETERS, folder), built, notice,
                       f"directed tests and {PROGRAMS} random programs")


if __name__ == "__main__":
    sys.exit(main())

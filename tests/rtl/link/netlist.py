#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run the small link's netlist, as Yosys synthesises it, through torture and the test of an end in place of the RTL.

Then some gates of the netlist are inverted, one at a time, and each must be noticed. Exit code: 0 good, 1 a test of the netlist failed, or an
inverted gate was not noticed, 2 bad usage, 3 a tool failed.
"""

import pathlib
import sys
from collections.abc import Sequence

from mutants import PARAMETERS, SOURCES  # which makes tests/support known
from mutation import DEFECT_CHOICE, chosen_defect, complaint, linked, verilated
from netlists import parser, run_netlist, synthesise

RUNS = 6  # of torture
TIMEOUT_S = 240


def main() -> int:
    options = parser(__doc__, defects=1)
    options.add_argument("--torture", nargs="+", required=True, metavar="FILE", help="objects of link_torture")
    options.add_argument("--end", nargs="+", required=True, metavar="FILE", help="objects of link_end_test")
    options.add_argument("--archives", nargs="+", required=True, metavar="FILE", help="what both are linked with; the netlist replaces a model in it")
    arguments = options.parse_args()
    parameters = dict(p.removeprefix("-G").split("=") for p in PARAMETERS["small"])

    def build(sources: Sequence[pathlib.Path], folder: pathlib.Path) -> dict[str, pathlib.Path]:
        model = verilated(sources, "hb_link", "Vhb_link_small", ["--x-assign", "fast", "--x-initial", "fast", "--noassert"],
                          folder / "model", arguments.cxx)
        return {program: linked([*objects, *arguments.archives], model, folder / program, arguments.cxx, str(DEFECT_CHOICE), "-lboost_program_options")
                for program, objects in (("end", arguments.end), ("torture", arguments.torture))}

    def notice(programs: dict[str, pathlib.Path], defect: int) -> str | None:
        choice = chosen_defect(defect)
        return (complaint([str(programs["end"]), "--gtest_brief=1", "--gtest_fail_fast", "--gtest_filter=*/small"], r"FAILED  \] ([\w/.]+)", TIMEOUT_S, choice) or
                complaint([str(programs["torture"]), "--link", "small", "--runs", str(RUNS)], r"FAIL(?: in|:) (.*)", TIMEOUT_S, choice))

    return run_netlist(arguments, "hb_link", lambda folder: synthesise("hb_link", SOURCES, parameters, folder, "-noshare"), build, notice,
                       f"the test of an end and {RUNS} runs of torture")


if __name__ == "__main__":
    sys.exit(main())

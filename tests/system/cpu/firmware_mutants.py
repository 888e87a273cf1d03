#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Put one defect at a time into the core of the watched chip and demand that the monitor in lock-step notices it.

The defects are some of those of tests/rtl/cpu/mutants.py: what ordinary software meets. The unmutated chip, built the same way, must
pass first. Exit code: 0 all were caught, 1 one survived or the unmutated chip failed, 2 bad usage, 3 a tool failed.
"""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "rtl" / "cpu")]
from mutants import MUTANTS, RTL  # noqa: E402
from mutation import Mutant, complaint, linked, parser, refuse_unknown, run_campaign, verilated, with_defect  # noqa: E402

NAMES = ("bypass", "slt", "fetch-early", "wfi")
TIMEOUT_S = 120
TOP = "hb_watched_chip"
SOURCES = [ROOT / line for line in (ROOT / "rtl" / "hilbert.f").read_text().splitlines() if line and not line.startswith("#")]


def main() -> int:
    options = parser(f"{__doc__}\nWithout names: {' '.join(NAMES)}.")
    options.add_argument("--objects", nargs="+", required=True, metavar="FILE",
                         help="objects and archives of firmware_lockstep; a mutated chip replaces the one in them")
    arguments = options.parse_args()
    refuse_unknown(options, arguments.names, MUTANTS)

    def notice(mutant: Mutant | None, _: str) -> str | None:
        folder = arguments.work / (mutant.name if mutant else "unmutated")
        sources = [*with_defect(mutant, RTL, SOURCES, folder), pathlib.Path(__file__).with_name(f"{TOP}.sv")]
        model = verilated(sources, TOP, f"V{TOP}", ["--x-assign", "fast", "--x-initial", "fast", "--noassert", "--output-split", "20000"],
                          folder / "model", arguments.cxx)
        program = linked(arguments.objects, model, folder / "firmware_lockstep", arguments.cxx, "-lspdlog")
        return complaint([str(program), "--gtest_brief=1", "--gtest_fail_fast"], r"with description \"(.*?)$|Failure\n(.*)", TIMEOUT_S)

    return run_campaign(MUTANTS, arguments.names or NAMES, notice, ("firmware",))


if __name__ == "__main__":
    sys.exit(main())

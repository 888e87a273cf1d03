#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Print what an iCE40 design uses, and which module uses it, from the output of Yosys's `stat -json` on a hierarchical netlist.

    scripts/synth_cells.py STAT.json TOP

Cells count where they stand, not in the modules above, times the instances: the columns add up to the chip.
Exit code: 0 good, 2 bad usage, 3 the file counts nothing, or what no column counts.
"""
import collections
import json
import re
import sys

COLUMNS = {"LUT4": r"SB_LUT4", "flip-flops": r"SB_DFF.*", "carries": r"SB_CARRY", "block RAMs": r"SB_RAM40.*", "DSPs": r"SB_MAC16"}
NO_HARDWARE = {"$scopeinfo"}  # newer versions of Yosys note there where something came from


class BadCount(Exception):
    """What is wrong with the file."""


def base_name(module: str) -> str:
    """`$paramod$<hash>\\name` and `$paramod\\name\\P=...` are the module `name`."""
    return module.split("\\")[1] if module.startswith("$paramod") else module


def parse(text: str) -> dict[str, dict[str, int]]:
    """Module -> what it is made of -> how many."""
    try:
        # Yosys 0.23 writes the hierarchy as plain text between the modules and the end: only the object "modules" is JSON.
        modules, _ = json.JSONDecoder().raw_decode(text, text.index("{", text.index('"modules"')))
        return {name.removeprefix("\\"): dict(module["num_cells_by_type"]) for name, module in modules.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadCount(f"not the output of Yosys's stat -json: {error!r}") from None


def count(modules: dict[str, dict[str, int]], top: str) -> tuple[collections.Counter, dict[str, collections.Counter]]:
    """Instances of each module in `top`, and the cells that stand in it."""
    instances: collections.Counter[str] = collections.Counter()
    cells: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)

    def visit(module: str, times: int) -> None:
        name = base_name(module)
        instances[name] += times
        for part, number in modules[module].items():
            if part in modules:
                visit(part, times * number)
            elif part not in NO_HARDWARE:
                column = next((c for c, pattern in COLUMNS.items() if re.fullmatch(pattern, part)), None)
                if column is None:
                    raise BadCount(f"{module} has {number} x {part}, which no column counts")
                cells[name][column] += times * number

    if top not in modules:
        raise BadCount(f"no module {top} in it")
    visit(top, 1)
    return instances, cells


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    top = sys.argv[2]
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            instances, cells = count(parse(file.read()), top)
        total = sum(cells.values(), collections.Counter())
        if not total["LUT4"] or not total["flip-flops"]:
            raise BadCount(f"{top} has {total['LUT4']} LUT4 and {total['flip-flops']} flip-flops: nothing was counted")
    except (BadCount, OSError) as error:
        print(f"synth_cells.py: {sys.argv[1]}: {error}", file=sys.stderr)
        return 3
    print(f"{'module':22} {'instances':>9} " + " ".join(f"{c:>10}" for c in COLUMNS))
    rows = [(f"{top}, all of it", 1, total)] + sorted(((m, instances[m], cells[m]) for m in instances), key=lambda r: (-r[2]["LUT4"], r[0]))
    for name, times, used in rows:
        print(f"{name:22} {times:9} " + " ".join(f"{used[c]:10}" for c in COLUMNS))
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Print what an iCE40 design uses, and which module uses it, from the output of Yosys's `stat` on a hierarchical netlist.

    scripts/synth_cells.py STAT.txt TOP

Cells count where they stand, not in the modules above, times the instances: the columns add up to the chip.
"""
import collections
import re
import sys

COLUMNS = {"LUT4": r"SB_LUT4", "flip-flops": r"SB_DFF.*", "carries": r"SB_CARRY", "block RAMs": r"SB_RAM40.*", "DSPs": r"SB_MAC16"}


def base_name(module: str) -> str:
    """`$paramod$<hash>\\name` and `$paramod\\name\\P=...` are the module `name`."""
    return module.split("\\")[1] if module.startswith("$paramod") else module


def parse(text: str) -> dict[str, dict[str, int]]:
    """Module -> what it is made of -> how many."""
    modules: dict[str, dict[str, int]] = {}
    part: dict[str, int] = {}
    counting = False
    for line in text.splitlines():
        if found := re.match(r"=== (.+) ===", line):
            part, counting = modules.setdefault(found[1], {}), False
        elif "Number of cells:" in line:
            counting = True
        elif counting and (found := re.match(r"\s+(\S+)\s+(\d+)$", line)):
            part[found[1]] = int(found[2])
    return modules


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    with open(sys.argv[1], encoding="utf-8") as file:
        modules = parse(file.read())
    top = sys.argv[2]
    modules.pop("design hierarchy", None)
    instances: collections.Counter[str] = collections.Counter()
    cells: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)

    def visit(module: str, count: int) -> None:
        name = base_name(module)
        instances[name] += count
        for part, number in modules[module].items():
            if part in modules:
                visit(part, count * number)
                continue
            column = next((c for c, pattern in COLUMNS.items() if re.fullmatch(pattern, part)), None)
            if column is None:
                raise SystemExit(f"synth_cells.py: {module} has {number} x {part}, which no column counts")
            cells[name][column] += count * number

    visit(top, 1)
    total = sum(cells.values(), collections.Counter())
    print(f"{'module':22} {'instances':>9} " + " ".join(f"{c:>10}" for c in COLUMNS))
    rows = [(f"{top}, all of it", 1, total)] + sorted(((m, instances[m], cells[m]) for m in instances), key=lambda r: (-r[2]["LUT4"], r[0]))
    for name, count, used in rows:
        print(f"{name:22} {count:9} " + " ".join(f"{used[c]:10}" for c in COLUMNS))
    return 0


if __name__ == "__main__":
    sys.exit(main())

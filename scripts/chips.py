#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the chip configurations of rtl/regs/chips.toml for scripts, a line a chip.

    scripts/chips.py              small Rows=2 Cols=2 ... CpuBytes=32768 WordBytes=8
    scripts/chips.py small        Rows=2 Cols=2 ... (what is derived comes last)
    scripts/chips.py --parameters [NAME]     the same without what is derived: what hb_chip takes
"""
import argparse
import pathlib
import sys

from generate import chips
from generate.text import MapError

TABLE = pathlib.Path(__file__).resolve().parent.parent / "rtl" / "regs" / "chips.toml"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parameters", action="store_true", help="without what is derived")
    parser.add_argument("name", nargs="?", help="one configuration; default: all, with their names")
    args = parser.parse_args()
    try:
        table = chips.load(TABLE)
    except (OSError, MapError) as error:
        print(f"chips: {error}", file=sys.stderr)
        return 2
    known = [c["name"] for c in table["configuration"]]
    if args.name is not None and args.name not in known:
        print(f"chips: no configuration {args.name!r}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    for c in table["configuration"]:
        values = c["values"] if args.parameters else chips.with_derived(table, c["values"])
        text = " ".join(f"{k}={v}" for k, v in values.items())
        if args.name is None:
            print(c["name"], text)
        elif args.name == c["name"]:
            print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())

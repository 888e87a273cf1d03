#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes what every language knows of the hardware from the TOML files in rtl/regs (rtl/regs/README.md).

    scripts/regmap.py rtl/regs/*.toml               writes packages and tables beside them, headers below include/
    scripts/regmap.py --check rtl/regs/*.toml       writes nothing; exit 1 and a diff if a committed output is stale
"""
import argparse
import difflib
import pathlib
import sys
import tomllib

from generate import chips, job, registers
from generate.text import MapError

# Whose outputs; every other file is a register map.
KINDS = {"job.toml": job, "chips.toml": chips}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the committed outputs instead of writing")
    parser.add_argument("maps", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    stale = False
    for path in args.maps:
        try:
            made = KINDS.get(path.name, registers).outputs(path)
        except (OSError, KeyError, MapError, tomllib.TOMLDecodeError) as error:
            print(f"regmap: {path}: {error}", file=sys.stderr)
            return 2
        for target, text in made.items():
            if not args.check:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text)
                continue
            old = target.read_text() if target.exists() else ""
            if old != text:
                stale = True
                sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), text.splitlines(True),
                                                           str(target), f"{target} (fresh)"))
    if stale:
        print("regmap: stale outputs: run scripts/regmap.py rtl/regs/*.toml and commit", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())

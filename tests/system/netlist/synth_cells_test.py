#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/synth_cells.py on what `stat -json` of two versions of Yosys prints, and on what counts nothing."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[3] / "scripts" / "synth_cells.py"
SUB = "$paramod\\sub\\W=s32'00000000000000000000000000000100"
CELLS = {"SB_CARRY": 3, "SB_DFF": 4, "SB_LUT4": 4}
# A module with an instance of itself with parameters, of itself without, twice: as Debian's 0.23 and as 0.70 write it.
PARTS = {SUB: 1, "sub": 2}
YOSYS_0_23 = {"modules": {SUB: {"num_cells": 11, "num_cells_by_type": CELLS}, "\\sub": {"num_cells": 11, "num_cells_by_type": CELLS},
                          "\\t": {"num_cells": 3, "num_cells_by_type": PARTS}}}
YOSYS_0_70 = {"modules": {SUB: {"num_cells": 11, "num_submodules": 0, "num_cells_by_type": CELLS},
                          "\\sub": {"num_cells": 11, "num_submodules": 0, "num_cells_by_type": CELLS | {"$scopeinfo": 1}},
                          "\\t": {"num_cells": 0, "num_submodules": 3, "num_cells_by_type": PARTS}}}
NOTHING = {"modules": {"\\t": {"num_cells": 0, "num_cells_by_type": {}}}}


def counted(text: str, top: str = "t") -> subprocess.CompletedProcess:
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "stat.json"
        file.write_text(text)
        return subprocess.run([sys.executable, str(SCRIPT), str(file), top], capture_output=True, text=True, check=False)


class SynthCells(unittest.TestCase):
    def test_both_forms_count_the_same(self):
        for form in (YOSYS_0_23, YOSYS_0_70):
            done = counted(json.dumps(form))
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            rows = [line.split() for line in done.stdout.splitlines()]
            self.assertEqual(rows[1], ["t,", "all", "of", "it", "1", "12", "12", "9", "0", "0"])
            self.assertEqual(rows[2], ["sub", "3", "12", "12", "9", "0", "0"])

    def test_hierarchy_as_text_between(self):
        """As Debian's 0.23 writes it where a module has an instance, which makes the file no JSON."""
        text = json.dumps(YOSYS_0_23, indent=3)
        broken = text[:-1].rstrip() + ",\n       t   1\n         sub   2\n   \"design\": {\n   }\n}\n"
        self.assertRaises(ValueError, json.loads, broken)
        self.assertEqual(counted(broken).stdout, counted(text).stdout)

    def test_nothing_counted_is_no_table_of_zeros(self):
        old_form = "=== t ===\n\n   Number of cells:   8\n     SB_LUT4   8\n"
        for text in (json.dumps(NOTHING), json.dumps({"modules": {}}), "{}", "[]", "", old_form):
            done = counted(text)
            self.assertEqual((done.returncode, done.stdout), (3, ""), text)
            self.assertIn("synth_cells.py: ", done.stderr)

    def test_an_unknown_cell_and_an_unknown_top_are_refused(self):
        unknown = {"modules": {"\\t": {"num_cells_by_type": CELLS | {"$alu": 1}}}}
        self.assertEqual(counted(json.dumps(unknown)).returncode, 3)
        self.assertEqual(counted(json.dumps(YOSYS_0_23), "hb_chip").returncode, 3)


if __name__ == "__main__":
    unittest.main()

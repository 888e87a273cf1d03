#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""with_defects(): the SystemVerilog that holds all defects of a file, and the texts that it refuses."""

import pathlib
import tempfile
import unittest

from mutation import MachineFailed, Mutant, with_defects

MODULE = """module m (input logic a_i, b_i, c_i, output logic [1:0] y_o, output logic z_o);
  assign y_o = {a_i && b_i, c_i};
  assign z_o = a_i == b_i && c_i ? a_i : b_i;
  always_ff @(posedge a_i) if (b_i || c_i) q <= c_i;
endmodule
"""


def made(*defects: tuple[str, str]) -> list[str]:
    """The lines of MODULE with these defects, numbered from 1."""
    mutants = [Mutant(f"m{i}", "", "", "m.sv", old, new) for i, (old, new) in enumerate(defects)]
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "m.sv"
        source.write_text(MODULE)
        sources = with_defects(mutants, source.parent, [source], pathlib.Path(folder) / "made")
        return sources[-1].read_text().splitlines()


def pick(number: int) -> str:
    return f"hb_defect_pkg::chosen == 32'd{number}"


class WithDefects(unittest.TestCase):
    def test_expression(self) -> None:
        self.assertEqual(made(("a_i && b_i", "a_i"))[1], f"  assign y_o = {{({pick(1)} ? (a_i) : (a_i && b_i)), c_i}};")

    def test_assignment(self) -> None:
        old = "assign y_o = {a_i && b_i, c_i};"
        self.assertEqual(made((old, "assign y_o = 2'd0;"))[1], f"  assign y_o = ({pick(1)} ? (2'd0) : ({{a_i && b_i, c_i}}));")

    def test_condition(self) -> None:
        self.assertIn(f"if (({pick(1)} ? ((1'b0)) : ((b_i || c_i)))) q", made(("if (b_i || c_i)", "if (1'b0)"))[3])

    def test_statement_and_none(self) -> None:
        self.assertIn(f"begin if ({pick(1)}) begin  end else begin if (b_i || c_i) q <= c_i; end end", made(("if (b_i || c_i) q <= c_i;", ""))[3])

    def test_two_in_the_same_place(self) -> None:
        line = made(("a_i && b_i", "a_i"), ("a_i && b_i", "b_i"))[1]
        self.assertIn(f"({pick(1)} ? (a_i) : {pick(2)} ? (b_i) : (a_i && b_i))", line)

    def test_what_parentheses_would_change(self) -> None:
        for old in ("b_i && c_i", "c_i ? a_i : b_i", "a_i && b_i, c_i"):  # behind ==, behind &&, half a list
            with self.subTest(old), self.assertRaises(MachineFailed):
                made((old, "1'b0"))

    def test_overlap_and_absence(self) -> None:
        with self.assertRaisesRegex(MachineFailed, "overlap"):
            made(("a_i && b_i", "a_i"), ("{a_i && b_i, c_i}", "2'd0"))
        with self.assertRaisesRegex(MachineFailed, "occurs 0 times"):
            made(("d_i", "a_i"))


if __name__ == "__main__":
    unittest.main()

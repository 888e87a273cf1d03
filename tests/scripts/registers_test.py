#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/registers.py finds every target of `<=`, and nothing else, in the forms that the RTL uses and some more."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import registers  # noqa: E402


def targets(body: str) -> list[str]:
    return [name for _, name in registers.targets(body)]


def findings(body: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "m.sv"
        path.write_text(body)
        return [line.split(": ", 1)[1].split()[0] for line in registers.findings(path)]


class Targets(unittest.TestCase):
    def test_plain(self):
        self.assertEqual(targets("always_ff @(posedge c) begin a_q <= b; end"), ["a_q"])

    def test_after_conditions_that_compare(self):
        self.assertEqual(targets("if (a <= b) x_q <= a <= b; else if (c) y <= d;"), ["x_q", "y"])

    def test_slices_members_memories(self):
        self.assertEqual(targets("a_q[3:0] <= 0; b_q.len[i +: 2] <= 0; mem[addr <= 3] <= 0;"), ["a_q", "b_q", "mem"])

    def test_concatenation(self):
        self.assertEqual(targets("{a_q, b[1]} <= c;"), ["a_q", "b"])

    def test_case_arms(self):
        self.assertEqual(targets("unique case (s) pkg::A: a_q <= 0; 2'd1: b <= 1; default: c_o <= 2; endcase d <= 3;"), ["a_q", "b", "c_o", "d"])

    def test_no_assignments(self):
        self.assertEqual(targets("assign a = b <= c; assign d = p::X >= e && e <= p::Y; x = y <= z; // w <= v\n /* u <= t; */"), [])


class Findings(unittest.TestCase):
    def test_flip_flop_with_another_name(self):
        self.assertEqual(findings("a_o <= b;"), ["a_o"])

    def test_name_without_a_flip_flop(self):
        self.assertEqual(findings("assign a_q = b;"), ["a_q"])

    def test_ports_of_others(self):
        self.assertEqual(findings("sub u (.d_q(a_q)); a_q <= 0;"), [])


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/waves.py reads what a waveform says before each edge, and names the words of a link."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import waves  # noqa: E402

VCD = """$timescale 1ps $end
$scope module TOP $end
$scope module bench $end
$var wire 1 ! clk $end
$var wire 1 % a $end
$scope module u_dut $end
$var wire 1 % a_i $end
$var wire 8 & count_q [7:0] $end
$upscope $end
$upscope $end
$upscope $end
$enddefinitions $end
#0
0!
0%
b00000000 &
#1
1!
#2
0!
1%
#3
1!
b00000011 &
0%
#4
0!
#5
1!
bx1 &
"""


class Reading(unittest.TestCase):
    def test_values_before_each_rising_edge(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "x.vcd"
            path.write_text(VCD, encoding="utf-8")
            rows = waves.read(path, "clk")
        self.assertEqual([(row["a"], row["u_dut.a_i"], row["u_dut.count_q"]) for row in rows], [(0, 0, 0), (1, 1, 0), (0, 0, 3)])


class Words(unittest.TestCase):
    def test_a_flit_between_framing_words(self):
        data = 1 | 2 << 3 | 7 << 11       # kind data, two words, number 7
        words = [2 | 1 << 2, 0 | 5 << 4, data, 0xFFFF_FFFF, 2, 0 | 1 << 2 | 8 << 4, 2 | 9 << 4]
        rows = [{"word": word, "taken": 1} for word in words]
        rows.insert(3, {"word": data, "taken": 0})
        waves.framing(rows, "word", "taken")
        self.assertEqual([row["word.is"] for row in rows], ["RN0", "C5", "D7", "", "w7", "w7", "N8", "R9"])

    def test_blocks(self):
        rows = [{"x": x} for x in (1, 0, 1, 1)]
        waves.blocks(rows, lambda row: row["x"], 2, "block")
        self.assertEqual([row["block"] for row in rows], ["0", "", "0", "1"])


class Drawing(unittest.TestCase):
    def test_neighbours_share_a_box_and_texts_must_fit(self):
        d = waves.Drawing([{"x": x} for x in (1, 1, 2)], 0, 3)
        d.boxes("x", lambda row: {1: "same", 2: "does not fit"}[row["x"]])
        svg = d.svg("about")
        self.assertEqual(svg.count('class="box"'), 2)
        self.assertIn(">same<", svg)
        self.assertNotIn("does not fit", svg)


if __name__ == "__main__":
    unittest.main()

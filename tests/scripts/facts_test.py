#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The facts of rtl/regs: the second reader agrees with them, and scripts/regmap.py refuses a file that contradicts itself."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import read_vectors  # noqa: E402
from generate import chips, descriptor, expression, job, registers  # noqa: E402
from generate.text import MapError  # noqa: E402

REGS = ROOT / "rtl" / "regs"
JOB = tomllib.loads((REGS / "job.toml").read_text())


def values(name):
    return {v["value"]: v["name"] for e in JOB["enum"] if e["name"] == name for v in e["values"]}


class SecondReader(unittest.TestCase):
    """scripts/read_vectors.py is written by hand, from vectors/README.md alone."""

    def test_formats(self):
        self.assertEqual([(f["name"].lower(), f["bytes"]) for f in JOB["format"]], read_vectors.FORMATS)
        biased = [f["name"].lower() for f in JOB["format"] if f["bias"] == "tensor"]
        self.assertEqual(biased, [name for name, _ in read_vectors.FORMATS if name.startswith("cf8")])  # its rule

    def test_statuses_of_refused_descriptors(self):
        names = [name for _, name in sorted(values("STATUS").items())]
        self.assertEqual(names[:len(read_vectors.STATUS)], read_vectors.STATUS)
        self.assertEqual(names[len(read_vectors.STATUS):], ["POISONED", "ABORTED"])  # no vector has them

    def test_flags(self):
        self.assertEqual([name.lower() for _, name in sorted(values("FLAG").items())], read_vectors.FLAGS)

    def test_options(self):
        options = {bit: name.lower() for bit, name in values("OPTION").items()}
        self.assertEqual(options.pop(13), "irq")  # says nothing of numbers
        self.assertEqual(options, read_vectors.OPTIONS)

    def test_opcodes(self):
        opcodes = {o["value"]: o["name"].lower() for o in JOB["opcode"]}
        self.assertEqual({code: opcodes[code] for code in read_vectors.OPCODES}, read_vectors.OPCODES)


class Files(unittest.TestCase):
    """A copy of rtl/regs with one thing changed."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def changed(self, name, old, new):
        text = (REGS / name).read_text()
        self.assertIn(old, text)
        path = pathlib.Path(self.folder.name) / name
        path.write_text(text.replace(old, new, 1))
        return path

    def refuses(self, module, name, old, new, why):
        with self.assertRaisesRegex(MapError, why):
            module.load(self.changed(name, old, new))

    def test_hash_is_of_the_registers_alone(self):
        before = registers.load(REGS / "link.toml")["hash"]
        for old, new in (('doc = "a lane is too far behind another"', 'doc = "other words"'),
                         ('"PARTNER_DOWN",  value = 5', '"PARTNER_GONE",  value = 5'), ("spacing = 0x400", "spacing = 0x800")):
            self.assertEqual(registers.load(self.changed("link.toml", old, new))["hash"], before, new)
        self.assertNotEqual(registers.load(self.changed("link.toml", 'bits = "1:0"', 'bits = "2:0"'))["hash"], before)

    def test_register_maps(self):
        self.refuses(registers, "link.toml", 'values = "STATE"', 'values = "STATES"', "no enumeration")
        self.refuses(registers, "link.toml", 'values = "STATE"', 'doc2 = ""', "no field or register has it")
        self.refuses(registers, "link.toml", '"HELLO",  value = 1', '"HELLO",  value = 9', "ascend")
        self.refuses(registers, "link.toml", '"BERT",   value = 6', '"BERT",   value = 8', "does not fit its bits")
        self.refuses(registers, "link.toml", '"BERT",   value = 6', '"DOWN",   value = 6', "name comes twice")
        self.refuses(registers, "link.toml", '"READY",  value', '"DEFAULT",  value', "a word of C")
        self.refuses(registers, "link.toml", "spacing = 0x400", "spacing = 0x40", "overlap")
        self.refuses(registers, "tile.toml", 'prefix = "SEQ"\nbits = 3', 'prefix = "SEQ"\nbits = 5', "more than the 4")

    def test_jobs(self):
        self.refuses(job, "job.toml", 'options = ["RELU", ', 'options = ["RELUX", ', "no options")
        self.refuses(job, "job.toml", 'name = "INT8"\ncode = 6\nbytes = 1', 'name = "INT8"\ncode = 6\nbytes = 3', "bytes are 1, 2 or 4")
        self.refuses(job, "job.toml", "mantissa_bits = 7", "mantissa_bits = 8", "are not its bytes")
        self.refuses(job, "job.toml", "largest = 0x7E", "largest = 0x17E", "no code")
        self.refuses(job, "job.toml", 'name = "GET"\nvalue = 7', 'name = "GET"\nvalue = 9', "ascend")
        self.refuses(job, "job.toml", 'uses = ["A", "D", "SIZE", "PLACE"]\nlink = true', 'uses = ["A", "D", "SIZE", "PLACE"]', "stand together")

    def test_descriptors(self):
        for old, new, why in (
                ('name = "N",            word = 3,  bits = "31:16"', 'name = "N",            word = 3,  bits = "31:15"', "GEMM uses N and another"),
                ('name = "COL0",         word = 14', 'name = "COL0",         word = 16', "no word 16"),
                ('use = "SIZE",   doc = "rows"', 'use = "SIZES",  doc = "rows"', "no use SIZES"),
                ('  { name = "TAG", ', '  { name = "SEED", ', "different names"),
                ('"tag", "formats and biases"', '"formats and biases"', "16 words"),
                ('uses = ["PLACE", "THERE"]', 'uses = ["PLACE", "THERE", "SEED"]', "SIGNAL uses PLACE_X and another"),
                ('uses = ["D", "SIZE", "SEED"]', 'uses = ["D", "SIZE", "SEEDS"]', "FILL: no uses"),
                ('uses = ["D", "SIZE", "SEED"]', 'uses = ["D", "SIZE", "FORMAT_A"]', "FILL uses the format of a matrix"),
                ('uses = ["C"], ', "", "nothing uses ..C"),
                ('  { name = "THERE",    value = 12', '  { name = "ELSE", value = 11 },\n  { name = "THERE", value = 12', "ascend")):
            self.refuses(job, "job.toml", old, new, why)

    def test_surplus_bits(self):
        """What SystemVerilog says of the bits of each word, against the fields looked up bit by bit."""
        m = job.load(REGS / "job.toml")
        for word in range(16):
            fields = [f for f in m["descriptor"]["fields"] if f["word"] == word]
            for uses in ((), ("SEED",), ("PLACE",), ("ORIGIN", "SEED"), ("PLACE", "THERE"), ("A", "B", "C", "D", "SIZE", "K"),
                         ("FORMAT_A", "FORMAT_D"), ("FORMAT_B",)):
                parts = [(hi, lo) for hi, lo, of in descriptor.parts(m, word) if None not in of and not set(of) & set(uses)]
                surplus = {bit for hi, lo in parts for bit in range(lo, hi + 1)}
                used = {bit for f in fields if f.get("use") in (None, *uses) for bit in range(f["lo"], f["hi"] + 1)}
                self.assertEqual(surplus, set(range(32)) - used, (word, uses))

    def test_chips(self):
        self.refuses(chips, "chips.toml", "CpuBytes = 65536\n", "", "missing")
        self.refuses(chips, "chips.toml", "QueueSlots = 128", "QueueSlots = 100", "100 queue slots")
        self.refuses(chips, "chips.toml", "LinkReplayWords = 512\n", "LinkReplayWords = 512\nNothing = 1\n", "unknown")


class Expressions(unittest.TestCase):
    CASES = ("max(Rows, Cols) * Depth * 2", "Depth in (1, 2, 4)", "8 <= Rows <= 64", "power_of_two(Rows) or not Cols == 3",
             "Rows - 1 >= Cols // 3 and Depth != 2")

    def test_translations_have_the_same_value(self):
        """SystemVerilog's text, read by Python after its operators are spelt Python's way."""
        for text in self.CASES:
            sv = expression.to_sv(text, lambda n: n)
            python = re.sub(r"\(\((\w+) > (\w+)\) \? \1 : \2\)", r"max(\1, \2)", sv)
            python = python.replace("&&", " and ").replace("||", " or ").replace("!=", "~=").replace("!", " not ").replace("~=", "!=").replace("/", "//")
            for rows, cols, depth in ((8, 8, 4), (3, 3, 2), (64, 1, 1), (65, 200, 5), (1, 2, 3)):
                names = {"Rows": rows, "Cols": cols, "Depth": depth}
                self.assertEqual(eval(python, {"max": max}, names), expression.evaluate(text, names), (text, sv, names))

    def test_refuses_what_it_does_not_know(self):
        for text in ("Rows ** 2", "min(Rows, Cols)", "Rows if Cols else 1", "[Rows]", "Rows is Cols"):
            with self.assertRaises(MapError):
                expression.to_sv(text, lambda n: n)


class Rules(unittest.TestCase):
    """Elaboration stops at a chip that breaks any rule, and at no configuration."""

    BREAKS = {0: "Rows=3", 1: "Depth=3", 2: "Rows=1", 3: "Rows=128 Cols=128", 4: "Banks=256", 5: "Banks=1", 6: "BankBytes=48",
              7: "BankBytes=64", 8: "QueueSlots=1", 9: "QueueSlots=128 BankBytes=2048", 10: "Links=2", 11: "CpuBytes=64",
              12: "Links=4 LinkMaxWords=3", 13: "Links=4 LinkLanes=3", 14: "Links=4 LinkMaxWords=130", 15: "Links=4 LinkBufferWords=1024",
              16: "Links=4 LinkReplayWords=128", 17: "Links=4 LinkWindow=128"}

    def elaborate(self, parameters):
        done = subprocess.run(["verilator", "--lint-only", "--top-module", "hb_chip_check", *(f"-G{p}" for p in parameters),
                               str(REGS / "hb_chip_pkg.sv"), str(REGS / "hb_chip_check.sv")], capture_output=True, text=True)
        return done.returncode, done.stderr

    @unittest.skipUnless(shutil.which("verilator"), "no verilator")
    def test_every_rule(self):
        table = chips.load(REGS / "chips.toml")
        self.assertEqual(sorted(self.BREAKS), list(range(len(table["constraint"]))))
        for c in table["configuration"]:
            code, text = self.elaborate(f"{k}={v}" for k, v in c["values"].items())
            self.assertEqual(code, 0, text)
        for index, parameters in self.BREAKS.items():
            code, text = self.elaborate(parameters.split())
            rule = re.sub(r" \(\{\w+\}\)", "", table["constraint"][index]["rule"])
            self.assertNotEqual(code, 0, parameters)
            self.assertIn(f"hb_chip: {rule}", text)


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""scripts/read_vectors.py, written from the documentation, and the C++ reader read the same.

Usage: second_reader_test.py HILBERT READ_VECTORS CORPUS
"""
import json
import subprocess
import sys
import unittest
from pathlib import Path

HILBERT, READER, CORPUS = sys.argv.pop(1), sys.argv.pop(1), Path(sys.argv.pop(1))


def lines(*command):
    """Standard output of a command that must succeed, each line as JSON."""
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


class SecondReader(unittest.TestCase):
    def test_both_read_the_same(self):
        compared = exact = 0
        for path in sorted(CORPUS.glob("golden/*.hbv")) + sorted(CORPUS.glob("refused/*.hbv")):
            theirs = lines(sys.executable, READER, "--json", str(path))
            ours = lines(HILBERT, "vectors", "show", "--json", "-", str(path))
            exact += sum(case.pop("exact", False) for case in theirs)
            self.assertEqual(len(ours), len(theirs), path)
            for a, b in zip(ours, theirs):
                self.assertEqual(a, b)
            compared += len(ours)
        self.assertGreater(compared, 4000)
        self.assertGreater(exact, 20, "int8 products that Python recomputed in integers")

    def test_the_second_reader_refuses_what_is_damaged(self):
        # What breaks a rule of names or descriptors is left to the first reader.
        lenient = {"job-option", "name-empty", "name-control-character"}
        for path in sorted(CORPUS.glob("refused/files/*.hbv")):
            if path.stem in lenient:
                continue
            run = subprocess.run([sys.executable, READER, str(path)], capture_output=True, text=True, check=False)
            self.assertEqual(run.returncode, 2, f"{path}: {run.stdout}{run.stderr}")
            self.assertIn(path.name, run.stderr)


if __name__ == "__main__":
    unittest.main()

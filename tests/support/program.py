# SPDX-License-Identifier: Apache-2.0
"""The program hilbert in a folder of its own, for tests of what it leaves behind."""
import gzip
import os
import random
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path
from struct import pack

HILBERT = os.environ["HILBERT_PROGRAM"]
CORPUS = Path(os.environ["HILBERT_VECTORS"])


class Case(unittest.TestCase):
    """A test with an empty folder, in which the program runs."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="hilbert_")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_it(self, *words, before=(), **more):
        """Exit code (negative: the signal), standard output and error as text."""
        run = subprocess.run([*before, HILBERT, *map(os.fspath, words)], cwd=self.folder, capture_output=True,
                             text=True, errors="surrogateescape", check=False, **more)
        return run.returncode, run.stdout, run.stderr

    def start(self, *words, before=(), **more):
        """The program, running."""
        return subprocess.Popen([*before, HILBERT, *map(os.fspath, words)], cwd=self.folder, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)

    def left(self):
        """Names in the folder."""
        return sorted(os.listdir(self.folder))

    def assert_refused(self, words, code, piece, left):
        """One line of error with `piece` in it, nothing on standard output, nothing new in the folder."""
        got, out, err = self.run_it(*words)
        self.assertEqual((got, out), (code, ""), f"{words}\n{err}")
        self.assertEqual(err.count("\n"), 1, err)
        self.assertIn(piece, err)
        self.assertEqual(self.left(), left)


def npy(path, rows, cols):
    """A float32 matrix."""
    head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {cols}), }}".ljust(117) + "\n"
    Path(path).write_bytes(b"\x93NUMPY\x01\x00" + pack("<H", len(head)) + head.encode()
                           + pack(f"<{rows * cols}f", *(i % 7 for i in range(rows * cols))))


def images(folder, count=200, side=6):
    """Four IDX files of images that say their class."""
    folder.mkdir(exist_ok=True)
    numbers = random.Random(3)
    for part in ("train", "t10k"):
        labels = bytes(numbers.randrange(10) for _ in range(count))
        pixels = bytes(min(255, numbers.randrange(100) + (150 if p * 10 // (side * side) == label else 0))
                       for label in labels for p in range(side * side))
        for name, sizes, values in (("images-idx3", (count, side, side), pixels), ("labels-idx1", (count,), labels)):
            head = bytes((0, 0, 8, len(sizes))) + b"".join(pack(">I", n) for n in sizes)
            (folder / f"{part}-{name}-ubyte.gz").write_bytes(gzip.compress(head + values))


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)

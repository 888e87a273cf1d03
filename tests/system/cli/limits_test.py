# SPDX-License-Identifier: Apache-2.0
"""hilbert where threads or memory are short: the work goes on with what there is, or ends in one error.

Usage: limits_test.py HILBERT CORPUS BOARDS

A stack limit becomes the size of every thread's stack; larger than the address space that is left, no thread starts.
This binds the superuser too, which a limit on processes does not: that one is tried as another user.
"""
import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from struct import pack

HILBERT, CORPUS, BOARDS = sys.argv.pop(1), Path(sys.argv.pop(1)), Path(sys.argv.pop(1))
TIES = str(CORPUS / "golden" / "ties.hbv")
MIB = 1 << 20
NO_THREADS = [f"--stack={1024 * MIB}", f"--as={1000 * MIB}"]
TWO_THREADS = [f"--stack={400 * MIB}", f"--as={1200 * MIB}"]


def hilbert(limits, *arguments, before=()):
    """Runs the program under limits of prlimit; gives exit code, standard output and standard error."""
    run = subprocess.run([*before, "prlimit", *limits, "--core=0", HILBERT, *map(str, arguments)], capture_output=True,
                         text=True, check=False, timeout=280)
    return run.returncode, run.stdout, run.stderr


def data_set(folder):
    """40 training images and 10 others of 4 x 4 pixels."""
    for part, count in (("train", 40), ("t10k", 10)):
        pixels = bytes(i * 37 % 251 for i in range(16 * count))
        labels = bytes(i % 10 for i in range(count))
        (folder / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(pack(">4I", 0x803, count, 4, 4) + pixels))
        (folder / f"{part}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(pack(">2I", 0x801, count) + labels))


@unittest.skipUnless(shutil.which("prlimit"), "prlimit is part of util-linux")
class Limits(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        data_set(Path(self.folder.name))
        self.train = ["train", "--data", self.folder.name, "--hidden", "4", "--batch", "8", "--steps", "3"]

    def weights(self, output):
        return output[output.index("weights "):].split()[1]

    def once(self, err):
        """One line, and it says what is going on."""
        self.assertEqual(err.count("\n"), 1, err)
        self.assertIn("threads could be started: the work goes on with these", err)

    def test_what_has_no_end_is_not_read_to_the_end_of_memory(self):
        good, little = Path(self.folder.name) / "good.npy", [f"--as={1500 * MIB}"]
        head = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }".ljust(117) + "\n"
        good.write_bytes(b"\x93NUMPY\x01\x00" + pack("<H", len(head)) + head.encode() + pack("<4f", 1, 2, 3, 4))
        endless = Path(self.folder.name) / "endless"
        endless.mkdir()
        for name in ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"):
            (endless / name).symlink_to("/dev/zero")
        for words, piece in ((("gemm", "--a", "/dev/zero", "--b", good, "-f", "bf16"), "/dev/zero: is no .npy file"),
                             (("vectors", "gen", "-o", "x", "--from-npy", good, "/dev/zero", "--format", "bf16"), "is no .npy file"),
                             ((*self.train, "--resume", "/dev/zero"), "/dev/zero: is no checkpoint of a training"),
                             (("train", "--data", endless), "expected 0x08"), (("regress", "/dev/zero"), "is no vector file"),
                             (("firmware", "run", "/dev/zero"), "/dev/zero: "), (("board", "show", "/dev/zero"), "/dev/zero")):
            code, _, err = hilbert(little, *words)
            self.assertEqual((code, err.count("\n")), (2, 1), f"{words}\n{err}")
            self.assertIn(piece, err)
        # One that begins well, and does not end.
        line = f'cat {good} /dev/zero | prlimit --as={1500 * MIB} "$0" gemm --a /dev/stdin --b {good} -f bf16'
        run = subprocess.run(["bash", "-c", line, HILBERT], capture_output=True, text=True, check=False, timeout=280)
        self.assertEqual((run.returncode, run.stdout), (2, ""), run.stderr)
        self.assertIn("/dev/stdin: is longer than", run.stderr)

    def test_regress_goes_on_with_the_threads_there_are(self):
        code, everything, err = hilbert([], "regress", TIES, "--device", "model:small", "--jobs", "6")
        self.assertEqual((code, err), (0, ""))
        passed = re.search(r"\d+ passed", everything)[0]
        for limits in (NO_THREADS, TWO_THREADS):
            code, out, err = hilbert(limits, "regress", TIES, "--device", "model:small", "--jobs", "6")
            self.assertEqual(code, 0, err)
            self.once(err)
            self.assertIn(passed, out)

    def test_a_failing_case_fails_without_threads_too(self):
        data = bytearray(Path(TIES).read_bytes())
        data[-1] ^= 1
        damaged = Path(self.folder.name) / "damaged.hbv"
        damaged.write_bytes(data)
        code, _, err = hilbert(NO_THREADS, "regress", damaged, "--device", "model:small", "--jobs", "6")
        self.assertEqual(code, 2, err)

    def test_training_goes_on_and_learns_the_same(self):
        code, out, err = hilbert([], *self.train, "--device", "model:small", "--jobs", "5")
        self.assertEqual(code, 0, err)
        right = self.weights(out)
        for limits in (NO_THREADS, TWO_THREADS):
            code, out, err = hilbert(limits, *self.train, "--device", "model:small", "--jobs", "5")
            self.assertEqual(code, 0, err)
            self.once(err)
            self.assertEqual(self.weights(out), right)
            self.assertIn("equal the reference model's, bit for bit", out)

    def test_a_board_needs_a_thread_a_chip_and_says_so(self):
        board = f"board:{BOARDS / '2x2.json'}?backend=model"
        for limits, have in ((NO_THREADS, 0), (TWO_THREADS, 2)):
            code, _, err = hilbert(limits, *self.train, "--device", board, "--check", "none")
            self.assertEqual(code, 3, err)
            self.assertEqual(err.count("\n"), 1, err)
            self.assertIn("threads could be started for 4 chips", err)
            self.assertLessEqual(int(err.split("only ")[1].split()[0]), have)

    def test_memory_that_runs_out_ends_in_one_error(self):
        """Wherever it runs out: exit code 0 or 3, never a signal."""
        npy = Path(self.folder.name) / "a.npy"
        side = 300
        head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({side}, {side}), }}".ljust(117) + "\n"
        npy.write_bytes(b"\x93NUMPY\x01\x00" + pack("<H", len(head)) + head.encode() + bytes(4 * side * side))
        board = f"board:{BOARDS / '2x2.json'}?backend=model"
        codes = set()
        works = [["gemm", "--a", npy, "--b", npy, "--format", "bf16", "--check", "--device", "model:full"],
                 ["gemm", "--a", npy, "--b", npy, "--format", "e4m3", "--device", board],
                 ["regress", TIES, "--device", "model:small", "--jobs", "4"],
                 [*self.train, "--device", "model:small", "--jobs", "4"]]
        for work in works:
            for mib in (14, 16, 18, 20, 22, 24, 26, 28, 32, 36, 42, 50, 60, 80, 120, 200, 400, 4000):
                code, _, err = hilbert([f"--as={mib * MIB}", f"--stack={8 * MIB}"], *work)
                if code == 127 or "error while loading shared libraries" in err:
                    continue  # too little to begin
                self.assertIn(code, (0, 3), f"{mib} MiB: {work}\n{err}")
                if code == 3:
                    self.assertEqual(err.count("hilbert: error: "), 1, err)
                codes.add(code)
            self.assertEqual(code, 0, err)  # with the last limit
        self.assertEqual(codes, {0, 3})

    def test_an_error_that_cannot_be_said_is_still_its_exit_code(self):
        for redirection in ("2>/dev/full", "2>&-"):
            run = subprocess.run(["sh", "-c", f'"$0" nonsense {redirection}', HILBERT], check=False)
            self.assertEqual(run.returncode, 2, redirection)

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv"), "needs to become another user")
    def test_a_limit_on_processes(self):
        """As a user without a name, whose only process this is."""
        other = ["setpriv", "--reuid=61234", "--regid=61234", "--clear-groups"]
        if subprocess.run([*other, "test", "-x", HILBERT, "-a", "-r", TIES], check=False).returncode != 0:
            self.skipTest("another user cannot reach the program")
        code, _, err = hilbert(["--nproc=1"], "regress", TIES, "--device", "model:small", "--jobs", "3", before=other)
        self.assertEqual(code, 0, err)
        self.once(err)
        # A verilated chip needs no thread but the caller's. A build without them refuses its name.
        code, _, err = hilbert(["--nproc=1"], "info", "--device", "sim:full", before=other)
        self.assertIn((code, err.count("\n")), ((0, 0), (2, 1)), err)
        self.assertNotIn("unavailable", err)


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""Where output goes: results into standard output, closed standard streams, terminals of every kind.

Usage: streams_test.py HILBERT
"""
import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import unittest
import xml.etree.ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
HILBERT = sys.argv.pop(1)
TIES = str(ROOT / "vectors" / "golden" / "ties.hbv")
RESULT = [7 + 16 + 27, 8 + 18 + 30, 28 + 40 + 54, 32 + 45 + 60]  # of the product below, by hand


def npy(path, rows, cols, values):
    head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {cols}), }}".ljust(117) + "\n"
    Path(path).write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode()
                           + struct.pack(f"<{rows * cols}f", *values))


def numbers(data):
    """The float32 of a .npy file, which must end with the last of them."""
    assert data.startswith(b"\x93NUMPY"), data[:40]
    start = 10 + struct.unpack_from("<H", data, 8)[0]
    return list(struct.unpack(f"<{(len(data) - start) // 4}f", data[start:]))


class Streams(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        npy(f"{self.folder}/a.npy", 2, 3, [1, 2, 3, 4, 5, 6])
        npy(f"{self.folder}/b.npy", 3, 2, [7, 8, 8, 9, 9, 10])
        self.gemm = [HILBERT, "gemm", "--a", "a.npy", "--b", "b.npy", "--format", "bf16"]

    def run_it(self, words, **more):
        return subprocess.run(words, cwd=self.folder, check=False, capture_output=True, timeout=300, **more)

    def shell(self, line):
        return subprocess.run(["bash", "-c", line, HILBERT], cwd=self.folder, check=False, capture_output=True, timeout=300)

    def test_a_matrix_on_standard_output_stands_alone(self):
        for name in ("/dev/stdout", "-", "/dev/fd/1", "/proc/self/fd/1"):
            for more in ([], ["--json"], ["--check"]):
                done = self.run_it([*self.gemm, "-o", name, *more])
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(numbers(done.stdout), RESULT)
                self.assertIn(b"model:full", done.stderr)
        self.assertEqual(os.listdir(self.folder).count("-"), 0)

    def test_a_matrix_in_the_file_that_standard_output_is(self):
        for line in ('-o - > out', "-o /dev/stdout > out", "-o out > out"):
            done = self.shell(f'"$0" gemm --a a.npy --b b.npy --format bf16 {line}')
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(numbers(Path(self.folder, "out").read_bytes()), RESULT, line)
            self.assertIn(b"model:full", done.stderr)
        done = self.shell('printf before > out; "$0" gemm --a a.npy --b b.npy --format bf16 -o - >> out')
        self.assertEqual(done.returncode, 0, done.stderr)
        data = Path(self.folder, "out").read_bytes()
        self.assertEqual((data[:6], numbers(data[6:])), (b"before", RESULT))

    def test_reports_on_standard_output_stand_alone(self):
        done = self.run_it([HILBERT, "regress", TIES, "--json", "-"])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["passed"], 360)
        self.assertIn(b"360 passed", done.stderr)
        done = self.run_it([HILBERT, "regress", TIES, "--junit", "/dev/stdout"])
        self.assertEqual(xml.etree.ElementTree.fromstring(done.stdout).get("tests"), "360")
        done = self.run_it([HILBERT, "vectors", "gen", "--count", "1", "--family", "ties", "-o", "-"])
        self.assertEqual(done.returncode, 0, done.stderr)
        Path(self.folder, "t.hbv").write_bytes(done.stdout)
        self.assertEqual(self.run_it([HILBERT, "vectors", "check", "t.hbv"]).returncode, 0)
        board = f"board:{ROOT}/boards/2x2.json?backend=model"
        done = self.run_it([HILBERT, "board", "show", board, "--html", "-"])
        self.assertRegex(done.stdout.strip(), rb"(?s)^<!doctype html>.*</html>$")

    def test_a_report_that_is_not_diverted_stays_where_it_was(self):
        done = self.run_it([*self.gemm, "-o", "d.npy"])
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertIn(b"model:full", done.stdout)
        done = self.shell('"$0" gemm --a a.npy --b b.npy --format bf16 -o /dev/null > /dev/null')
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_closed_standard_streams(self):
        """A file must not get the number of a closed stream, or the report is written into it."""
        for closed in ("<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-", "<&- 2>&-"):
            Path(self.folder, "d.npy").unlink(missing_ok=True)
            done = self.shell(f'"$0" gemm --a a.npy --b b.npy --format bf16 -v -o d.npy {closed}')
            self.assertEqual(numbers(Path(self.folder, "d.npy").read_bytes()), RESULT, closed)
            # A report that nobody can have is a failure of the machine, as it is of `cat` and `cp -v`.
            self.assertEqual(done.returncode, 3 if ">&-" in re.sub("2>&-", "", closed) else 0, closed)
            done = self.shell(f'"$0" regress {TIES} --json r.json {closed}')
            self.assertEqual(json.loads(Path(self.folder, "r.json").read_text())["passed"], 360, closed)
        for lost in ("2>/dev/full", "2>&-"):  # no abort where the complaint itself cannot be written
            self.assertEqual(self.shell(f'"$0" info --device nonsense {lost}').returncode, 2, lost)
        done = self.shell('"$0" info >&-')
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"cannot write to standard output", done.stderr)

    def on_terminal(self, words, columns=80, both=False, **environment):
        """What the program writes to a terminal of this kind as its standard error (with `both` as its output too)."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        settings = {**{k: v for k, v in os.environ.items() if k != "TERM"}, **environment}
        with subprocess.Popen(words, cwd=self.folder, env=settings, stderr=slave,
                              stdout=slave if both else subprocess.DEVNULL) as process:
            os.close(slave)
            written = b""
            while True:
                if not select.select([master], [], [], 300)[0]:
                    process.kill()
                    break
                try:
                    piece = os.read(master, 65536)
                except OSError:  # the other end is closed
                    break
                if not piece:
                    break
                written += piece
        os.close(master)
        self.assertEqual(process.returncode, 0, written)
        return written

    def test_progress_is_shown_where_a_line_can_be_erased(self):
        words = [HILBERT, "vectors", "check"]
        written = self.on_terminal(words, TERM="xterm")
        self.assertIn(b"\r\x1b[K", written)
        self.assertRegex(written, rb"\d+/\d+ cases")
        for environment in ({"TERM": "dumb"}, {"TERM": ""}, {}):
            self.assertEqual(self.on_terminal(words, **environment), b"", environment)

    def test_no_line_of_progress_wraps(self):
        for columns in (20, 40):
            written = self.on_terminal([HILBERT, "vectors", "check"], columns=columns, TERM="xterm").decode()
            lines = re.split("[\r\n]+", written.replace("\x1b[K", ""))
            self.assertGreater(max(map(len, lines)), columns // 2)
            self.assertLess(max(map(len, lines)), columns)

    def test_no_command_sends_control_sequences_to_a_dumb_terminal(self):
        board = f"board:{ROOT}/boards/2x2.json?backend=model"
        for words in (["--help"], ["info"], ["regress", TIES], ["board", "show", board], ["firmware", "selftest", "--only", "ecc"],
                      ["vectors", "gen", "-o", "v.hbv", "--count", "3"],
                      ["train", "--steps", "3", "--hidden", "8", "--batch", "16"]):
            if words[0] == "train" and not Path("/usr/share/datasets/fashion-mnist").exists():
                continue
            written = self.on_terminal([HILBERT, *words], both=True, TERM="dumb")
            self.assertNotIn(b"\x1b", written, words)
            self.assertEqual(written.replace(b"\r\n", b"\n").count(b"\r"), 0, words)


if __name__ == "__main__":
    unittest.main()

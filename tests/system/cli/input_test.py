# SPDX-License-Identifier: Apache-2.0
"""Files that others wrote, as hilbert meets them: arrays, data sets, board files. What is right comes from Python's own
gzip, struct and json.

Usage: input_test.py HILBERT BOARDS
"""
import gzip
import json
import resource
import re
import subprocess
import sys
import tempfile
import unittest
import zlib
from pathlib import Path
from struct import pack

HILBERT, BOARDS = sys.argv.pop(1), Path(sys.argv.pop(1))


def bound():
    """What goes wrong here shall not cost the machine its memory."""
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))


def hilbert(*arguments):
    """Runs the program; gives exit code, standard output and standard error, as bytes."""
    run = subprocess.run([HILBERT, *map(str, arguments)], capture_output=True, check=False, timeout=280, preexec_fn=bound)
    return run.returncode, run.stdout, run.stderr


def npy(descr, shape, body, order=False):
    """A .npy file by its description (NEP 1)."""
    head = f"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}"
    head = head.ljust(-(-(len(head) + 11) // 64) * 64 - 11) + "\n"
    return b"\x93NUMPY\x01\x00" + pack("<H", len(head)) + head.encode() + body


def split_npy(file):
    """The header's text and the body of a version 1.0 file."""
    assert file[:8] == b"\x93NUMPY\x01\x00"
    length = int.from_bytes(file[8:10], "little")
    return file[10:10 + length].decode(), file[10 + length:]


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, name, data):
        path = Path(self.folder.name) / name
        path.write_bytes(data)
        return path

    def refused(self, *arguments):
        """Exit code 2 and one line of plain text, which is given."""
        code, _, err = hilbert(*arguments)
        self.assertEqual(code, 2, err)
        self.assertEqual(err.count(b"\n"), 1, err)
        self.assertTrue(all(c >= 0x20 and c != 0x7F for c in err[:-1]), err)
        return err.decode()


class Arrays(Folder):
    def test_the_tiles_own_formats_go_in_and_out(self):
        a = self.write("a.npy", npy("<V2", (2, 3), pack("<6H", 0x3F80, 0x4000, 0x4040, 0x4080, 0x40A0, 0x40C0)))  # 1..6
        b = self.write("b.npy", npy("<V1", (3, 2), bytes([0x38, 0, 0, 0x38, 0, 0])))  # e4m3: 1 on the diagonal
        d = Path(self.folder.name) / "d.npy"
        code, out, err = hilbert("gemm", "--a", a, "--b", b, "--format", "bf16", "--b-format", "e4m3", "-o", d, "--check")
        self.assertEqual(code, 0, err)
        self.assertIn(b"codes as they are: B\n", out)
        head, body = split_npy(d.read_bytes())
        self.assertIn("'<f4'", head)
        self.assertEqual(body, pack("<4f", 1, 2, 4, 5))

        for out_format, descr, wanted in (("bf16", "<u2", pack("<4H", 0x3F80, 0x4000, 0x4080, 0x40A0)),
                                          ("e5m2", "|u1", bytes([0x3C, 0x40, 0x44, 0x45])),
                                          ("int8", "|i1", bytes([1, 2, 4, 5])),
                                          ("fp32", "<f4", pack("<4f", 1, 2, 4, 5))):
            code, _, err = hilbert("gemm", "--a", a, "--b", b, "--format", "bf16", "--b-format", "e4m3", "-o", d,
                                   "--out-format", out_format, "--codes")
            self.assertEqual(code, 0, err)
            head, body = split_npy(d.read_bytes())
            self.assertEqual(head.strip(), f"{{'descr': '{descr}', 'fortran_order': False, 'shape': (2, 2), }}")
            self.assertEqual(body, wanted)
            if out_format in ("bf16", "e5m2", "int8"):  # and back in: the square of the result
                square = d.with_name("square.npy")
                code, _, err = hilbert("gemm", "--a", d, "--b", d, "--format", out_format, "-o", square, "--codes", "--check")
                self.assertEqual(code, 0, err)
                self.assertEqual(split_npy(square.read_bytes())[1], pack("<4f", 9, 12, 24, 33))

    def test_advice_fits_what_the_file_holds(self):
        good = self.write("b.npy", npy("<f4", (3, 1), pack("<3f", 1, 2, 3)))
        for descr, size, said in (("<V1", 1, "those of bf16 have 2"), ("<c8", 8, "x.real"), ("|O", 8, "save an array"),
                                  ("|b1", 1, "astype('float32')")):
            bad = self.write("a.npy", npy(descr, (1, 3), bytes(3 * size)))
            err = self.refused("gemm", "--a", bad, "--b", good, "--format", "bf16")
            self.assertIn(f"{bad}: ", err)
            self.assertIn(said, err)

    def test_absurd_shapes_cost_nothing(self):
        for shape in ((4294967295, 0), (0, 4294967295), (2147483648, 0), (2147483649, 0), (1 << 63, 1 << 63)):
            a = self.write("a.npy", npy("<f4", shape, b""))
            b = self.write("b.npy", npy("<f4", shape[::-1], b""))
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            self.refused("gemm", "--a", a, "--b", b, "--format", "bf16")
            self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before, 4)  # seconds of CPU; once 12

    def test_a_vector_file_from_codes(self):
        a = self.write("a.npy", npy("<V1", (2, 2), bytes([0x38, 0x40, 0, 0xB8])))
        out = Path(self.folder.name) / "t.hbv"
        code, _, err = hilbert("vectors", "gen", "-o", out, "--from-npy", a, a, "--format", "e4m3", "int8")
        self.assertEqual(code, 0, err)
        self.assertEqual(hilbert("regress", out, "--device", "model:small")[0], 0)
        self.assertIn("those of bf16 have 2",
                      self.refused("vectors", "gen", "-o", out, "--from-npy", a, a, "--format", "bf16"))


class DataSets(Folder):
    def test_gzip_files_that_python_reads_are_read(self):
        plain = pack(">4I", 0x803, 20, 3, 3) + bytes(i % 256 for i in range(180))
        first, second = gzip.compress(plain[:50]), gzip.compress(plain[50:])
        whole = gzip.compress(plain)
        variants = {"plain": plain, "whole": whole, "members": first + second, "an empty member": first + gzip.compress(b"") + second,
                    "padded": whole + bytes(512), "padded between": first + bytes(100) + second,
                    "cut": (first + second)[:-1], "cut in a header": first + second[:4], "cut after a member": first,
                    "garbage": whole + b"garbage", "garbage after zeros": whole + bytes(9) + b"x",
                    "wrong checksum": first + second[:-8] + pack("<I", zlib.crc32(plain[50:]) ^ 1) + second[-4:],
                    "wrong length": first + second[:-4] + pack("<I", 7),
                    "more than it says": first + second + gzip.compress(b"x")}
        name = Path(self.folder.name) / "train-images-idx3-ubyte.gz"
        for part, count in (("train", 20), ("t10k", 1)):
            self.write(f"{part}-labels-idx1-ubyte", pack(">2I", 0x801, count) + bytes(i % 10 for i in range(count)))
        self.write("t10k-images-idx3-ubyte", pack(">4I", 0x803, 1, 3, 3) + bytes(9))
        for what, data in variants.items():
            try:
                readable = (data if what == "plain" else gzip.decompress(data)) == plain
            except (OSError, EOFError, zlib.error):
                readable = False
            name.write_bytes(data)
            arguments = ("train", "--data", self.folder.name, "--steps", "1", "--batch", "2", "--hidden", "2", "--device",
                         "model:small", "--jobs", "1")
            if readable:
                code, _, err = hilbert(*arguments)
                self.assertEqual(code, 0, f"{what}: {err}")
            else:
                self.assertIn(f"{name}: ", self.refused(*arguments), what)


class Json(Folder):
    def board(self, name="b", extra="", **keys):
        text = json.dumps({"version": 1, "name": name, "chip": "4x8x2", "mesh": {"width": 2, "height": 1}, **keys})
        return self.write("b.json", (text[:-1] + extra + "}").encode())

    def show(self, path, *more):
        return ("board", "show", f"board:{path}?backend=model", *more)

    def test_a_name_does_nothing_to_the_terminal(self):
        name = "\x1b]0;owned\x07\x9b2J\u202eevil\u0000 Br\u00fccke"
        path = self.board(name)
        code, out, err = hilbert(*self.show(path))
        self.assertEqual(code, 0, err)
        self.assertFalse({"\x1b", "\x07", "\x9b", "\u202e", "\x00"} & set(out.decode()), out)
        self.assertIn("\\x1b]0;owned\\x07\\xc2\\x9b2J\\xe2\\x80\\xaeevil\\x00 Br\u00fccke: 2 chips", out.decode())
        code, out, err = hilbert(*self.show(path, "--json"))
        # In reports, of every kind alike, U+FFFD stands for what XML cannot hold (hilbert/text.hpp).
        self.assertEqual(json.loads(out)["name"], re.sub("[\x00-\x1f\x7f-\x9f]", "\ufffd", name))
        self.assertFalse(any(c < 0x20 and c != 0x0A for c in out), out)

    def test_complaints_are_short_and_plain(self):
        deep = "[" * 64 + "]" * 64
        for extra, said in ((', "seed": ' + deep, "deeper than 64"), (', "seed": 1e999', "/seed: a number that is too large"),
                            (', "seed": ["' + "x" * 10000 + '"]', "/seed: an array does not belong here"),
                            (', "mesh": {}', "/mesh: the same key a second time"), ("} {", "no JSON"),
                            (', "\\u001b[2J": 1', "/\\x1b[2J: unknown key"), (', "seed": NaN', "no JSON")):
            path = self.board(extra=extra)
            err = self.refused(*self.show(path))
            self.assertIn(str(path), err)
            self.assertIn(said, err)
            self.assertLess(len(err), 400)

    def test_what_is_no_file_of_a_human_size(self):
        self.assertIn("is longer than 4000000 bytes", self.refused(*self.show("/dev/zero")))
        self.assertIn("is a directory", self.refused(*self.show(self.folder.name)))
        self.assertIn("No such file", self.refused(*self.show(Path(self.folder.name) / "none.json")))
        self.assertIn("\\x1b[2J\\xff", self.refused("board", "show", "board:/no\x1b[2J\udcff?backend=model"))

    def test_products_of_a_training(self):
        right = {"a": "bf16", "b": "bf16", "d": "fp32", "accumulate": False, "relu": False, "stochastic": True, "seed": 3}
        for name, rows in (("p_a", (1, 2)), ("p_b", (2, 1))):
            self.write(name + ".npy", npy("<f4", rows, pack("<2f", 1, 2)))
        out = Path(self.folder.name) / "p.hbv"
        for key, value in (("seed", -1), ("seed", 1 << 32), ("seed", 1.5), ("relu", 1), ("a", "bf17"), ("a", ["x"] * 999),
                           ("d", {}), ("accumulate", None)):
            path = self.write("p.json", json.dumps({**right, "d": "bf16", key: value}).encode())
            err = self.refused("vectors", "gen", "-o", out, "--from-dump", path)
            self.assertIn(f"{path}, at /{key}: ", err)
        path = self.write("p.json", json.dumps({**right, "d": "bf16"}).encode())
        code, _, err = hilbert("vectors", "gen", "-o", out, "--from-dump", path)
        self.assertEqual(code, 0, err)


if __name__ == "__main__":
    unittest.main()

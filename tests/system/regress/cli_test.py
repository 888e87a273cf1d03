# SPDX-License-Identifier: Apache-2.0
"""hilbert regress and hilbert vectors as a user meets them: verdicts, messages, exit codes, reports.

Usage: cli_test.py HILBERT CORPUS
"""
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree
import zlib
from pathlib import Path
from struct import pack, pack_into, unpack_from

HILBERT, CORPUS = sys.argv.pop(1), Path(sys.argv.pop(1))
TIES = str(CORPUS / "golden" / "ties.hbv")


def hilbert(*arguments, environment=None):
    """Runs the program; gives exit code, standard output and standard error."""
    run = subprocess.run([HILBERT, *map(str, arguments)], capture_output=True, text=True, check=False,
                         env={**os.environ, "HILBERT_VECTORS": str(CORPUS), **(environment or {})})
    return run.returncode, run.stdout, run.stderr


def damage(source, target, change):
    """Copies a vector file with one record changed and every checksum right: `change` gets a list of bytearrays."""
    data = Path(source).read_bytes()
    content = subprocess.run(["zstd", "-dcq"], input=data[64:], capture_output=True, check=True).stdout
    at = 4 + unpack_from("<I", content, 0)[0]
    note, records = content[:at], []
    while at < len(content):
        length = unpack_from("<I", content, at)[0]
        records.append(bytearray(content[at + 4:at + 4 + length]))
        at += 4 + length
    change(records)
    content = note + b"".join(pack("<I", len(r)) + r for r in records)
    body = subprocess.run(["zstd", "-cq"], input=content, capture_output=True, check=True).stdout
    header = bytearray(data[:60])
    pack_into("<IQQII", header, 12, len(records), len(content), len(body), zlib.crc32(content), zlib.crc32(body))
    Path(target).write_bytes(header + pack("<I", zlib.crc32(header)) + body)


STALLING = next((["--device", uri, "--seed", "5"] for uri in ("sim:small", "sim:full") if uri in hilbert("info")[1].split()),
                ["--device", "model:full"])


class Regress(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return str(Path(self.folder.name) / name)

    def damaged(self):
        """Two wrong cases among those of ties.hbv: a bit of a result, and a flag."""
        def change(records):
            records[3][-1] ^= 1  # the last byte of D: row 3, column 11
            flags_at = 40 + records[5][1] + 2 * 4 + 2 * 12 + 4 * 48
            records[5][flags_at] ^= 0x20  # int_range
        damage(TIES, self.path("wrong.hbv"), change)
        return self.path("wrong.hbv")

    def test_the_whole_corpus_passes_by_default(self):
        code, out, err = hilbert("regress", "--device", "model:small", "--json", self.path("r.json"))
        self.assertEqual((code, err), (0, ""), out)
        result = json.loads(Path(self.path("r.json")).read_text())
        self.assertGreater(result["passed"], 4000)
        self.assertEqual(result["failed"] + result["errors"], 0)
        self.assertEqual({case["message"] for case in result["cases"] if case["verdict"] == "skipped"},
                         {"not promised for a tile of this shape"})
        self.assertIn(f"  {result['skipped']} skipped: not promised for a tile of this shape\n", out)
        self.assertEqual(len({case["file"] for case in result["cases"]}),
                         len(list(CORPUS.glob("golden/*.hbv")) + list(CORPUS.glob("refused/*.hbv"))))

    def test_a_wrong_file_fails_with_element_flags_and_a_line_that_reproduces(self):
        wrong = self.damaged()
        code, out, _ = hilbert("regress", wrong, *STALLING, "--junit", self.path("j.xml"))
        self.assertEqual(code, 1, out)
        self.assertTrue(out.startswith("FAIL"), "failing cases come first")
        self.assertRegex(out, r"1 of 48 elements differ, the first at row 3, column 11: expected 0x\w+ \(\S+\), got 0x\w+ \(\S+\)")
        self.assertRegex(out, r"flags: expected \S*int_range\S*, got \S+")
        self.assertIn("358 passed, 2 failed, 0 errors", out)
        lines = [line.split("reproduce: ")[1] for line in out.splitlines() if "reproduce: " in line]
        self.assertEqual(len(lines), 2)
        for line in lines:
            words = shlex.split(line)
            self.assertEqual(words[0], "hilbert")
            self.assertEqual("--seed 5" in line, "--seed" in STALLING, line)
            code, out, _ = hilbert(*words[1:])
            self.assertEqual(code, 1, out)
            self.assertIn("0 passed, 1 failed", out)
        suites = xml.etree.ElementTree.parse(self.path("j.xml")).getroot()
        self.assertEqual((suites.get("tests"), suites.get("failures")), ("360", "2"))
        failures = suites.findall("./testsuite/testcase/failure")
        self.assertEqual(len(failures), 2)
        self.assertIn("reproduce: hilbert regress", failures[0].text)

    def test_a_failure_is_tried_alone(self):
        code, out, _ = hilbert("regress", self.damaged(), "--device", "model:full")
        self.assertEqual(code, 1)
        self.assertIn("it fails alone on a fresh device too", out)

    @unittest.skipUnless(os.environ.get("HILBERT_CAN_TRACE") == "1", "a build without waveforms")
    def test_failures_leave_a_waveform(self):
        code, out, err = hilbert("regress", self.damaged(), "--device", "sim:small", "--trace-failures", self.path("waves"))
        self.assertEqual(code, 1, err)
        self.assertIn("waveform: ", out)
        waves = list(Path(self.path("waves")).iterdir())
        self.assertEqual(len(waves), 2)
        for wave in waves:
            self.assertGreater(wave.stat().st_size, 1000)

    def test_a_device_too_small_is_no_failure_of_its_own(self):
        code, out, err = hilbert("regress", CORPUS / "golden", "--device", "model:2x2x2?banks=1&bank_bytes=64", "--junit", self.path("j.xml"))
        self.assertEqual((code, err), (0, ""), out)
        self.assertRegex(out, r" 0 failed, 0 errors, (\d+) skipped .*\n  \1 skipped: it does not fit into the data memory of this tile\n$")
        skipped = xml.etree.ElementTree.parse(self.path("j.xml")).getroot().findall("./testsuite/testcase/skipped")
        self.assertGreater(len(skipped), 100)
        code, _, err = hilbert("regress", CORPUS / "golden" / "tiling.hbv", "--device", "model:2x2x2?banks=1&bank_bytes=8")
        self.assertEqual(code, 2)
        self.assertIn("every case was skipped", err)

    def test_cases_of_one_name_in_two_files_are_told_apart(self):
        os.makedirs(self.path("good"))
        good, wrong = self.path("good/wrong.hbv"), self.damaged()
        Path(good).write_bytes(Path(TIES).read_bytes())
        code, out, _ = hilbert("regress", good, wrong)
        self.assertEqual(code, 1)
        self.assertIn("718 passed, 2 failed", out)
        failed = [line for line in out.splitlines() if line.startswith("FAIL")]
        self.assertEqual([line.split(": ")[0].split()[1] for line in failed], [wrong, wrong])
        for line in [line.split("reproduce: ")[1] for line in out.splitlines() if "reproduce: " in line]:
            self.assertIn("0 passed, 1 failed", hilbert(*shlex.split(line)[1:])[1])
        name = failed[0].split(": ")[1]
        for pattern, code in ((f"good/wrong.hbv:{name}", 0), (f"{wrong}:{name}", 1), (f"*/good/*:{name}", 0), (name, 1)):
            got, out, err = hilbert("regress", good, wrong, "--filter", pattern)
            self.assertEqual(got, code, out + err)
            self.assertEqual(len(hilbert("vectors", "show", good, wrong, "--filter", pattern, "--json")[1].splitlines()),
                             2 if pattern == name else 1)

    def test_vectors_check_finds_what_the_model_does_not_say(self):
        code, out, _ = hilbert("vectors", "check", self.damaged())
        self.assertEqual(code, 1, out)
        self.assertIn("360 cases, 2 differ from the reference model", out)
        self.assertEqual(hilbert("vectors", "check")[0], 0)

    def test_a_wrong_refusal_fails(self):
        def change(records):
            records[0][2] = 4  # BAD_SIZE instead of BAD_OPCODE
        damage(CORPUS / "refused" / "descriptors.hbv", self.path("wrong.hbv"), change)
        for command in (["regress", self.path("wrong.hbv")], ["vectors", "check", self.path("wrong.hbv")]):
            code, out, _ = hilbert(*command)
            self.assertEqual(code, 1, out)
            self.assertIn("BAD_OPCODE", out)

    def test_damaged_files_are_bad_input(self):
        files = sorted(CORPUS.glob("refused/files/*.hbv"))
        self.assertGreater(len(files), 30)
        for path in files:
            for command in (["regress"], ["vectors", "check"], ["vectors", "show"]):
                code, _, err = hilbert(*command, path)
                self.assertEqual(code, 2, f"{command} {path}")
                self.assertIn(path.name, err)

    def test_a_damaged_file_is_an_error_in_the_reports_and_the_others_are_run(self):
        damaged = sorted(CORPUS.glob("refused/files/*.hbv"))
        cut = self.path("cut.hbv")
        Path(cut).write_bytes(Path(TIES).read_bytes()[:-1])
        code, out, err = hilbert("regress", cut, self.damaged(), *damaged, "--junit", self.path("j.xml"), "--json",
                                 self.path("j.json"))
        self.assertEqual(code, 2, err)
        self.assertRegex(out, f" passed, 2 failed, {1 + len(damaged)} errors")
        self.assertEqual(err.count("\n"), 1 + len(damaged))
        suites = xml.etree.ElementTree.parse(self.path("j.xml")).getroot()
        self.assertEqual((suites.get("failures"), suites.get("errors")), ("2", str(1 + len(damaged))))
        wrong = [suite.get("name") for suite in suites if suite.find("testcase/error") is not None]
        self.assertEqual(wrong, [cut, *map(str, damaged)])
        result = json.loads(Path(self.path("j.json")).read_text())
        self.assertEqual((result["errors"], result["failed"], result["complete"]), (1 + len(damaged), 2, True))

    def test_check_and_show_go_on_behind_a_damaged_file(self):
        cut = self.path("cut.hbv")
        Path(cut).write_bytes(Path(TIES).read_bytes()[:-1])
        for action, piece in (("check", "360 cases, 0 differ"), ("show", "ties.hbv: 360 cases")):
            code, out, err = hilbert("vectors", action, cut, TIES)
            self.assertEqual((code, err.count("\n")), (2, 1), err)
            self.assertIn("cut.hbv", err)
            self.assertIn(piece, out)

    def interrupted(self, files, *numbers):
        """Sends signals to a regression while it is at work, however long it takes to begin; gives its exit code, output
        and errors."""
        command = [HILBERT, "regress", *files, "--jobs", "1", "--junit", self.path("j.xml"), "--json", self.path("j.json")]
        for delay in (0.5, 2, 8):
            with subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
                time.sleep(delay)
                for number in numbers:
                    run.send_signal(number)
                out, err = run.communicate()
            if re.search("interrupted after [1-9]", out) or len(numbers) > 1:
                break
        return run.returncode, out, err

    def copies(self, count):
        """A long regression: a file that is named twice is run once."""
        files = [self.path(f"copy{i}.hbv") for i in range(count)]
        for file in files:
            shutil.copy(TIES, file)
        return files

    def test_a_file_that_is_named_twice_is_run_once(self):
        link, folder = self.path("link.hbv"), self.path("folder")
        os.symlink(TIES, link)
        os.mkdir(folder)
        os.symlink(TIES, os.path.join(folder, "ties.hbv"))
        for files in ([TIES, TIES], [TIES, link], [link, TIES, folder], [folder, folder]):
            code, out, err = hilbert("regress", *files, "--device", "model:small")
            self.assertEqual((code, err), (0, ""), files)
            self.assertIn("360 passed", out)
        self.assertIn("360 cases", hilbert("vectors", "check", TIES, TIES)[1])

    def test_an_interrupted_run_tells_what_it_knows(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            code, out, err = self.interrupted([self.damaged(), *self.copies(400)], number)
            self.assertEqual((code, err), (-number, ""))
            self.assertEqual(out.count("FAIL "), 2, out)
            self.assertEqual(out.count("reproduce: hilbert regress "), 2)
            done, total = map(int, re.search(r": interrupted after (\d+) of (\d+) cases: ", out).groups())
            self.assertEqual(total, 401 * 360)
            self.assertLess(done, total)
            self.assertIn(f"{done - 2} passed, 2 failed", out)
            result = json.loads(Path(self.path("j.json")).read_text())
            self.assertEqual((result["complete"], result["ended"]), (False, f"interrupted after {done} of {total} cases"))
            self.assertEqual(len(result["cases"]), done)
            suites = xml.etree.ElementTree.parse(self.path("j.xml")).getroot()
            self.assertEqual((suites.get("tests"), suites.get("failures"), suites.get("errors")), (str(done + 1), "2", "1"))
            self.assertIn("interrupted", suites.find(".//error").get("message"))

    def test_a_second_interruption_ends_it_at_once(self):
        code, out, _ = self.interrupted(self.copies(400), signal.SIGINT, signal.SIGTERM)
        self.assertIn(code, (-signal.SIGTERM, -signal.SIGINT))
        self.assertNotIn("interrupted after", out)
        self.assertFalse(Path(self.path("j.xml")).exists())

    def test_what_is_interrupted_before_anything_failed_is_no_success(self):
        code, out, _ = self.interrupted(self.copies(1500) + ["--filter", "no such case"], signal.SIGTERM)
        self.assertEqual(code, -signal.SIGTERM)
        self.assertRegex(out, r"interrupted after \d+ of 540000 cases: 0 passed")
        self.assertFalse(json.loads(Path(self.path("j.json")).read_text())["complete"])
        suites = xml.etree.ElementTree.parse(self.path("j.xml")).getroot()
        self.assertEqual((suites.get("tests"), suites.get("errors")), ("1", "1"))

    def test_a_reproduction_is_a_command_of_the_shell_whatever_the_name(self):
        name = os.path.join(os.fsencode(self.folder.name), b"w\xff\x1b 'n'.hbv")
        shutil.copy(self.damaged(), name)
        run = subprocess.run([HILBERT, "regress", name], capture_output=True, check=False)
        self.assertEqual(run.returncode, 1, run.stderr)
        lines = [line for line in run.stdout.decode("ascii").splitlines() if "reproduce: hilbert" in line]
        self.assertEqual(len(lines), 2)
        for line in lines:
            again = subprocess.run(["bash", "-c", shlex.quote(HILBERT) + line.split("reproduce: hilbert")[1]],
                                   capture_output=True, check=False)
            self.assertEqual(again.returncode, 1, again.stderr)
            self.assertIn(b"0 passed, 1 failed", again.stdout)

    def test_bad_usage(self):
        for words, piece in ((["regress", "/none.hbv"], "does not exist"),
                             (["regress", "--device", "sim:none"], "unknown configuration"),
                             (["regress", "--filter", "no such case"], "no case matches"),
                             (["regress", "--jobs", "0"], "1 to 256"),
                             (["regress", "--stall", "0.5"], "--seed"),
                             (["regress", "--seed", "1", "--stall", "2", TIES], "0 to 0.999"),
                             (["regress", self.folder.name], "no vector files"),
                             (["regress", "--device", "model:full", "--trace-failures", self.path("t")], "preset trace"),
                             (["vectors"], "there are gen, check, show"),
                             (["vectors", "sho"], "did you mean 'show'"),
                             (["vectors", "gen"], "-o FILE"),
                             (["vectors", "gen", "-o", self.path("x"), "--family", "nonsense"], "families are"),
                             (["vectors", "gen", "-o", self.path("x"), "--from-npy", "a.npy"], "--format")):
            code, _, err = hilbert(*words)
            self.assertEqual(code, 2, words)
            self.assertIn(piece, err, words)
        self.assertFalse(Path(self.path("x")).exists())

    def test_a_full_disk_is_the_machines_fault(self):
        for words in (["regress", TIES, "--json", "/dev/full"], ["regress", TIES, "--junit", "/dev/full"],
                      ["vectors", "gen", "-o", "/dev/full", "--count", "1"]):
            code, _, err = hilbert(*words)
            self.assertEqual(code, 3, words)
            self.assertIn("No space left", err)

    def test_the_same_seed_gives_the_same_bytes(self):
        for name, seed in (("a", 3), ("b", 3), ("c", 4)):
            self.assertEqual(hilbert("vectors", "gen", "-o", self.path(name), "--count", 4, "--seed", seed)[0], 0)
        a, b, c = (Path(self.path(name)).read_bytes() for name in "abc")
        self.assertEqual(a, b)
        self.assertNotEqual(a, c)
        self.assertEqual(hilbert("regress", self.path("c"), "--device", "model:4x8x2")[0], 0)

    def test_real_tensors_become_cases(self):
        def npy(name, rows, cols, values):
            head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {cols}), }}"
            head = head.ljust(117) + "\n"
            Path(self.path(name)).write_bytes(b"\x93NUMPY\x01\x00" + pack("<H", len(head)) + head.encode()
                                              + pack(f"<{rows * cols}f", *values))
            return self.path(name)
        a = npy("a.npy", 3, 5, [0.1 * i - 0.7 for i in range(15)])
        b = npy("b.npy", 5, 2, [0.3 * i - 1 for i in range(10)])
        code, out, err = hilbert("vectors", "gen", "-o", self.path("t.hbv"), "--from-npy", a, b, "--format", "bf16",
                                 "cf8_143:7,cf8_152:15", "--crop", "2x2x4")
        self.assertEqual(code, 0, err)
        code, out, _ = hilbert("vectors", "show", self.path("t.hbv"))
        self.assertIn("2x2x4 bf16 * bf16 -> fp32", out)
        self.assertIn("2x2x4 cf8_143:7 * cf8_152:15 -> fp32", out)
        self.assertEqual(hilbert("regress", self.path("t.hbv"))[0], 0)

        # Tensors of one name in two folders become cases of two names; what names cannot hold is replaced.
        for folder in ("one", "two", "two/one"):
            os.makedirs(self.path(folder))
            npy(f"{folder}/a.npy", 2, 2, [1, 2, 3, 4])
            npy(f"{folder}/b c.npy", 2, 2, [5, 6, 7, 8])
        pairs = [self.path(f"{folder}/{name}") for folder in ("one", "two", "two/one") for name in ("a.npy", "b c.npy")]
        code, out, err = hilbert("vectors", "gen", "-o", self.path("f.hbv"), "--format", "bf16", "--from-npy", *pairs, *pairs[:2])
        self.assertEqual(code, 0, err)
        names = [json.loads(line)["name"] for line in hilbert("vectors", "show", self.path("f.hbv"), "--json")[1].splitlines()]
        self.assertEqual(len(set(names)), 4)
        root = Path(self.folder.name).name
        self.assertEqual(names[1], "tensors/two-a-two-b_c-bf16-bf16-fp32")
        self.assertIn("tensors/two-one-a-two-one-b_c-bf16-bf16-fp32", names)
        self.assertEqual([names[0], names[3]], [f"tensors/{root}-one-a-{root}-one-b_c{again}-bf16-bf16-fp32" for again in ("", "+2")])

        npy("p_a.npy", 3, 5, [0.5 * i - 2 for i in range(15)])
        npy("p_b.npy", 5, 2, [0.25 * i - 1 for i in range(10)])
        npy("p_c.npy", 3, 2, [1, 2, 3, 4, 5, 6])
        product = {"a": "bf16", "b": "e5m2", "d": "e4m3", "accumulate": True, "relu": True, "stochastic": True, "seed": 9}
        Path(self.path("p.json")).write_text(json.dumps(product))
        code, out, err = hilbert("vectors", "gen", "-o", self.path("p.hbv"), "--from-dump", self.path("p.json"))
        self.assertEqual(code, 0, err)
        self.assertIn("3x2x5 bf16 * e5m2 -> e4m3 accumulate relu stochastic seed 0x9",
                      hilbert("vectors", "show", self.path("p.hbv"))[1])
        for seed in (-1, 2**32, 1.5, "9", None):
            Path(self.path("p.json")).write_text(json.dumps({**product, "seed": seed}))
            code, out, err = hilbert("vectors", "gen", "-o", self.path("p.hbv"), "--from-dump", self.path("p.json"))
            self.assertEqual(code, 2, err)
            self.assertIn("seed", err)
        del product["relu"]
        Path(self.path("p.json")).write_text(json.dumps(product))
        code, out, err = hilbert("vectors", "gen", "-o", self.path("p.hbv"), "--from-dump", self.path("p.json"))
        self.assertEqual(code, 2, err)
        self.assertIn("relu", err)


if __name__ == "__main__":
    unittest.main()

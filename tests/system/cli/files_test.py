# SPDX-License-Identifier: Apache-2.0
"""Files that the program writes: no verdict hangs on them, no two are one, and whatever ends it leaves whole files."""
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
import unittest
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "support"))
from program import CORPUS, HILBERT, SIGNALS, Case, images, npy  # noqa: E402

TIES = CORPUS / "golden" / "ties.hbv"
GEN = ("vectors", "gen", "--count", "1", "--family", "ties", "-o")


class Reports(Case):
    """Results first, each file tried, the worse exit code."""

    def test_a_full_disk_takes_neither_verdict_nor_the_other_reports(self):
        parse = xml.etree.ElementTree.fromstring
        for full, good, read in (("--junit", "--json", json.loads), ("--json", "--junit", parse)):
            code, out, err = self.run_it("regress", TIES, full, "/dev/full", good, "good")
            self.assertEqual(code, 3, err)
            self.assertIn("360 passed, 0 failed", out)
            self.assertIn("/dev/full: cannot write: No space left", err)
            read((self.folder / "good").read_text())
            os.remove(self.folder / "good")
        code, out, err = self.run_it("regress", TIES, "--json", "/dev/full", "--junit", "/dev/full")
        self.assertEqual((code, err.count("/dev/full: cannot write")), (3, 2), err)

    def test_a_failed_check_is_said_beside_a_failed_report(self):
        (self.folder / "bad.hbv").write_bytes(b"HBV")
        code, out, err = self.run_it("regress", "bad.hbv", TIES, "--json", "/dev/full")
        self.assertEqual(code, 3)
        self.assertIn("360 passed, 0 failed, 1 error,", out)
        self.assertIn("bad.hbv: ", err)
        self.assertIn("/dev/full", err)

    def test_files_are_opened_before_the_work(self):
        npy(self.folder / "a.npy", 4, 4)
        images(self.folder / "data")
        left = self.left()
        for words in (("regress", TIES, "--junit", "no/j"), ("regress", TIES, "--json", "no/j"), (*GEN, "no/x"),
                      ("gemm", "--a", "a.npy", "--b", "a.npy", "--format", "bf16", "-o", "no/d"),
                      ("train", "--data", "data", "--json", "no/j"), ("train", "--data", "data", "--html", "no/j"),
                      ("train", "--data", "data", "--checkpoint", "no/c"), ("bench", "mxu", "--json", "no/j")):
            self.assert_refused(words, 3, "make the folder first", left)

    @unittest.skipIf(shutil.which("setpriv") is None, "no setpriv (util-linux)")
    def test_a_folder_one_may_not_write_to_is_refused_before_the_work(self):
        os.chmod(self.folder, 0o555)
        self.addCleanup(os.chmod, self.folder, 0o755)
        nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") if os.getuid() == 0 else ()
        if nobody and subprocess.run([*nobody, HILBERT, "--version"], capture_output=True, check=False).returncode != 0:
            self.skipTest("another user may not run the program here")
        code, out, err = self.run_it("regress", TIES, "--junit", "j.xml", before=nobody)
        self.assertEqual((code, out), (3, ""), err)
        self.assertIn("choose a place you may write to", err)

    @unittest.skipIf(shutil.which("setpriv") is None, "no setpriv (util-linux)")
    def test_a_file_that_alone_may_be_written_is_written_in_place(self):
        (self.folder / "out").write_text("old and longer than what is written " * 500)
        os.chmod(self.folder / "out", 0o666)
        os.chmod(self.folder, 0o555)
        self.addCleanup(os.chmod, self.folder, 0o755)
        nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") if os.getuid() == 0 else ()
        if nobody and subprocess.run([*nobody, HILBERT, "--version"], capture_output=True, check=False).returncode != 0:
            self.skipTest("another user may not run the program here")
        before = os.stat(self.folder / "out").st_ino
        code, _, err = self.run_it("vectors", "gen", "-o", "out", "--count", "1", "--family", "ties", before=nobody)
        self.assertEqual(code, 0, err)
        self.assertEqual(os.stat(self.folder / "out").st_ino, before)
        self.assertEqual(self.run_it("vectors", "check", "out")[0], 0)

    def test_a_mount_point_is_written_in_place(self):
        (self.folder / "out").write_text("old")
        (self.folder / "source").write_text("old")
        script = 'mount --bind source out && "$@"'
        unshare = ("unshare", "--mount") if os.getuid() == 0 else ("unshare", "--mount", "--map-root-user")
        if subprocess.run([*unshare, "sh", "-c", script, "sh", "true"], cwd=self.folder, capture_output=True,
                          check=False).returncode != 0:
            self.skipTest("file systems may not be mounted here")
        code, _, err = self.run_it(*GEN, "out", before=(*unshare, "sh", "-c", script, "sh"))
        self.assertEqual(code, 0, err)
        self.assertEqual(self.run_it("vectors", "check", "source")[0], 0)
        self.assertEqual(self.left(), ["out", "source"])

    def test_a_checkpoint_needs_a_file_that_can_be_replaced(self):
        images(self.folder / "data")
        os.mkfifo(self.folder / "pipe")
        left = self.left()
        for name in ("pipe", "/dev/stdout", "/dev/null"):
            self.assert_refused(("train", "--data", "data", "--checkpoint", name), 2, "no file that can be replaced", left)

    def test_a_protected_file_is_refused_before_the_work(self):
        self.folder.chmod(0o777)  # whoever may write to the folder could put another file in its place
        (self.folder / "kept").write_text("precious")
        (self.folder / "kept").chmod(0o444)
        (self.folder / "link").symlink_to("kept")
        images(self.folder / "data")
        npy(self.folder / "a.npy", 2, 2)
        left = self.left()
        somebody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        for name in ("kept", "link"):
            for words in (("regress", TIES, "--junit", name), ("regress", TIES, "--json", name), ("vectors", "gen", "--count", "1", "-o", name),
                          ("gemm", "--a", "a.npy", "--b", "a.npy", "--format", "bf16", "-o", name), ("info", "--json", name),
                          ("train", "--data", "data", "--checkpoint", name), ("train", "--data", "data", "--html", name)):
                code, out, err = self.run_it(*words, **somebody)
                self.assertEqual((code, out, err.count("\n")), (3, "", 1), f"{words}\n{err}")
                self.assertIn("cannot open for writing: Permission denied", err)
        self.assertEqual((self.folder / "kept").read_text(), "precious")
        self.assertEqual(self.left(), left)

    def test_an_open_descriptor_is_written_to_and_keeps_its_file(self):
        npy(self.folder / "a.npy", 2, 2)
        (self.folder / "fd").symlink_to("/dev/fd/7")
        for name in ("/dev/fd/7", "/proc/self/fd/7", "fd"):
            line = f'printf "before" > out; exec 7>>out; "$0" gemm --a a.npy --b a.npy --format bf16 -o {name}; echo after >&7'
            before = self.folder / "out"
            before.write_text("")
            inode = before.stat().st_ino
            run = subprocess.run(["bash", "-c", line, HILBERT], cwd=self.folder, capture_output=True, text=True, check=False)
            self.assertEqual((run.returncode, run.stderr), (0, ""), name)
            data = before.read_bytes()
            self.assertEqual((data[:6], data[6:12], data[-6:]), (b"before", b"\x93NUMPY", b"after\n"), name)
            self.assertEqual(before.stat().st_ino, inode, name)
        run = subprocess.run(["bash", "-c", '"$0" gemm --a a.npy --b a.npy --format bf16 -o /dev/fd/7 7<out', HILBERT],
                             cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 3, "it is open for reading alone")
        self.assertIn("cannot open for writing", run.stderr)

    def test_two_results_are_two_files(self):
        images(self.folder / "data")
        npy(self.folder / "a.npy", 4, 4)
        (self.folder / "x").write_text("precious")
        (self.folder / "soft").symlink_to("x")
        (self.folder / "hard").hardlink_to(self.folder / "x")
        (self.folder / "dangling").symlink_to("new")
        shutil.copy(TIES, self.folder / "t.hbv")
        shutil.copy(os.environ["HILBERT_BOARD"], self.folder / "b.json")
        for name in ("s.json", "s_a.npy"):  # a dumped product and an operand of its
            (self.folder / name).write_text("{}")
        left = self.left()
        for a, b in (("x", "x"), ("x", "soft"), ("soft", "x"), ("x", "hard"), ("x", "./x"), ("new", "dangling"),
                     ("new", "new"), ("data/../new", "new")):
            for words in (("train", "--data", "data", "--json", a, "--html", b),
                          ("regress", "t.hbv", "--json", a, "--junit", b),
                          ("train", "--data", "data", "--json", a, "--checkpoint", b)):
                self.assert_refused(words, 2, "are the same file", left)
        self.assertEqual((self.folder / "x").read_text(), "precious")
        for words in (("regress", "t.hbv", "--json", "t.hbv"),
                      ("gemm", "--a", "a.npy", "--b", "a.npy", "--format", "bf16", "-o", "a.npy"),
                      ("vectors", "gen", "--from-npy", "a.npy", "a.npy", "--format", "bf16", "-o", "a.npy"),
                      ("train", "--data", "data", "--json", "data/train-images-idx3-ubyte.gz"),
                      ("board", "show", "b.json", "--html", "b.json"),
                      ("board", "show", "b.json", "--json", "b.json"),
                      ("link", "status", "-d", "board:b.json", "--json=b.json"),
                      ("gemm", "--a", "a.npy", "--b", "a.npy", "--format", "bf16", "--json", "a.npy"),
                      ("vectors", "show", "--json", "t.hbv"), ("vectors", "show", "t.hbv", "--json=t.hbv"),
                      ("regress", "--json", "t.hbv"),
                      ("board", "show", "board:b.json", "--html", "b.json"),
                      ("gemm", "--a", "a.npy", "--b", "a.npy", "--format", "bf16", "-o", "b.json", "--device",
                       "board:b.json?backend=model"),
                      ("train", "--data", "data", "--device", "board:b.json", "--json", "b.json"),
                      ("train", "--data", "data", "--device", "board:b.json", "--checkpoint", "b.json"),
                      ("vectors", "gen", "--from-dump", "s.json", "-o", "s_a.npy"),
                      ("train", "--data", "data", "--resume", "x", "--json", "soft")):
            self.assert_refused(words, 2, "would be written over", left)
        with open(self.folder / "printed", "w", encoding="ascii") as printed:
            run = subprocess.run([HILBERT, "regress", "t.hbv", "--json", "printed"], cwd=self.folder, stdout=printed,
                                 stderr=subprocess.PIPE, check=False)
        # Where a result goes to standard output, the report goes to standard error.
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertGreater(json.loads((self.folder / "printed").read_text())["passed"], 0)
        self.assertIn(b" passed, 0 failed", run.stderr)
        self.assertEqual(self.run_it("regress", "t.hbv", "--json", "/dev/null", "--junit", "/dev/null")[0], 0)


class Ends(Case):
    """What is left when the program is ended from outside."""

    def end_at_many_moments(self, words, numbers, environment=None, moments=12, names=()):
        """Ends the program by signals at moments over the time that it takes; only files of `names` may be left."""
        start = time.monotonic()
        whole = self.start(*words, env=environment)
        whole.communicate()
        self.assertEqual(whole.returncode, 0)
        takes = time.monotonic() - start
        for name in names:
            os.remove(self.folder / name)
        left = self.left()
        ended = 0
        for i in range(moments):
            number = numbers[i % len(numbers)]
            process = self.start(*words, env=environment)
            time.sleep(takes * (i + 0.5) / moments)
            process.send_signal(number)
            process.communicate()
            self.assertIn(process.returncode, (0, -number))
            ended += process.returncode != 0
            new = set(self.left()) - set(left)
            self.assertLessEqual(new, set(names), f"{words}, {number!r} after {i + 0.5}/{moments} of {takes} s")
            yield new
            for name in new:
                os.remove(self.folder / name)
        self.assertGreater(ended, 0)

    def test_signals_leave_whole_files_or_none(self):
        words = ("vectors", "gen", "-o", "v.hbv", "--count", "10")
        for new in self.end_at_many_moments(words, SIGNALS, names=("v.hbv",)):
            if new:
                self.assertEqual(self.run_it("vectors", "show", "v.hbv")[0], 0)

    def test_signals_leave_whole_files_or_none_without_nameless_files(self):
        environment = {**os.environ, "LD_PRELOAD": os.environ["HILBERT_NO_NAMELESS_FILES"]}
        watch = self.start(*GEN, "seen", env=environment)  # the library works: the file has a name meanwhile
        watch.communicate()
        words = ("vectors", "gen", "-o", "v.hbv", "--count", "10")
        seen = self.start(*words, env=environment)
        deadline = time.monotonic() + 60
        while not any(name.startswith(".hilbert-") for name in self.left()):
            self.assertLess(time.monotonic(), deadline, "no temporary file was seen")
        seen.send_signal(signal.SIGTERM)
        seen.communicate()
        self.assertEqual(self.left(), ["seen"])
        for _ in self.end_at_many_moments(words, SIGNALS[:3], environment, names=("v.hbv",)):
            pass

    def test_a_limit_on_file_sizes_is_a_message(self):
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))  # noqa: E731
        npy(self.folder / "a.npy", 64, 64)
        images(self.folder / "data", count=60)
        left = self.left()
        for words in (("gemm", "--a", "a.npy", "--b", "a.npy", "--format", "bf16", "-o", "d.npy"),
                      ("regress", TIES, "--json", "j"), ("regress", TIES, "--junit", "j"),
                      ("train", "--data", "data", "--steps", "3", "--batch", "8", "--html", "h"),
                      ("train", "--data", "data", "--steps", "3", "--batch", "8", "--checkpoint", "c")):
            code, out, err = self.run_it(*words, preexec_fn=limit)
            self.assertEqual(code, 3, f"{words}\n{err}")
            self.assertIn("File too large", err)
            self.assertNotEqual(out, "", "the result is told all the same")
            self.assertEqual(self.left(), left)

    def test_a_closed_pipe_ends_it_quietly_and_reports_are_written(self):
        process = self.start("vectors", "show", CORPUS / "golden", "--codes")
        process.stdout.readline()
        process.stdout.close()
        self.assertEqual(process.stderr.read(), "")
        self.assertEqual(process.wait(), -signal.SIGPIPE)
        process.stderr.close()
        process = self.start("regress", TIES, "--junit", "j.xml", "--json", "j.json")
        process.stdout.close()
        self.assertEqual(process.stderr.read(), "")
        self.assertEqual(process.wait(), -signal.SIGPIPE)
        process.stderr.close()
        self.assertTrue(json.loads((self.folder / "j.json").read_text())["complete"])
        self.assertEqual(xml.etree.ElementTree.parse(self.folder / "j.xml").getroot().get("tests"), "360")

    def test_messages_that_nobody_can_read_change_no_exit_code(self):
        for words, code in ((("nonsense",), 2), (("regress", "/none"), 2), (("regress", TIES, "--json", "/dev/full"), 3)):
            with open("/dev/full", "w", encoding="ascii") as full:
                run = subprocess.run([HILBERT, *words], cwd=self.folder, stdout=subprocess.PIPE, stderr=full, check=False)
            self.assertEqual(run.returncode, code, words)
            self.assertEqual(subprocess.run(["sh", "-c", '"$@" 2>&-', "sh", HILBERT, *words], cwd=self.folder,
                                            stdout=subprocess.PIPE, check=False).returncode, code, words)

    def test_nohup_is_respected(self):
        files = [shutil.copy(TIES, self.folder / f"{i}.hbv") for i in range(20)]
        process = self.start("regress", *files, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        time.sleep(0.2)
        process.send_signal(signal.SIGHUP)
        out, err = process.communicate()
        self.assertEqual((process.returncode, err), (0, ""))
        self.assertIn("7200 passed", out)


if __name__ == "__main__":
    unittest.main()

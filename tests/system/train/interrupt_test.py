# SPDX-License-Identifier: Apache-2.0
"""hilbert train: interrupted and resumed it ends in the bits of a training in one go; what ends it early is said."""
import json
import math
import os
import re
import shlex
import signal
import sys
import time
import unittest
from pathlib import Path
from struct import pack_into
from zlib import crc32

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "support"))
from program import Case, images  # noqa: E402

BOARDS = Path(os.environ["HILBERT_BOARDS"])
NET = ("train", "--data", "data", "--hidden", "6", "--batch", "16", "--lr", "0.02", "--seed", "9")


class Interrupted(Case):
    def setUp(self):
        super().setUp()
        images(self.folder / "data")

    def result(self, name="r.json"):
        """The part of a report that is the same wherever and how often the training is run."""
        json_ = json.loads((self.folder / name).read_text())
        del json_["run"]
        return json_

    def interrupt(self, *words, number=signal.SIGINT):
        """Interrupts a training as soon as it has a checkpoint."""
        kept = self.folder / "c.hbt"
        process = self.start(*words, "--checkpoint", "c.hbt", "--checkpoint-every", "3")
        written = kept.stat().st_mtime_ns if kept.exists() else 0
        deadline = time.monotonic() + 120
        while process.poll() is None and (not kept.exists() or kept.stat().st_mtime_ns == written):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.001)
        process.send_signal(number)
        out, err = process.communicate()
        return process.returncode, out, err

    def test_resumed_trainings_end_in_the_same_bits(self):
        for device in (("--device", "model:small", "--jobs", "2"),
                       ("--device", f"board:{BOARDS / '2x2.json'}?backend=model")):
            for form in ("bf16", "cf8"):
                words = (*NET, *device, "--format", form, "--steps", "200", "--json", "r.json", "--html", "r.html")
                self.assertEqual(self.run_it(*words)[0], 0)
                expected = self.result()
                self.assertTrue(expected["complete"])
                os.remove(self.folder / "r.json")
                (self.folder / "c.hbt").unlink(missing_ok=True)
                interruptions, line = 0, words
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    code, out, err = self.interrupt(*line, number=number)
                    if code == 0:
                        break  # it was faster than the signal
                    interruptions += 1
                    self.assertEqual(code, -number, err)
                    step = int(re.search(rf"interrupted by {number.name} after step (\d+) of 200, loss \d", err)[1])
                    self.assertIn(f"c.hbt holds step {step}; go on: hilbert train ", err)
                    part = self.result()
                    self.assertEqual((part["complete"], len(part["history"]["loss"])), (False, step))
                    self.assertEqual(part["history"]["loss"], expected["history"]["loss"][:step])
                    self.assertNotIn("test", part)
                    self.assertIn("Incomplete: interrupted by", (self.folder / "r.html").read_text())
                    line = (*words, "--resume", "c.hbt")
                self.assertGreater(interruptions, 0)
                # The last time by the very line that was printed.
                command = re.search(r"go on: hilbert (.*)", err)[1]
                code, out, err = self.run_it(*shlex.split(command))
                self.assertEqual((code, err), (0, ""), command)
                self.assertEqual(self.result(), expected, f"{device} {form}")

    def test_a_training_may_go_on_elsewhere_if_its_cells_are_as_deep(self):
        words = (*NET, "--steps", "40", "--format", "cf8")
        self.assertEqual(self.run_it(*words, "--device", "model:8x4x4", "--json", "r.json")[0], 0)
        expected = self.result()
        self.assertEqual(self.interrupt(*words, "--device", "model:full")[0] in (0, -signal.SIGINT), True)
        code, _, err = self.run_it(*words, "--device", "model:8x4x4", "--resume", "c.hbt", "--json", "r.json")
        self.assertEqual(code, 0, err)
        self.assertEqual(self.result(), expected)
        code, _, err = self.run_it(*words, "--device", "model:small", "--resume", "c.hbt")
        self.assertEqual(code, 2)
        self.assertIn("c.hbt: is of another training: a device with cells of depth 4 (here 2)", err)

    def test_a_training_resumed_at_its_end_keeps_it_where_it_is_told_to(self):
        words = (*NET, "--steps", "10")
        self.assertEqual(self.run_it(*words, "--checkpoint", "a.hbt", "--json", "r.json")[0], 0)
        expected = self.result()
        code, _, err = self.run_it(*words, "--resume", "a.hbt", "--checkpoint", "b.hbt", "--json", "r.json")
        self.assertEqual(code, 0, err)
        self.assertEqual(self.result(), expected)
        self.assertEqual((self.folder / "b.hbt").read_bytes(), (self.folder / "a.hbt").read_bytes())

    def test_only_whole_checkpoints_of_the_same_training_are_taken(self):
        words = (*NET, "--steps", "6")
        code, _, err = self.run_it(*words, "--checkpoint", "c.hbt", "--json", "r.json")
        self.assertEqual(code, 0, err)
        good = (self.folder / "c.hbt").read_bytes()
        # A checkpoint of the last step: what is left is the test.
        self.assertEqual(self.run_it(*words, "--resume", "c.hbt", "--json", "r2.json")[0], 0)
        self.assertEqual(self.result("r.json"), self.result("r2.json"))
        images(self.folder / "other", side=6, count=201)
        for change, piece in ((("--batch", "17"), "--batch 16 (here 17)"), (("--seed", "8"), "--seed 9 (here 8)"),
                              (("--steps", "7"), "--steps 6 (here 7)"), (("--lr", "0.01"), "--lr 0.02 (here 0.01)"),
                              (("--hidden", "5"), "--hidden 6 (here 5)"), (("--format", "cf8"), "--format bf16 (here cf8)"),
                              (("--data", "other"), "other images")):
            line = list(words)
            if change[0] in line:
                line[line.index(change[0]) + 1] = change[1]
            else:
                line += change
            code, _, err = self.run_it(*line, "--resume", "c.hbt")
            self.assertEqual(code, 2, change)
            self.assertIn(f"c.hbt: is of another training: {piece}", err)
        other = bytearray(good)
        pack_into("<I", other, 8, 2)
        pack_into("<I", other, 12, crc32(other[16:], crc32(other[:12])))
        for data, piece in ((good[:-1], "truncated"), (good[:7], "no checkpoint"), (b"", "no checkpoint"),
                            (good + b"x", "damaged"), (good[:200] + bytes([good[200] ^ 4]) + good[201:], "checksum"),
                            (bytes(other), "version 2")):
            (self.folder / "bad").write_bytes(data)
            code, _, err = self.run_it(*words, "--resume", "bad")
            self.assertEqual(code, 2, piece)
            self.assertIn(piece, err)
        code, _, err = self.run_it(*words, "--resume", "none")
        self.assertEqual(code, 2)
        self.assertIn("none: cannot open", err)

    def test_without_a_checkpoint_it_says_that_nothing_is_kept(self):
        process = self.start(*NET, "--steps", "1000000", "--json", "r.json", "--check", "none")
        process.stdout.readline()
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate()
        self.assertEqual(process.returncode, -signal.SIGTERM)
        self.assertIn("nothing of it is kept: --checkpoint FILE does that", err)
        self.assertIn("interrupted by SIGTERM after step", self.result()["ended"])

    def test_a_second_interruption_ends_it_at_once(self):
        process = self.start(*NET, "--steps", "1000000", "--json", "r.json", "--check", "none", "--checkpoint", "c.hbt",
                             "--checkpoint-every", "1000000")
        process.stdout.readline()
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate()
        self.assertLess(process.returncode, 0)
        self.assertNotIn("interrupted by", err)
        self.assertEqual(self.left(), ["data"])

    def test_a_killed_training_leaves_whole_checkpoints(self):
        words = (*NET, "--steps", "100000", "--check", "none", "--checkpoint", "c.hbt", "--checkpoint-every", "1")
        for i in range(8):
            process = self.start(*words)
            process.stdout.readline()
            while not (self.folder / "c.hbt").exists():
                time.sleep(0.01)
            time.sleep(0.03 * i)
            process.kill()
            process.communicate()
            for name in set(self.left()) - {"data"}:
                # Between two system calls a checkpoint that replaces an older one has another name: it is whole too.
                code, _, err = self.run_it(*NET, "--steps", "99999", "--resume", name)
                self.assertIn("--steps 100000 (here 99999)", err)
                if name != "c.hbt":
                    os.remove(self.folder / name)

    def test_the_terminals_end_does_not_cost_the_checkpoint(self):
        """Ctrl-C ends `tee` too: what is printed then goes nowhere."""
        process = self.start(*NET, "--steps", "1000000", "--check", "none", "--checkpoint", "c.hbt", "--json", "r.json")
        process.stdout.readline()
        process.stdout.close()
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        err = process.stderr.read()
        process.stderr.close()
        self.assertEqual(process.wait(), -signal.SIGINT)
        self.assertIn("c.hbt holds step", err)
        self.assertFalse(self.result()["complete"])

    def test_a_loss_that_is_no_number_is_a_failure(self):
        code, out, err = self.run_it(*NET[:-4], "--lr", "1e30", "--steps", "50", "--json", "r.json", "--html", "r.html")
        self.assertEqual(code, 1, out)
        step = int(re.search(r"training: the loss is no number \(-?(?:nan|inf)\) at step (\d+) of 50", err)[1])
        self.assertEqual(err.count("\n"), 1)
        result = self.result()
        self.assertFalse(result["complete"])
        self.assertIn(f"at step {step} of 50", result["ended"])
        losses = result["history"]["loss"]
        self.assertEqual(len(losses), step)
        self.assertTrue(all(math.isfinite(loss) for loss in losses[:-1]))
        self.assertIsNone(losses[-1])
        self.assertNotIn("test", result)

    def test_files_that_cannot_be_written_end_no_training(self):
        code, out, err = self.run_it(*NET, "--steps", "4", "--checkpoint", "c.hbt", "--checkpoint-every", "1",
                                     before=("prlimit", "--fsize=64"))
        self.assertEqual(code, 3, err)
        self.assertIn("test accuracy", out)
        self.assertEqual(err.count("no checkpoint after step"), 4)
        self.assertIn("error: c.hbt: cannot write: File too large", err)
        self.assertFalse((self.folder / "c.hbt").exists())
        self.assertEqual(self.run_it(*NET, "--checkpoint-every", "4")[0], 2)
        self.assertEqual(self.run_it(*NET, "--checkpoint-every", "0", "--checkpoint", "c")[0], 2)

    def test_a_dump_that_fails_ends_no_training(self):
        (self.folder / "dump" / "step0000_logits_a.npy").mkdir(parents=True)
        code, out, err = self.run_it(*NET, "--steps", "2", "--dump-tensors", "dump", "--json", "r.json")
        self.assertNotEqual(code, 0)
        self.assertIn("test accuracy", out)
        self.assertIn("step0000_logits_a.npy: is a directory", err)
        self.assertTrue(self.result()["complete"])


if __name__ == "__main__":
    unittest.main()

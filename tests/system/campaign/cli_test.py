#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""hilbert campaign from outside: the same bytes whatever jobs, shards and kills; every outcome again; what is refused.

HILBERT_NETLIST names the netlist of `small`. The counts of an exhaustive run are compared with those of the same run one by one on the
verilated chip, on the sites of one register.
"""
import json
import os
import random
import signal
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "support"))
from program import Case  # noqa: E402

NETLIST = os.environ["HILBERT_NETLIST"]
RUN = ["campaign", "run", "--chip", "small", "--netlist", NETLIST]
SEED = int(os.environ.get("HILBERT_SEED", "1"))


class Campaign(Case):
    def good(self, *words):
        code, out, err = self.run_it(*words)
        self.assertEqual(code, 0, f"{words}\n{out}{err}")
        return out

    def show(self, name, *more):
        return json.loads(self.good("campaign", "show", name, "--json", *more))

    def bytes_of(self, name):
        return (self.folder / name).read_bytes()

    def test_jobs_shards_and_seeds(self):
        count = ["--count", "20000"]
        sample = [*count, "--replays", "200"]
        self.good(*RUN, *sample, "--jobs", "1", "-o", "one")
        self.good(*RUN, *sample, "--jobs", "4", "-o", "four")
        self.assertEqual(self.bytes_of("one"), self.bytes_of("four"))
        self.good(*RUN, *sample, "--seed", "2", "-o", "other")
        self.assertNotEqual(self.bytes_of("one"), self.bytes_of("other"))

        for i in (1, 2, 3):
            self.good(*RUN, *sample, "--shard", f"{i}/3", "-o", f"shard{i}")
        self.good("campaign", "merge", "shard3", "shard1", "shard2", "-o", "merged")
        self.assertEqual(self.bytes_of("one"), self.bytes_of("merged"))
        whole = self.show("one")
        self.assertEqual(sum(whole["outcomes"].values()), 20000)
        self.assertEqual(whole["referee"], {"replayed": 200, "different": 0})
        for key in ("sites", "bits", "clocks", "experiments", "seconds", "cpu_seconds", "provenance"):
            self.assertIn(key, whole)
        by_unit = self.show("one", "--by", "unit")
        self.assertEqual(sum(row["experiments"] for row in by_unit["rows"]), 20000)

    def test_exhaustive_on_gates_is_one_by_one_on_the_rtl(self):
        part = ["--filter", "u_tile.u_seq.state_q", "--exhaustive"]
        self.good(*RUN, *part, "-o", "gates")
        self.good(*RUN, *part, "--engine", "verilated", "-o", "rtl")
        gates, rtl = self.show("gates", "--by", "clock"), self.show("rtl", "--by", "clock")
        self.assertEqual(gates["sites"], 3)
        self.assertEqual(gates["experiments"], 3 * gates["clocks"])
        self.assertEqual(gates["rows"], rtl["rows"])

    def test_killed_and_resumed(self):
        words = [*RUN, "--count", "120000", "--replays", "100", "--jobs", "2"]
        start = time.monotonic()
        self.good(*words, "-o", "whole")
        length = time.monotonic() - start
        chance = random.Random(SEED)
        moments = int(os.environ.get("HILBERT_KILLS", "2"))
        for number in range(moments):
            name = f"killed{number}"
            process = self.start(*words, "-o", name)
            time.sleep(chance.uniform(0, length))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            if not (self.folder / name).exists():
                self.good(*words, "-o", name)  # it had not begun
            else:
                self.good("campaign", "resume", name, "--netlist", NETLIST, "--jobs", "1", "--replays", "100")
            self.assertEqual(self.bytes_of(name), self.bytes_of("whole"), f"HILBERT_SEED={SEED}, kill {number}")

    def test_stopped_by_hand(self):
        process = self.start(*RUN, "--exhaustive", "--jobs", "1", "-o", "stopped")
        while process.poll() is None and not (self.folder / "stopped").exists():
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
        self.assertEqual(process.returncode, -signal.SIGINT, err)
        self.assertIn("campaign resume stopped", err)

    def test_every_outcome_again(self):
        self.good(*RUN, "--count", "6000", "--replays", "0", "--filter", "unit:sequencer", "-o", "r")
        seen = {}
        for number in range(0, 6000, 600):
            item = json.loads(self.good("campaign", "replay", "r", "--netlist", NETLIST, "--experiment", str(number), "--json"))
            self.assertTrue(item["same"], item)
            seen.setdefault(item["outcome"], number)
        self.assertGreaterEqual(len(seen), 3, seen)
        number = next(iter(seen.values()))
        out = self.good("campaign", "replay", "r", "--netlist", NETLIST, "--experiment", str(number), "--trace", "out.fst")
        self.assertIn(f"experiment {number}: seu of ", out)
        self.assertGreater((self.folder / "out.fst").stat().st_size, 1000)

    def test_faults_of_every_kind(self):
        for kind, more in (("cluster", ["--shape", "11/11"]), ("pair", []), ("set", []), ("set", ["--fault-clocks", "3"]),
                           ("stuck-0", ["--fault-clocks", "0"]), ("stuck-1", [])):
            with self.subTest(kind=kind, more=more):
                name = f"{kind}{''.join(more)}".replace("/", "_")
                self.good(*RUN, "--faults", kind, *more, "--count", "150", "--replays", "150", "-o", name)
                self.assertEqual(self.show(name)["referee"], {"replayed": 150, "different": 0})

    def test_sites(self):
        item = json.loads(self.good("campaign", "sites", "--netlist", NETLIST, "--json"))
        self.assertEqual(item["bits"], item["reached"])
        part = json.loads(self.good("campaign", "sites", "--netlist", NETLIST, "--filter", "u_tile.u_sem.sem_q", "--json"))
        self.assertEqual([(s["name"], s["bits"]) for s in part["list"]], [("u_tile.u_sem.sem_q", 128)])

    def test_refused(self):
        def refused(words, piece, left=("full",)):
            self.assert_refused(words, 2, piece, list(left))

        (self.folder / "full").write_text("something")
        run = [*RUN, "-o", "r"]
        refused([*RUN, "-o", "full"], "exists already")
        refused([*RUN, "--workload", "gem", "-o", "r"], "no such workload")
        refused([*RUN, "--size", "8x8", "-o", "r"], "has no K")
        refused([*RUN, "--size", "8x8x0", "-o", "r"], "--size")
        refused([*RUN, "--size", "900x900x900", "-o", "r"], "memory")
        refused([*RUN, "--format", "bf17", "-o", "r"], "bf17")
        refused([*run, "--faults", "sue"], "did you mean")
        refused([*run, "--exhaustive", "--count", "3"], "give one")
        refused([*run, "--faults", "cluster", "--exhaustive"], "--count")
        refused([*run, "--filter", "u_nothing*"], "no site fits")
        refused([*run, "--filter", "unit:array", "--filter", "unit:sequencer"], "no site fits this filter and")
        refused([*run, "--faults", "set", "--filter", "class:flip-flop", "--count", "3"], "no site fits")
        refused([*run, "--faults", "set", "--engine", "verilated", "--count", "3"], "no gates")
        refused([*run, "--shard", "3/2", "--count", "3"], "--shard")
        refused([*run, "--shape", "11", "--count", "3"], "--faults cluster")
        refused(["campaign", "run", "--chip", "4x8x2", "--count", "3", "-o", "r"], "links")
        refused(["campaign", "show", "full"], "full")
        refused(["campaign", "show", "nowhere"], "nowhere")
        refused(["campaign", "replay", "full", "--experiment", "3"], "full")

    def test_damage_and_strangers(self):
        self.good(*RUN, "--count", "3000", "--replays", "0", "-o", "r")
        for shard, size in (("1/2", "8x8x8"), ("2/2", "4x4x4")):
            self.good(*RUN, "--count", "3000", "--replays", "0", "--size", size, "--shard", shard, "-o", size)
        code, _, err = self.run_it("campaign", "merge", "8x8x8", "4x4x4", "-o", "m")
        self.assertEqual(code, 2)
        self.assertIn("not of one campaign", err)
        whole = self.bytes_of("r")
        (self.folder / "cut").write_bytes(whole[:-40])
        code, _, err = self.run_it("campaign", "show", "cut")
        self.assertEqual(code, 2)
        self.assertIn("cut", err)
        self.assertEqual(sum(self.show("cut", "--partial")["outcomes"].values()), 3000)
        flipped = bytearray(whole)
        flipped[len(whole) // 2] ^= 4
        (self.folder / "flipped").write_bytes(flipped)
        self.assertEqual(self.run_it("campaign", "show", "flipped")[0], 2)
        self.good("campaign", "resume", "cut", "--netlist", NETLIST, "--replays", "0")
        self.assertEqual(self.bytes_of("cut"), whole)


if __name__ == "__main__":
    unittest.main()

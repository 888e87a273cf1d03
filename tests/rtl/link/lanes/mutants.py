#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Put one defect at a time into the lanes of the link and demand that link_lanes_test notices it.

The unmutated lanes must pass first; then each mutant must fail. Exit code: 0 all were caught, 1 one survived or the unmutated lanes
failed, 2 bad usage, 3 a tool failed.
"""

import argparse
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
RTL = HERE.parents[3] / "rtl" / "link"
TIMEOUT_S = 600


@dataclass(frozen=True)
class Mutant:
    """In rtl/link/`file` the text `old`, which must occur exactly once, becomes `new`; `kind` is the model that runs it."""
    name: str
    breaks: str
    file: str
    old: str
    new: str
    kind: str = "4"


# Not here, for nothing can be seen of it: two symbols passed over after a bad set or three; a marker taken at the higher of two
# positions, as two markers never overlap; a countdown that a lane goes on with after it was called off, as training begins anew and
# forgets it.
MUTANTS = (
    # Sequences
    Mutant("key-tap", "a tap of the scrambler is missing", "hb_link_lane_pkg.sv", "^ {1'd0, state[22:8]}", "", "units"),
    Mutant("key-seed", "two lanes are scrambled alike", "hb_link_lane_pkg.sv", "23'h0607BB", "23'h1DBFBC"),
    Mutant("prbs-tap", "another sequence is sent and expected", "hb_link_lane_pkg.sv", "prior[15:0] ^ prior[18:3]", "prior[15:0] ^ prior[17:2]", "units"),
    Mutant("prbs-inverted", "the sequence is not inverted", "hb_prbs31_gen.sv", "assign symbol_o = ~next;", "assign symbol_o = next;", "units"),
    Mutant("prbs-zero", "a lane stuck at 1 passes as faultless", "hb_prbs31_check.sv", " && last != '0;", ";"),
    Mutant("prbs-again", "the checker never starts again", "hb_prbs31_check.sv", "wrong > MaxErrors", "wrong > 7'd100", "units"),
    Mutant("prbs-count", "an error in bit 15 does not count", "hb_prbs31_check.sv", "i < 16; i++) errors", "i < 15; i++) errors"),
    Mutant("crc-init", "the check of a set starts from zero as it is sent", "hb_link_set_tx.sv", "? 16'hFFFF :", "? 16'h0000 :"),
    Mutant("crc-poly", "both ends use another polynomial", "hb_link_lane_pkg.sv", "16'h1021", "16'h8005"),
    Mutant("pick", "with three lanes the highest two are used", "hb_link_lane_pkg.sv", "(&working) ? working :", "(&working) ? working : (working == 4'b1110) ? 4'b1100 :"),
    # Sending
    Mutant("hold", "a word is read again for its later symbols", "hb_link_stripe.sv", "first ? word_i : {16'd0, rest_q}", "word_i"),
    Mutant("take", "a word is taken with its last symbol", "hb_link_stripe.sv", "take_o = next_i && first", "take_o = next_i && part_q == (two ? 2'd2 : four ? 2'd0 : 2'd3)"),
    Mutant("swap", "at width 2 the halves are exchanged", "hb_link_stripe.sv", "else if (lowest[l])  symbols_o[16*l +: 16] = now[15:0];", "else if (lowest[l])  symbols_o[16*l +: 16] = now[31:16];"),
    Mutant("unused", "lanes that are not used carry symbols", "hb_link_lanes_tx.sv", "if (send_i[l] && active_i)", "if (active_i)"),
    Mutant("disabled", "lanes that are not enabled carry sets", "hb_link_lanes_tx.sv", "end else if (lane_enable_i[l]) begin", "end else begin"),
    Mutant("countdown", "the countdown is one set short", "hb_link_set_tx.sv", "head_q.left == '0;", "head_q.left == 4'd1;"),
    Mutant("inject-once", "an injected error stays", "hb_link_lanes_tx.sv", "(inject_q & ~{Lanes{phy_tx_take_i}})", "inject_q"),
    # Receiving
    Mutant("position", "a bit position is not searched", "hb_link_align.sv", "i < 16; i++", "i < 15; i++"),
    Mutant("restore", "a false marker moves the lane for good", "hb_link_lane_rx.sv", "data_q && (drop || !look_i)", "1'b0"),
    Mutant("skip", "a marker inside a set holds the lane for ever", "hb_link_lane_rx.sv", "skip_q <= 2'd2;", "skip_q <= 2'd0;"),
    Mutant("look", "in data a lane is searched though it is in step", "hb_link_lane_rx.sv", "&& (look_i || !data_q))", ")"),
    Mutant("mine", "sets of another lane are taken", "hb_link_lane_rx.sv", "assign ours     = good && mine;", "assign ours     = good;"),
    Mutant("run-on", "the countdown stands still over a bad set", "hb_link_lane_rx.sv", "ours ? left : left_q - 4'd1", "ours ? left : left_q"),
    Mutant("heard-once", "one good set is enough to be heard", "hb_link_lane_rx.sv", "if (ours != heard_q && run_q == 2'd3) heard_q <= ours;", "if (ours || run_q == 2'd3) heard_q <= ours;"),
    Mutant("one-set", "one set in data is taken for training", "hb_link_lane_rx.sv", "assign trains_o    = hello_q[1];", "assign trains_o    = hello_q != '0;"),
    Mutant("phases", "any set in data is taken for training", "hb_link_lane_rx.sv", "if (!ours || phase == hb_link_lane_pkg::PhaseReady || phase == hb_link_lane_pkg::PhaseGo)", "if (!ours)"),
    Mutant("marker", "the marker is not looked at again", "hb_link_set_rx.sv", "assign good_o  = marked_q && symbol_i == crc_q;", "assign good_o  = symbol_i == crc_q || !marked_q;"),
    Mutant("deskew-depth", "the buffer is one symbol short", "hb_link_deskew.sv", "wptr_q == {!rptr_q[4], rptr_q[3:0]};", "wptr_q - rptr_q == 5'd15;"),
    Mutant("deskew-overflow", "too much skew is not noticed", "hb_link_deskew.sv", "assign overflow_o = |(push_i & full & lanes_i) && !valid_o && !start_i;", "assign overflow_o = 1'b0;"),
    Mutant("deskew-unused", "a lane that is not used is waited for", "hb_link_deskew.sv", "&(holds | ~lanes_i)", "&holds"),
    Mutant("unstripe", "a word begins where the last one was cut", "hb_link_unstripe.sv", "      if (start_i)      part_q <= '0;\n      else if (valid_i) part_q <= four", "      if (valid_i) part_q <= four"),
    # Training
    Mutant("stable", "lanes are chosen at once", "hb_link_choose.sv", "7'(hb_link_lane_pkg::StableSets)", "7'd2"),
    Mutant("patience", "a lane that comes and goes is waited for", "hb_link_choose.sv", "else if (patience_q == '1) ", "else if (1'b0) "),
    Mutant("broken", "what was agreed may change", "hb_link_train.sv", "(broken && !rx_data_o) ||", ""),
    Mutant("lost", "a lane lost before data is not missed", "hb_link_train.sv", "assign again = lost ||", "assign again ="),
    Mutant("trains", "a partner that trains is not noticed", "hb_link_train.sv", "(rx_data_o && hunting_i && trains_i != '0) ||", ""),
    Mutant("settings", "settings are not compared", "hb_link_train.sv", "known_i && !fits_i", "1'b0"),
    Mutant("reset-met", "a reset of the partner is not noticed", "hb_link_train.sv", "known_i && fresh_i && bound_i", "1'b0"),
    Mutant("fresh", "an end that has sent data calls itself fresh", "hb_link_train.sv", "fresh_q <= 1'b0;", "fresh_q <= fresh_q;"),
    Mutant("stale", "what the partner said before training began still counts", "hb_link_partner.sv", "        known_q <= 1'b0;\n      end else if (good_i", "      end else if (good_i"),
    Mutant("retrains", "trainings without progress have no end", "hb_link_train.sv", "retrains_q >= retrains_max_i", "1'b0"),
    Mutant("timeout", "a training has no end", "hb_link_train.sv", "timer_q >= train_timeout_i && !up_o", "1'b0"),
    Mutant("down-mode", "off and on again leads out of down", "hb_link_train.sv", "if (!normal && state != hb_link_lane_pkg::StDown)", "if (!normal)"),
    Mutant("down-silent", "an end that is down looks as if it trained", "hb_link_train.sv", "phase_o = hb_link_lane_pkg::PhaseDown;", "phase_o = hb_link_lane_pkg::PhaseHello;"),
)

ORDER = ("prbs31_gen", "prbs31_check", "link_scramble", "link_stripe", "link_unstripe", "link_set_tx", "link_lanes_tx", "link_align",
         "link_set_rx", "link_lane_rx", "link_deskew", "link_partner", "link_choose", "link_train", "link_lanes")


class MachineFailed(Exception):
    """A tool did not do its work."""


def run(command: list[str], log: pathlib.Path) -> None:
    with log.open("a") as out:
        if subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False).returncode != 0:
            raise MachineFailed(f"{command[0]} failed: see {log}")


def verilate(rtl: pathlib.Path, kind: str, folder: pathlib.Path, cxx: str) -> pathlib.Path:
    """A model of the lanes, or of their small parts, in the place of the one with that name, as an archive."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = [rtl / "hb_link_lane_pkg.sv"]
    if kind == "units":
        sources += [rtl / f"hb_{part}.sv" for part in ORDER[:3]] + [HERE / "hb_link_lanes_units.sv"]
        top = ["--top", "hb_link_lanes_units"]
    else:
        sources += [rtl / f"hb_{part}.sv" for part in ORDER]
        top = ["--top", "hb_link_lanes", f"-GLanes={kind}"]
    prefix = f"Vlanes_{kind}"
    run(["verilator", "--cc", "-Wno-fatal", "-O3", "--x-assign", "unique", "--x-initial", "unique", "--noassert", "-fno-const-bit-op-tree",
         *top, "--prefix", prefix, "--Mdir", str(folder), *map(str, sources)], folder / "log")
    run(["make", "-s", "-C", str(folder), "-f", f"{prefix}.mk", "OPT_FAST=-O1", "VM_PARALLEL_BUILDS=0", f"CXX={cxx}", f"{prefix}__ALL.a"],
        folder / "log")
    return folder / f"{prefix}__ALL.a"


def link(objects: list[str], model: pathlib.Path, program: pathlib.Path, cxx: str) -> pathlib.Path:
    """link_lanes_test with this model before those among its objects and archives."""
    own = [o for o in objects if o.endswith(".o")]
    archives = [o for o in objects if not o.endswith(".o")]
    run([*shlex.split(cxx), *own, str(model), *archives, "-o", str(program), "-lgtest", "-lgtest_main", "-lpthread", "-latomic"],
        program.with_suffix(".log"))
    return program


def mutate(mutant: Mutant, folder: pathlib.Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(RTL, folder)
    path = folder / mutant.file
    text = path.read_text()
    if text.count(mutant.old) != 1:
        raise MachineFailed(f"mutant {mutant.name}: its text occurs {text.count(mutant.old)} times in {path.name}, must be 1: {mutant.old!r}")
    path.write_text(text.replace(mutant.old, mutant.new))


def failure(program: pathlib.Path) -> str | None:
    """The first test that fails, or None. Those with fewer lanes are of no use, and upsets have a model of their own."""
    try:
        done = subprocess.run([str(program), "--gtest_brief=1", "--gtest_fail_fast", "--gtest_filter=-Lanes/*/0:Lanes/*/1:Upsets*"],
                              capture_output=True, text=True, check=False, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:  # every test is bounded in clocks, so this says nothing about the RTL
        raise MachineFailed(f"{program} did not end within {TIMEOUT_S} s: machine too slow or too busy") from None
    if done.returncode == 0:
        return None
    text = re.search(r"FAILED  \] ([\w/.]+)", done.stdout)
    return text.group(1) if text else f"exit code {done.returncode}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="the mutants to try (default: all)")
    parser.add_argument("--objects", nargs="+", required=True, metavar="FILE",
                        help="objects and archives of link_lanes_test; a mutated model replaces the one in them")
    parser.add_argument("--work", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--cxx", default="ccache g++")
    arguments = parser.parse_args()
    mutants = {m.name: m for m in MUTANTS}
    unknown = [n for n in arguments.names if n not in mutants]
    if unknown:
        parser.error(f"no mutant named {', '.join(unknown)}")

    work = arguments.work.resolve()
    start = time.monotonic()
    chosen = [mutants[n] for n in arguments.names or mutants]
    survivors = 0
    try:
        folder = work / "unmutated"
        if said := failure(link(arguments.objects, verilate(RTL, "4", folder, arguments.cxx), folder / "link_lanes_test", arguments.cxx)):
            print(f"FAIL  the unmutated lanes fail: {said}")
            return 1
        for mutant in chosen:
            folder = work / mutant.name
            mutate(mutant, folder / "rtl")
            model = verilate(folder / "rtl", mutant.kind, folder / "model", arguments.cxx)
            said = failure(link(arguments.objects, model, folder / "link_lanes_test", arguments.cxx))
            survivors += said is None
            print(f"{mutant.name:15} {'caught' if said else 'SURVIVES':8}  {mutant.breaks} ({mutant.file}): {said or 'nothing noticed'}", flush=True)
    except MachineFailed as error:
        print(f"ERROR {error}", file=sys.stderr)
        return 3
    print(f"{len(chosen) - survivors} of {len(chosen)} mutants caught in {time.monotonic() - start:.0f} s")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Put one defect at a time into the link and demand that torture, or the test of an end, notices it.

The unmutated link must pass first; then each mutant must fail. Exit code: 0 all were caught, 1 one survived or the unmutated link
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

ROOT = pathlib.Path(__file__).resolve().parents[3]
TIMEOUT_S = 240  # of one program; unmutated each takes a few seconds
PARAMETERS = {  # as CMakeLists.txt and tb/link.cmake have them
    "small": ["-GLanes=1", "-GMaxWords=9", "-GBufferWords=32", "-GReplayWords=32", "-GWindow=4"],
    "full": [],
}


@dataclass(frozen=True)
class Mutant:
    """In rtl/link/`file` the text `old`, which must occur exactly once, becomes `new`; `check` must notice it."""
    name: str
    check: str  # torture or end
    breaks: str
    file: str
    old: str
    new: str
    kind: str = "small"


# Not here, as nothing is lost by them and only time shows it: sequence numbers that hb_link_order compares as if they did not wrap (a
# flit ahead is taken for an old one, and the sender's timeout repairs it); flits sent again that were acknowledged during the replay;
# a partner that trains, or framing lost, that training does not hear of (HUNT_TIMEOUT repairs it).
MUTANTS = (
    # The word side
    Mutant("check", "torture", "no check is ever wrong", "hb_link_frame_rx.sv", "32'hFFFF_FFFF >> (32 - CheckBits)", "32'hFFFF_FFFF >> 32"),
    Mutant("duplicate", "torture", "a flit that was received before is received again", "hb_link_frame_rx.sv",
           "!resync && open_q && wanted_q;", "!resync && open_q;"),
    Mutant("rewind", "torture", "words of a damaged flit stay in the buffer", "hb_link_rx_buffer.sv", "else if (drop_i) put_q <= done_q;", ""),
    Mutant("position", "torture", "the receiver does not expect the position in a resync", "hb_link_frame_rx.sv", "(resync ? pos_q : 32'd0)", "32'd0"),
    Mutant("ack-wrap", "torture", "acknowledgements are compared as if numbers did not wrap", "hb_link_window.sv",
           "acked <= SeqWidth'(high_q - tail_q);", "ack_seq_i >= tail_q && ack_seq_i <= high_q;"),
    Mutant("order-session", "torture", "a new session goes on with the numbers of the last", "hb_link_order.sv", "if (!rst_ni || session_i) expected_q", "if (!rst_ni) expected_q"),
    Mutant("window", "torture", "one flit more than the window holds is taken", "hb_link_window.sv",
           "SeqWidth'(head_q - tail_q) < SeqWidth'(Window)", "SeqWidth'(head_q - tail_q) <= SeqWidth'(Window)"),
    Mutant("replay-room", "torture", "the replay buffer is overwritten", "hb_link_take.sv", "(AddrWidth + 2)'(len_i[8*v +: 8]) <= (AddrWidth + 2)'(ReplayWords)", "(AddrWidth + 2)'(len_i[8*v +: 8]) <= (AddrWidth + 2)'(ReplayWords + 8)"),
    Mutant("credit", "torture", "flits are sent without credit", "hb_link_take.sv", "legal & credit_ok_i", "legal"),
    Mutant("credit-one", "end", "credit is given for a word too many", "hb_link_credit.sv", "<= {1'b0, size_i})", "<= {1'b0, size_i} + 1'b1)"),
    Mutant("credit-session", "torture", "words in the buffer when a session begins are not counted", "hb_link_rx_buffer.sv", "session_i ? 10'd0 - 10'(filled)", "session_i ? 10'd0"),
    Mutant("late", "torture", "a nack that was served and whose answer was lost is never served again", "hb_link_retry.sv",
           "(hunt_i != served_q || late)) || (flying_i && late)", "(hunt_i != served_q))"),
    Mutant("half-flit", "end", "a flit half taken when a session begins is sent as the rest of another", "hb_link_take.sv",
           "(mid_d[v] && (drop_q[v] || session_i))", "(mid_d[v] && drop_q[v])"),
    Mutant("last-word", "torture", "a flit's end is shown a word early", "hb_link_rx_buffer.sv", "at_q + 8'd1 == len_o", "at_q + 8'd2 >= len_o"),

    # The lanes
    Mutant("deskew", "torture", "a lane is read before all hold a symbol", "hb_link_deskew.sv", "&(holds | ~lanes_i)", "|(holds & lanes_i)", "full"),
    Mutant("retrains", "end", "trainings without progress have no end", "hb_link_train.sv", "retrains_q >= retrains_max_i", "1'b0", "full"),
    Mutant("reset-met", "end", "a reset of the partner is not noticed", "hb_link_train.sv", "known_i && fresh_i && bound_i", "1'b0"),

    # The whole
    Mutant("session", "torture", "the word side is not told of a new session", "hb_link.sv", ".session_i(session), .down_i", ".session_i(1'b0), .down_i"),
    Mutant("down", "torture", "flits wait for a link that is down", "hb_link.sv", "down || mode == 2'd0", "mode == 2'd0"),
    Mutant("off", "end", "flits wait for a link that is off", "hb_link.sv", "down || mode == 2'd0", "down"),
    Mutant("irq-down", "torture", "nobody is told that the link went down", "hb_link.sv", "up && !up_q, went_down}", "up && !up_q, 1'b0}"),
    Mutant("irq-reset", "end", "a session opened by itself is not reported", "hb_link.sv", "(session && !open) ||", ""),
    Mutant("degraded", "end", "full width is reported as degraded", "hb_link.sv", "up && !up_q && degraded, retrained", "up && !up_q, retrained"),
    Mutant("discarded", "end", "words thrown away on channel 1 are not counted", "hb_link_counters.sv", " + IncBits'(event_i.discard[1])", ""),
    Mutant("counted-twice", "end", "words thrown away count as sent", "hb_link.sv", "taken_q & ~what.discard", "taken_q"),
    Mutant("clear", "end", "counters are not cleared", "hb_link_counters.sv", "if (!rst_ni || clear_i) count_q", "if (!rst_ni) count_q"),
    Mutant("irq-clear", "end", "clearing one cause clears all", "hb_link_csr.sv", "~((write && addr == hb_link_regs_pkg::IrqStatus) ? reg_wdata_i[4:0] : '0)",
           "~((write && addr == hb_link_regs_pkg::IrqStatus) ? '1 : 5'd0)"),
    Mutant("read-only", "end", "writing a register that cannot be written is no error", "hb_link_csr.sv", "known && (writable || !reg_write_i)", "known"),
    Mutant("given-up", "end", "flits given up with a session are not reported", "hb_link_csr.sv", "if (session_i) given_up_q <= unacked_i;", ""),
)


class MachineFailed(Exception):
    """A tool did not do its work."""


def run(command: list[str], log: pathlib.Path) -> None:
    with log.open("a") as out:
        if subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False).returncode != 0:
            raise MachineFailed(f"{command[0]} failed: see {log}")


def sources(link: pathlib.Path) -> list[str]:
    """The RTL of a link in compile order, with the folder rtl/link replaced."""
    lines = (ROOT / "rtl" / "hilbert.f").read_text().splitlines()
    wanted = [line for line in lines if re.match(r"rtl/(link|prim)/|rtl/regs/hb_link_regs_pkg", line)]
    return [str(link / line.removeprefix("rtl/link/") if line.startswith("rtl/link/") else ROOT / line) for line in wanted]


def verilate(link: pathlib.Path, kind: str, folder: pathlib.Path, cxx: str) -> pathlib.Path:
    """The model of a link as an archive, in the place of the one with that name."""
    folder.mkdir(parents=True, exist_ok=True)
    prefix = f"Vhb_link_{kind}"
    run(["verilator", "--cc", "-Wno-fatal", "-O3", "--x-assign", "fast", "--x-initial", "fast", "--noassert", "-fno-const-bit-op-tree",
         *PARAMETERS[kind], "--top", "hb_link", "--prefix", prefix, "--Mdir", str(folder), *sources(link)], folder / "log")
    run(["make", "-s", "-C", str(folder), "-f", f"{prefix}.mk", "OPT_FAST=-O1", "VM_PARALLEL_BUILDS=0", f"CXX={cxx}", f"{prefix}__ALL.a"],
        folder / "log")
    return folder / f"{prefix}__ALL.a"


def link_program(objects: list[str], model: pathlib.Path | None, program: pathlib.Path, cxx: str) -> pathlib.Path:
    """The program of these objects and archives, with all of `model` before them."""
    program.parent.mkdir(parents=True, exist_ok=True)
    first = ["-Wl,--whole-archive", str(model), "-Wl,--no-whole-archive"] if model else []
    run([*shlex.split(cxx), *[o for o in objects if o.endswith(".o")], *first, *[o for o in objects if not o.endswith(".o")], "-o", str(program),
         "-lfmt", "-lboost_program_options", "-lgtest", "-lgtest_main", "-lpthread", "-latomic"], program.with_suffix(".log"))
    return program


def failure(program: pathlib.Path, check: str, kind: str) -> str | None:
    """What it says, or None if nothing failed."""
    arguments = ["--link", kind, "--runs", "40"] if check == "torture" else ["--gtest_brief=1", "--gtest_fail_fast", f"--gtest_filter=*/{kind}:LinkBounds.*:LinkLanes.*"]
    try:
        done = subprocess.run([str(program), *arguments], capture_output=True, text=True, check=False, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return f"no end within {TIMEOUT_S} s"
    if done.returncode == 0:
        return None
    text = re.search(r"FAIL(?: in|:) (.*)|FAILED  \] ([\w/.]+)", done.stdout)
    return next(filter(None, text.groups())) if text else f"exit code {done.returncode}: {done.stderr.strip()}"


def mutate(mutant: Mutant, folder: pathlib.Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "rtl" / "link", folder)
    path = folder / mutant.file
    text = path.read_text()
    if text.count(mutant.old) != 1:
        raise MachineFailed(f"mutant {mutant.name}: its text occurs {text.count(mutant.old)} times in {path.name}, must be 1: {mutant.old!r}")
    path.write_text(text.replace(mutant.old, mutant.new))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="the mutants to try (default: all)")
    parser.add_argument("--torture", nargs="+", required=True, metavar="FILE", help="objects of link_torture")
    parser.add_argument("--end", nargs="+", required=True, metavar="FILE", help="objects of link_end_test")
    parser.add_argument("--archives", nargs="+", required=True, metavar="FILE", help="what both are linked with; a mutated model replaces the one in it")
    parser.add_argument("--work", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--cxx", default="ccache g++")
    arguments = parser.parse_args()
    mutants = {m.name: m for m in MUTANTS}
    unknown = [n for n in arguments.names if n not in mutants]
    if unknown:
        parser.error(f"no mutant named {', '.join(unknown)}")

    work = arguments.work.resolve()
    objects = {"torture": [*arguments.torture, *arguments.archives], "end": [*arguments.end, *arguments.archives]}
    start = time.monotonic()
    chosen = [mutants[n] for n in arguments.names or mutants]
    survivors = 0
    try:
        for check, kind in (("torture", "small"), ("torture", "full"), ("end", "small")):
            program = link_program(objects[check], None, work / "unmutated" / check, arguments.cxx)
            if said := failure(program, check, kind):
                print(f"FAIL  the unmutated link fails: {kind}, {said}")
                return 1
        for mutant in chosen:
            folder = work / mutant.name
            mutate(mutant, folder / "rtl")
            model = verilate(folder / "rtl", mutant.kind, folder / "model", arguments.cxx)
            said = failure(link_program(objects[mutant.check], model, folder / mutant.check, arguments.cxx), mutant.check, mutant.kind)
            survivors += said is None
            print(f"{mutant.name:15} {'caught' if said else 'SURVIVES':8}  {mutant.breaks} ({mutant.file}): {said or 'nothing noticed'}", flush=True)
    except MachineFailed as error:
        print(f"ERROR {error}", file=sys.stderr)
        return 3
    print(f"{len(chosen) - survivors} of {len(chosen)} mutants caught in {time.monotonic() - start:.0f} s")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())

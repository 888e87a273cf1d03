#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Put one defect at a time into the core and demand that random programs in lock-step with the simulator notice it.

The unmutated core must pass first; then each mutant must fail. Exit code: 0 all were caught, 1 one survived or the unmutated core
failed, 2 bad usage, 3 a tool failed.
"""

import argparse
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass

RTL = pathlib.Path(__file__).resolve().parents[3] / "rtl" / "cpu"
PROGRAMS = 150  # of 2,000 instructions each; the first failure ends the run
TIMEOUT_S = 120


@dataclass(frozen=True)
class Mutant:
    """In rtl/cpu/`file` the text `old`, which must occur exactly once, becomes `new`; `kind` is the configuration that runs."""
    name: str
    breaks: str
    file: str
    old: str
    new: str
    kind: str = "small"


# Not here, for it changes nothing that can be seen: lines on their way surviving a FENCE.I, as the next request forgets them too.
MUTANTS = (
    Mutant("bypass", "an operand written a clock ago is read as it was", "hb_cpu_regfile.sv",
           "assign rdata1_o = zero1_q ? '0 : new1_q ? new_q : row1_q;", "assign rdata1_o = zero1_q ? '0 : row1_q;"),
    Mutant("x0", "x0 is a register like any other once it is bypassed", "hb_cpu_decode.sv",
           "    if (insn_i[11:7] == 5'd0) ctrl_o.rd_we = 1'b0;\n", ""),
    Mutant("sra", "an arithmetic shift is logical", "hb_cpu_alu.sv", "{alt_i && a_i[31], left", "{1'b0, left"),
    Mutant("slt", "signed comparison of operands of different signs is wrong", "hb_cpu_alu.sv",
           "(a_i[31] ^ b_i[31]) ? a_i[31] : below_o", "below_o"),
    Mutant("lh-sign", "a halfword is never sign-extended", "hb_cpu_align.sv", "half[15] && !f3_i[2]", "1'b0"),
    Mutant("misaligned", "a word access at an odd halfword is not refused", "hb_cpu_align.sv",
           "(f3_i[1] && addr_i != 2'd0)", "(f3_i[1] && addr_i[0])"),
    Mutant("jalr-bit0", "JALR keeps bit 0 of a misaligned target in mtval", "hb_cpu.sv",
           "if (trapped && ctrl_q.jalr) rf_wdata[0] = 1'b0;", ""),
    Mutant("store-fault", "a store that fails says that a load did", "hb_cpu_phase.sv",
           "late ? hb_cpu_pkg::StoreFault", "late ? hb_cpu_pkg::LoadFault"),
    Mutant("load-imprecise", "a load that fails writes its register", "hb_cpu.sv",
           "    rf_we    = retire && ctrl_q.rd_we;", "    rf_we    = (retire || trap) && ctrl_q.rd_we;"),
    Mutant("fetch-error", "the line behind one that failed is taken for it", "hb_cpu_fetch.sv",
           "bad_newer_q <= (bad_q ? bad_newer_q : 2'(flight_q[0])) + 2'(grant);", "bad_newer_q <= bad_q ? bad_newer_q : 2'(flight_q[0]);"),
    Mutant("fetch-request", "a fetch that waits for its grant changes its mind", "hb_cpu_fetch.sv",
           "assign restart  = miss && !waiting_q;", "assign restart  = miss;"),
    Mutant("fetch-early", "a line is used a clock before it can be read", "hb_cpu_fetch.sv",
           "2'(flight_q[0]) + 2'(flight_q[1]) + 2'(flight_q[2])", "2'(flight_q[0]) + 2'(flight_q[1])"),
    Mutant("fence-i", "FENCE.I does nothing", "hb_cpu.sv", "assign flush    = exec && ctrl_q.fence_i;", "assign flush    = 1'b0;"),
    Mutant("irq-priority", "the timer goes before software", "hb_cpu_csr.sv", "due[0] ? 4'd3 : 4'd7", "due[1] ? 4'd7 : 4'd3"),
    Mutant("irq-masked", "an interrupt is taken one instruction after being disabled", "hb_cpu.sv",
           "redirect || ctrl_q.csr || ctrl_q.wfi", "redirect || ctrl_q.wfi"),
    Mutant("mret", "MRET leaves MPIE as it is", "hb_cpu_csr.sv", "        mpie_q <= 1'b1;\n", ""),
    Mutant("vectored", "exceptions are vectored too", "hb_cpu.sv", "!ctrl_q.mret && cause[4] && rs2[0]", "!ctrl_q.mret && rs2[0]"),
    Mutant("mepc-low", "mepc keeps the low bits that software writes", "hb_cpu_csr.sv",
           "if (ram_i && addr_i[1:0] == 2'b01) value_o[1:0]", "if (ram_i && addr_i[2:0] == 3'b101) value_o[1:0]"),
    Mutant("minstret", "the instruction that writes minstret counts", "hb_cpu_counter.sv",
           "we_low_i ? wdata_i : low_q", "we_low_i ? wdata_i + 32'(count_i) : low_q", "full"),
    Mutant("wfi", "WFI does not wait", "hb_cpu_run.sv", "wfi_q  <= (retire_i && wfi_i) ||", "wfi_q  <="),
    Mutant("lockup", "three traps in a row lock up", "hb_cpu_run.sv", "traps_q == 2'd3", "traps_q == 2'd2"),
    Mutant("csr-write", "CSRRS with x0 writes", "hb_cpu.sv", "f3[1:0] == 2'd1 || insn_q[19:15] != 5'd0", "1'b1", "full"),  # only a counter shows it
    Mutant("csr-illegal", "an identity register may be written", "hb_cpu_decode.sv", "csr_exists = !csr_writes;", "csr_exists = 1'b1;"),
    Mutant("mulh", "the sign of the multiplier does not subtract", "hb_cpu_muldiv.sv",
           "divide || (b_signed && count_q == 5'd31)", "divide", "full"),
    Mutant("rem-sign", "a remainder has the sign of the quotient", "hb_cpu_muldiv.sv",
           "assign remainder = a_negative ?", "assign remainder = (a_negative ^ b_negative) ?", "full"),
)

# Parameters as tests/rtl/cpu/CMakeLists.txt has them
KINDS = {"small": ["-GLineBytes=8", "-GCounters=1'b0"], "full": ["-GLineBytes=64", "-GExtM=1'b1"]}
ORDER = ("pkg", "fetch", "decode", "alu", "align", "regfile", "counter", "csr", "muldiv", "phase", "run")


class MachineFailed(Exception):
    pass


def run(command: list[str], log: pathlib.Path) -> None:
    with log.open("a") as out:
        if subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False).returncode != 0:
            raise MachineFailed(f"{command[0]} failed: see {log}")


def verilate(sources: list[pathlib.Path], kind: str, parameters: list[str], folder: pathlib.Path, cxx: str) -> pathlib.Path:
    """A model of hb_cpu in the place of this configuration, as an archive."""
    folder.mkdir(parents=True, exist_ok=True)
    prefix = f"Vhb_cpu_{kind}"
    run(["verilator", "--cc", "-Wno-fatal", "-O3", "--x-assign", "unique", "--x-initial", "unique", "-fno-const-bit-op-tree",
         *parameters, "--top", "hb_cpu", "--prefix", prefix, "--Mdir", str(folder), *map(str, sources)], folder / "log")
    run(["make", "-s", "-C", str(folder), "-f", f"{prefix}.mk", "OPT_FAST=-O1", f"CXX={cxx}", f"{prefix}__ALL.a"], folder / "log")
    return folder / f"{prefix}__ALL.a"


def link(objects: list[str], models: dict[str, pathlib.Path], program: pathlib.Path, cxx: str) -> pathlib.Path:
    """cpu_test with these models before those among its objects and archives."""
    own = [o for o in objects if o.endswith(".o")]
    archives = [o for o in objects if not o.endswith(".o")]
    run([*shlex.split(cxx), *own, *map(str, models.values()), *archives, "-o", str(program), "-lgtest", "-lgtest_main", "-lfmt", "-lpthread",
         "-latomic"], program.with_suffix(".log"))
    return program


def mutate(mutant: Mutant, folder: pathlib.Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(RTL, folder)
    path = folder / mutant.file
    text = path.read_text()
    if text.count(mutant.old) != 1:
        raise MachineFailed(f"mutant {mutant.name}: its text occurs {text.count(mutant.old)} times in {path.name}, must be 1: {mutant.old!r}")
    path.write_text(text.replace(mutant.old, mutant.new))


def failure(program: pathlib.Path, kind: str, programs: int, tests: str = "") -> str | None:
    """What the lock-step says first, or None if it has nothing to say."""
    try:
        done = subprocess.run([str(program), "--gtest_brief=1", f"--gtest_filter={tests or f'*Random*/{kind}'}"], capture_output=True, text=True, check=False,
                              env=os.environ | {"HILBERT_CPU_PROGRAMS": str(programs), "HILBERT_SEED": "1"}, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return f"no end within {TIMEOUT_S} s"
    if done.returncode == 0:
        return None
    text = re.search(r"Failure\n(?:Failed\n)?(.*)", done.stdout)
    return text.group(1) if text else f"exit code {done.returncode}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="the mutants to try (default: all)")
    parser.add_argument("--objects", nargs="+", required=True, metavar="FILE",
                        help="objects and archives of cpu_test; a mutated model replaces the one in them")
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
        def model(rtl: pathlib.Path, kind: str, folder: pathlib.Path) -> pathlib.Path:
            sources = [rtl / f"hb_cpu_{part}.sv" for part in ORDER] + [rtl / "hb_cpu.sv"]
            return verilate(sources, kind, KINDS[kind], folder, arguments.cxx)

        good = {kind: model(RTL, kind, work / "unmutated" / kind) for kind in KINDS}
        program = link(arguments.objects, good, work / "unmutated" / "cpu_test", arguments.cxx)
        for kind in KINDS:
            if said := failure(program, kind, PROGRAMS):
                print(f"FAIL  the unmutated core fails: {said}")
                return 1
        for mutant in chosen:
            folder = work / mutant.name
            mutate(mutant, folder / "rtl")
            models = good | {mutant.kind: model(folder / "rtl", mutant.kind, folder / "model")}
            said = failure(link(arguments.objects, models, folder / "cpu_test", arguments.cxx), mutant.kind, PROGRAMS)
            survivors += said is None
            print(f"{mutant.name:15} {'caught' if said else 'SURVIVES':8}  {mutant.breaks} ({mutant.file}): {said or 'nothing noticed'}", flush=True)
    except MachineFailed as error:
        print(f"ERROR {error}", file=sys.stderr)
        return 3
    print(f"{len(chosen) - survivors} of {len(chosen)} mutants caught in {time.monotonic() - start:.0f} s")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())

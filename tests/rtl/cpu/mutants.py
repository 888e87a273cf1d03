#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Choose one defect of the core at a time and demand that random programs in lock-step with the simulator notice it.

The unmutated core must pass first; then each mutant must fail. Exit code: 0 all were caught, 1 one survived or the unmutated core
failed, 2 bad usage, 3 a tool failed.
"""

import functools
import pathlib
import sys
from collections.abc import Sequence

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from mutation import (DEFECT_CHOICE, Mutant, chosen_defect, complaint, linked, number_of, parser, refuse_unknown, run_campaign,  # noqa: E402
                      verilated, with_defects)

RTL = ROOT / "rtl" / "cpu"
SOURCES = [RTL.parent / "prim" / "hb_held.sv", *(RTL / f"hb_cpu{part}.sv" for part in ("_pkg", "_fetch", "_decode", "_alu", "_align", "_regfile", "_counter", "_csr", "_muldiv", "_phase", "_run", ""))]
# Parameters as tests/rtl/cpu/CMakeLists.txt has them
KINDS = {"small": ["-GLineBytes=8", "-GCounters=1'b0"], "full": ["-GLineBytes=64", "-GExtM=1'b1"]}
PROGRAMS = 150  # of 2,000 instructions each; the first failure ends the run
TIMEOUT_S = 120

# `check` is the configuration that runs.
# Not here, for it changes nothing that can be seen: lines on their way surviving a FENCE.I, as the next request forgets them too.
MUTANTS = (
    Mutant("bypass", "small", "an operand written a clock ago is read as it was", "hb_cpu_regfile.sv",
           "assign rdata1_o = zero1_q ? '0 : new1_q ? new_q : row1_q;", "assign rdata1_o = zero1_q ? '0 : row1_q;"),
    Mutant("x0", "small", "x0 is a register like any other once it is bypassed", "hb_cpu_decode.sv",
           "if (insn_i[11:7] == 5'd0) ctrl_o.rd_we = 1'b0;", ""),
    Mutant("sra", "small", "an arithmetic shift is logical", "hb_cpu_alu.sv", "alt_i && a_i[31]", "1'b0"),
    Mutant("slt", "small", "signed comparison of operands of different signs is wrong", "hb_cpu_alu.sv",
           "(a_i[31] ^ b[31]) ? below_o : a_i[31]", "below_o"),
    Mutant("lh-sign", "small", "a halfword is never sign-extended", "hb_cpu_align.sv", "half[15] && !f3_i[2]", "1'b0"),
    Mutant("misaligned", "small", "a word access at an odd halfword is not refused", "hb_cpu_align.sv",
           "(f3_i[1] && addr_i != 2'd0)", "(f3_i[1] && addr_i[0])"),
    Mutant("jalr-bit0", "small", "JALR keeps bit 0 of a misaligned target in mtval", "hb_cpu.sv",
           "if (trapped && ctrl_q.jalr) rf_wdata[0] = 1'b0;", ""),
    Mutant("store-fault", "small", "a store that fails says that a load did", "hb_cpu_phase.sv",
           "late ? hb_cpu_pkg::StoreFault : hb_cpu_pkg::StoreMisaligned", "late ? hb_cpu_pkg::LoadFault : hb_cpu_pkg::StoreMisaligned"),
    Mutant("load-imprecise", "small", "a load that fails writes its register", "hb_cpu.sv",
           "rf_we    = retire && ctrl_q.rd_we;", "rf_we    = (retire || trap) && ctrl_q.rd_we;"),
    Mutant("fetch-error", "small", "the line behind one that failed is taken for it", "hb_cpu_fetch.sv",
           "bad_newer_q <= (bad_q ? bad_newer_q : 2'(flight_q[0])) + 2'(grant);", "bad_newer_q <= bad_q ? bad_newer_q : 2'(flight_q[0]);"),
    Mutant("fetch-request", "small", "a fetch that waits for its grant changes its mind", "hb_cpu_fetch.sv",
           "assign restart  = miss && !waiting_q;", "assign restart  = miss;"),
    Mutant("fetch-early", "small", "a line is used a clock before it can be read", "hb_cpu_fetch.sv",
           "2'(flight_q[0]) + 2'(flight_q[1]) + 2'(flight_q[2])", "2'(flight_q[0]) + 2'(flight_q[1])"),
    Mutant("fence-i", "small", "FENCE.I does nothing", "hb_cpu.sv", "assign flush    = exec && ctrl_q.fence_i;", "assign flush    = 1'b0;"),
    Mutant("guess-wrong", "small", "a loop's branch that is not taken goes on where it led to", "hb_cpu.sv",
           "invert_q <= f_insn[12] ^ f_guess;", "invert_q <= f_insn[12];"),
    Mutant("guess-behind", "small", "a branch guessed wrong goes back by its offset", "hb_cpu.sv", "if (f_guess) imm_q <= 32'd4;", ""),
    Mutant("guess-page", "small", "a branch back across a page ends in the page", "hb_cpu_fetch.sv", "branch_i && in_page", "branch_i"),
    Mutant("guess-end", "small", "a guess in the last word of a page goes on in the next page", "hb_cpu_fetch.sv", "take_i && !guess_o", "take_i"),
    Mutant("guess-misaligned", "small", "a branch back to no instruction's address does not trap", "hb_cpu_fetch.sv", "(&offset_i[31:2+NearW]) && !offset_i[1]", "(&offset_i[31:2+NearW])"),
    Mutant("guess-taken", "small", "the PC moves on while a guessed branch waits", "hb_cpu_fetch.sv", "guess_o && take_i && !set_i", "guess_o && !set_i"),
    Mutant("trap-zero", "small", "mcause and mepc have the immediate added", "hb_cpu.sv", "if (trapped) imm_q <= '0;", ""),
    Mutant("irq-priority", "small", "the timer goes before software", "hb_cpu_csr.sv", "due[0] ? 4'd3 : 4'd7", "due[1] ? 4'd7 : 4'd3"),
    Mutant("irq-masked", "small", "an interrupt is taken one instruction after being disabled", "hb_cpu.sv",
           "redirect || ctrl_q.csr || ctrl_q.wfi", "redirect || ctrl_q.wfi"),
    Mutant("mret", "small", "MRET leaves MPIE as it is", "hb_cpu_csr.sv", "mpie_q <= 1'b1;", ""),
    Mutant("vectored", "small", "exceptions are vectored too", "hb_cpu.sv", "!ctrl_q.mret && cause[4] && rs2[0]", "!ctrl_q.mret && rs2[0]"),
    Mutant("mepc-low", "small", "mepc keeps the low bits that software writes", "hb_cpu_csr.sv",
           "ram_i && addr_i[1:0] == 2'b01", "ram_i && addr_i[2:0] == 3'b101"),
    Mutant("minstret", "full", "the instruction that writes minstret counts", "hb_cpu_counter.sv",
           "we_low_i ? wdata_i : low_q + {32{we_low_i}} + 32'(count_i)", "we_low_i ? wdata_i + 32'(count_i) : low_q + {32{we_low_i}} + 32'(count_i)"),
    Mutant("wfi", "small", "WFI does not wait", "hb_cpu_run.sv", "(retire_i && wfi_i) || (wfi_q && !enter_i)", "wfi_q && !enter_i"),
    Mutant("lockup", "small", "three traps in a row lock up", "hb_cpu_run.sv", "traps_q == 2'd3", "traps_q == 2'd2"),
    Mutant("csr-write", "full", "CSRRS with x0 writes", "hb_cpu.sv", "f3[1:0] == 2'd1 || insn_q[19:15] != 5'd0", "1'b1"),  # only a counter shows it
    Mutant("csr-illegal", "small", "an identity register may be written", "hb_cpu_decode.sv", "csr_exists = !csr_writes;", "csr_exists = 1'b1;"),
    Mutant("mulh", "full", "the sign of the multiplier does not subtract", "hb_cpu_muldiv.sv",
           "divide || (b_signed && count_q == 5'd31)", "divide"),
    Mutant("rem-sign", "full", "a remainder has the sign of the quotient", "hb_cpu_muldiv.sv",
           "a_negative ? -high_q[31:0] : high_q[31:0]", "(a_negative ^ b_negative) ? -high_q[31:0] : high_q[31:0]"),
)


def build(objects: list[str], sources: Sequence[pathlib.Path], kind: str, parameters: list[str], folder: pathlib.Path, cxx: str) -> pathlib.Path:
    """cpu_test with a core of these sources in the place of this configuration."""
    model = verilated(sources, "hb_cpu", f"Vhb_cpu_{kind}", ["--x-assign", "unique", "--x-initial", "unique", "--assert", *parameters], folder / "model", cxx)
    return linked(objects, model, folder / "cpu_test", cxx, str(DEFECT_CHOICE))


def failure(program: pathlib.Path, kind: str, programs: int, tests: str = "", defect: int = 0) -> str | None:
    """What the lock-step says first, or None if it has nothing to say."""
    return complaint([str(program), "--gtest_brief=1", f"--gtest_filter={tests or f'*Random*/{kind}'}"], r"Failure\n(?:Failed\n)?(.*)", TIMEOUT_S,
                     {"HILBERT_CPU_PROGRAMS": str(programs), "HILBERT_SEED": "1", **chosen_defect(defect)})


def main() -> int:
    options = parser(__doc__)
    options.add_argument("--objects", nargs="+", required=True, metavar="FILE",
                         help="objects and archives of cpu_test; a model with the defects replaces the one in them")
    arguments = options.parse_args()
    refuse_unknown(options, arguments.names, MUTANTS)

    @functools.cache
    def program(kind: str) -> pathlib.Path:
        folder = arguments.work / kind
        return build(arguments.objects, with_defects(MUTANTS, RTL, SOURCES, folder), kind, KINDS[kind], folder, arguments.cxx)

    def notice(mutant: Mutant | None, kind: str) -> str | None:
        return failure(program(kind), kind, PROGRAMS, defect=number_of(mutant, MUTANTS))

    return run_campaign(MUTANTS, arguments.names, notice, tuple(KINDS))


if __name__ == "__main__":
    sys.exit(main())

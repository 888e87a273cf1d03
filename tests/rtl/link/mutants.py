#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Put one defect at a time into the link and demand that torture, or the test of an end, notices it.

The unmutated link must pass first; then each mutant must fail. Exit code: 0 all were caught, 1 one survived or the unmutated link
failed, 2 bad usage, 3 a tool failed.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from mutation import Mutant, complaint, linked, parser, refuse_unknown, run_campaign, verilated, with_defect  # noqa: E402

TIMEOUT_S = 240  # of one program; unmutated each takes a few seconds
SOURCES = [ROOT / line for line in (ROOT / "rtl" / "hilbert.f").read_text().splitlines()
           if re.match(r"rtl/(link|prim)/|rtl/regs/hb_link_regs_pkg", line)]
PARAMETERS = {  # as CMakeLists.txt and tb/link.cmake have them
    "small": ["-GLanes=1", "-GMaxWords=9", "-GBufferWords=32", "-GReplayWords=32", "-GWindow=4"],
    "full": [],
}
CHECKS = ("torture-small", "torture-full", "end-small")  # which program, on which link

# Not here, as nothing is lost by them and only time shows it: sequence numbers that hb_link_order compares as if they did not wrap (a
# flit ahead is taken for an old one, and the sender's timeout repairs it); flits sent again that were acknowledged during the replay;
# a partner that trains, or framing lost, that training does not hear of (HUNT_TIMEOUT repairs it).
MUTANTS = (
    # The word side
    Mutant("check", "torture-small", "no check is ever wrong", "hb_link_frame_rx.sv", "32'hFFFF_FFFF >> (32 - CheckBits)", "32'hFFFF_FFFF >> 32"),
    Mutant("duplicate", "torture-small", "a flit that was received before is received again", "hb_link_frame_rx.sv",
           "!resync && open_q && wanted_q;", "!resync && open_q;"),
    Mutant("rewind", "torture-small", "words of a damaged flit stay in the buffer", "hb_link_rx_buffer.sv", "else if (drop_i) put_q <= done_q;", ""),
    Mutant("position", "torture-small", "the receiver does not expect the position in a resync", "hb_link_frame_rx.sv", "(resync ? pos_q : 32'd0)", "32'd0"),
    Mutant("ack-wrap", "torture-small", "acknowledgements are compared as if numbers did not wrap", "hb_link_window.sv",
           "acked <= SeqWidth'(high_q - tail_q);", "ack_seq_i >= tail_q && ack_seq_i <= high_q;"),
    Mutant("order-session", "torture-small", "a new session goes on with the numbers of the last", "hb_link_order.sv", "if (!rst_ni || session_i) expected_q", "if (!rst_ni) expected_q"),
    Mutant("window", "torture-small", "one flit more than the window holds is taken", "hb_link_window.sv",
           "SeqWidth'(head_q - tail_q) < SeqWidth'(Window)", "SeqWidth'(head_q - tail_q) <= SeqWidth'(Window)"),
    Mutant("replay-room", "torture-small", "the replay buffer is overwritten", "hb_link_take.sv", "(AddrWidth + 2)'(len_i[8*v +: 8]) <= (AddrWidth + 2)'(ReplayWords)", "(AddrWidth + 2)'(len_i[8*v +: 8]) <= (AddrWidth + 2)'(ReplayWords + 8)"),
    Mutant("credit", "torture-small", "flits are sent without credit", "hb_link_take.sv", "legal & credit_ok_i", "legal"),
    Mutant("credit-one", "end-small", "credit is given for a word too many", "hb_link_credit.sv", "<= {1'b0, size_i})", "<= {1'b0, size_i} + 1'b1)"),
    Mutant("credit-session", "torture-small", "words in the buffer when a session begins are not counted", "hb_link_rx_buffer.sv", "session_i ? 10'd0 - 10'(filled)", "session_i ? 10'd0"),
    Mutant("late", "torture-small", "a nack that was served and whose answer was lost is never served again", "hb_link_retry.sv",
           "(hunt_i != served_q || late)) || (flying_i && sent_q && late)", "(hunt_i != served_q))"),
    Mutant("resync-alone", "end-small", "a timeout of nothing sends resyncs and never a flit", "hb_link_retry.sv", "flying_i && sent_q && late", "flying_i && late"),
    Mutant("hunt-never", "end-small", "a receiver that may hunt for ever may not hunt at all", "hb_link_core.sv", "hunt_timeout_i != '0 &&", ""),
    Mutant("nacks-alone", "end-small", "a sender whose receiver hunts sends nacks and never a flit", "hb_link_csr.sv", "(nack_interval_q == '0) ? 16'd1 : nack_interval_q", "nack_interval_q"),
    Mutant("tries", "end-small", "a bound on replays that is lowered at work is missed", "hb_link_retry.sv", "tries_q >= retrain_after_i", "tries_q == retrain_after_i"),
    Mutant("half-flit", "end-small", "a flit half taken when a session begins is sent as the rest of another", "hb_link_take.sv",
           "(mid_d[v] && (drop_q[v] || session_i))", "(mid_d[v] && drop_q[v])"),
    Mutant("last-word", "torture-small", "a flit's end is shown a word early", "hb_link_rx_buffer.sv", "at_q + 8'd1 == len_o", "at_q + 8'd2 >= len_o"),

    # The lanes
    Mutant("deskew", "torture-full", "a lane is read before all hold a symbol", "hb_link_deskew.sv", "&(holds | ~lanes_i)", "|(holds & lanes_i)"),
    Mutant("retrains", "end-full", "trainings without progress have no end", "hb_link_train.sv", "retrains_q >= retrains_max_i", "1'b0"),
    Mutant("reset-met", "end-small", "a reset of the partner is not noticed", "hb_link_train.sv", "known_i && fresh_i && bound_i", "1'b0"),

    # The whole
    Mutant("session", "torture-small", "the word side is not told of a new session", "hb_link.sv", ".session_i(session), .down_i", ".session_i(1'b0), .down_i"),
    Mutant("down", "torture-small", "flits wait for a link that is down", "hb_link.sv", "down || mode == 2'd0", "mode == 2'd0"),
    Mutant("off", "end-small", "flits wait for a link that is off", "hb_link.sv", "down || mode == 2'd0", "down"),
    Mutant("irq-down", "torture-small", "nobody is told that the link went down", "hb_link.sv", "up && !up_q, went_down}", "up && !up_q, 1'b0}"),
    Mutant("irq-reset", "end-small", "a session opened by itself is not reported", "hb_link.sv", "(session && !open) ||", ""),
    Mutant("degraded", "end-small", "full width is reported as degraded", "hb_link.sv", "up && !up_q && degraded, retrained", "up && !up_q, retrained"),
    Mutant("discarded", "end-small", "words thrown away on channel 1 are not counted", "hb_link_counters.sv", " + IncBits'(event_i.discard[1])", ""),
    Mutant("counted-twice", "end-small", "words thrown away count as sent", "hb_link.sv", "taken_q & ~what.discard", "taken_q"),
    Mutant("clear", "end-small", "counters are not cleared", "hb_link_counters.sv", "if (!rst_ni || clear_i) count_q", "if (!rst_ni) count_q"),
    Mutant("irq-clear", "end-small", "clearing one cause clears all", "hb_link_csr.sv", "~((write && addr == hb_link_regs_pkg::IrqStatus) ? reg_wdata_i[4:0] : '0)",
           "~((write && addr == hb_link_regs_pkg::IrqStatus) ? '1 : 5'd0)"),
    Mutant("read-only", "end-small", "writing a register that cannot be written is no error", "hb_link_csr.sv", "known && (writable || !reg_write_i)", "known"),
    Mutant("given-up", "end-small", "flits given up with a session are not reported", "hb_link_csr.sv", "if (session_i) given_up_q <= unacked_i;", ""),
)


def main() -> int:
    options = parser(__doc__)
    options.add_argument("--torture", nargs="+", required=True, metavar="FILE", help="objects of link_torture")
    options.add_argument("--end", nargs="+", required=True, metavar="FILE", help="objects of link_end_test")
    options.add_argument("--archives", nargs="+", required=True, metavar="FILE", help="what both are linked with; a mutated model replaces the one in it")
    arguments = options.parse_args()
    refuse_unknown(options, arguments.names, MUTANTS)
    objects = {"torture": arguments.torture, "end": arguments.end}

    def notice(mutant: Mutant | None, check: str) -> str | None:
        program, kind = check.split("-")
        folder = arguments.work / (mutant.name if mutant else f"unmutated-{check}")
        model = None
        if mutant:
            model = verilated(with_defect(mutant, ROOT / "rtl" / "link", SOURCES, folder), "hb_link", f"Vhb_link_{kind}",
                              ["--x-assign", "fast", "--x-initial", "fast", "--assert", *PARAMETERS[kind]], folder / "model", arguments.cxx)
        built = linked([*objects[program], *arguments.archives], model, folder / program, arguments.cxx, "-lboost_program_options")
        how = {"torture": ("--link", kind, "--runs", "40"),
               "end": ("--gtest_brief=1", "--gtest_fail_fast", f"--gtest_filter=*/{kind}:LinkBounds.*:LinkLanes.*")}
        return complaint([str(built), *how[program]], r"FAIL(?: in|:) (.*)|FAILED  \] ([\w/.]+)", TIMEOUT_S)

    return run_campaign(MUTANTS, arguments.names, notice, CHECKS)


if __name__ == "__main__":
    sys.exit(main())

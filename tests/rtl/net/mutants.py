#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Put one defect at a time into the network's RTL and demand that its tests notice it.

The good sources must pass first; then each mutant must fail. Exit code: 0 all were caught, 1 one survived or the good sources
failed, 2 bad usage, 3 a tool failed.
"""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from mutation import Mutant, complaint, linked, parser, refuse_unknown, run_campaign, verilated, with_defect  # noqa: E402

TIMEOUT_S = 60
PRIM = ["prim/hb_arbiter.sv", "prim/hb_fifo.sv", "prim/hb_held.sv", "prim/hb_skid.sv"]
PARTS = [f"net/hb_net_{part}.sv" for part in ("range", "store", "send", "mem", "requests", "responses", "get", "tx", "csr")]
# What is verilated, as CMakeLists.txt has it, and the tests that look at it
CHECKS = {
    "router": ("Vhb_router", "hb_router", [], ["regs/hb_job_pkg.sv", "regs/hb_net_regs_pkg.sv", "net/hb_net_pkg.sv", *PRIM, "net/hb_router.sv"], "Router.*"),
    "net": ("Vnet_narrow", "hb_net_bench", ["-GWordBytes=8", "-GDataBytes=8192", "-GMaxWords=9"],
            ["regs/hb_job_pkg.sv", "tile/hb_tile_pkg.sv", "regs/hb_net_regs_pkg.sv", "net/hb_net_pkg.sv", *PRIM, "net/hb_router.sv",
             *PARTS, "net/hb_net.sv", "../tests/rtl/net/hb_net_bench.sv"], "Net/0.*"),
}

MUTANTS = (
    Mutant("hold", "router", "an output is given up after every word", "net/hb_router.sv",
           "owner_q <= out_last_o[o] ? '0 : source;", "owner_q <= '0;"),
    Mutant("release", "router", "an output is kept after the last word", "net/hb_router.sv", "out_last_o[o] ? '0 : source", "source"),
    Mutant("order-yx", "router", "odd rows route along y first: the ways close a circle", "net/hb_router.sv",
           "      if (to_x > x_i) ", "      if (y_i[0] && to_y > y_i) way[hb_net_regs_pkg::PortYUp] = 1'b1;\n      else if (to_x > x_i) "),
    Mutant("turn", "router", "a flit may turn from y to x", "net/hb_router.sv", "to <= hb_net_regs_pkg::PortXDown);", "1'b0);"),
    Mutant("u-turn", "router", "a flit may go back where it came from", "net/hb_router.sv",
           "(from != to || from == hb_net_regs_pkg::PortTile)", "1'b1"),
    Mutant("no-link", "router", "a flit waits for a link that is not there", "net/hb_router.sv",
           "assign no_route_o[i]  = valid[i] && first_q[i] && (way & open) == '0;", "assign no_route_o[i]  = 1'b0;"),
    Mutant("drop-one", "router", "of a flit without a way only the header is thrown away", "net/hb_router.sv",
           "drop_q[i]  <= drop[i] && !last[i];", "drop_q[i]  <= 1'b0;"),
    Mutant("unfair", "router", "the lowest port always comes first", "net/hb_router.sv",
           "hb_arbiter #(.NumReq(N)) u_arb (.clk_i, .rst_ni,", "hb_arbiter #(.NumReq(N)) u_arb (.clk_i, .rst_ni(1'b0),"),
    Mutant("x-signed", "router", "x is compared modulo 8", "net/hb_router.sv", "if (to_x > x_i) ", "if (to_x[2:0] > x_i[2:0]) "),

    Mutant("early-flit", "net", "a flit is offered before all of it has been read", "net/hb_net_send.sv",
           "assign done_o        = busy_q && due_q == '0", "assign done_o        = busy_q && due_q <= CountW'(2)"),
    Mutant("room", "net", "more words are asked for than there is room", "net/hb_net_send.sv", " && used_q != RoomW'(Room)", ""),
    Mutant("poison-sent", "net", "a flit with an uncorrectable word is sent", "net/hb_net_send.sv", ".data_i({bad_q, words_q,", ".data_i({1'b0, words_q,"),
    Mutant("poison-silent", "net", "the asking side is not told of an uncorrectable word", "net/hb_net.sv", ".Tell(1'b1)", ".Tell(1'b0)"),
    Mutant("poison-goes-on", "net", "a SEND goes on after an uncorrectable word", "net/hb_net_tx.sv", "state_q <= poison_i ? Idle :", "state_q <="),
    Mutant("poison-address", "net", "the last uncorrectable word is reported, not the first", "net/hb_net_send.sv", "if (ue_i && !bad_q) begin", "if (ue_i) begin"),
    Mutant("poison-late", "net", "the address kept is that of the next word", "net/hb_net_send.sv", "bad_addr_q <= addr2_q;", "bad_addr_q <= addr1_q;"),
    Mutant("signal-early", "net", "a SIGNAL overtakes the last WRITE", "net/hb_net_requests.sv", "state_q == Signal && store_idle", "state_q == Signal"),
    Mutant("read-early", "net", "a READ overtakes the last WRITE", "net/hb_net_requests.sv", "state_q == Answer && store_idle", "state_q == Answer"),
    Mutant("write-early", "net", "a WRITE overtakes a READ", "net/hb_net_requests.sv",
           "if (answer_o && answer_ready_i) state_q <= Reading;", "if (answer_o && answer_ready_i) state_q <= Head;"),
    Mutant("range", "net", "a WRITE may begin anywhere", "net/hb_net_requests.sv", "((write || read) && in_range)", "write || (read && in_range)"),
    Mutant("range-end", "net", "a flit may reach one word past the memory", "net/hb_net_range.sv",
           "past <= (IndexW+13)'(DataBytes / WordBytes)", "past <= (IndexW+13)'(DataBytes / WordBytes + 1)"),
    Mutant("aligned", "net", "addresses need not be aligned", "net/hb_net_range.sv", "addr_i[WordLog-1:0] == '0 && ", ""),
    Mutant("read-length", "net", "a READ may ask for more than a flit", "net/hb_net_range.sv", " && words_i <= 12'(FlitWords)", ""),
    Mutant("get-count", "net", "a GET ends before its last answer", "net/hb_net_get.sv",
           "(all_q || failed_q) && flight_q == '0", "(all_q || failed_q) && flight_q <= CountW'(1)"),
    Mutant("get-early", "net", "an answer counts when its header comes", "net/hb_net_responses.sv",
           "assign done_o       = stored && open_i && tag_q == tag_i;", "assign done_o       = begins && ok && !none;"),
    Mutant("get-window", "net", "READs go out without limit", "net/hb_net_get.sv", " && flight_q != CountW'(Window)", ""),
    Mutant("tag", "net", "an answer to an earlier GET is taken", "net/hb_net_responses.sv", " && data_i[27:20] == tag_i", ""),
    Mutant("no-answer", "net", "an answer that nobody waits for is taken", "net/hb_net_responses.sv", " && open_i && data_i[27:20] == tag_i", ""),
    Mutant("timeout", "net", "a GET without an answer is never given up", "net/hb_net_get.sv", "timer_q >= timeout_i;", "1'b0;"),
    Mutant("two-gets", "net", "a second GET begins before the first is over", "net/hb_net_tx.sv",
           "if (valid && !(cmd.get && get_busy_i))", "if (valid)"),
    Mutant("row", "net", "a flit crosses the end of a row", "net/hb_net_tx.sv", "assign row_end   = left_q == 16'(words);", "assign row_end   = left_q < 16'(words);"),
    Mutant("stride", "net", "rows of D follow each other without a stride", "net/hb_net_tx.sv",
           "d_row_q <= d_row_q + cmd.d_stride;", "d_row_q <= d_row_q + IndexW'(cmd.row_words);"),
    Mutant("local-early", "net", "A is given back when its last flit is begun", "net/hb_net_tx.sv",
           "Read:    if (done_i) state_q", "Read:    if (done_i || rows_q == '0) state_q"),
    Mutant("first-header", "net", "the last bad header is kept, not the first", "net/hb_net_csr.sv",
           "if (bad_i != '0 && first[hb_net_regs_pkg::IrqStatusBadFlitLsb])", "if (bad_i != '0)"),
    # The results stay right: an assertion in the RTL is what notices
    Mutant("promise-read", "net", "a read of memory that waits is withdrawn for a clock", "net/hb_net_send.sv",
           "used_q != RoomW'(Room);", "used_q != RoomW'(Room) && !rvalid_i;", "hb_net_send_req_held.valid_stays_until_ready"),
)


def main() -> int:
    options = parser(__doc__)
    options.add_argument("--objects", nargs="+", required=True, metavar="FILE",
                         help="objects and archives of net_test; a mutated model replaces the one in them")
    arguments = options.parse_args()
    refuse_unknown(options, arguments.names, MUTANTS)

    def notice(mutant: Mutant | None, check: str) -> str | None:
        prefix, top, parameters, files, tests = CHECKS[check]
        folder = arguments.work / (mutant.name if mutant else f"unmutated-{check}")
        sources = with_defect(mutant, ROOT / "rtl", [ROOT / "rtl" / file for file in files], folder)
        model = verilated(sources, top, prefix, ["--x-assign", "unique", "--x-initial", "unique", "--assert", *parameters], folder / "model", arguments.cxx)
        program = linked(arguments.objects, model, folder / "net_test", arguments.cxx)
        return complaint([str(program), "--gtest_brief=1", f"--gtest_filter={tests}"], r"FAILED  \] (.*?)(?=,| \(\d)", TIMEOUT_S)

    return run_campaign(MUTANTS, arguments.names, notice, tuple(CHECKS))


if __name__ == "__main__":
    sys.exit(main())

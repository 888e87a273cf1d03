#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Put one defect at a time into the network's RTL and demand that its tests notice it.

The good sources must pass first; then each mutant must fail. Exit code: 0 all were caught, 1 one survived or the good sources
failed, 2 bad usage, 3 a tool failed.
"""

import argparse
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests"))
from mutation import MachineFailed, Mutant, mutated, run_campaign  # noqa: E402

TIMEOUT_S = 60
PRIM = ["prim/hb_arbiter.sv", "prim/hb_fifo.sv", "prim/hb_skid.sv"]
PARTS = [f"net/hb_net_{part}.sv" for part in ("range", "store", "send", "mem", "requests", "responses", "get", "tx", "csr")]
# What is verilated, as CMakeLists.txt has it, and the tests that look at it
CHECKS = {
    "router": ("Vhb_router", ["--top", "hb_router"], ["net/hb_net_pkg.sv", *PRIM, "net/hb_router.sv"], "Router.*"),
    "net": ("Vnet_narrow", ["--top", "hb_net_bench", "-GWordBytes=8", "-GDataBytes=8192", "-GMaxWords=9"],
            ["mxu/hb_mxu_pkg.sv", "tile/hb_tile_pkg.sv", "regs/hb_net_regs_pkg.sv", "net/hb_net_pkg.sv", *PRIM, "net/hb_router.sv",
             *PARTS, "net/hb_net.sv"], "Net/0.*"),
}

MUTANTS = (
    Mutant("hold", "router", "an output is given up after every word", "net/hb_router.sv",
           "owner_q <= out_last_o[o] ? '0 : source;", "owner_q <= '0;"),
    Mutant("release", "router", "an output is kept after the last word", "net/hb_router.sv", "out_last_o[o] ? '0 : source", "source"),
    Mutant("order-yx", "router", "odd rows route along y first: the ways close a circle", "net/hb_router.sv",
           "      if (to_x > x_i) ", "      if (y_i[0] && to_y > y_i) way[hb_net_pkg::PortYUp] = 1'b1;\n      else if (to_x > x_i) "),
    Mutant("turn", "router", "a flit may turn from y to x", "net/hb_router.sv", "to <= hb_net_pkg::PortXDown);", "1'b0);"),
    Mutant("u-turn", "router", "a flit may go back where it came from", "net/hb_router.sv",
           "(from != to || from == hb_net_pkg::PortTile)", "1'b1"),
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
)


def run(command: list[str], log: pathlib.Path) -> None:
    with log.open("a") as out:
        if subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False).returncode != 0:
            raise MachineFailed(f"{command[0]} failed: see {log}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="the mutants to try (default: all)")
    parser.add_argument("--objects", nargs="+", required=True, metavar="FILE",
                        help="objects and archives of net_test; a mutated model replaces the one in them")
    parser.add_argument("--work", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--cxx", default="ccache g++")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - {m.name for m in MUTANTS}
    if unknown:
        parser.error(f"no mutant named {', '.join(sorted(unknown))}")
    work = arguments.work.resolve()

    def program(mutant: Mutant | None, check: str) -> pathlib.Path:
        prefix, options, sources, _ = CHECKS[check]
        folder = work / (mutant.name if mutant else f"unmutated-{check}")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        paths = [str(ROOT / "rtl" / source) for source in sources]
        if mutant:
            changed = folder / pathlib.Path(mutant.file).name
            changed.write_text(mutated(mutant, ROOT / "rtl"))
            paths[sources.index(mutant.file)] = str(changed)
        if check == "net":
            paths.append(str(pathlib.Path(__file__).parent / "hb_net_bench.sv"))
        run(["verilator", "--cc", "-Wno-fatal", "-O3", "--x-assign", "unique", "--x-initial", "unique", "-fno-const-bit-op-tree", *options,
             "--prefix", prefix, "--Mdir", str(folder / "model"), *paths], folder / "log")
        run(["make", "-s", "-C", str(folder / "model"), "-f", f"{prefix}.mk", "OPT_FAST=-O1", f"CXX={arguments.cxx}", f"{prefix}__ALL.a"], folder / "log")
        objects = [o for o in arguments.objects if o.endswith(".o")]
        archives = [o for o in arguments.objects if not o.endswith(".o")]
        run([*shlex.split(arguments.cxx), *objects, str(folder / "model" / f"{prefix}__ALL.a"), *archives, "-o", str(folder / "net_test"),
             "-lgtest", "-lgtest_main", "-lpthread", "-latomic"], folder / "log")
        return folder / "net_test"

    def notice(mutant: Mutant | None, check: str) -> str | None:
        try:
            done = subprocess.run([str(program(mutant, check)), "--gtest_brief=1", f"--gtest_filter={CHECKS[check][3]}"], capture_output=True,
                                  text=True, check=False, timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired:
            return f"no end within {TIMEOUT_S} s"
        if done.returncode == 0:
            return None
        said = re.search(r"FAILED  \] (.*?)(?=,| \(\d)", done.stdout)
        return said.group(1) if said else f"exit code {done.returncode}"

    return run_campaign(MUTANTS, arguments.names, notice, tuple(CHECKS))


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Put one defect at a time into the lanes of the link and demand that link_lanes_test notices it.

The unmutated lanes must pass first; then each mutant must fail. Exit code: 0 all were caught, 1 one survived or the unmutated lanes
failed, 2 bad usage, 3 a tool failed.
"""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[3]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from mutation import MachineFailed, Mutant, complaint, linked, parser, refuse_unknown, run_campaign, verilated, with_defect  # noqa: E402

RTL = ROOT / "rtl" / "link"
TIMEOUT_S = 600
SOURCES = [ROOT / "rtl/regs/hb_link_regs_pkg.sv", *(RTL / f"hb_{part}.sv" for part in
           ("link_lane_pkg", "prbs31_gen", "prbs31_check", "link_scramble", "link_stripe", "link_unstripe", "link_set_tx", "link_lanes_tx",
            "link_align", "link_set_rx", "link_lane_rx", "link_deskew", "link_partner", "link_choose", "link_train", "link_lanes"))]
UNITS = 5  # the first so many are in the model "units"

# `check` is the model that runs: of so many lanes, or of their small parts.
# Not here, for nothing can be seen of it: two symbols passed over after a bad set or three; a marker taken at the higher of two
# positions, as two markers never overlap; a countdown that a lane goes on with after it was called off, as training begins anew and
# forgets it.
MUTANTS = (
    # Sequences
    Mutant("key-tap", "units", "a tap of the scrambler is missing", "hb_link_lane_pkg.sv", "^ {1'd0, state[22:8]}", ""),
    Mutant("key-seed", "4", "two lanes are scrambled alike", "hb_link_lane_pkg.sv", "23'h0607BB", "23'h1DBFBC"),
    Mutant("prbs-tap", "units", "another sequence is sent and expected", "hb_link_lane_pkg.sv", "prior[15:0] ^ prior[18:3]", "prior[15:0] ^ prior[17:2]"),
    Mutant("prbs-inverted", "units", "the sequence is not inverted", "hb_prbs31_gen.sv", "assign symbol_o = ~next;", "assign symbol_o = next;"),
    Mutant("prbs-zero", "4", "a lane stuck at 1 passes as faultless", "hb_prbs31_check.sv", " && last != '0;", ";"),
    Mutant("prbs-again", "units", "the checker never starts again", "hb_prbs31_check.sv", "wrong > MaxErrors", "wrong > 7'd100"),
    Mutant("prbs-count", "4", "an error in bit 15 does not count", "hb_prbs31_check.sv", "i < 16; i++) errors", "i < 15; i++) errors"),
    Mutant("crc-init", "4", "the check of a set starts from zero as it is sent", "hb_link_set_tx.sv", "? 16'hFFFF :", "? 16'h0000 :"),
    Mutant("crc-poly", "4", "both ends use another polynomial", "hb_link_lane_pkg.sv", "16'h1021", "16'h8005"),
    Mutant("pick", "4", "with three lanes the highest two are used", "hb_link_lane_pkg.sv", "(&working) ? working :", "(&working) ? working : (working == 4'b1110) ? 4'b1100 :"),
    # Sending
    Mutant("hold", "4", "a word is read again for its later symbols", "hb_link_stripe.sv", "first ? word_i : {16'd0, rest_q}", "word_i"),
    Mutant("take", "4", "a word is taken with its last symbol", "hb_link_stripe.sv", "take_o = next_i && first", "take_o = next_i && part_q == (two ? 2'd2 : four ? 2'd0 : 2'd3)"),
    Mutant("swap", "4", "at width 2 the halves are exchanged", "hb_link_stripe.sv", "else if (lowest[l])  symbols_o[16*l +: 16] = now[15:0];", "else if (lowest[l])  symbols_o[16*l +: 16] = now[31:16];"),
    Mutant("unused", "4", "lanes that are not used carry symbols", "hb_link_lanes_tx.sv", "if (send_i[l] && active_i)", "if (active_i)"),
    Mutant("disabled", "4", "lanes that are not enabled carry sets", "hb_link_lanes_tx.sv", "end else if (lane_enable_i[l]) begin", "end else begin"),
    Mutant("countdown", "4", "the countdown is one set short", "hb_link_set_tx.sv", "head_q.left == '0;", "head_q.left == 4'd1;"),
    Mutant("inject-once", "4", "an injected error stays", "hb_link_lanes_tx.sv", "(inject_q & ~{Lanes{phy_tx_take_i}})", "inject_q"),
    # Receiving
    Mutant("position", "4", "a bit position is not searched", "hb_link_align.sv", "i < 16; i++", "i < 15; i++"),
    Mutant("restore", "4", "a false marker moves the lane for good", "hb_link_lane_rx.sv", "data_q && (drop || !look_i)", "1'b0"),
    Mutant("skip", "4", "a marker inside a set holds the lane for ever", "hb_link_lane_rx.sv", "skip_q <= 2'd2;", "skip_q <= 2'd0;"),
    Mutant("look", "4", "in data a lane is searched though it is in step", "hb_link_lane_rx.sv", "&& (look_i || !data_q))", ")"),
    Mutant("mine", "4", "sets of another lane are taken", "hb_link_lane_rx.sv", "assign ours     = good && mine;", "assign ours     = good;"),
    Mutant("run-on", "4", "the countdown stands still over a bad set", "hb_link_lane_rx.sv", "ours ? left : left_q - 4'd1", "ours ? left : left_q"),
    Mutant("heard-once", "4", "one good set is enough to be heard", "hb_link_lane_rx.sv", "if (ours != heard_q && run_q == 2'd3) heard_q <= ours;", "if (ours || run_q == 2'd3) heard_q <= ours;"),
    Mutant("one-set", "4", "one set in data is taken for training", "hb_link_lane_rx.sv", "assign trains_o    = hello_q[1];", "assign trains_o    = hello_q != '0;"),
    Mutant("phases", "4", "any set in data is taken for training", "hb_link_lane_rx.sv", "if (!ours || phase == hb_link_lane_pkg::PhaseReady || phase == hb_link_lane_pkg::PhaseGo)", "if (!ours)"),
    Mutant("marker", "4", "the marker is not looked at again", "hb_link_set_rx.sv", "assign good_o  = marked_q && symbol_i == crc_q;", "assign good_o  = symbol_i == crc_q || !marked_q;"),
    Mutant("deskew-depth", "4", "the buffer is one symbol short", "hb_link_deskew.sv", "wptr_q == {!rptr_q[4], rptr_q[3:0]};", "wptr_q - rptr_q == 5'd15;"),
    Mutant("deskew-overflow", "4", "too much skew is not noticed", "hb_link_deskew.sv", "assign overflow_o = |(push_i & full & lanes_i) && !valid_o && !start_i;", "assign overflow_o = 1'b0;"),
    Mutant("deskew-unused", "4", "a lane that is not used is waited for", "hb_link_deskew.sv", "&(holds | ~lanes_i)", "&holds"),
    Mutant("unstripe", "4", "a word begins where the last one was cut", "hb_link_unstripe.sv", "      if (start_i)      part_q <= '0;\n      else if (valid_i) part_q <= four", "      if (valid_i) part_q <= four"),
    # Training
    Mutant("stable", "4", "lanes are chosen at once", "hb_link_choose.sv", "7'(hb_link_lane_pkg::StableSets)", "7'd2"),
    Mutant("patience", "4", "a lane that comes and goes is waited for", "hb_link_choose.sv", "else if (patience_q == '1) ", "else if (1'b0) "),
    Mutant("broken", "4", "what was agreed may change", "hb_link_train.sv", "(broken && !rx_data_o) ||", ""),
    Mutant("lost", "4", "a lane lost before data is not missed", "hb_link_train.sv", "assign again = lost ||", "assign again ="),
    Mutant("trains", "4", "a partner that trains is not noticed", "hb_link_train.sv", "(rx_data_o && hunting_i && trains_i != '0) ||", ""),
    Mutant("settings", "4", "settings are not compared", "hb_link_train.sv", "known_i && !fits_i", "1'b0"),
    Mutant("reset-met", "4", "a reset of the partner is not noticed", "hb_link_train.sv", "known_i && fresh_i && bound_i", "1'b0"),
    Mutant("fresh", "4", "an end that has sent data calls itself fresh", "hb_link_train.sv", "fresh_q <= 1'b0;", "fresh_q <= fresh_q;"),
    Mutant("stale", "4", "what the partner said before training began still counts", "hb_link_partner.sv", "        known_q <= 1'b0;\n      end else if (good_i", "      end else if (good_i"),
    Mutant("retrains", "4", "trainings without progress have no end", "hb_link_train.sv", "retrains_q >= retrains_max_i", "1'b0"),
    Mutant("timeout", "4", "a training has no end", "hb_link_train.sv", "timer_q >= train_timeout_i && !up_o", "1'b0"),
    Mutant("down-mode", "4", "off and on again leads out of down", "hb_link_train.sv", "if (!normal && state != hb_link_regs_pkg::StateDown)", "if (!normal)"),
    Mutant("down-silent", "4", "an end that is down looks as if it trained", "hb_link_train.sv", "phase_o = hb_link_lane_pkg::PhaseDown;", "phase_o = hb_link_lane_pkg::PhaseHello;"),
)


def failure(program: pathlib.Path) -> str | None:
    """The first test that fails, or None. Those with fewer lanes are of no use, and upsets have a model of their own."""
    said = complaint([str(program), "--gtest_brief=1", "--gtest_fail_fast", "--gtest_filter=-Lanes/*/0:Lanes/*/1:Upsets*"],
                     r"FAILED  \] ([\w/.]+)", TIMEOUT_S)
    if said and said.startswith("no end"):  # every test is bounded in clocks, so this says nothing about the RTL
        raise MachineFailed(f"{program}: {said}: machine too slow or too busy")
    return said


def main() -> int:
    options = parser(__doc__)
    options.add_argument("--objects", nargs="+", required=True, metavar="FILE",
                         help="objects and archives of link_lanes_test; a mutated model replaces the one in them")
    arguments = options.parse_args()
    refuse_unknown(options, arguments.names, MUTANTS)

    def notice(mutant: Mutant | None, kind: str) -> str | None:
        folder = arguments.work / (mutant.name if mutant else "unmutated")
        sources = with_defect(mutant, RTL, SOURCES, folder)
        top, parameters = "hb_link_lanes", [f"-GLanes={kind}"]
        if kind == "units":
            sources = [*sources[:UNITS], HERE / "hb_link_lanes_units.sv"]
            top, parameters = "hb_link_lanes_units", []
        model = verilated(sources, top, f"Vlanes_{kind}", ["--x-assign", "unique", "--x-initial", "unique", "--assert", *parameters],
                          folder / "model", arguments.cxx)
        return failure(linked(arguments.objects, model, folder / "link_lanes_test", arguments.cxx))

    return run_campaign(MUTANTS, arguments.names, notice, ("4",))


if __name__ == "__main__":
    sys.exit(main())

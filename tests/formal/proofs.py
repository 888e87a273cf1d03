# SPDX-License-Identifier: Apache-2.0
"""The proofs: what is claimed, for which parameters, and the defects that must refute it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mutant:
    """One defect: `old`, which must occur exactly once in `file` (anywhere in rtl/), replaced by `new`."""
    defect: str
    file: str
    old: str
    new: str
    parameters: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Proof:
    """A claim about modules of rtl/.

    induction      assertions of `top` hold for ever: base case and induction step
    combinational  assertions of `top` hold for every input
    structure      the Yosys commands `checks`, run on `top`, select what they assert
    """
    name: str
    claim: str
    kind: str
    top: str
    rtl: tuple[str, ...]
    mutants: tuple[Mutant, ...]
    properties: tuple[str, ...] = ()
    configurations: tuple[dict[str, int], ...] = ({},)
    checks: tuple[str, ...] = ()


def no_path(inputs: str, outputs: str) -> tuple[str, ...]:
    """Checks that no combinational path leads from any of `inputs` to any of `outputs`: the fan-in of the outputs, traced
    back to flip-flops, holds none of the inputs."""
    def ports(kind: str, names: list[str]) -> str:
        return " ".join(f"{kind}:{n}" for n in names) + " %u" * (len(names) - 1)

    return ("proc", "memory_map", "opt", "simplemap", "dffunmap", "opt_clean",
            f"select -set cone {ports('o', outputs.split())} %ci*:-$_DFF_P_",
            "select -assert-any @cone",
            f"select -assert-none @cone {ports('i', inputs.split())} %i")


PROOFS = (
    Proof(
        "fifo", "hb_fifo neither overflows nor underflows, and keeps every word, its order and its data",
        "induction", "hb_fifo_props", ("hb_fifo.sv",), properties=("hb_fifo_props.sv",),
        configurations=tuple({"Depth": d} for d in (1, 2, 3, 4, 5)),
        mutants=(
            Mutant("takes a word when full", "hb_fifo.sv", "level_q < LevelWidth'(Depth)", "level_q <= LevelWidth'(Depth)"),
            Mutant("offers a word when empty", "hb_fifo.sv", "valid_o = level_q != '0", "valid_o = 1'b1"),
            Mutant("writes past the last slot", "hb_fifo.sv", "wsum >= SumWidth'(Depth)", "wsum > SumWidth'(Depth)"),
            Mutant("reads past the last slot", "hb_fifo.sv", "1'b1 >= SumWidth'(Depth)", "1'b1 > SumWidth'(Depth)"),
            Mutant("counts a push, not the pop beside it", "hb_fifo.sv", "if (push && !pop)", "if (push)"),
            Mutant("drops a word that waits", "hb_fifo.sv", "if (pop) rptr_q", "if (valid_o) rptr_q"),
            Mutant("is not emptied by reset", "hb_fifo.sv", "level_q <= '0;", ""),
        ),
    ),
    Proof(
        "skid", "hb_skid keeps every word, its order and its data, and stalls only when full",
        "induction", "hb_skid_props", ("hb_skid.sv",), properties=("hb_skid_props.sv",),
        mutants=(
            Mutant("loses the word under way", "hb_skid.sv", "skid_valid_q <= 1'b1", "skid_valid_q <= 1'b0"),
            Mutant("doubles the word under way", "hb_skid.sv", "|| valid_i;\n      skid_valid_q <= 1'b0;", "|| valid_i;"),
            Mutant("lets a word overtake", "hb_skid.sv", "skid_valid_q ? skid_data_q : data_i",
                   "valid_i ? data_i : skid_data_q"),
            Mutant("changes a word that waits", "hb_skid.sv", "if (out_free) out_data_q", "if (ready_o) out_data_q"),
            Mutant("works at half throughput", "hb_skid.sv", "ready_o = !skid_valid_q",
                   "ready_o = !skid_valid_q && !out_valid_q"),
        ),
    ),
    Proof(
        "arbiter", "hb_arbiter grants one requester, lets a grant stand until taken, and serves within NumReq grants",
        "induction", "hb_arbiter_props", ("hb_arbiter.sv",), properties=("hb_arbiter_props.sv",),
        configurations=tuple({"NumReq": n} for n in (1, 2, 3, 5, 6, 8)),
        mutants=(
            Mutant("withdraws a grant shown", "hb_arbiter.sv", "gnt_o) : from_gnt", "gnt_o) : from_q"),
            Mutant("starves: stays with one requester", "hb_arbiter.sv", "(from_gnt ^ gnt_o) :", "from_gnt :"),
            Mutant("starves: fixed priority", "hb_arbiter.sv", "? (req_i & from_q) : req_i", "? req_i : req_i"),
            Mutant("does not wrap around", "hb_arbiter.sv", ": req_i;", ": (req_i & from_q);"),
            Mutant("grants one who did not ask", "hb_arbiter.sv", ": req_i;", ": from_q;"),
            Mutant("grants several", "hb_arbiter.sv", "first & (~first + 1'b1)", "first"),
        ),
    ),
    Proof(
        "ram_1rw", "hb_ram_1rw returns what was written, one clock after the read, and holds it",
        "induction", "hb_ram_1rw_props", ("hb_ram_1rw.sv",), properties=("hb_ram_1rw_props.sv",),
        configurations=tuple({"Depth": d} for d in (1, 3, 4)),
        mutants=(
            Mutant("a write moves rdata_o", "hb_ram_1rw.sv", "if (en_i && !we_i)", "if (en_i)"),
            Mutant("writes without en_i", "hb_ram_1rw.sv", "if (en_i && we_i)", "if (we_i)"),
            Mutant("reads without en_i", "hb_ram_1rw.sv", "if (en_i && !we_i)", "if (!we_i)"),
        ),
    ),
    Proof(
        "ram_1rw_ice40", "hb_ram_1rw of 512 x 72 becomes 9 block RAMs of an iCE40 and not one flip-flop",
        "structure", "hb_ram_1rw", ("hb_ram_1rw.sv",),
        checks=("synth_ice40 -top hb_ram_1rw", "select -assert-count 9 t:SB_RAM40_4K", "select -assert-none t:SB_DFF*"),
        mutants=(
            Mutant("reads without a clock", "hb_ram_1rw.sv", "rdata_o = rdata_q", "rdata_o = mem_q[addr_i]",
                   {"Depth": 16, "Width": 8}),
        ),
    ),
    Proof(
        "secded", "the SECDED code corrects every single error and detects every double one, and short bursts",
        "combinational", "hb_secded_props", ("hb_secded_pkg.sv", "hb_secded_enc.sv", "hb_secded_dec.sv"),
        properties=("hb_secded_props.sv",),
        mutants=(
            Mutant("the encoder disagrees with the decoder", "hb_secded_enc.sv", "check_bits(data_i)", "check_bits(data_i) ^ 8'h01"),
            Mutant("one bit of the table is wrong", "hb_secded_pkg.sv", "84a7_1223", "84a7_1222"),
            Mutant("columns 0 and 15 are exchanged: still SECDED, but a burst looks like one error", "hb_secded_pkg.sv",
                   "64'h4454_4462_2688_ffc4,  // row 7\n    64'hc8c5_f222_84a7_1223",
                   "64'h4454_4462_2688_7fc5,\n    64'hc8c5_f222_84a7_9222"),
            Mutant("all zeros is a code word", "hb_secded_pkg.sv", "8'hAA", "8'h00"),
            Mutant("a wrong bit is cleared, not inverted", "hb_secded_dec.sv", "= !data_i[i]", "= 1'b0"),
            Mutant("a wrong check bit is called uncorrectable", "hb_secded_dec.sv", "in_check = 1'b1", "in_check = 1'b0"),
            Mutant("two wrong bits are not reported", "hb_secded_dec.sv", "(syndrome_o != '0) && !ce_o", "^syndrome_o && !ce_o"),
        ),
    ),
    Proof(
        "fifo_paths", "hb_fifo has no combinational path from an input to an output",
        "structure", "hb_fifo", ("hb_fifo.sv",),
        configurations=tuple({"Depth": d} for d in (1, 3, 4)),
        checks=no_path("valid_i data_i ready_i", "ready_o valid_o data_o level_o"),
        mutants=(
            Mutant("takes a word in place of one that leaves", "hb_fifo.sv", "level_q < LevelWidth'(Depth)",
                   "level_q < LevelWidth'(Depth) || ready_i"),
            Mutant("passes a word through when empty", "hb_fifo.sv", "valid_o = level_q != '0", "valid_o = level_q != '0 || valid_i"),
        ),
    ),
    Proof(
        "skid_paths", "hb_skid has no combinational path from an input to an output",
        "structure", "hb_skid", ("hb_skid.sv",),
        checks=no_path("valid_i data_i ready_i", "ready_o valid_o data_o"),
        mutants=(Mutant("is ready when the receiver is", "hb_skid.sv", "ready_o = !skid_valid_q", "ready_o = out_free"),),
    ),
    Proof(
        "arbiter_paths", "hb_arbiter has no combinational path from ready_i to gnt_o",
        "structure", "hb_arbiter", ("hb_arbiter.sv",),
        checks=no_path("ready_i", "gnt_o"),
        mutants=(Mutant("grants only when taken", "hb_arbiter.sv", "(~first + 1'b1)", "(~first + 1'b1) & {NumReq{ready_i}}"),),
    ),
    Proof(
        "ram_1r1w", "hb_ram_1r1w returns what had been written, one clock after the read, and holds it",
        "induction", "hb_ram_1r1w_props", ("hb_ram_1r1w.sv",), properties=("hb_ram_1r1w_props.sv",),
        configurations=tuple({"Depth": d} for d in (1, 3, 4)),
        mutants=(
            Mutant("writes without we_i", "hb_ram_1r1w.sv", "if (we_i)", "if (1'b1)"),
            Mutant("reads without re_i", "hb_ram_1r1w.sv", "if (re_i)", "if (1'b1)"),
            Mutant("reads where it writes", "hb_ram_1r1w.sv", "mem_q[raddr_i]", "mem_q[we_i ? waddr_i : raddr_i]"),
        ),
    ),
    Proof(
        "ram_1r1w_ice40", "hb_ram_1r1w of 512 x 64 becomes 8 block RAMs of an iCE40 and not one flip-flop",
        "structure", "hb_ram_1r1w", ("hb_ram_1r1w.sv",),
        checks=("synth_ice40 -top hb_ram_1r1w", "select -assert-count 8 t:SB_RAM40_4K", "select -assert-none t:SB_DFF*"),
        mutants=(
            Mutant("reads without a clock", "hb_ram_1r1w.sv", "rdata_o = rdata_q", "rdata_o = mem_q[raddr_i]",
                   {"Depth": 16, "Width": 8}),
        ),
    ),
    Proof(
        "link_credit",
        "hb_link_credit never lets the partner's buffer overflow, loses and invents no credit, whatever control words are lost",
        "induction", "hb_link_credit_props", ("hb_link_pkg.sv", "hb_link_credit.sv"), properties=("hb_link_credit_props.sv",),
        configurations=({"CountWidth": 3, "LenWidth": 2}, {"CountWidth": 4, "LenWidth": 3}),
        mutants=(
            Mutant("allows one word too many", "hb_link_credit.sv", "(len_i) <= {1'b0, size_i}", "(len_i) <= {1'b0, size_i} + 1'b1"),
            Mutant("never uses the last word", "hb_link_credit.sv", "(len_i) <= {1'b0, size_i}", "(len_i) < {1'b0, size_i}"),
            Mutant("does not look at the length", "hb_link_credit.sv", " + (CountWidth + 1)'(len_i)", ""),
            Mutant("compares in too few bits", "hb_link_credit.sv", "({1'b0, charged} + (CountWidth + 1)'(len_i) <= {1'b0, size_i})",
                   "(CountWidth'(charged + len_i) <= size_i)", {"CountWidth": 3, "LenWidth": 3}),
            Mutant("allows before the partner was heard", "hb_link_credit.sv", "known_q && (", "("),
            Mutant("charges a word a flit", "hb_link_credit.sv", "sent_q + CountWidth'(len_i)", "sent_q + 1'b1"),
            Mutant("counts control words, not what they say", "hb_link_credit.sv", "left_q  <= left_i", "left_q  <= left_q + 1'b1"),
            Mutant("compares counts that wrap", "hb_link_credit.sv", "leaving <= charged", "left_i >= left_q"),
            Mutant("believes anything", "hb_link_credit.sv", "leaving <= charged", "1'b1"),
            Mutant("believes anything at first", "hb_link_credit.sv", "(sent_q - left_i) <= size_i", "1'b1"),
            Mutant("refuses that all has left", "hb_link_credit.sv", "leaving <= charged", "leaving < charged"),
            Mutant("takes a session's count into the next", "hb_link_credit.sv", "sent_q  <= '0;", "if (!rst_ni) sent_q <= '0;"),
        ),
    ),
    Proof(
        "link_window",
        "hb_link_window and hb_link_order deliver every flit once, in turn, over a path that loses flits and acknowledgements",
        "induction", "hb_link_window_props", ("hb_link_pkg.sv", "hb_link_window.sv", "hb_link_order.sv"), properties=("hb_link_window_props.sv",),
        configurations=({"SeqWidth": 3, "Window": 4}, {"SeqWidth": 3, "Window": 2}, {"SeqWidth": 3, "Window": 1},
                        {"SeqWidth": 4, "Window": 4}, {"SeqWidth": 4, "Window": 8, "Ahead": 3}),
        mutants=(
            Mutant("compares acknowledgements that wrap", "hb_link_window.sv", "acked <= SeqWidth'(high_q - tail_q)",
                   "ack_seq_i >= tail_q"),
            Mutant("believes any acknowledgement", "hb_link_window.sv", "ack_i && acked <= SeqWidth'(high_q - tail_q)",
                   "ack_i"),
            Mutant("believes that a flit not yet sent was received", "hb_link_window.sv", "acked <= SeqWidth'(high_q - tail_q)",
                   "acked <= SeqWidth'(head_q - tail_q)"),
            Mutant("refuses the newest acknowledgement", "hb_link_window.sv", "acked <= SeqWidth'(high", "acked < SeqWidth'(high"),
            Mutant("forgets in a replay what had been sent", "hb_link_window.sv", "high_q + SeqWidth'(send_i && next_q == high_q)",
                   "next_d_o"),
            Mutant("retires a flit too many", "hb_link_window.sv", "tail_d_o  = good ? ack_seq_i", "tail_d_o  = good ? ack_seq_i + 1'b1"),
            Mutant("retires the oldest flit when it has been replayed", "hb_link_window.sv", "good ? ack_seq_i : tail_q",
                   "good ? ack_seq_i : back_i && flying_o ? tail_q + 1'b1 : tail_q"),
            Mutant("keeps a flit too many", "hb_link_window.sv", "(head_q - tail_q) < SeqWidth'(Window)",
                   "(head_q - tail_q) <= SeqWidth'(Window)"),
            Mutant("goes back past the oldest", "hb_link_window.sv", "back_i ? tail_q", "back_i ? tail_q - 1'b1"),
            Mutant("does not go back", "hb_link_window.sv", "back_i ? tail_q", "back_i ? next_q"),
            Mutant("goes back to before the acknowledgement", "hb_link_window.sv", "(good && SeqWidth'(next_n - tail_q) < acked) ? ack_seq_i : next_n",
                   "next_n"),
            Mutant("sends beyond what it was given", "hb_link_window.sv", "pending_o = next_q != head_q", "pending_o = 1'b1"),
            Mutant("takes a number that wrapped for a new one", "hb_link_order.sv", "old_o      = distance[SeqWidth-1]", "old_o      = seq_i < expected_d",
                   {"SeqWidth": 2, "Window": 2}),
            Mutant("takes a flit that is ahead", "hb_link_order.sv", "due_o      = distance == '0", "due_o      = !distance[SeqWidth-1]"),
            Mutant("takes a duplicate", "hb_link_order.sv", "due_o      = distance == '0", "due_o      = distance == '0 || distance == '1"),
            Mutant("judges before the flit in front is accepted", "hb_link_order.sv", "seq_i - expected_d", "seq_i - expected_q"),
        ),
    ),
    Proof(
        "link_take", "hb_link_take overwrites no word that must be kept, takes flits whole, counts what it throws away, starves no channel",
        "induction", "hb_link_take_props", ("hb_link_take.sv",), properties=("hb_link_take_props.sv",),
        configurations=({"MaxWords": 3, "ReplayWords": 4}, {"MaxWords": 1, "ReplayWords": 2}, {"MaxWords": 4, "ReplayWords": 8}),
        mutants=(
            Mutant("overwrites the oldest word", "hb_link_take.sv", "<= (AddrWidth + 2)'(ReplayWords)", "<= (AddrWidth + 2)'(ReplayWords + 1)"),
            Mutant("does not look for room", "hb_link_take.sv", "want & fits :", "want :"),
            Mutant("does not ask the window", "hb_link_take.sv", "idle && room_i", "idle"),
            Mutant("does not ask for credit", "hb_link_take.sv", "legal & credit_ok_i;", "legal;"),
            Mutant("takes a flit that is too long", "hb_link_take.sv", " && len_i[8*v +: 8] <= 8'(MaxWords)", ""),
            Mutant("takes an empty flit", "hb_link_take.sv", "len_i[8*v +: 8] != 8'd0 && ", ""),
            Mutant("grants both channels", "hb_link_take.sv", "(2'b01 << pick) & want", "want"),
            Mutant("starves: no turns", "hb_link_take.sv", "turn_q <= !pick;", "turn_q <= 1'b0;"),
            Mutant("starves: short flits pass a long one", "hb_link_take.sv", "want[turn_q] ? turn_q", "(want[turn_q] && fits[turn_q]) ? turn_q"),
            Mutant("stops a word early", "hb_link_take.sv", "left_q == 8'd1", "left_q <= 8'd2"),
            Mutant("throws away the first flit after an illegal one", "hb_link_take.sv", "(mid_d[v] && (drop_q[v] || session_i))",
                   "drop_q[v] || (mid_d[v] && session_i)"),
            Mutant("loses the rest of a flit when a session begins", "hb_link_take.sv", "discard_o      = accept & drop_q",
                   "discard_o      = down_i ? accept & drop_q : 2'b00"),
            Mutant("sends the rest of a flit in the next session", "hb_link_take.sv", "if (down_i || session_i) busy_q", "if (down_i) busy_q"),
        ),
    ),
)

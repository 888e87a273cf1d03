#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draw the timing diagrams of docs/timing.md from runs of the RTL: each bench of docs/waves is verilated, run, and its signals drawn.

    scripts/waves.py [NAME...]        NAME: host, gemm, link (default: all); writes docs/waves/NAME.svg

Needs Verilator with --timing (Debian 12's has it). A signal is shown as it stands before the rising edge that ends its clock.
Exit code: 0 good, 2 bad usage, 3 a bench could not be built or run.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
HIGH, PITCH, LEFT, TOP = 14, 24, 168, 26  # pixels: a level, a row, the names, the numbers of clocks

STYLE = """<style>
  text { font: 11px monospace; fill: #24292f } .n { fill: #6e7781 } .ground { stroke: none; fill: #ffffff }
  path { stroke: #0550ae; fill: none; stroke-width: 1.3 } .box { stroke: #0550ae; fill: #ddf4ff }
  line { stroke: #8c959f; stroke-width: .4 } .bad .box { stroke: #cf222e; fill: #ffebe9 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .n { fill: #8d96a0 } .ground { fill: #0d1117 } path { stroke: #79c0ff } .box { stroke: #79c0ff; fill: #0c2d6b }
    line { stroke: #6e7681 } .bad .box { stroke: #ff7b72; fill: #67060c }
  }
</style>"""


def record(bench: str, folder: pathlib.Path) -> pathlib.Path:
    """Builds and runs docs/waves/BENCH_waves.sv; its waveform."""
    top = f"{bench}_waves"
    build = [os.environ.get("VERILATOR", "verilator"), "--binary", "--timing", "--trace", "-Wno-fatal", "-Wno-lint", "-DSYNTHESIS", "-j", "2",
             "--Mdir", str(folder), "--top-module", top, "-o", top, "-f", "rtl/hilbert.f", f"docs/waves/{top}.sv"]
    for command, where in ((build, ROOT), ([str(folder / top)], folder)):
        done = subprocess.run(command, cwd=where, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print(f"waves.py: {command[0]} failed\n{(done.stderr or done.stdout)[-2000:]}", file=sys.stderr)
            sys.exit(3)
    return folder / f"{bench}.vcd"


def read(vcd: pathlib.Path, clock: str) -> list[dict[str, int]]:
    """Per rising edge of `clock`, every signal's value before it; names from the bench's module on. Unknown bits are zeros."""
    names: dict[str, list[str]] = {}
    scope: list[str] = []
    now: dict[str, int] = {}
    rows: list[dict[str, int]] = []
    pending: list[tuple[str, int]] = []
    head = True

    def settle() -> None:
        before = now.get(clock, 0)
        if not before and any(clock in names[code] and value for code, value in pending):
            rows.append(dict(now))
        for code, value in pending:
            for name in names[code]:
                now[name] = value
        pending.clear()

    with vcd.open(encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if head:
                if words[:1] == ["$scope"]:
                    scope.append(words[2])
                elif words[:1] == ["$upscope"]:
                    scope.pop()
                elif words[:1] == ["$var"]:
                    names.setdefault(words[3], []).append(".".join([*scope[2:], words[4]]))
                head = words[:1] != ["$enddefinitions"]
            elif line[0] == "#":
                settle()
            elif line[0] in "01xz":
                pending.append((line[1:].strip(), int(line[0] == "1")))
            elif line[0] == "b":
                pending.append((words[1], int(re.sub("[xz]", "0", words[0][1:]), 2)))
    settle()
    return rows


class Drawing:
    """Rows of a timing diagram, top down, over clocks `first` to `first + count - 1`."""

    def __init__(self, rows: list[dict[str, int]], first: int, count: int, step: int = 22):
        self.rows, self.first, self.step, self.parts, self.height = rows[first:first + count], first, step, [], TOP

    def _name(self, name: str) -> int:
        self.parts.append(f'<text x="{LEFT - 8}" y="{self.height + 12}" text-anchor="end">{name}</text>')
        self.height += PITCH
        return self.height - PITCH

    def wave(self, name: str, signal) -> None:
        """A level a clock: `signal` is a name, or a function of a row."""
        top = self._name(name)
        path, last = "", None
        for i, row in enumerate(self.rows):
            y = top + 2 + (0 if (signal(row) if callable(signal) else row[signal]) else HIGH)
            path += f"M{LEFT},{y}" if last is None else "" if y == last else f"V{y}"
            path += f"H{LEFT + (i + 1) * self.step}"
            last = y
        self.parts.append(f'<path d="{path}"/>')

    def boxes(self, name: str, label, bad=lambda row: False) -> None:
        """Boxes with the text that `label` gives for a row; neighbours with one text are one box, "" is none.

        A text that does not fit is left out.
        """
        top = self._name(name)
        i = 0
        while i < len(self.rows):
            text, wrong = label(self.rows[i]), bool(bad(self.rows[i]))
            end = i + 1
            while end < len(self.rows) and label(self.rows[end]) == text and bool(bad(self.rows[end])) == wrong:
                end += 1
            if text:
                shown = text if 7 * len(text) <= (end - i) * self.step else ""
                middle = LEFT + (i + end) * self.step / 2
                self.parts.append(f'<g{" class=%sbad%s" % (chr(34), chr(34)) if wrong else ""}><rect class="box" x="{LEFT + i * self.step + 1}" y="{top + 2}" '
                                  f'width="{(end - i) * self.step - 2}" height="{HIGH}" rx="3"/><text x="{middle}" y="{top + 13}" '
                                  f'text-anchor="middle">{shown}</text></g>')
            i = end

    def svg(self, about: str) -> str:
        width, height = LEFT + len(self.rows) * self.step + 8, self.height + 8
        grid = []
        for i in range(len(self.rows)):
            x = LEFT + i * self.step
            grid.append(f'<line x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{self.height}"/>')
            if (self.first + i) % 5 == 0:
                grid.append(f'<text class="n" x="{x + 1}" y="{TOP - 10}">{self.first + i}</text>')
        return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
                          "<!-- SPDX-License-Identifier: Apache-2.0. Drawn by scripts/waves.py from a run of the RTL. -->",
                          f"<title>{about}</title>", STYLE, f'<rect class="ground" width="{width}" height="{height}"/>',
                          *grid, *self.parts, "</svg>", ""])


def framing(rows: list[dict[str, int]], word: str, taken: str) -> None:
    """Adds to each row, as `word`.is, what the word taken there is: a kind of framing word (rtl/link/README.md) or a flit's word."""
    left, number = 0, 0
    for row in rows:
        row_is = ""
        if row[taken]:
            content = row[word] & 0xFFFFFFFF
            if left:
                left, row_is = left - 1, f"w{number}"
            elif content & 3 == 1:
                left, number = content >> 3 & 0xFF, content >> 11 & 0xFF
                row_is = f"D{number}"
            else:
                row_is = ("N" if content >> 2 & 1 else "C", "", "R")[content & 3] if content & 3 != 2 else ("RN" if content >> 2 & 1 else "R")
                row_is += f"{content >> 4 & 0xFF}"
        row[word + ".is"] = row_is


def draw_link(rows: list[dict[str, int]]) -> str:
    first = next(i for i, row in enumerate(rows) if row["take_q"])
    framing(rows, "a_word", "take_q")
    framing(rows, "b_word", "take_q")
    d = Drawing(rows, first, 64)
    d.wave("a: tx_valid", "valid_q")
    d.wave("a: tx_ready", lambda row: row["ready"] & 1)
    d.boxes("a: word sent", lambda row: row["a_word.is"])
    credit = "u_a.u_tx.gen_credit[0].u_credit."
    d.boxes("a: flits in flight", lambda row: str(row["in_flight"]))
    d.boxes("a: credit, words", lambda row: str(16 - row[credit + "sent_q"] + row[credit + "left_q"]))
    d.boxes("wire: damaged", lambda row: "x" if row["damage"] else "", lambda row: True)
    d.wave("b: hunting", "b_hunting")
    d.boxes("b: word sent", lambda row: row["b_word.is"])
    d.wave("b: rx_valid", lambda row: row["valid_out"] & 1)
    d.wave("b: rx_last", lambda row: row["last_out"] & 1)
    return d.svg("A flit is damaged, and sent again")


def blocks(rows: list[dict[str, int]], happens, per_block: int, name: str) -> None:
    """Adds to each row, as `name`, of which block of the result it is that `happens`, `per_block` times a block; "" for none."""
    seen = 0
    for row in rows:
        row[name] = ""
        if happens(row):
            row[name] = f"{seen // per_block}"
            seen += 1


def draw_gemm(rows: list[dict[str, int]]) -> str:
    tile, array = "u_chip.u_tile.", "u_chip.u_tile.u_engine.u_gemm.u_array."
    active = [i for i, row in enumerate(rows) if row[tile + "active"]]
    part = rows[active[0] - 4:]

    def both(one: str, other: str):
        return lambda row: row[one] and row[other]

    for name, happens, count in (("A", both(tile + "a_req", tile + "a_gnt"), 8), ("B", both(tile + "b_req", tile + "b_gnt"), 8),
                                 ("C", both(tile + "s_req", tile + "s_gnt"), 2),
                                 ("load", both(array + "load_valid_i", array + "load_ready_o"), 2),
                                 ("step", both(array + "step_valid_i", array + "step_ready_o"), 8),
                                 ("drain", both(array + "drain_valid_o", array + "drain_ready_i"), 2),
                                 ("D", both(tile + "d_req", tile + "d_gnt"), 2)):
        blocks(part, happens, count, name)
    states = ["idle", "semaphore", "start", "run", "completion", "retire", "network"]
    d = Drawing(rows, active[0] - 4, active[-1] - active[0] + 16)
    d.boxes("sequencer", lambda row: states[row[tile + "u_seq.state_q"]])
    for text, name in (("A read, of block", "A"), ("B read", "B"), ("C read", "C"), ("C into the array", "load"), ("step", "step"),
                       ("result out", "drain"), ("D written", "D")):
        d.boxes(text, lambda row, name=name: row[name])
    return d.svg("A GEMM on the tile: loads, steps and stores of four blocks overlap")


def draw_host(rows: list[dict[str, int]]) -> str:
    first = next(i for i, row in enumerate(rows) if row["handshake"])
    requests, answers = ["write", "w 0", "w 1", "w 2", "read"], ["status", "w 0", "w 1", "w 2", "status"]
    sent = answered = 0
    for row, after in zip(rows, rows[1:]):
        row["valid"], row["last"] = after["req_valid_q"], after["req_last_q"]
        row["request"] = requests[sent] if row["handshake"] and row["valid"] else ""
        row["answer"] = answers[answered] if row["handshake"] and row["rsp_valid"] else ""
        sent += bool(row["request"]) and row["req_ready"]
        answered += bool(row["answer"]) and row["rsp_ready"]
    d = Drawing(rows, first, len(rows) - first - 1, step=46)
    d.wave("req_valid", "valid")
    d.wave("req_ready", "req_ready")
    d.boxes("req_data", lambda row: row["request"])
    d.wave("req_last", "last")
    d.wave("memory grant", lambda row: row["u_chip.u_tile.h_req_i"] and row["u_chip.u_tile.h_gnt_o"])
    d.wave("rsp_valid", "rsp_valid")
    d.wave("rsp_ready", "rsp_ready")
    d.boxes("rsp_data", lambda row: row["answer"])
    d.wave("rsp_last", "rsp_last")
    return d.svg("A write and a read of three words at the host port; the host pauses in the answer")


BENCHES = {"host": ("chip", draw_host), "gemm": ("chip", draw_gemm), "link": ("link", draw_link)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    arguments = parser.parse_args()
    for name in arguments.names:
        if name not in BENCHES:
            parser.error(f"no diagram '{name}'; there are {', '.join(BENCHES)}")
    recorded: dict[str, list[dict[str, int]]] = {}
    for name in arguments.names or BENCHES:
        bench, draw = BENCHES[name]
        if bench not in recorded:
            with tempfile.TemporaryDirectory() as folder:
                recorded[bench] = read(record(bench, pathlib.Path(folder)), "clk")
        out = ROOT / f"docs/waves/{name}.svg"
        out.write_text(draw([dict(row) for row in recorded[bench]]), encoding="utf-8")
        print(f"written: {out.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

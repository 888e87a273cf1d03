#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measure, and write into FIGURES.md: one section a subject, each with the commands that print its figures.

    scripts/figures.py [--quick] [--out FILE] [SECTION...]      called by scripts/bench.sh --figures, which builds first
    scripts/figures.py --list                                   the sections, and which take long

Sections named, or all that do not take long, are measured and take the place of what the page has under their heading; the others
stay as they are, with the date and commit at which they were measured. A section whose command fails stays too, and the exit code
tells. --quick takes every figure once and writes build/out/FIGURES.md: to try this script, not to quote.
Exit code: 0 good, 1 a command failed, 2 bad usage.
"""
import argparse
import dataclasses
import datetime
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import textwrap
from typing import Callable

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "build/release/bin"
OUT = ROOT / "build/out"

HEAD = """# Figures

Every measured figure of Hilbert stands here, once. Other pages lead to a section of this one.

Made from what the commands print, by `scripts/bench.sh --figures`: about ten minutes on an idle machine of two cores.
`scripts/bench.sh --figures SECTION` measures one section again and leaves the others, and so are the long ones made.
Each section tells its commands, and when and on what they ran. Programs are in `build/release/bin`.

Clocks are exact and the same on every machine. Times are not: a median of rounds with half the distance of the
quartiles in per cent, in seconds of one core's work.
"""


class Failed(Exception):
    """A command that ended badly."""


def number(value: float | dict) -> str:
    """As in a table: whole numbers whole, others with four digits; a measured one with its spread."""
    if isinstance(value, dict):
        median = value["median"]
        spread = 50 * (value["high"] - value["low"]) / median if median else 0
        return f"{number(median)} ± {spread:.1f} %"
    if float(value).is_integer() or abs(value) >= 10000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def table(heads: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|---|" + "--:|" * (len(heads) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def bench(text: str) -> str:
    """The tables of `hilbert bench --json`; their notes, item by item."""
    parts = []
    for one in json.loads(text)["tables"]:
        heads = list(dict.fromkeys(key for row in one["rows"] for key in row if key != "name"))
        parts.append(f"**{one['title']}**")
        if one["rows"]:
            parts.append(table(["", *heads], [[row["name"], *(number(row[head]) if head in row else "" for head in heads)]
                                              for row in one["rows"]]))
        parts.append("\n".join(textwrap.fill(note, 118, initial_indent="- ", subsequent_indent="  ") for note in one["notes"]))
    return "\n\n".join(part for part in parts if part)


def regress(text: str) -> str:
    it = json.loads(text)
    if it["failed"] or it["errors"] or not it["complete"]:
        raise Failed(f"{it['failed']} failed, {it['errors']} errors")
    return f"{it['device']}: {it['passed']} cases passed, {it['skipped']} not promised for its shape, in {it['seconds']:.1f} s."


def train(text: str) -> str:
    it = json.loads(text)
    run, test = it["run"], it["test"]
    return (f"{it['parameters']['format']} on {run['devices']} {run['device']}, path {run['report']['path']}: "
            f"{100 * test['accuracy']:.2f} % of {test['images']} images after {it['parameters']['steps']} steps, "
            f"{it['products']} products of {it['macs'] / 1e9:.1f} G MAC equal to the model's, in {run['seconds']:.0f} s.")


def lines(pattern: str) -> Callable[[str], str]:
    """The lines of the output in which `pattern` is found, as they are; all must not be none."""
    def render(text: str) -> str:
        kept = [line.rstrip() for line in text.splitlines() if re.search(pattern, line)]
        if not kept:
            raise Failed(f"no line of its output has {pattern}")
        return "```\n" + "\n".join(kept) + "\n```"
    return render


@dataclasses.dataclass
class Command:
    """A command line as a reader would type it, and what becomes of what it prints."""
    line: str
    render: Callable[[str], str]
    rounds: bool = False  #: takes --rounds

    @property
    def reports(self) -> bool:
        return self.render in (bench, regress, train)

    def run(self, quick: bool) -> str:
        argv = shlex.split(self.line)
        variables = dict(word.split("=", 1) for word in argv if re.match(r"[A-Z_]+=", word))
        argv = [word for word in argv if not re.match(r"[A-Z_]+=", word)]
        if self.rounds and quick:
            argv.append("--rounds=1")
        report = OUT / "figures.json"
        if self.reports:
            report.unlink(missing_ok=True)
            argv.append(f"--json={report}")
        environment = os.environ | variables | {"PATH": f"{PROGRAMS}:{os.environ['PATH']}"}
        done = subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"exit code {done.returncode}: {(done.stderr or done.stdout).strip()[-500:]}")
        return self.render(report.read_text(encoding="utf-8") if self.reports else done.stdout)


@dataclasses.dataclass
class Section:
    name: str
    about: str
    commands: list[Command]
    long: bool = False


SYNTH = r"^module|, all of it|^hb_"
SECTIONS = [
    Section("regression", "Golden and refused vectors against the RTL.",
            [Command(f"hilbert regress --device sim:{chip}", regress) for chip in ("full", "small")]),
    Section("training", "Fashion-MNIST, 784-64-10, every product on the RTL and compared with the model, bit for bit.",
            [Command(f"hilbert train --device sim:full --format {form} --path {path}", train)
             for form in ("bf16", "cf8") for path in ("firmware", "direct")]),
    Section("simulation", "Speed of the verilated chips, and what the bench and the runtime add.",
            [Command("hilbert bench sim", bench, rounds=True)]),
    Section("model", "Speed of the reference model.", [Command("hilbert bench mxu", bench, rounds=True)]),
    Section("utilisation", "Share of what the array could do in the clocks that a job takes. Exact.",
            [Command("hilbert bench utilisation --chip full", bench)]),
    Section("firmware", "Clocks of a command through the firmware, and what its running core costs.",
            [Command("hilbert bench firmware", bench, rounds=True)]),
    Section("link", "Payload over raw symbols, and latency. Exact.", [Command("hilbert bench link", bench)]),
    Section("board", "Boards of 1 to 25 simulated chips: time, memory, and clocks of collectives.",
            [Command("hilbert bench board --chip 4x8x2", bench, rounds=True)]),
    Section("vectors", "Vector files: cases a second, and how fast they are written and read.",
            [Command("hilbert bench vectors", bench, rounds=True)]),
    Section("size", "Cells on an iCE40, from Yosys; nothing was placed.",
            [Command(f"scripts/synth.sh ice40 {part}".strip(), lines(SYNTH)) for part in ("", "link", "net")], long=True),
    Section("distributed", "One product over boards of `node`, from host memory and back. Exact; needs a build with `node`.",
            [Command("hilbert bench distributed --chip node", bench)], long=True),
    Section("collectives", "Collectives over boards of `node`; needs a build with `node`.",
            [Command("hilbert bench board --chip node", bench, rounds=True)], long=True),
    Section("torture", "The link under errors, bursts, dead lanes and resets.",
            [Command("link_torture --link full --flits 10000000 --first 900000", lines("delivered once|suffered:|bounds of"))], long=True),
    Section("chaos", "Cores reset, words poisoned, ports stalled while commands run.",
            [Command("monitor_chaos --device sim:small --runs 1000", lines("runs failed|commands|upsets"))], long=True),
    Section("upsets", "Single bits of the link's lanes, flipped at any moment.",
            [Command("link_lanes_test --gtest_filter=Upsets.*", lines("upsets of")),
             Command("HILBERT_UPSET_ROUNDS=84 link_lanes_test --gtest_filter=Upsets.*", lines("upsets of"))], long=True),
    Section("cold", "From a fresh clone to a trained network: packages installed, nothing cached.",
            [Command("scripts/bench.sh --cold HEAD", lines("scripts/run.sh of|^HEAD"))], long=True),
    Section("lockstep", "The firmware in a chip, compared with the instruction-set simulator.",
            [Command("firmware_lockstep", lines("retirements and traps in"))], long=True),
]


def output_of(*argv: str) -> str:
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def circumstances() -> str:
    """When, at which commit and on what: the line under a section's commands."""
    commit = output_of("git", "rev-parse", "--short", "HEAD") or "unknown commit"
    if output_of("git", "status", "--porcelain", "--untracked-files=no", "--", ".", ":!FIGURES.md"):
        commit += " and changes"
    processor = re.search(r"^model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return (f"{datetime.date.today()}, commit {commit}, {processor.group(1) if processor else os.uname().machine}, "
            f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}.")


def measured(section: Section, quick: bool) -> str:
    """The section's body."""
    before = circumstances()
    shown = [(command.line, command.render, command.run(quick)) for command in section.commands]
    parts = [section.about]
    if all(render is bench for _, render, _ in shown) or any("```" in text for _, _, text in shown):
        for line, _, text in shown:
            parts += [f"`{line}`", text]
    else:
        parts.append("\n".join(f"- `{line}`:\n" + textwrap.indent(textwrap.fill(text, 116), "  ") for line, _, text in shown))
    return "\n\n".join([*parts, f"*{before}*"])


def read(page: pathlib.Path) -> dict[str, str]:
    """Section name to body, of the page as it is."""
    if not page.exists():
        return {}
    parts = re.split(r"^## (\S+)\n", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name: body.strip() for name, body in zip(parts[1::2], parts[2::2])}


def write(page: pathlib.Path, bodies: dict[str, str]) -> None:
    ordered = [section.name for section in SECTIONS if section.name in bodies]
    ordered += [name for name in bodies if name not in ordered]
    page.write_text(HEAD + "".join(f"\n## {name}\n\n{bodies[name]}\n" for name in ordered), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="each figure once, into build/out/FIGURES.md")
    parser.add_argument("--out", type=pathlib.Path, metavar="FILE", help="page to bring up to date (default: FIGURES.md)")
    parser.add_argument("--list", action="store_true", help="print the sections and end")
    parser.add_argument("sections", nargs="*", metavar="SECTION")
    arguments = parser.parse_args()
    known = {section.name: section for section in SECTIONS}
    if arguments.list:
        for section in SECTIONS:
            print(f"{section.name:12} {'long  ' if section.long else '      '}{section.about}")
        return 0
    for name in arguments.sections:
        if name not in known:
            parser.error(f"no section '{name}'; there are {', '.join(known)}")
    wanted = [known[name] for name in arguments.sections] or [section for section in SECTIONS if not section.long]
    page = arguments.out or (OUT if arguments.quick else ROOT) / "FIGURES.md"
    OUT.mkdir(parents=True, exist_ok=True)
    bodies, failed = read(page), False
    for section in wanted:
        print(f"{section.name:12} {section.about}", flush=True)
        try:
            bodies[section.name] = measured(section, arguments.quick)
        except (Failed, OSError, KeyError, ValueError) as error:
            print(f"figures.py: {section.name} stays as it is: {error}", file=sys.stderr)
            failed = True
        write(page, bodies)
    print(f"written: {page}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

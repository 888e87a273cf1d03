# SPDX-License-Identifier: Apache-2.0
"""What campaigns with deliberate defects have in common: a defect as data, its place in the sources, models and programs with it, the
loop and the verdict."""

import argparse
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ASSERTION = re.compile(r"Assertion failed in (\S+):")  # what a verilated model says before it stops
LIBRARIES = ("-lgtest", "-lfmt", "-lpthread", "-latomic")


class MachineFailed(Exception):
    """A tool is missing, crashed, or rejected its input: nothing was judged."""


@dataclass(frozen=True)
class Mutant:
    """One defect: in `file` the text `old`, which must occur exactly once, becomes `new`; `check` must notice. For with_defects()
    both are expressions, assignments to the same, conditions "if (...)", or statements that end in a semicolon.

    If the results stay right, `promise` names the assertion in the RTL that must be what notices."""
    name: str
    check: str
    breaks: str
    file: str
    old: str
    new: str
    promise: str = ""

    def noticed(self, said: str | None) -> bool:
        return said is not None and self.promise in said


def run(command: Sequence[str], log: pathlib.Path) -> None:
    """Appends its output to `log`; raises MachineFailed if it fails."""
    with log.open("a") as out:
        print("+", shlex.join(command), file=out, flush=True)
        try:
            code = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False).returncode
        except OSError as error:
            raise MachineFailed(f"{command[0]}: {error.strerror}") from None
    if code != 0:
        raise MachineFailed(f"{pathlib.Path(command[0]).name} failed with exit code {code}: see {log}")


def mutated(mutant: Mutant, root: pathlib.Path) -> str:
    """The text of the mutant's file under `root`, with the defect."""
    text = (root / mutant.file).read_text()
    if text.count(mutant.old) != 1:
        raise MachineFailed(f"mutant {mutant.name}: its text occurs {text.count(mutant.old)} times in {mutant.file}, must be 1: {mutant.old!r}")
    return text.replace(mutant.old, mutant.new)


def with_defect(mutant: Mutant | None, root: pathlib.Path, sources: Sequence[pathlib.Path], folder: pathlib.Path) -> list[pathlib.Path]:
    """The sources, the mutant's file replaced by a copy in `folder` with the defect; without a mutant as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    if mutant is None:
        return list(sources)
    original = root / mutant.file
    copy = folder / original.name
    copy.write_text(mutated(mutant, root))
    return [copy if source == original else source for source in sources]


HERE = pathlib.Path(__file__).resolve().parent
DEFECT_PACKAGE = HERE / "hb_defect_pkg.sv"  # the first source of a model that has all defects
DEFECT_CHOICE = HERE / "defect.cpp"  # to be linked with it
TARGET = re.compile(r"(?:assign )?[\w.:\[\]+*-]+\s*<?=\s+(?!=)")


def number_of(mutant: Mutant | None, mutants: Sequence[Mutant]) -> int:
    """How a model with all of these knows this one; 0 for none."""
    return 0 if mutant is None else mutants.index(mutant) + 1


def chosen_defect(number: int) -> dict[str, str]:
    """What a program with such a model finds in its environment."""
    return {"HILBERT_DEFECT": str(number)}


def with_defects(mutants: Sequence[Mutant], root: pathlib.Path, sources: Sequence[pathlib.Path], folder: pathlib.Path) -> list[pathlib.Path]:
    """The sources with all defects in copies in `folder`, each behind its number: one model is elaborated and compiled for all.

    What is chosen is read once, when a model is made (hb_defect_pkg.sv). Without a choice the model is the unmutated one."""
    folder.mkdir(parents=True, exist_ok=True)
    texts: dict[pathlib.Path, str] = {}
    for file in dict.fromkeys(root / m.file for m in mutants):
        if file not in sources:
            raise MachineFailed(f"{file} has mutants and is not among the sources")
        text, spans = file.read_text(), {}
        for mutant in (m for m in mutants if root / m.file == file):
            mutated(mutant, root)  # refuses what does not occur once
            at = text.index(mutant.old)
            refuse_part_of_expression(mutant, text[:at], text[at + len(mutant.old):])
            spans.setdefault((at, at + len(mutant.old)), []).append(mutant)
        for end, start in zip(sorted(spans), sorted(spans)[1:]):
            if end[1] > start[0]:
                raise MachineFailed(f"mutants {spans[end][0].name} and {spans[start][0].name} overlap: give them the same `old`")
        for (begin, end), there in sorted(spans.items(), reverse=True):
            text = text[:begin] + either([(number_of(m, mutants), m.new) for m in there], there[0].old) + text[end:]
        texts[file] = text
    for file, text in texts.items():
        (folder / file.name).write_text(text)
    return [DEFECT_PACKAGE, *(folder / source.name if source in texts else source for source in sources)]


def either(defects: Sequence[tuple[int, str]], old: str) -> str:
    """SystemVerilog that is `old`, or the text of the defect whose number is chosen."""
    if (head := TARGET.match(old)) and all(new.startswith(head.group()) for _, new in defects):
        end = ";" if old.endswith(";") else ""
        parts = [(n, new.removeprefix(head.group()).removesuffix(end)) for n, new in defects]
        return head.group() + either(parts, old.removeprefix(head.group()).removesuffix(end)) + end
    if old.endswith(";"):
        return "begin " + "".join(f"if ({chosen(n)}) begin {new} end else " for n, new in defects) + f"begin {old} end end"
    if old.startswith("if ("):
        return f"if ({either([(n, new.removeprefix('if ')) for n, new in defects], old.removeprefix('if '))})"
    return "(" + "".join(f"{chosen(n)} ? ({new}) : " for n, new in defects) + f"({old}))"


def chosen(number: int) -> str:
    return f"hb_defect_pkg::chosen == 32'd{number}"


def refuse_part_of_expression(mutant: Mutant, before: str, after: str) -> None:
    """either() puts an expression into parentheses: what binds more tightly around it than inside would change meaning."""
    if mutant.old.endswith(";") or mutant.old.startswith("if ("):
        return
    expression = mutant.old[match.end():] if (match := TARGET.match(mutant.old)) else mutant.old
    before = "=" if match else before.rstrip()
    after = after.lstrip()
    while (bare := re.sub(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}", "_", expression)) != expression:
        expression = bare
    if re.fullmatch(r"!?[\w.:]+", expression):
        return
    # What may stand beside: of an expression without ?:, and without || too
    before_ok, after_ok = r"([({,\[:?]|[^=!<>]=|^=|<=)$", r"[)},;\]:]"
    if "?" not in expression:
        before_ok, after_ok = before_ok.replace(")$", r"|\|\|)$"), after_ok + r"|\?|\|\|"
        if "||" not in expression:
            before_ok, after_ok = before_ok.replace(")$", r"|&&)$"), after_ok + r"|&&"
    if "," in expression or not re.search(before_ok, before) or not re.match(after_ok, after):
        raise MachineFailed(f"mutant {mutant.name}: its text is a part of an expression that means something else in parentheses: "
                            f"...{before[-20:]} [{mutant.old}] {after[:20]}...")


def verilated(sources: Sequence[pathlib.Path], top: str, prefix: str, options: Sequence[str], folder: pathlib.Path, cxx: str) -> pathlib.Path:
    """The model of `top` as an archive in `folder`, in the place of the class `prefix`."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "log"
    run([os.environ.get("VERILATOR") or "verilator", "--cc", "-Wno-fatal", "-O3", "-fno-const-bit-op-tree", *options, "--top", top, "--prefix", prefix, "--Mdir", str(folder),
         *map(str, sources)], log)
    run(["make", "-s", "-C", str(folder), "-f", f"{prefix}.mk", "OPT_FAST=-O1", "OPT_SLOW=-O0", "VM_PARALLEL_BUILDS=0", f"CXX={cxx}",
         f"{prefix}__ALL.a"], log)
    return folder / f"{prefix}__ALL.a"


def linked(objects: Sequence[str], model: pathlib.Path | None, program: pathlib.Path, cxx: str, *libraries: str) -> pathlib.Path:
    """The program of these objects and archives, with all of `model` before the archives, so that it replaces the one in them."""
    program.parent.mkdir(parents=True, exist_ok=True)
    own = [o for o in objects if o.endswith(".o")]
    archives = [o for o in objects if not o.endswith(".o")]
    first = ["-Wl,--whole-archive", str(model), "-Wl,--no-whole-archive"] if model else []
    run([*shlex.split(cxx), *own, *first, *archives, "-o", str(program), *libraries, *LIBRARIES], program.with_suffix(".log"))
    return program


def complaint(command: Sequence[str], pattern: str, timeout_s: float, environment: dict[str, str] | None = None) -> str | None:
    """None if the command ends with 0; else what `pattern` finds first in its output (a group, if it has some), or how it ended."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | (environment or {}), timeout=timeout_s)
    except OSError as error:
        raise MachineFailed(f"{command[0]}: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        return f"no end within {timeout_s} s"
    if done.returncode == 0:
        return None
    if promise := ASSERTION.search(done.stdout):
        return promise.group(1)
    said = re.search(pattern, done.stdout, re.MULTILINE)
    if not said:
        return f"exit code {done.returncode}: {done.stderr.strip()}"
    return next(filter(None, said.groups()), said.group(0))


def parser(description: str | None, cxx: bool = True) -> argparse.ArgumentParser:
    """What every campaign can be told: names of mutants, where to work, and with which compiler."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("names", nargs="*", metavar="NAME", help="the mutants to try (default: all)")
    made.add_argument("--work", type=lambda text: pathlib.Path(text).resolve(), required=True, metavar="DIR")
    if cxx:
        made.add_argument("--cxx", default="ccache g++")
    return made


def refuse_unknown(of: argparse.ArgumentParser, names: Sequence[str], mutants: Sequence[Mutant]) -> None:
    """Ends with a usage error if there is no mutant of one of these names."""
    if unknown := set(names) - {m.name for m in mutants}:
        of.error(f"no mutant named {', '.join(sorted(unknown))}")


def run_campaign(mutants: Sequence[Mutant], names: Sequence[str], notice: Callable[[Mutant | None, str], str | None],
                 checks: Sequence[str]) -> int:
    """Every check must say nothing of the unmutated sources, and each mutant's own something; returns the exit code.

    `notice(mutant, check)` runs a check and returns what it says first, None if it is content.
    """
    chosen = [m for m in mutants if not names or m.name in names]
    start = time.monotonic()
    survivors = 0
    try:
        for check in checks:
            if said := notice(None, check):
                print(f"FAIL  unmutated, {check}: {said}")
                return 1
        for mutant in chosen:
            said = notice(mutant, mutant.check)
            caught = mutant.noticed(said)
            survivors += not caught
            print(f"{mutant.name:18} {mutant.check:6} {'caught' if caught else 'SURVIVES':8}  {mutant.breaks} ({mutant.file}): "
                  f"{said or 'nothing noticed'}", flush=True)
    except MachineFailed as error:
        print(f"ERROR {error}", file=sys.stderr)
        return 3
    print(f"{len(chosen) - survivors} of {len(chosen)} mutants caught in {time.monotonic() - start:.0f} s")
    return 1 if survivors else 0

# SPDX-License-Identifier: Apache-2.0
"""What campaigns with deliberate defects have in common: a defect as data, its place in the sources, the loop and the verdict."""

import pathlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


class MachineFailed(Exception):
    """A tool failed, so that nothing can be said about the mutant."""


@dataclass(frozen=True)
class Mutant:
    """One defect: in `file` the text `old`, which must occur exactly once, becomes `new`; `check` must notice."""
    name: str
    check: str
    breaks: str
    file: str
    old: str
    new: str


def mutated(mutant: Mutant, root: pathlib.Path) -> str:
    """The text of the mutant's file under `root`, with the defect."""
    text = (root / mutant.file).read_text()
    if text.count(mutant.old) != 1:
        raise MachineFailed(f"mutant {mutant.name}: its text occurs {text.count(mutant.old)} times in {mutant.file}, must be 1: {mutant.old!r}")
    return text.replace(mutant.old, mutant.new)


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
            survivors += said is None
            print(f"{mutant.name:18} {mutant.check:6} {'caught' if said else 'SURVIVES':8}  {mutant.breaks} ({mutant.file}): "
                  f"{said or 'nothing noticed'}", flush=True)
    except MachineFailed as error:
        print(f"ERROR {error}")
        return 3
    print(f"{len(chosen) - survivors} of {len(chosen)} mutants caught in {time.monotonic() - start:.0f} s")
    return 1 if survivors else 0

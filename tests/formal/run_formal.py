#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prove the properties of RTL modules with Yosys, and refute every mutant of them.

A proof counts only if each of its mutants, the RTL with one defect put in, is refuted by a counterexample.
Exit code: 0 all proved, 1 a proof or a mutant failed, 2 bad usage, 3 Yosys failed.
"""

import argparse
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from proofs import PROOFS, Mutant, Proof

HERE = pathlib.Path(__file__).resolve().parent
RTL = HERE.parent.parent / "rtl"
TIMEOUT_S = 300  # for one run of Yosys; the slowest takes about 5 s

# What the log must contain, by kind of proof, to say that the claim is proved, or that a counterexample is found.
# Anything else (induction that does not close, an error) is neither.
VERDICTS = {
    "induction": ("Induction step proven: SUCCESS!", "model found for base case: FAIL!"),
    "combinational": ("no model found: SUCCESS!", "SAT proof finished - model found: FAIL!"),
    "structure": ("End of script.", "ERROR: Assertion failed: selection"),
}

SAT = 'sat -prove-asserts -set-assumes -show-ports -show-public -dump_vcd "{vcd}"'


class MachineFailed(Exception):
    """Yosys is missing, crashed, or rejected a file."""


def rtl_file(name: str) -> pathlib.Path:
    """The one file of that name in rtl/: a file holds one module and is named after it."""
    found = list(RTL.rglob(name))
    if len(found) != 1:
        raise LookupError(f"{name}: found {len(found)} times in {RTL}, must be 1")
    return found[0]


@dataclass(frozen=True)
class Result:
    proved: bool
    refuted: bool
    log: pathlib.Path
    vcd: pathlib.Path


def script(proof: Proof, sources: list[pathlib.Path], parameters: dict[str, int], vcd: pathlib.Path) -> str:
    lines = [f'read_verilog -sv -formal -DSYNTHESIS "{source}"' for source in sources]
    lines += [f"chparam -set {name} {value} {proof.top}" for name, value in parameters.items()]
    lines += [f"hierarchy -check -top {proof.top}"]
    if proof.kind == "structure":
        return "\n".join(lines + list(proof.checks)) + "\n"
    lines += ["proc", "memory_map", "flatten", "opt -full"]
    induction = " -tempinduct -maxsteps 24" if proof.kind == "induction" else ""
    return "\n".join(lines + [SAT.format(vcd=vcd) + induction]) + "\n"


def run_yosys(proof: Proof, name: str, sources: list[pathlib.Path], parameters: dict[str, int],
              work: pathlib.Path) -> Result:
    base = work / name
    log, vcd = base.with_suffix(".log"), base.with_suffix(".vcd")
    base.with_suffix(".ys").write_text(script(proof, sources, parameters, vcd))
    try:
        with log.open("w") as out:
            subprocess.run([os.environ.get("YOSYS") or "yosys", "-s", str(base.with_suffix(".ys"))], stdout=out, stderr=subprocess.STDOUT,
                           timeout=TIMEOUT_S, check=False)
    except FileNotFoundError:
        raise MachineFailed("yosys not found: install it (Debian: apt-get install yosys)") from None
    except subprocess.TimeoutExpired:
        raise MachineFailed(f"yosys took longer than {TIMEOUT_S} s: see {log}") from None
    text = log.read_text()
    proved, refuted = (mark in text for mark in VERDICTS[proof.kind])
    if "ERROR" in text and not refuted:
        raise MachineFailed(f"yosys reported an error: see {log}")
    if proof.kind != "structure" and "Import proof for assert" not in text:
        raise MachineFailed(f"no assertion reached the solver, so nothing was judged: see {log}")
    return Result(proved, refuted, log, vcd)


def mutate(mutant: Mutant, sources: list[pathlib.Path], work: pathlib.Path) -> list[pathlib.Path]:
    """Write the mutated file beside the logs and return the sources with it in place of the original."""
    original = rtl_file(mutant.file)
    text = original.read_text()
    if text.count(mutant.old) != 1:
        raise LookupError(f"mutant '{mutant.defect}': its text occurs {text.count(mutant.old)} times in {original}, must be 1: "
                          f"{mutant.old!r}")
    copy = work / f"mutated_{mutant.file}"
    copy.write_text(text.replace(mutant.old, mutant.new))
    return [copy if s == original else s for s in sources]


def prove(proof: Proof, work: pathlib.Path) -> list[str]:
    """Return what failed, one line each."""
    sources = [rtl_file(f) for f in proof.rtl] + [HERE / f for f in proof.properties]
    failures = []
    for parameters in proof.configurations:
        name = "_".join([proof.name] + [f"{k}{v}" for k, v in parameters.items()])
        result = run_yosys(proof, name, sources, parameters, work)
        if result.refuted:
            wave = f", waveform {result.vcd}" if result.vcd.exists() else ""
            failures.append(f"{name}: refuted by a counterexample: log {result.log}{wave}")
        elif not result.proved:
            failures.append(f"{name}: neither proved nor refuted (an invariant is missing?): log {result.log}")
    for number, mutant in enumerate(proof.mutants):
        folder = work / f"mutant{number}"
        folder.mkdir(exist_ok=True)
        try:
            mutated = mutate(mutant, sources, folder)
        except LookupError as error:
            failures.append(str(error))
            continue
        # Without the invariants: the defect must be seen at the ports.
        ports_only = {"Invariants": 0} if proof.kind == "induction" else {}
        result = run_yosys(proof, proof.name, mutated, mutant.parameters | ports_only, folder)
        if not result.refuted:
            failures.append(f"mutant '{mutant.defect}' of {mutant.file} survives: log {result.log}")
    return failures


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="the proofs to run (default: all)")
    parser.add_argument("--list", action="store_true", help="print the proofs and what they claim")
    parser.add_argument("--work", type=pathlib.Path, metavar="DIR",
                        help="keep scripts, logs and waveforms there (default: kept in a temporary folder after a failure)")
    arguments = parser.parse_args()

    proofs = {p.name: p for p in PROOFS}
    if arguments.list:
        for p in PROOFS:
            print(f"{p.name:16} {p.claim}")
        return 0
    unknown = [n for n in arguments.names if n not in proofs]
    if unknown:
        parser.error(f"no proof named {', '.join(unknown)}; there are: {', '.join(proofs)}")

    work = (arguments.work or pathlib.Path(tempfile.mkdtemp(prefix="hilbert_formal_"))).resolve()
    failed = False
    for name in arguments.names or proofs:
        proof = proofs[name]
        folder = work / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        start = time.monotonic()
        try:
            failures = prove(proof, folder)
        except MachineFailed as error:
            print(f"ERROR {name}: {error}", file=sys.stderr)
            return 3
        summary = f"{counted(len(proof.configurations), 'parameter set')} proved, {counted(len(proof.mutants), 'mutant')} refuted"
        print(f"{'FAIL' if failures else 'PASS'}  {name:14}{time.monotonic() - start:6.1f} s"
              f"  {f'{len(failures)} failed:' if failures else summary}", flush=True)
        for failure in failures:
            print(f"      {failure}")
        if failures:
            failed = True
            print(f"      again: {shlex.join([sys.argv[0], name, '--work', str(work)])}")
    if not failed and arguments.work is None:
        shutil.rmtree(work)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

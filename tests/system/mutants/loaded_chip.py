# SPDX-License-Identifier: Apache-2.0
"""Verilates sources of hb_chip into a shared object that loaded_chip.cpp can load."""

import argparse
import concurrent.futures
import functools
import pathlib
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
RTL = ROOT / "rtl"
sys.path.insert(0, str(ROOT / "tests" / "support"))
from mutation import DEFECT_CHOICE, MachineFailed, run  # noqa: E402


UNITS = 4  # translation units of what runs in every clock


@dataclass(frozen=True)
class Tools:
    """The programs, and the small chip's parameters (rtl/regs/chips.toml), as CMake gives them."""
    verilator: str
    cxx: list[str]  # with its launcher
    parameters: list[str]  # Rows=2, ...
    work: pathlib.Path
    jobs: int
    assertions: bool = True  # what the RTL's ports promise is checked

    @staticmethod
    def add_options(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--verilator", default="verilator", metavar="PROGRAM")
        parser.add_argument("--cxx", default="c++", metavar="COMMAND", help="the C++ compiler, a launcher before it if you like")
        parser.add_argument("--parameters", required=True, metavar="NAME=VALUE,...", help="of hb_chip: as rtl/regs/chips.toml has them for small")
        parser.add_argument("--without-assertions", action="store_true", help="do not check what the RTL's ports promise")
        parser.add_argument("--jobs", "-j", type=int, default=1, metavar="N", help="at work at the same time (default 1)")
        parser.add_argument("--work", type=pathlib.Path, required=True, metavar="DIR", help="sources, objects and logs stay there")

    @staticmethod
    def of(arguments: argparse.Namespace) -> "Tools":
        return Tools(arguments.verilator, shlex.split(arguments.cxx), arguments.parameters.split(","), arguments.work.resolve(),
                     arguments.jobs, not arguments.without_assertions)


def sources() -> list[pathlib.Path]:
    lines = (RTL / "hilbert.f").read_text().splitlines()
    return [ROOT / line for line in lines if line and not line.startswith("#")]


@functools.cache
def verilator_include(verilator: str) -> pathlib.Path:
    asked = subprocess.run([verilator, "--getenv", "VERILATOR_ROOT"], capture_output=True, text=True, check=False)
    if asked.returncode != 0:
        raise MachineFailed(f"{verilator} --getenv VERILATOR_ROOT: {asked.stderr.strip()}")
    return pathlib.Path(asked.stdout.strip()) / "include"


def include_folders(tools: Tools) -> list[str]:
    include = verilator_include(tools.verilator)
    folders = [include, include / "vltstd", ROOT / "base" / "include", ROOT / "tb" / "include", ROOT / "tb" / "src"]
    return [f"-I{folder}" for folder in folders]


def build(tools: Tools, rtl: list[pathlib.Path], folder: pathlib.Path) -> pathlib.Path:
    """The shared object of hb_chip from `rtl`."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "build.log"
    generated = folder / "cpp"
    shutil.rmtree(generated, ignore_errors=True)
    flags = ["--cc", "-O3", "--x-assign", "fast", "--x-initial", "fast", "--assert" if tools.assertions else "--noassert",
             "-Wno-fatal", "-Wno-lint", "-Wno-style", "--output-split", "20000",
             "-fno-const-bit-op-tree"]  # cmake/verilate.cmake tells why; where it is not needed it only costs speed
    run([tools.verilator, *flags, *[f"-G{p}" for p in tools.parameters], "--top-module", "hb_chip", "--prefix", "Vhb_small",
         "--Mdir", str(generated), *map(str, rtl)], log)
    made = sorted(generated.glob("*.cpp"), key=lambda file: file.stat().st_size, reverse=True)
    often = [file for file in made if "Slow" not in file.name]
    runtime = verilator_include(tools.verilator)
    units = [("-O1", often[i::UNITS]) for i in range(UNITS)]
    units.append(("-O0", [file for file in made if "Slow" in file.name]))
    units.append(("-O1", [HERE / "chip_module.cpp", DEFECT_CHOICE]))
    units.append(("-O1", [file for file in (runtime / "verilated.cpp", runtime / "verilated_threads.cpp") if file.exists()]))

    def compiled(number: int) -> str:
        level, files = units[number]
        unit = generated / f"unit{number}.cc"
        unit.write_text("".join(f'#include "{file}"\n' for file in files))
        run([*tools.cxx, "-std=c++20", level, "-fPIC", "-w", f"-I{generated}", *include_folders(tools), "-c", str(unit), "-o",
             str(unit.with_suffix(".o"))], log)
        return str(unit.with_suffix(".o"))

    with concurrent.futures.ThreadPoolExecutor(tools.jobs) as pool:
        objects = list(pool.map(compiled, range(len(units))))
    target = folder / "chip.so"
    run([tools.cxx[-1], "-shared", "-o", str(target), *objects, "-pthread"], log)
    return target

# SPDX-License-Identifier: Apache-2.0
"""Verilates sources of hb_chip into a shared object that loaded_chip.cpp can load, as cheaply as it gets."""

import argparse
import pathlib
import shlex
import subprocess
import sys
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
RTL = ROOT / "rtl"
sys.path.insert(0, str(ROOT / "tests" / "support"))
from mutation import MachineFailed, run  # noqa: E402


@dataclass(frozen=True)
class Tools:
    """The programs, and the small chip's parameters (tb/chips.cmake), as CMake gives them."""
    verilator: str
    cxx: list[str]  # with its launcher
    parameters: list[str]  # Rows=2, ...
    runtime: pathlib.Path  # object of Verilator's runtime: made once
    assertions: bool = True  # what the RTL's ports promise is checked

    @staticmethod
    def add_options(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--verilator", default="verilator", metavar="PROGRAM")
        parser.add_argument("--cxx", default="c++", metavar="COMMAND", help="the C++ compiler, a launcher before it if you like")
        parser.add_argument("--parameters", required=True, metavar="NAME=VALUE,...", help="of hb_chip: the row small of tb/chips.cmake")
        parser.add_argument("--without-assertions", action="store_true", help="do not check what the RTL's ports promise")
        parser.add_argument("--work", type=pathlib.Path, required=True, metavar="DIR", help="sources, objects and logs stay there")

    @staticmethod
    def of(arguments: argparse.Namespace) -> "Tools":
        work = arguments.work.resolve()
        work.mkdir(parents=True, exist_ok=True)
        return Tools(arguments.verilator, shlex.split(arguments.cxx), arguments.parameters.split(","), work / "runtime.o",
                     not arguments.without_assertions)


def sources() -> list[pathlib.Path]:
    lines = (RTL / "hilbert.f").read_text().splitlines()
    return [ROOT / line for line in lines if line and not line.startswith("#")]


def include_folders(tools: Tools) -> list[str]:
    asked = subprocess.run([tools.verilator, "--getenv", "VERILATOR_ROOT"], capture_output=True, text=True, check=False)
    if asked.returncode != 0:
        raise MachineFailed(f"{tools.verilator} --getenv VERILATOR_ROOT: {asked.stderr.strip()}")
    include = pathlib.Path(asked.stdout.strip()) / "include"
    folders = [include, include / "vltstd", ROOT / "tb" / "include", ROOT / "tb" / "src", ROOT / "host" / "include"]
    return [f"-I{folder}" for folder in folders]


def compile_objects(tools: Tools, folder: pathlib.Path, log: pathlib.Path, name: str, files: list[pathlib.Path], level: str) -> pathlib.Path:
    """One translation unit of all `files`: the headers are read once."""
    unity = folder / f"{name}.cc"
    unity.write_text("".join(f'#include "{file}"\n' for file in files))
    target = folder / f"{name}.o"
    run([*tools.cxx, "-std=c++20", level, "-fPIC", "-w", f"-I{folder}", *include_folders(tools), "-c", str(unity), "-o", str(target)], log)
    return target


def build_runtime(tools: Tools) -> None:
    include = pathlib.Path(include_folders(tools)[0][2:])
    folder = tools.runtime.parent
    files = [include / "verilated.cpp"]
    if (include / "verilated_threads.cpp").exists():
        files.append(include / "verilated_threads.cpp")
    compile_objects(tools, folder, folder / "runtime.log", "runtime", files, "-O1")


def build(tools: Tools, rtl: list[pathlib.Path], folder: pathlib.Path, parameters: list[str] | None = None) -> pathlib.Path:
    """The shared object of hb_chip from `rtl`. `parameters` replaces the small chip's: [] for a netlist, which has none."""
    log = folder / "build.log"
    generated = folder / "cpp"
    wanted = tools.parameters if parameters is None else parameters
    flags = ["--cc", "-O3", "--x-assign", "fast", "--x-initial", "fast", "--assert" if tools.assertions else "--noassert",
             "-Wno-fatal", "-Wno-lint", "-Wno-style",
             "-fno-const-bit-op-tree"]  # cmake/verilate.cmake tells why; where it is not needed it only costs speed
    run([tools.verilator, *flags, *[f"-G{p}" for p in wanted], "--top-module", "hb_chip", "--prefix", "Vhb_small",
         "--Mdir", str(generated), *map(str, rtl)], log)
    made = sorted(generated.glob("*.cpp"))
    objects = [
        compile_objects(tools, generated, log, "fast", [f for f in made if "Slow" not in f.name] + [HERE / "chip_module.cpp"], "-O1"),
        compile_objects(tools, generated, log, "slow", [f for f in made if "Slow" in f.name], "-O0"),
        tools.runtime,
    ]
    target = folder / "chip.so"
    run([tools.cxx[-1], "-shared", "-o", str(target), *map(str, objects), "-pthread"], log)
    return target

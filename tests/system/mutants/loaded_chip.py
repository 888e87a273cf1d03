# SPDX-License-Identifier: Apache-2.0
"""Verilates sources of hb_chip into a shared object that loaded_chip.cpp can load, as cheaply as it gets: what one chip has
compiled, the next ones do not compile again."""

import argparse
import functools
import hashlib
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import zlib
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
RTL = ROOT / "rtl"
sys.path.insert(0, str(ROOT / "tests" / "support"))
from mutation import MachineFailed, run  # noqa: E402


GROUPS = 16  # translation units, fast and slow: fewer read the headers less often, more are smaller where something changed


@dataclass(frozen=True)
class Tools:
    """The programs, and the small chip's parameters (rtl/regs/chips.toml), as CMake gives them."""
    verilator: str
    cxx: list[str]  # with its launcher
    parameters: list[str]  # Rows=2, ...
    runtime: pathlib.Path  # object of Verilator's runtime: made once
    assertions: bool = True  # what the RTL's ports promise is checked

    @staticmethod
    def add_options(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--verilator", default="verilator", metavar="PROGRAM")
        parser.add_argument("--cxx", default="c++", metavar="COMMAND", help="the C++ compiler, a launcher before it if you like")
        parser.add_argument("--parameters", required=True, metavar="NAME=VALUE,...", help="of hb_chip: as rtl/regs/chips.toml has them for small")
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


def compiled(tools: Tools, level: str, folder: pathlib.Path, files: list[pathlib.Path], log: pathlib.Path) -> pathlib.Path:
    """One translation unit of all `files` and of headers in `folder`; an object made of the same text is taken again."""
    key = hashlib.sha256("\n".join([level, *seen_by(files, folder)]).encode()).hexdigest()[:32]
    target = objects_folder(tools) / f"{key}.o"
    if not target.exists():
        unity = folder / f"{key}.cc"
        unity.write_text("".join(f'#include "{file}"\n' for file in files))
        made = unity.with_suffix(".o")
        run([*tools.cxx, "-std=c++20", level, "-fPIC", "-w", f"-I{folder}", *include_folders(tools), "-c", str(unity), "-o", str(made)], log)
        made.replace(target)
    return target


def objects_folder(tools: Tools) -> pathlib.Path:
    return tools.runtime.parent / "objects"


def seen_by(files: list[pathlib.Path], folder: pathlib.Path) -> list[str]:
    """What a compiler reads of `files` and of the headers in `folder` that they include."""
    todo, texts = list(files), {}
    while todo:
        file = todo.pop()
        if file in texts or not file.exists():
            continue
        texts[file] = file.read_text()
        todo += [folder / name for name in re.findall(r'^#include "([^"]+)"', texts[file], re.MULTILINE)]
    return [f"{file.name}\n{texts[file]}" for file in sorted(texts)]


def build_runtime(tools: Tools) -> None:
    """Verilator's runtime, before the first chip. Objects of an earlier campaign are not taken: of other headers perhaps."""
    shutil.rmtree(objects_folder(tools), ignore_errors=True)
    objects_folder(tools).mkdir()
    include = verilator_include(tools.verilator)
    files = [include / "verilated.cpp"]
    if (include / "verilated_threads.cpp").exists():
        files.append(include / "verilated_threads.cpp")
    folder = tools.runtime.parent
    compiled(tools, "-O1", folder, files, folder / "runtime.log").replace(tools.runtime)


def build(tools: Tools, rtl: list[pathlib.Path], folder: pathlib.Path, parameters: list[str] | None = None) -> pathlib.Path:
    """The shared object of hb_chip from `rtl`. `parameters` replaces the small chip's: [] for a netlist, which has none.

    No module is inlined: then a defect changes what Verilator makes of its own module alone, and all the rest is compiled already.
    """
    log = folder / "build.log"
    generated = folder / "cpp"
    wanted = tools.parameters if parameters is None else parameters
    flags = ["--cc", "-O3", "--x-assign", "fast", "--x-initial", "fast", "--assert" if tools.assertions else "--noassert",
             "-Wno-fatal", "-Wno-lint", "-Wno-style", "-fno-inline",
             "-fno-const-bit-op-tree"]  # cmake/verilate.cmake tells why; where it is not needed it only costs speed
    run([tools.verilator, *flags, *[f"-G{p}" for p in wanted], "--top-module", "hb_chip", "--prefix", "Vhb_small",
         "--Mdir", str(generated), *map(str, rtl)], log)
    objects = [tools.runtime, compiled(tools, "-O1", generated, [HERE / "chip_module.cpp"], log)]
    # A defect that adds or takes a signal moves all others in memory: nothing is the same then, and headers are read as seldom as may be.
    first = objects_folder(tools) / "headers"
    headers = "\n".join(seen_by(sorted(generated.glob("*.h")), generated))
    if not first.exists():
        first.write_text(headers)
    groups_of_all = GROUPS if first.read_text() == headers else 1
    for level, slow in (("-O1", False), ("-O0", True)):
        groups: dict[int, list[pathlib.Path]] = {}
        for file in sorted(generated.glob("*.cpp")):
            if ("Slow" in file.name) == slow:  # a module's files stay together
                groups.setdefault(zlib.crc32(file.name.split("__DepSet")[0].encode()) % groups_of_all, []).append(file)
        objects += [compiled(tools, level, generated, files, log) for files in groups.values()]
    target = folder / "chip.so"
    run([tools.cxx[-1], "-shared", "-o", str(target), *map(str, objects), "-pthread"], log)
    return target

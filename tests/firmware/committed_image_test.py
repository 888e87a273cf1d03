#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""firmware/image: made from the sources beside it, whatever the folder of the build; a stale one is refused.

    committed_image_test.py --cmake FILE --generator NAME --work DIR --gcc FILE

Works on a copy of the sources. Without a RISC-V compiler (--gcc ""), or with another version than the one that sources.sha256
names, whether the image can be built again is not tried. Exit code: 0 good, 1 not.
"""

import argparse
import hashlib
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("base", "boards", "cmake", "firmware", "host", "rtl", "tb", "vectors")


def main() -> int:
    parser = argparse.ArgumentParser()
    for name in ("cmake", "generator", "work", "gcc"):
        parser.add_argument(f"--{name}", required=True)
    arguments = parser.parse_args()
    work = pathlib.Path(arguments.work)
    shutil.rmtree(work, ignore_errors=True)
    source = work / "sources elsewhere"
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, source / folder)
    for file in ("CMakeLists.txt", "LICENSE"):
        shutil.copy(ROOT / file, source / file)
    image, sums = source / "firmware/image/monitor.elf", source / "firmware/image/sources.sha256"
    failures = []

    def check(good: bool, what: str) -> None:
        print(("ok    " if good else "FAIL  ") + what)
        if not good:
            failures.append(what)

    def cmake(*options) -> subprocess.CompletedProcess:
        return subprocess.run([arguments.cmake, *map(str, options)], capture_output=True, text=True)

    def configured(name: str, gcc: str) -> pathlib.Path:
        build = work / name
        done = cmake("-S", source, "-B", build, "-G", arguments.generator, "-DHILBERT_SIM=OFF", "-DHILBERT_TESTS=OFF",
                     f"-DHILBERT_RISCV_GCC={gcc}")
        if done.returncode != 0:
            sys.exit(f"{done.stdout}{done.stderr}")
        return build

    def build_image(build: pathlib.Path) -> subprocess.CompletedProcess:
        return cmake("--build", build, "--target", "firmware_monitor")

    check(subprocess.run(["sha256sum", "--quiet", "-c", sums], cwd=source).returncode == 0, "the sums are those of the sources")

    # No compiler
    without = configured("without", "")
    done = build_image(without)
    check(done.returncode == 0 and (without / "firmware/monitor.elf").read_bytes() == image.read_bytes(),
          f"without a compiler the committed image is taken{done.stderr if done.returncode else ''}")
    if arguments.generator == "Ninja":
        done = cmake("--build", without, "--target", "host/runtime/monitor_image_data.cpp")
        embedded = (without / "host/runtime/monitor_image_data.cpp").read_text() if done.returncode == 0 else done.stdout
        check(hashlib.sha256(image.read_bytes()).hexdigest() in embedded and f"0x{image.read_bytes()[-1]:02x},\n}};" in embedded,
              "and becomes a part of the library")
    driver, map_header = source / "firmware/drivers/tile.c", source / "rtl/regs/include/hilbert/regs/tile.h"
    for changed in (driver, map_header, image):
        kept = changed.read_bytes()
        changed.write_bytes(kept + b"\n")
        done = build_image(without)
        check(done.returncode != 0 and str(changed.relative_to(source)) in done.stdout + done.stderr,
              f"refused when {changed.relative_to(source)} has changed")
        changed.write_bytes(kept)
    extra = source / "firmware/drivers/more.h"
    extra.write_text("// new\n")
    check(build_image(without).returncode != 0, "refused when there is a header more")
    extra.unlink()
    check(build_image(without).returncode == 0, "taken again when all is as it was")

    # A compiler
    version = subprocess.run([arguments.gcc, "-dumpfullversion"], capture_output=True, text=True).stdout.strip() if arguments.gcc else "none"
    made_by = re.search(r"gcc (\S+) made", sums.read_text()).group(1)
    if version != made_by:
        print(f"not tried: building again; the compiler is {version}, the image was made by {made_by}")
    else:
        build = configured("with", arguments.gcc)
        done = build_image(build)
        check(done.returncode == 0 and (build / "firmware/monitor.elf").read_bytes() == image.read_bytes(),
              f"built again elsewhere it is the same, byte for byte{done.stderr if done.returncode else ''}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

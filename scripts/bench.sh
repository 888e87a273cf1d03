#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every figure of speed, from a fresh clone: packages, release build, hilbert bench. Writes to build/ alone.
#   scripts/bench.sh [hilbert bench options]   for example: scripts/bench.sh sim --rounds 31
#   scripts/bench.sh --figures [--quick] [SECTION...]   instead: measures, and brings FIGURES.md up to date (scripts/figures.py)
#   scripts/bench.sh --build [JOBS]            instead: time and memory of a clean build, without ccache
#   scripts/bench.sh --cold COMMIT...          instead: scripts/run.sh of commits in fresh clones, side by side (scripts/cold_start.py)
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh
mkdir -p build/out

load() { cut -d' ' -f1-3 /proc/loadavg; }

echo "== machine"
echo "processor   $(grep -m1 '^model name' /proc/cpuinfo | sed 's/.*: //'), $(nproc) cores, $(($(grep MemTotal /proc/meminfo | tr -dc 0-9) / 1024)) MB"
echo "system      $(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release), Linux $(uname -r)"
echo "compiler    $("${CXX:-c++}" --version | head -n1); $("${VERILATOR:-verilator}" --version | cut -d' ' -f1,2)"
echo "load        $(load)"
if changes=$(git status --porcelain 2>/dev/null); then
  echo "commit      $(git rev-parse --short HEAD)${changes:+, with uncommitted changes}"
fi

if [ "${1:-}" = --cold ]; then
  exec scripts/cold_start.py "${@:2}"
fi
if [ "${1:-}" = --build ]; then
  jobs=${2:-$(nproc)}
  echo "== clean build of everything but the tests (build/clean, $jobs jobs, no ccache)"
  rm -rf build/clean
  mkdir build/clean
  # Memory is that of the largest process, so jobs times it is an upper bound.
  CCACHE_DISABLE=1 python3 - "$jobs" <<'PYTHON'
import resource, subprocess, sys, time

def run(name, *command):
    wall, start = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with open("build/clean.log", "w") as log:
        code = subprocess.call(command, stdout=log, stderr=subprocess.STDOUT)
    if code != 0:
        sys.stderr.writelines(open("build/clean.log").readlines()[-30:])
        sys.exit(3)
    wall, end = time.monotonic() - wall, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime
    print(f"{name:<11} {wall:6.1f} s, {processor:6.1f} s of processor time", flush=True)

run("configure", "cmake", "--preset", "release", "-B", "build/clean", "-DHILBERT_TESTS=OFF")
run("build", "cmake", "--build", "build/clean", "-j", sys.argv[1])
print(f"memory      {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB in the largest process")
PYTHON
  echo "load        $(load)"
  rm -rf build/clean
  exit
fi

echo "== build (build/release)"
scripts/build.sh hilbert_cli

# The command lines as they were run, without paths.
flags() { grep -m1 -o "\"command\": .*$1" build/release/compile_commands.json | grep -oE ' -(O|march|std=|f|D(NDEBUG|VM_TRACE=))[^ ]*' | tr -d '\n'; }
echo "chips      $(flags 'Vhb_full/fast_1.cc')"
echo "model      $(flags 'gemm.cpp')"
echo "verilator   $(grep -ohE -- ' --?(O3|x-[a-z]+ [a-z]+|noassert|output-split [0-9]+|f[a-z-]+)' build/release/tb/verilated/hilbert_chips/Vhb_full/Vhb_full__verFiles.dat | tr -d '\n')"

if [ "${1:-}" = --figures ]; then
  echo "== figures, section by section"
  exec scripts/figures.py "${@:2}"
fi

echo "== figures (also in build/out/bench.json)"
build/release/bin/hilbert bench "$@" --json build/out/bench.json

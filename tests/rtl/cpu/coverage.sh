#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: tests/rtl/cpu/coverage.sh BUILD_DIR   line coverage of the core by its tests, from a build with -DHILBERT_COVERAGE=ON
# Prints the figure and every line that was never reached; the annotated sources stay in BUILD_DIR/cpu_coverage.
set -eu
build=$1
out=$build/cpu_coverage
rm -rf "$out" && mkdir -p "$out/dat"
HILBERT_CPU_PROGRAMS=${HILBERT_CPU_PROGRAMS:-60} HILBERT_COVERAGE_DIR=$out/dat "$build/bin/cpu_test" --gtest_brief=1 > "$out/log"
verilator_coverage --annotate "$out" --annotate-min 1 --annotate-all --write "$out/all.dat" "$out"/dat/*.dat | tail -n 3
rm -r "$out/dat"
grep -n '^%000000' "$out"/*.sv || true

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The tests, from a fresh clone: packages, static gate, build, CTest.   scripts/test.sh [ctest options, for example -L unit]
# Without options: all but those labelled long (minutes each); with -L '.*' those too.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh --all
echo "== static gate"
scripts/check.sh
echo "== build (build/release, all that is said in build/build.log)"
scripts/build.sh
echo "== tests, $SECONDS s so far"
[ $# -gt 0 ] || set -- -LE '^long$'
ctest --test-dir build/release --output-on-failure --no-tests=error -j "$(nproc)" "$@"

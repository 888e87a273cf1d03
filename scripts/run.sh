#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The main job, from a fresh clone: packages, build, golden regression on the verilated tile, then a network trained on it.
# Builds only what that needs: the program with the chip full. `cmake --preset release && cmake --build --preset release` adds the
# other chips and the tests.
set -euo pipefail
cd "$(dirname "$0")/.."

times=()
stage() {  # NAME COMMAND...: runs it and notes how long it took
  local name=$1 start=$SECONDS
  shift
  echo "== $name"
  "$@"
  times+=("$((SECONDS - start)) s $name")
}

hilbert=build/release/bin/hilbert
mkdir -p build/out
stage "packages" scripts/setup.sh
stage "build (build/release, all that is said in build/build.log)" scripts/build.sh --main
stage "golden regression on the verilated tile" "$hilbert" regress --device sim:full --jobs "$(nproc)"
stage "training on the verilated tile" "$hilbert" train --device sim:full --html build/out/training.html --json build/out/training.json
echo "loss curve: build/out/training.html"
echo "== times"
printf '%s\n' "${times[@]}" "$SECONDS s in all" | awk '{printf "%6d s  ", $1; $1 = $2 = ""; sub(/^ +/, ""); print}'

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The main job, from a fresh clone: packages, build, golden regression on the verilated tile, then a network trained on it.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh
echo "== build (build/release)"
mkdir -p build
cmake --preset release >build/configure.log 2>&1 || { tail -n 30 build/configure.log >&2; exit 3; }
HILBERT=build/release/bin/hilbert
cmake --build --preset release --target hilbert_cli

echo "== golden regression on the verilated tile"
"$HILBERT" regress --device sim:full --jobs "$(nproc)"

echo "== training on the verilated tile"
mkdir -p build/out
"$HILBERT" train --device sim:full --html build/out/training.html --json build/out/training.json
echo "loss curve: build/out/training.html"

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Configures and builds build/release. What Ninja says goes to build/build.log; here only how far it is.
#   scripts/build.sh [TARGET...]   these targets, or everything
#   scripts/build.sh --main        what scripts/run.sh needs: the program with the chip full; where a build is already, as that has it
# Exit code: 0 good, 3 it failed (what the compiler said is printed).
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build
log=build/build.log
terminal=false
if [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]; then terminal=true; fi

configure=(cmake --preset release)
targets=("$@")
if [ "${1:-}" = --main ]; then
  targets=(hilbert_cli)
  if [ -e build/release/CMakeCache.txt ]; then configure=(cmake build/release); else configure+=(-DHILBERT_CHIPS=full); fi
fi
"${configure[@]}" >build/configure.log 2>&1 || { tail -n 30 build/configure.log >&2; exit 3; }
grep -E '^-- (Verilator|no |.*: skipped)' build/configure.log || true

# Reads Ninja's lines; says on a terminal at most once a second, else at most every half minute, how far it is.
progress() {
  local line now last=0 period=30
  $terminal && period=1
  while IFS= read -r line; do
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
    local done=${BASH_REMATCH[1]} all=${BASH_REMATCH[2]}
    now=$SECONDS
    if ((now - last < period && done < all)); then continue; fi
    last=$now
    local text="  step $done of $all, $now s"
    if ((done < all && now > 5)); then text+=", about $((now * (all - done) / done)) s left"; fi
    if $terminal; then printf '\r%-60s' "$text"; else printf '%s\n' "$text"; fi
  done
  if $terminal; then printf '\r%-60s\r' ""; fi
}

[ ${#targets[@]} -eq 0 ] || targets=(--target "${targets[@]}")
SECONDS=0
if ! NINJA_STATUS='[%f/%t] ' cmake --build --preset release "${targets[@]}" 2>&1 | tee "$log" | progress; then
  # Of each failed command what it said, without the command.
  awk '/^FAILED: /{print substr($0, 1, 200); said = 1; getline; next} /^\[[0-9]+\/[0-9]+\]/{said = 0} said' "$log" | head -n 60 >&2
  grep -q '^FAILED: ' "$log" || tail -n 20 "$log" | cut -c1-300 >&2
  echo "build.sh: the build failed; all of it is in $log" >&2
  exit 3
fi

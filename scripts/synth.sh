#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Synthesises the small chip (tb/chips.cmake) with Yosys.
#   scripts/synth.sh netlist OUT.json   generic gates and memories, flat: what tests/system/netlist replays golden vectors on
#   scripts/synth.sh ice40              an iCE40 FPGA, module by module; prints what of it the chip uses, and where
# Exit code: 0 good, 2 bad usage, 3 Yosys failed (the end of its log is printed).
set -euo pipefail

usage() { sed -n '3,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }
target=${1:-}
case $target in
  netlist) [ $# -eq 2 ] || usage; out=$(realpath -m "$2") ;;
  ice40)   [ $# -eq 1 ] || usage ;;
  *)       usage ;;
esac
cd "$(dirname "$0")/.."
command -v yosys >/dev/null || { echo "synth.sh: yosys not found (Debian: apt-get install yosys)" >&2; exit 3; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mapfile -t sources < <(grep -v '^#' rtl/hilbert.f)
read -ra names < <(sed -n 's/^set(HILBERT_CHIP_PARAMETERS \(.*\))/\1/p' tb/chips.cmake)
read -ra values < <(sed -n 's/^ *"small  *\(.*\)".*/\1/p' tb/chips.cmake)
parameters=""
for i in "${!names[@]}"; do parameters+=" -set ${names[i]} ${values[i]}"; done

{
  echo "read_verilog -sv ${sources[*]}"
  echo "chparam$parameters hb_chip"
  echo "hierarchy -check -top hb_chip"
  if [ "$target" = netlist ]; then
    # As `synth -flatten`, but for memory_map, so that memories stay memories, and flattened last, which takes half the time.
    # Without the pass `share`, which takes longer than all others together.
    printf '%s\n' "synth -noshare -run begin:fine" "opt -fast" "techmap" "opt -fast" "abc -fast" "opt -fast" \
                  "flatten" "clean" "check -assert" "write_json $work/netlist.json"
  else
    # Not flattened, which takes less than half the time and tells the modules apart.
    printf '%s\n' "synth_ice40 -dsp -noflatten -top hb_chip" "tee -o $work/stat.txt stat"
  fi
} >"$work/synth.ys"
if ! yosys -s "$work/synth.ys" >"$work/yosys.log" 2>&1; then
  tail -n 20 "$work/yosys.log" >&2
  exit 3
fi
if [ "$target" = netlist ]; then
  mkdir -p "$(dirname "$out")"
  mv "$work/netlist.json" "$out"
else
  scripts/synth_cells.py "$work/stat.txt" hb_chip
fi

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Synthesises a chip of rtl/regs/chips.toml (small), or a link or the network of 4x8x2, with Yosys.
#   scripts/synth.sh netlist OUT.json [CHIP]   in generic gates and memories, flat: for campaigns, and replays of golden vectors
#   scripts/synth.sh ice40 [link | net]        for an iCE40 FPGA, module by module; prints what of it is used, and where
# The environment's YOSYS names another Yosys than `yosys` (tried: Debian's 0.23, and 0.70).
# Exit code: 0 good, 2 bad usage, 3 Yosys failed (the end of its log is printed).
set -euo pipefail

usage() { sed -n '3,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
target=${1:-}
part=""
chip=small
case $target in
  netlist) [[ $# -eq 2 || $# -eq 3 ]] || usage; out=$(realpath -m "$2"); chip=${3:-small} ;;
  ice40)   part=${2:-}; [[ $# -eq 1 || ($# -eq 2 && ($part = link || $part = net)) ]] || usage ;;
  *)       usage ;;
esac
cd "$(dirname "$0")/.."
yosys=${YOSYS:-yosys}
command -v "$yosys" >/dev/null || { echo "synth.sh: $yosys not found (Debian: apt-get install yosys)" >&2; exit 3; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mapfile -t sources < <(grep -v '^#' rtl/hilbert.f)
[ -z "$part" ] || chip=4x8x2
declare -A value
pairs=$(scripts/chips.py "$chip")
for pair in $pairs; do value[${pair%%=*}]=${pair#*=}; done
parameters=""
case $part in
  link)
    for name in Lanes MaxWords BufferWords ReplayWords Window; do parameters+=" -set $name ${value[Link$name]}"; done ;;
  net)
    parameters+=" -set WordBytes ${value[WordBytes]} -set DataBytes $((value[Banks] * value[BankBytes])) -set MaxWords ${value[LinkMaxWords]}" ;;
  *)
    for pair in $(scripts/chips.py --parameters "$chip"); do parameters+=" -set ${pair%%=*} ${pair#*=}"; done ;;
esac
top=hb_${part:-chip}

{
  echo "read_verilog -sv ${sources[*]}"
  echo "chparam$parameters $top"
  echo "hierarchy -check -top $top"
  # A wire with an attribute keeps the names of all its bits: without one, 25 flip-flops of `small` lose theirs.
  echo "setattr -set register 1 w:*_q"
  if [ "$target" = netlist ]; then
    # As `synth -flatten`, but for memory_map, so that memories stay memories, and flattened last, which takes half the time.
    # Without the pass `share`, which takes longer than all others together. ABC's script is that of `abc -fast`, an option that
    # newer versions do not have; they also leave notes in the netlist that are no hardware. State machines keep their coding and
    # read pointers stay flip-flops, so that the netlist has the RTL's state and no other.
    printf '%s\n' "synth -noshare -nofsm -nordff -run begin:fine" "opt -fast" "techmap" "opt -fast" "abc -script +strash;dretime;map" "opt -fast" \
                  "flatten" "clean" "delete */t:\$scopeinfo" "check -assert" "write_json $work/netlist.json"
  else
    # Not flattened, which takes less than half the time and tells the modules apart.
    printf '%s\n' "synth_ice40 -dsp -noflatten -top $top" "tee -o $work/stat.json stat -json"
  fi
} >"$work/synth.ys"
if ! "$yosys" -s "$work/synth.ys" >"$work/yosys.log" 2>&1; then
  tail -n 20 "$work/yosys.log" >&2
  exit 3
fi
# Yosys exits 0 when `-dsp` has lost a multiplier, and only warns (findings/yosys_ice40_dsp_deletes_multipliers.sh).
if grep -n "Driver-driver conflict" "$work/yosys.log" >&2; then
  echo "synth.sh: two cells drive one net: the netlist is wrong" >&2
  exit 3
fi
if [ "$target" = netlist ]; then
  mkdir -p "$(dirname "$out")"
  mv "$work/netlist.json" "$out"
else
  scripts/synth_cells.py "$work/stat.json" "$top"
fi

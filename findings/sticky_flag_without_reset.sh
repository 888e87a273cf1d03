#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An error flag without a reset means three things: 0 in Verilator, x in Icarus Verilog, 1 for ever in Yosys.
# Versions:  Yosys 0.23 (Debian 12) and 0.70 (PyPI pyosys), Verilator 5.006, Icarus Verilog 11.
# Behaviour: a flag that only ever loads 1 is replaced by the constant 1, since power-up is free; no message.
#            The simulators show it low, or unknown, before the first error.
# Output:    before any error: Verilator 0, Icarus x, netlists of both Yosys 1 (0 flip-flops left).
# Expected:  one meaning, or at least a warning that an output register became a constant.
# Instead:   give every sticky flag a reset or an initial value, and compare all state of RTL and netlist at start.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pyosys==0.70
printf 'found %s; stated for 0.23\n' "$(yosys -V)"
printf 'found %s; stated for 11.0\n' "$(iverilog -V 2>/dev/null | sed -n 1p)"
printf 'found %s; stated for 5.006\n' "$(verilator --version)"

cat > sticky.v <<'E'
module sticky(input clk, input error, output reg flag);
  always @(posedge clk) if (error) flag <= 1'b1;
endmodule
E
cat > bench.v <<'E'
module bench;
  reg clk = 0;
  wire flag;
  sticky dut(.clk(clk), .error(1'b0), .flag(flag));
  initial begin #1 clk = 1; #1 $display("%b", flag); end
endmodule
E
cat > main.cpp <<'E'
#include <cstdio>
#include "Vsticky.h"
int main() {
  Vsticky top;
  for (int clk = 0; clk < 2; ++clk) {
    top.clk = clk;
    top.eval();
  }
  std::printf("%d\n", top.flag);
}
E
cat > new.py <<'E'
import sys
from pyosys import libyosys
design = libyosys.Design()
for command in sys.argv[1].split("; "):
    libyosys.run_pass(command, design)
E

commands='read_verilog sticky.v; synth -top sticky; select -count t:*DFF*; write_verilog -noattr'
icarus() { iverilog -o bench.vvp bench.v "$1" && vvp bench.vvp; }
verilator --cc --exe --build -Mdir v -o v main.cpp sticky.v >log
old=$(yosys -p "$commands old.v" | sed -n 's/^\([0-9]*\) objects\.$/\1/p')
new=$(venv/bin/python new.py "$commands new.v" | sed -n 's/^\([0-9]*\) objects\.$/\1/p')
seen=$(echo "Verilator: $(v/v)"
       echo "Icarus: $(icarus sticky.v)"
       echo "Yosys 0.23: $(icarus old.v), $old flip-flops"
       echo "Yosys 0.70: $(icarus new.v), $new flip-flops")
stated='Verilator: 0
Icarus: x
Yosys 0.23: 1, 0 flip-flops
Yosys 0.70: 1, 0 flip-flops'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

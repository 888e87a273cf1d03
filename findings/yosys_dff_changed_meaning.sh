#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One command line, two Yosys versions: synth_ice40 -dff keeps a parity bit in 0.23 and removes it in 0.70.
# Versions:  Yosys 0.23 (Debian 12) and 0.70 (PyPI pyosys), synth_ice40 with and without -dff, -abc9.
# Behaviour: 0.70 uses ABC9 by default, which with -dff proves registers equal to functions of others and merges them.
#            0.23 does so only if -abc9 is asked for as well. No message in either.
# Output:    a byte and its parity: 9 flip-flops and a live checker in 0.23, 8 and "alarm = 0" in 0.70.
# Expected:  the option's promise ("run abc with -dff") holds between versions, or the change is said.
# Instead:   no -dff in flows with redundancy; audit the netlist of the very version that is used.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pyosys==0.70
printf 'found %s; stated for 0.23\n' "$(yosys -V)"

cat > parity.v <<'E'
module parity(input clk, input [7:0] d, output reg [7:0] q, output alarm);
  reg p;
  always @(posedge clk) begin q <= d; p <= ^d; end
  assign alarm = p != ^q;
endmodule
E
cat > new.py <<'E'
import sys
from pyosys import libyosys
design = libyosys.Design()
for command in sys.argv[1].split("; "):
    libyosys.run_pass(command, design)
E

report() {
  echo "$(sed -n 's/^\([0-9]*\) objects\.$/\1/p' log) flip-flops," \
       "alarm $(grep -q "assign alarm = 1'h0;" netlist.v && echo constant || echo alive)"
}
seen=$(for options in '' '-dff' '-abc9 -dff'; do
         commands="read_verilog parity.v; synth_ice40 $options -top parity; select -count t:SB_DFF*"
         commands+='; write_verilog -noattr netlist.v'
         yosys -p "$commands" >log
         echo "0.23 [$options]: $(report)"
         venv/bin/python new.py "$commands" >log
         echo "0.70 [$options]: $(report)"
       done)
stated='0.23 []: 9 flip-flops, alarm alive
0.70 []: 9 flip-flops, alarm alive
0.23 [-dff]: 9 flip-flops, alarm alive
0.70 [-dff]: 8 flip-flops, alarm constant
0.23 [-abc9 -dff]: 8 flip-flops, alarm constant
0.70 [-abc9 -dff]: 8 flip-flops, alarm constant'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

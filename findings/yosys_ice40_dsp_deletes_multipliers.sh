#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# synth_ice40 -dsp deletes a pipelined multiplier whole: the output is undriven, the exit code 0.
# Versions:  Yosys 0.23 (Debian 12) and 0.70 (PyPI pyosys).
# Behaviour: 16 x 16 bits with input registers and two registers behind the product. The registers are pulled into
#            a DSP block, the product is then "resolved using constant x". With one register behind it all is well.
# Output:    0 cells with two registers, 1 SB_MAC16 with one, in both versions.
# Expected:  1 SB_MAC16 in both, since the block holds these registers itself, or an error.
# Instead:   end the flow at "Driver-driver conflict", and simulate the mapped netlist, not the RTL alone.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pyosys==0.70
printf 'found %s; stated for 0.23\n' "$(yosys -V)"

cat > product.v <<'E'
module one(input clk, input signed [15:0] a, b, output reg signed [31:0] q);
  reg signed [15:0] ra, rb;
  always @(posedge clk) begin ra <= a; rb <= b; q <= ra * rb; end
endmodule
module two(input clk, input signed [15:0] a, b, output reg signed [31:0] q);
  reg signed [15:0] ra, rb;
  reg signed [31:0] p;
  always @(posedge clk) begin ra <= a; rb <= b; p <= ra * rb; q <= p; end
endmodule
E
cat > new.py <<'E'
import sys
from pyosys import libyosys
design = libyosys.Design()
for command in sys.argv[1].split("; "):
    libyosys.run_pass(command, design)
E

count() {
  local commands="read_verilog product.v; synth_ice40 -dsp -top $1; select -count $1/t:SB_MAC16; select -count $1/t:*"
  echo "$(yosys -p "$commands" | sed -n 's/ objects\.$//p' | paste -sd/) in 0.23," \
       "$(venv/bin/python new.py "$commands" | sed -n 's/ objects\.$//p' | paste -sd/) in 0.70"
}
seen=$(echo "DSP blocks / cells, one register behind the product: $(count one)"
       echo "DSP blocks / cells, two registers behind the product: $(count two)")
stated='DSP blocks / cells, one register behind the product: 1/1 in 0.23, 1/1 in 0.70
DSP blocks / cells, two registers behind the product: 0/0 in 0.23, 0/0 in 0.70'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

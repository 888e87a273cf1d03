#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Yosys merges triplicated registers, although each carries (* keep *), and says nothing.
# Versions:  Yosys 0.23 (Debian 12) and 0.70 (PyPI pyosys), synth, synth_ice40 and synth_ecp5.
# Behaviour: three 8-bit copies that load one voted value become one copy; voter and disagreement flag go too.
#            Each copy in a module of its own under (* keep_hierarchy *) survives.
# Output:    8 flip-flops of 24 in six flows; 3 copies of 8 with keep_hierarchy.
# Expected:  24: whoever marks each copy with `keep` means the flip-flops; Yosys keeps the name of the wire alone.
# Instead:   keep_hierarchy on the copies and on the voters, and count flip-flops in the netlist.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pyosys==0.70
printf 'found %s; stated for 0.23\n' "$(yosys -V)"

cat > registers.v <<'E'
module top(input clk, input rst, input [7:0] d, output [7:0] q, output bad);
  (* keep *) reg [7:0] a, b, c;
  wire [7:0] next = q + d;
  assign q = (a & b) | (a & c) | (b & c);
  assign bad = (a != b) | (a != c);
  always @(posedge clk) begin
    a <= rst ? 8'd0 : next;
    b <= rst ? 8'd0 : next;
    c <= rst ? 8'd0 : next;
  end
endmodule
E
cat > modules.v <<'E'
module copy(input clk, input rst, input [7:0] next, output reg [7:0] q);
  always @(posedge clk) q <= rst ? 8'd0 : next;
endmodule
module top(input clk, input rst, input [7:0] d, output [7:0] q, output bad);
  wire [7:0] a, b, c;
  wire [7:0] next = q + d;
  assign q = (a & b) | (a & c) | (b & c);
  assign bad = (a != b) | (a != c);
  (* keep_hierarchy *) copy copy_a(.clk(clk), .rst(rst), .next(next), .q(a));
  (* keep_hierarchy *) copy copy_b(.clk(clk), .rst(rst), .next(next), .q(b));
  (* keep_hierarchy *) copy copy_c(.clk(clk), .rst(rst), .next(next), .q(c));
endmodule
E
cat > new.py <<'E'
import sys
from pyosys import libyosys
design = libyosys.Design()
for command in sys.argv[1].split("; "):
    libyosys.run_pass(command, design)
E

# What a selection counts after a flow, in Yosys 0.23 and 0.70.
count() {
  local commands="read_verilog $1.v; $2 -top top; select -count $3"
  echo "$(yosys -p "$commands" | sed -n 's/ objects\.$//p')" \
       "$(venv/bin/python new.py "$commands" | sed -n 's/ objects\.$//p')"
}
seen=$(for flow in synth synth_ice40 synth_ecp5; do
         echo "keep, $flow: $(count registers "$flow" 'top/t:*DFF* top/t:TRELLIS_FF %u') flip-flops"
       done
       echo "keep_hierarchy: $(count modules synth_ice40 top/t:copy) copies of" \
            "$(count modules synth_ice40 'copy/t:*DFF*') flip-flops")
stated='keep, synth: 8 8 flip-flops
keep, synth_ice40: 8 8 flip-flops
keep, synth_ecp5: 8 8 flip-flops
keep_hierarchy: 3 3 copies of 8 8 flip-flops'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

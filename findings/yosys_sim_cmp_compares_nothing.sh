#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Yosys 0.23 `sim -sim-cmp` finds no difference in a wrong waveform, if names and ranges are one word.
# Versions:  Yosys 0.23 (Debian 12) and 0.70 (PyPI pyosys).
# Behaviour: `$var wire 8 # q[7:0] $end` (as GHDL writes it) is not matched with the signal q, so it is never compared.
#            With a blank (`q [7:0]`) the same wrong values are found. 0.70 finds them in both.
# Output:    0.23: glued passes, spaced "Signal difference"; 0.70: "Signal difference" twice.
# Expected:  an error in all four: the recorded output is 8'haa, the counter's is not.
# Instead:   first compare against a waveform with one wrong value: a comparison that cannot fail is not one.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pyosys==0.70
printf 'found %s; stated for 0.23\n' "$(yosys -V)"

cat > counter.v <<'E'
module counter(input clk, input rst, output reg [7:0] q);
  always @(posedge clk) q <= rst ? 8'd0 : q + 8'd1;
endmodule
E
waveform() {
  cat <<E
\$timescale 1ns \$end
\$scope module counter \$end
\$var wire 1 ! clk \$end
\$var wire 1 " rst \$end
\$var wire 8 # $1 \$end
\$upscope \$end
\$enddefinitions \$end
E
  local tick
  for tick in 0 1 2 3 4 5; do
    printf '#%d\n0!\n%d"\nb10101010 #\n#%d\n1!\n' $((10 * tick)) $((tick == 0)) $((10 * tick + 5))
  done
  echo '#60'
}
waveform 'q[7:0]' >glued.vcd
waveform 'q [7:0]' >spaced.vcd
cat > new.py <<'E'
import sys
from pyosys import libyosys
design = libyosys.Design()
for command in sys.argv[1].split("; "):
    libyosys.run_pass(command, design)
E

verdict() { grep -o 'Signal difference' log || echo 'no difference'; }
seen=$(for form in glued spaced; do
         commands="read_verilog counter.v; prep -top counter; sim -clock clk -r $form.vcd -scope counter -sim-cmp"
         yosys -p "$commands" >log 2>&1 && code=0 || code=$?
         echo "0.23 $form: $(verdict), exit $code"
         venv/bin/python new.py "$commands" >log 2>&1 && code=0 || code=$?
         echo "0.70 $form: $(verdict), exit $code"
       done)
stated='0.23 glued: no difference, exit 0
0.70 glued: Signal difference, exit 1
0.23 spaced: Signal difference, exit 1
0.70 spaced: Signal difference, exit 1'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

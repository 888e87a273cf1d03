#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# vcd2fst loses every X and Z of a one-bit signal that is written as a capital: the wire seems never unknown.
# Versions:  vcd2fst and fst2vcd of GTKWave 3.3.118 (Debian 12); pyvcd 0.5.1 (PyPI) as the second reader.
# Behaviour: `X"` is a legal value change (IEEE 1364-2005, 18.2, lists x and X, z and Z); it vanishes. Vectors are kept.
# Output:    the file has 5 changes of one bit, the FST 3; of a 2-bit vector with capitals it has 2 of 2.
# Expected:  5 of 5, or a refusal. GHDL's VCD files write all states in capitals.
# Instead:   put the states into small letters first (in the value changes, not in the names), or record FST directly.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pyvcd==0.5.1
printf 'found %s; stated for 3.3.118\n' "$(dpkg-query -W -f '${Package} ${Version}' gtkwave)"

cat > states.vcd <<'E'
$timescale 1 ns $end
$scope module top $end
$var wire 1 " bit $end
$var wire 2 # pair [1:0] $end
$upscope $end
$enddefinitions $end
#0
0"
bXX #
#1
X"
#2
Z"
bZ1 #
#3
1"
#4
x"
E
cat > read.py <<'E'
import collections
import sys
from vcd.reader import TokenKind, tokenize
count = collections.Counter()
with open(sys.argv[1], "rb") as file:
    for token in tokenize(file):
        if token.kind in (TokenKind.CHANGE_SCALAR, TokenKind.CHANGE_VECTOR):
            count[token.kind] += 1
print(f"{count[TokenKind.CHANGE_SCALAR]} of one bit, {count[TokenKind.CHANGE_VECTOR]} of two")
E
vcd2fst states.vcd states.fst
fst2vcd states.fst >back.vcd
seen=$(echo "file: $(venv/bin/python read.py states.vcd)"
       echo "through FST: $(venv/bin/python read.py back.vcd)")
stated='file: 5 of one bit, 2 of two
through FST: 3 of one bit, 2 of two'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An older pywellen lists one name only of a wire that has several; a newer one lists all of them.
# Versions:  pywellen 0.20.5 and 0.25.7, and pyvcd 0.5.1 (all PyPI).
# Behaviour: two $var lines with one identifier are two names of one wire. 0.20.5's all_vars() gives the last one.
# Output:    pyvcd 3 names, pywellen 0.20.5 2, pywellen 0.25.7 3.
# Expected:  3: simulators share identifiers between a port and the net that drives it as a rule.
# Instead:   pywellen 0.25.7 or newer, or take the names from a reader of the header (pyvcd) and look each up.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pywellen==0.20.5 pyvcd==0.5.1
python3 -m venv newer
newer/bin/pip install -q --disable-pip-version-check pywellen==0.25.7

cat > shared.vcd <<'E'
$timescale 1 ns $end
$scope module top $end
$var wire 1 ! port $end
$var wire 1 ! net $end
$var wire 1 " other $end
$upscope $end
$enddefinitions $end
#0
0!
1"
#1
1!
E
cat > read.py <<'E'
import pywellen
from vcd.reader import TokenKind, tokenize
with open("shared.vcd", "rb") as file:
    print("pyvcd:", *sorted(t.var.reference for t in tokenize(file) if t.kind == TokenKind.VAR))
hierarchy = pywellen.Waveform(path="shared.vcd").hierarchy
print("pywellen 0.20.5:", *sorted(variable.name(hierarchy) for variable in hierarchy.all_vars()))
E
cat > read_newer.py <<'E'
import pywellen
names = sorted(str(variable)[8:-1] for variable in pywellen.Waveform("shared.vcd").all_vars())
print("pywellen 0.25.7:", *names)
E
seen=$(venv/bin/python read.py; newer/bin/python read_newer.py)
stated='pyvcd: net other port
pywellen 0.20.5: net other
pywellen 0.25.7: net other port'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

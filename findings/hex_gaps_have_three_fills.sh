#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One Intel hex file with a gap becomes three different binaries: zeros, ones, or padded from address 0.
# Versions:  objcopy of binutils 2.40 and srec_cat 1.64 (Debian 12); intelhex 2.3.0 and bincopy 20.1.1 (PyPI).
# Behaviour: bytes at 0x10-0x13 and 0x18-0x19. The gap is 00 in objcopy, FF in intelhex and bincopy;
#            srec_cat fills with 00 too, but from address 0, so every byte moves by 16.
# Output:    see `stated`.
# Expected:  one binary, or a refusal: the file does not say what lies in the gap, nor where a binary begins.
# Instead:   name fill and start in each tool (objcopy --gap-fill, srec_cat -fill and -offset, padding=), compare sums.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check intelhex==2.3.0 bincopy==20.1.1
printf 'found %s; stated for 2.40\n' "$(objcopy --version | sed -n 1p)"
printf 'found %s; stated for 1.64\n' "$(srec_cat --version | sed -n 1p)"

printf ':0400100001020304E2\n:020018000506DB\n:00000001FF\n' >gap.hex
cat > read.py <<'E'
import bincopy
import intelhex
print("intelhex", intelhex.IntelHex("gap.hex").tobinstr().hex())
image = bincopy.BinFile()
image.add_ihex_file("gap.hex")
print("bincopy", image.as_binary().hex())
E
objcopy -I ihex -O binary gap.hex objcopy.bin
srec_cat gap.hex -intel -o srec_cat.bin -binary
seen=$(for tool in objcopy srec_cat; do echo "$tool $(od -An -v -tx1 $tool.bin | tr -d ' \n')"; done
       venv/bin/python read.py)
stated='objcopy 01020304000000000506
srec_cat 0000000000000000000000000000000001020304000000000506
intelhex 01020304ffffffff0506
bincopy 01020304ffffffff0506'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# numpy.save takes arrays of bfloat16, float8 and float4 and forgets which: they load as raw bytes, or not at all.
# Versions:  numpy 2.4.6 and ml_dtypes 0.6.0 (PyPI).
# Behaviour: five formats of one byte are all written as "<V1", bfloat16 as "<V2": load gives void values without a
#            warning. float8_e5m2 is written as "<f1", which numpy.load itself refuses: the file is good for nobody.
# Output:    see `stated`: what stands in the header and what load makes of it.
# Expected:  an error from save, or a file that load turns into the same array.
# Instead:   save array.view(uint8 or uint16) and write the format's name beside it; view back after loading.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check ml_dtypes==0.6.0 numpy==2.4.6

cat > save.py <<'E'
import io
import re
import ml_dtypes
import numpy as np
for name in ("bfloat16", "float8_e4m3fn", "float8_e8m0fnu", "float8_e3m4", "float4_e2m1fn", "int4", "float8_e5m2"):
    file = io.BytesIO()
    np.save(file, np.ones(3, getattr(ml_dtypes, name)))
    written = re.search(rb"'descr': '([^']*)'", file.getvalue())[1].decode()
    file.seek(0)
    try:
        loaded = np.load(file).dtype.str
    except ValueError as error:
        loaded = type(error).__name__
    print(f"{name}: saved as {written}, loaded as {loaded}")
E
seen=$(venv/bin/python save.py)
stated='bfloat16: saved as <V2, loaded as |V2
float8_e4m3fn: saved as <V1, loaded as |V1
float8_e8m0fnu: saved as <V1, loaded as |V1
float8_e3m4: saved as <V1, loaded as |V1
float4_e2m1fn: saved as <V1, loaded as |V1
int4: saved as <V1, loaded as |V1
float8_e5m2: saved as <f1, loaded as ValueError'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The sum of 512 ones is 256, 16 or 8 in narrow arrays of numpy, and 512 by a product with ones.
# Versions:  ml_dtypes 0.6.0 and numpy 2.4.6 (PyPI).
# Behaviour: sum() and mean() add in the narrow type, where a large sum plus 1 is the large sum. numpy's own float16
#            gives 512, and so does the matmul of the narrow types, one line further.
# Output:    sum 256 (bfloat16), 16 (float8_e4m3fn), 8 (float8_e5m2); float16 512; every matmul 512.
# Expected:  512 in bfloat16 and float8_e5m2, 448 or NaN in e4m3fn: the sum rounded once.
# Instead:   sum(dtype=np.float32).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check ml_dtypes==0.6.0 numpy==2.4.6

cat > sum.py <<'E'
import ml_dtypes
import numpy as np
for narrow in (np.float16, ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn, ml_dtypes.float8_e5m2):
    ones = np.ones(512, narrow)
    print(f"{np.dtype(narrow).name}: sum {float(ones.sum())}, mean {float(ones.mean())},",
          f"matmul {float(ones @ ones)}, in float32 {float(ones.sum(dtype=np.float32))}")
E
seen=$(venv/bin/python sum.py)
stated='float16: sum 512.0, mean 1.0, matmul 512.0, in float32 512.0
bfloat16: sum 256.0, mean 0.5, matmul 512.0, in float32 512.0
float8_e4m3fn: sum 16.0, mean 0.03125, matmul 512.0, in float32 512.0
float8_e5m2: sum 8.0, mean 0.015625, matmul 512.0, in float32 512.0'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The scale of an MX block (E8M0, powers of two only) halfway between two codes: three libraries, three roundings.
# Versions:  ml_dtypes 0.6.0, gfloat 0.5.2, onnx 1.23.2, numpy 2.4.6 (all PyPI).
# Behaviour: ml_dtypes and onnx "nearest" take the larger one, gfloat the even code, onnx by default rounds always up.
#            onnx and ml_dtypes agree on halfway values; on 1.25 onnx's default is a factor of 2 away from the rest.
# Output:    see `stated`; gfloat halves the scale of 3.0 and 0.75 against the others.
# Expected:  one value: a whole block of 32 elements is scaled by it. The MX specification names no rounding.
# Instead:   round to a power of two yourself before the cast, and write the rule into the file's description.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check ml_dtypes==0.6.0 gfloat==0.5.2 onnx==1.23.2 numpy==2.4.6

cat > scale.py <<'E'
import gfloat
import ml_dtypes
import numpy as np
from gfloat.formats import format_info_ocp_e8m0
from onnx.numpy_helper import to_float8e8m0
values = np.array([0.75, 1.25, 1.5, 3.0, 6.0], np.float32)
def line(name, results):
    print(f"{name}:", *(float(result) for result in results))
line("values", values)
line("ml_dtypes", values.astype(ml_dtypes.float8_e8m0fnu))
line("gfloat", [gfloat.round_float(format_info_ocp_e8m0, float(value)) for value in values])
line("onnx, default", to_float8e8m0(values))
line("onnx, nearest", to_float8e8m0(values, round_mode="nearest"))
E
seen=$(venv/bin/python scale.py)
stated='values: 0.75 1.25 1.5 3.0 6.0
ml_dtypes: 1.0 1.0 2.0 4.0 8.0
gfloat: 0.5 1.0 2.0 2.0 8.0
onnx, default: 1.0 2.0 2.0 4.0 8.0
onnx, nearest: 1.0 1.0 2.0 4.0 8.0'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

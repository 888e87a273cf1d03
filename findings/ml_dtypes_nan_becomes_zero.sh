#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A NaN cast to a 4- or 6-bit float becomes -0.0 in silence: a diverged tensor looks like a sparse one.
# Versions:  ml_dtypes 0.6.0, gfloat 0.5.2, numpy 2.4.6 (all PyPI).
# Behaviour: float4_e2m1fn and the float6 formats have no NaN. ml_dtypes writes the code of -0.0; gfloat raises.
#            float8_e4m3fn, of the same library, keeps NaN and turns 1e6 into NaN, where the narrow ones saturate.
# Output:    see `stated`: NaN and 1e6 in four formats.
# Expected:  an error or a warning, as numpy gives for NaN to integer.
# Instead:   check np.isfinite before the cast, always.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check ml_dtypes==0.6.0 gfloat==0.5.2 numpy==2.4.6

cat > cast.py <<'E'
import warnings
import gfloat
import ml_dtypes
import numpy as np
from gfloat import formats
warnings.simplefilter("error")
for name in ("float4_e2m1fn", "float6_e2m3fn", "float6_e3m2fn", "float8_e4m3fn"):
    values = np.array([np.nan, 1e6], np.float32).astype(getattr(ml_dtypes, name))
    try:
        other = gfloat.round_float(getattr(formats, f"format_info_ocp_{name.split('_')[1].removesuffix('fn')}"), np.nan)
    except ValueError:
        other = "ValueError"
    print(f"{name}: NaN is {float(values[0])}, 1e6 is {float(values[1])}; gfloat: NaN is {other}")
E
seen=$(venv/bin/python cast.py)
stated='float4_e2m1fn: NaN is -0.0, 1e6 is 6.0; gfloat: NaN is ValueError
float6_e2m3fn: NaN is -0.0, 1e6 is 7.5; gfloat: NaN is ValueError
float6_e3m2fn: NaN is -0.0, 1e6 is 28.0; gfloat: NaN is ValueError
float8_e4m3fn: NaN is nan, 1e6 is nan; gfloat: NaN is nan'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One value, one library, two float8 codes: an array of float64 is rounded twice, a scalar once.
# Versions:  ml_dtypes 0.6.0, numpy 2.4.6, jax and jaxlib 0.10.2 (all PyPI).
# Behaviour: astype() of a float64 array goes through float32, which makes a tie of what lies just above it; ties go
#            to even. The scalar constructor and XLA round once. For bfloat16 scalars are rounded twice as well.
# Output:    1 + 2^-4 + 2^-40 to float8_e4m3fn: array 1.0, scalar 1.125, jax 1.125; bfloat16: array and scalar 1.0.
# Expected:  1.125, the nearest; for 1 + 2^-8 + 2^-40 to bfloat16 1.0078125.
# Instead:   round to odd in float32 first, or cast from float32 data only; make golden values from exact arithmetic.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check ml_dtypes==0.6.0 numpy==2.4.6 jax==0.10.2 jaxlib==0.10.2

cat > cast.py <<'E'
import jax
import ml_dtypes
import numpy as np
for name, step in (("float8_e4m3fn", 2.0**-3), ("float8_e5m2", 2.0**-2), ("bfloat16", 2.0**-7)):
    narrow = getattr(ml_dtypes, name)
    value = 1 + step / 2 + 2.0**-40
    with jax.enable_x64(True):
        compiled = float(jax.jit(lambda x: x.astype(narrow))(np.array([value]))[0])
    print(f"{name}: array {float(np.array([value]).astype(narrow)[0])}, scalar {float(narrow(value))},",
          f"jax {compiled}, nearest {1 + step}")
E
seen=$(JAX_PLATFORMS=cpu venv/bin/python cast.py)
stated='float8_e4m3fn: array 1.0, scalar 1.125, jax 1.125, nearest 1.125
float8_e5m2: array 1.0, scalar 1.25, jax 1.25, nearest 1.25
bfloat16: array 1.0, scalar 1.0, jax 1.0, nearest 1.0078125'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

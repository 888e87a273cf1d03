#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the reference model's bf16, e4m3 and e5m2 with the Python package ml_dtypes, an independent implementation.

Decodes every code, and encodes FP32 numbers (every neighbour, midpoint and value beside them, and random bits) with
nearest-even. Needs numpy and ml_dtypes (python3 -m venv v && v/bin/pip install numpy ml_dtypes) and the tool model_dump
(cmake --build build/release --target model_dump).

Exit code: 0 all equal, 1 a difference, 2 something is missing.
"""

import argparse
import subprocess
import sys
from pathlib import Path

try:
    import ml_dtypes
    import numpy as np
except ImportError as error:
    print(f"crosscheck_mldtypes: {error}; pip install numpy ml_dtypes", file=sys.stderr)
    sys.exit(2)

FORMATS = {"bf16": ml_dtypes.bfloat16, "e4m3": ml_dtypes.float8_e4m3fn, "e5m2": ml_dtypes.float8_e5m2}


def dump(tool, *arguments, numbers=None):
    """Runs model_dump and returns its two hexadecimal columns."""
    text = None if numbers is None else "\n".join(f"{n:x}" for n in numbers)
    run = subprocess.run([tool, *arguments], input=text, capture_output=True, text=True, check=True)
    table = np.array([[int(word, 16) for word in line.split()] for line in run.stdout.splitlines()], dtype=np.uint32)
    return table[:, 0], table[:, 1]


def same_floats(ours, theirs):
    """Bits equal, or both NaN (the model has one NaN, ml_dtypes keeps signs and payloads)."""
    return (ours == theirs) | (np.isnan(ours.view(np.float32)) & np.isnan(theirs.view(np.float32)))


def codes_of(dtype):
    unsigned = np.uint16 if np.dtype(dtype).itemsize == 2 else np.uint8
    return np.arange(np.iinfo(unsigned).max + 1, dtype=np.uint32).astype(unsigned)


def interesting_numbers(dtype, count):
    """Every value of the format, every midpoint, the FP32 neighbours of both, and random bits."""
    with np.errstate(invalid="ignore"):  # signalling NaNs among the codes
        finite = codes_of(dtype).view(dtype).astype(np.float64)
    finite = np.unique(finite[np.isfinite(finite)])
    middles = (finite[1:] + finite[:-1]) / 2
    beyond = finite[-1] + (finite[-1] - finite[-2]) * np.array([0.25, 0.5, 0.75, 1.0, 2.0])
    with np.errstate(over="ignore"):
        points = np.concatenate([finite, middles, beyond, -beyond]).astype(np.float32)
    up, down = np.nextafter(points, np.float32(np.inf)), np.nextafter(points, np.float32(-np.inf))
    noise = np.random.default_rng(1).integers(0, 2**32, count, dtype=np.uint32).view(np.float32)
    return np.concatenate([points, up, down, noise, np.float32([np.inf, -np.inf, np.nan, -0.0])])


def check(name, what, good, inputs, ours, theirs):
    bad = np.flatnonzero(~good)
    print(f"{name}: {what}: {len(good)} compared, {len(bad)} differ")
    for i in bad[:5]:
        print(f"  {int(inputs[i]):#010x}: model {int(ours[i]):#x}, ml_dtypes {int(theirs[i]):#x}")
    return len(bad) == 0


def main():
    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tool", default=root / "build/release/bin/model_dump", help="path of model_dump")
    parser.add_argument("--count", type=int, default=100000, help="random FP32 numbers a format (default %(default)s)")
    options = parser.parse_args()
    if not Path(options.tool).exists():
        print(f"crosscheck_mldtypes: no {options.tool}; build the target model_dump or give --tool", file=sys.stderr)
        return 2

    good = True
    for name, dtype in FORMATS.items():
        codes, ours = dump(options.tool, "decode", name)
        theirs = codes_of(dtype).view(dtype).astype(np.float32).view(np.uint32)
        good &= check(name, "decode", same_floats(ours, theirs), codes, ours, theirs)

        numbers = interesting_numbers(dtype, options.count)
        inputs, ours = dump(options.tool, "encode", name, numbers=numbers.view(np.uint32).tolist())
        with np.errstate(over="ignore", invalid="ignore"):
            encoded = numbers.astype(dtype)
        theirs = encoded.view(codes_of(dtype).dtype)
        ours = ours.astype(theirs.dtype)
        both_nan = np.isnan(ours.view(dtype).astype(np.float32)) & np.isnan(encoded.astype(np.float32))
        good &= check(name, "encode", (ours == theirs) | both_nan, inputs, ours, theirs)
    print(f"crosscheck_mldtypes: ml_dtypes {ml_dtypes.__version__}: {'all equal' if good else 'DIFFERENCES'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

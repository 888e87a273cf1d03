#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# python-zstandard returns the first part of a .zst file that the zstd program reads whole, without an error.
# Versions:  zstandard 0.25.0 (PyPI); zstd of Debian 12.
# Behaviour: a file of two frames, as `cat a.zst b.zst` and parallel compressors (pzstd) make it.
#            ZstdDecompressor.decompress and decompressobj stop behind the first; zstandard.open reads both.
# Output:    "first" twice, "firstsecond" twice.
# Expected:  "firstsecond": by RFC 8878, section 3, the content of frames in a row is the contents put together.
# Instead:   zstandard.open, or stream_reader(..., read_across_frames=True).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check zstandard==0.25.0
printf 'found %s\n' "$(zstd --version)"

printf first | zstd -q >two.zst
printf second | zstd -q >>two.zst
cat > read.py <<'E'
import zstandard
data = open("two.zst", "rb").read()
print("decompress:", zstandard.ZstdDecompressor().decompress(data, max_output_size=64).decode())
print("decompressobj:", zstandard.ZstdDecompressor().decompressobj().decompress(data).decode())
print("open:", zstandard.open("two.zst", "rb").read().decode())
E
seen=$(venv/bin/python read.py; echo "zstd -dc: $(zstd -dcq two.zst)")
stated='decompress: first
decompressobj: first
open: firstsecond
zstd -dc: firstsecond'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Seal an image: the words of its first loaded segment add up to zero (modulo 2^32), which crt0.S checks after a restart.

    seal.py MONITOR.elf

The word that makes it so is the segment's last, for which link.ld leaves room.
"""

import pathlib
import struct
import sys


def main() -> int:
    path = pathlib.Path(sys.argv[1])
    file = bytearray(path.read_bytes())
    headers_at, = struct.unpack_from("<I", file, 28)
    size, count = struct.unpack_from("<HH", file, 42)
    segments = [struct.unpack_from("<8I", file, headers_at + i * size) for i in range(count)]
    _, offset, _, _, in_file, *_ = next(s for s in segments if s[0] == 1 and s[4] != 0)
    words = struct.unpack_from(f"<{in_file // 4}I", file, offset)
    if in_file % 64 != 0:
        print(f"{path}: its first segment has {in_file} bytes, which is not a multiple of 64: link it by link.ld", file=sys.stderr)
        return 2
    struct.pack_into("<I", file, offset + in_file - 4, -sum(words[:-1]) % 2**32)
    path.write_bytes(file)
    return 0


sys.exit(main())

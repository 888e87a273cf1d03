#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lists the cases of vector files: a second reader, written from vectors/README.md section 7 alone.

It shares no code with the C++ reader, verifies the same checksums, and computes exact integer products itself.
Needs the command `zstd`.   scripts/read_vectors.py [--json] FILE...
"""
import argparse
import json
import subprocess
import sys
import zlib
from struct import pack, unpack_from

MAGIC = bytes.fromhex("89 48 42 56 0d 0a 1a 0a")
OPCODES = {1: "gemm", 2: "convert"}
STATUS = ["OK", "BAD_OPCODE", "BAD_OPTION", "BAD_FORMAT", "BAD_SIZE", "MISALIGNED", "UNUSED", "BAD_SEMAPHORE",
          "OUT_OF_RANGE", "OVERLAP"]
FLAGS = ["invalid", "denormal", "overflow", "underflow", "inexact", "int_range"]
FORMATS = [("fp32", 4), ("bf16", 2), ("cf8_143", 1), ("cf8_152", 1), ("e4m3", 1), ("e5m2", 1), ("int8", 1)]
OPTIONS = {8: "accumulate", 9: "relu", 10: "saturate", 11: "stochastic", 12: "literal"}
DEPTHS = (1, 2, 4)


class BadFile(Exception):
    """What is wrong with a file."""


def require(condition, text):
    """Raises BadFile unless `condition` holds."""
    if not condition:
        raise BadFile(text)


def split_format(word, low):
    """Name and bytes of the format at bit `low` of descriptor word 2."""
    code, bias = word >> low & 15, word >> (low + 4) & 63
    require(code < len(FORMATS), f"format {code}")
    name, size = FORMATS[code]
    return (f"{name}:{bias}" if name.startswith("cf8") else name), size


def flag_names(bits):
    """"invalid|inexact", or "none"."""
    require(bits < 64, f"flags {bits:#x}")
    return "|".join(name for i, name in enumerate(FLAGS) if bits >> i & 1) or "none"


def integer_product(case, a, b):
    """fp32 codes of the exact product of two int8 matrices, or None where a partial sum may leave 2^24."""
    m, n, k = case["m"], case["n"], case["k"]
    signed = [x - 256 if x > 127 else x for x in range(256)]
    if k * 2**14 >= 2**24:
        return None
    sums = [sum(signed[a[i * k + p]] * signed[b[p * n + j]] for p in range(k)) for i in range(m) for j in range(n)]
    return pack(f"<{m * n}f", *(max(s, 0) if case["relu"] else s for s in sums))


def parse_job(record):
    """A record of kind 1 as a dictionary."""
    length = record[1]
    require(record[2:4] == b"\0\0" and record[36:40] == bytes(4), "reserved bytes are not zero")
    word0, word2, m, n, k, seed, origin = unpack_from("<7I", record, 4)
    results, indices = record[32], list(record[33:36])
    opcode = OPCODES.get(word0 & 255)
    require(opcode is not None, f"opcode {word0 & 255}")
    case = {"kind": opcode, "m": m, "n": n}
    gemm = opcode == "gemm"
    (case["a"], a_size), (case["d"], d_size) = split_format(word2, 0), split_format(word2, 20)
    b_size = 0
    if gemm:
        case["k"] = k
        case["b"], b_size = split_format(word2, 10)
    else:
        require(k == 0, "CONVERT with K")
    for bit, name in OPTIONS.items():
        case[name] = bool(word0 >> bit & 1)
    if case["stochastic"]:
        case.update(seed=seed, row0=origin & 0xFFFF, col0=origin >> 16)
    case["results"] = results
    at = 40
    parts = []
    for size in (length, m * (k if gemm else n) * a_size, k * n * b_size, 4 * m * n if case["accumulate"] else 0):
        parts.append(record[at:at + size])
        at += size
    require(parts[0].isascii() and length > 0, "name")
    case["name"] = parts[0].decode("ascii")
    flags, codes = [], []
    for _ in range(results):
        require(at + 4 <= len(record), "record too short")
        flags.append(flag_names(unpack_from("<I", record, at)[0]))
        codes.append(record[at + 4:at + 4 + m * n * d_size])
        at += 4 + m * n * d_size
    require(at == len(record), f"record of {len(record)} bytes, its fields ask for {at}")
    for depth, index in zip(DEPTHS, indices):
        case[f"flags_depth_{depth}"] = flags[index]
        case[f"crc_depth_{depth}"] = zlib.crc32(codes[index])
    case["crc_operands"] = zlib.crc32(parts[3], zlib.crc32(parts[2], zlib.crc32(parts[1])))
    if gemm and case["a"] == case["b"] == "int8" and case["d"] == "fp32" and not case["accumulate"]:
        exact = integer_product(case, parts[1], parts[2])
        require(exact is None or all(c == exact for c in codes), f"{case['name']}: not the exact integer product")
        case["exact"] = exact is not None
    return case


def parse_refusal(record):
    """A record of kind 2 as a dictionary."""
    scope = dict(zip(("rows", "cols", "depth", "min_data_bytes", "max_data_bytes"), unpack_from("<5I", record, 4)))
    require(record[24:32] == bytes(8) and len(record) == 96 + record[1], "refusal")
    require(0 < record[2] < len(STATUS), f"status {record[2]}")
    return {"kind": "refused", "status": STATUS[record[2]], "field": record[3],
            "words": list(unpack_from("<16I", record, 32)), "scope": scope, "name": record[96:].decode("ascii")}


def read(path):
    """Yields the cases of a file; BadFile if anything is wrong with it."""
    with open(path, "rb") as file:
        data = file.read()
    require(data[:8] == MAGIC, "no magic bytes")
    require(len(data) >= 64, "truncated header")
    version, cases, content_bytes, body_bytes, content_crc, body_crc = unpack_from("<IIQQII", data, 8)
    require(version == 1, f"version {version}")
    require(zlib.crc32(data[:60]) == unpack_from("<I", data, 60)[0], "checksum of the header")
    require(len(data) == 64 + body_bytes, f"{len(data)} bytes instead of {64 + body_bytes}")
    require(zlib.crc32(data[64:]) == body_crc, "checksum of the body")
    unpacked = subprocess.run(["zstd", "-dcq"], input=data[64:], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    require(unpacked.returncode == 0, "zstd: " + unpacked.stderr.decode(errors="replace").strip())
    content = unpacked.stdout
    require(len(content) == content_bytes, f"{len(content)} bytes of content instead of {content_bytes}")
    require(zlib.crc32(content) == content_crc, "checksum of the content")
    at = 4 + unpack_from("<I", content, 0)[0]
    for _ in range(cases):
        require(at + 4 <= len(content), "content ends before its last case")
        length = unpack_from("<I", content, at)[0]
        record = content[at + 4:at + 4 + length]
        require(len(record) == length and length >= 40, "record beyond the content")
        at += 4 + length
        require(record[0] in (1, 2), f"kind {record[0]}")
        yield parse_job(record) if record[0] == 1 else parse_refusal(record)
    require(at == len(content), "content after the last case")


def main():
    """Prints the cases; exit code 2 for a file that is not sound."""
    parser = argparse.ArgumentParser(description="Lists and verifies vector files without any of Hilbert's code.")
    parser.add_argument("--json", action="store_true", help="a line of JSON a case")
    parser.add_argument("files", nargs="+", metavar="FILE")
    arguments = parser.parse_args()
    for path in arguments.files:
        try:
            count = exact = 0
            for case in read(path):
                count += 1
                exact += bool(case.get("exact"))
                if arguments.json:
                    print(json.dumps(case))
                elif case["kind"] == "refused":
                    print(f"{case['name']:<56} refused {case['status']} word {case['field']}")
                else:
                    sizes = "x".join(str(case[s]) for s in "mnk" if s in case)
                    print(f"{case['name']:<56} {case['kind']} {sizes} {case['results']} results")
            if not arguments.json:
                print(f"{path}: {count} cases, all checksums right; {exact} products recomputed in integers")
        except (BadFile, OSError, IndexError) as error:
            print(f"read_vectors.py: error: {path}: {error}", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the outcomes in results files of campaigns: a second reader, written from host/store/README.md alone.

It shares no code with the C++ reader, verifies the same checksums, and follows every alias itself.
Needs the command `zstd`.   scripts/read_campaign.py [--by unit|class|variable|bit|clock] [--window N] FILE...
"""
import argparse
import bisect
import json
import re
import subprocess
import sys
from array import array
from collections import Counter, defaultdict

MAGIC = bytes.fromhex("89 48 42 43 0d 0a 1a 0a")
ALIAS = 255
CRC = []
for byte in range(256):
    for _ in range(8):
        byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
    CRC.append(byte)


class BadFile(Exception):
    """What is wrong with a file."""


def require(condition, text):
    """Raises BadFile unless `condition` holds."""
    if not condition:
        raise BadFile(text)


def crc32c(data):
    """CRC-32C of bytes."""
    crc = 0xFFFFFFFF
    for value in data:
        crc = crc >> 8 ^ CRC[(crc ^ value) & 255]
    return crc ^ 0xFFFFFFFF


def numbers(data, size=4):
    """Little-endian numbers of `size` bytes."""
    values = array({1: "B", 4: "I", 8: "Q"}[size], data)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def records(data):
    """(kind, content) of every record."""
    require(data[:8] == MAGIC, "is no results file")
    require(len(data) >= 16 and crc32c(data[:12]) == numbers(data[12:16])[0], "the checksum of its first bytes is wrong")
    require(numbers(data[8:12])[0] == 1, "has a version that is not 1")
    at, heads, payloads = 16, [], []
    while at < len(data):
        require(len(data) - at >= 16, f"is cut off at byte {at}")
        length, content, kind, crc = numbers(data[at:at + 16])
        require(crc32c(data[at:at + 12]) == crc, f"checksum at byte {at}")
        payload = data[at + 16:at + 16 + length]
        require(len(data) - at >= length + 20, f"is cut off at byte {at}")
        require(crc32c(payload) == numbers(data[at + 16 + length:at + 20 + length])[0], f"checksum at byte {at}")
        heads.append((chr(kind), content))
        payloads.append(payload)
        at += length + 20
    unpacked = subprocess.run(["zstd", "-dcq"], input=b"".join(payloads), capture_output=True, check=True).stdout
    require(len(unpacked) == sum(content for _, content in heads), "does not unpack to its lengths")
    at = 0
    for kind, content in heads:
        yield kind, unpacked[at:at + content]
        at += content


class Columns:
    """Takes columns from a content, in order."""

    def __init__(self, content):
        self.content, self.at = content, 0

    def take(self, count, size=4):
        """The next `count` numbers of `size` bytes."""
        begin, self.at = self.at, self.at + count * size
        require(self.at <= len(self.content), "a record is shorter than its columns")
        return numbers(self.content[begin:self.at], size)

    def words(self, count):
        """The next `count` words, each ended by a byte 0."""
        parts = self.content[self.at:].split(b"\0")
        require(len(parts) > count, "a record is shorter than its words")
        self.at += sum(len(part) + 1 for part in parts[:count])
        return [part.decode(errors="surrogateescape") for part in parts[:count]]


def read_sites(content):
    """Of every site its unit, class, variable and label."""
    columns = Columns(content)
    runs, *counts = columns.take(4)
    table = [columns.take(runs) for _ in range(7)]
    names, units, classes = [columns.words(count) for count in counts]
    sites = []
    for count, name, unit, site_class, first, width, words in zip(*table):
        for bit in range(first, first + count):
            place = f"[{bit // width}][{bit % width}]" if words else f"[{bit}]" if width > 1 else ""
            sites.append({"unit": units[unit], "class": classes[site_class], "variable": names[name],
                          "bit": names[name] + place})
    return sites


def read_block(content):
    """(experiments are counted, [(site, first clock, last clock, code, end, detail)]), and the block's number."""
    columns = Columns(content)
    number, = columns.take(1)
    shape, auxiliary, _, _ = columns.take(4, 1)
    columns.take(1, 8)
    entries, first_site, sites, first_clock, _, _ = columns.take(6)
    code = columns.take(entries, 1)
    if shape == 0:
        site = [first_site + i % sites for i in range(entries)]
        first = last = [first_clock + i // sites for i in range(entries)]
    else:
        site, first = columns.take(entries), columns.take(entries)
        last = columns.take(entries) if shape == 1 else first
    lines = list(zip(site, first, last, code, columns.take(entries), columns.take(entries)))
    require(columns.at == len(content), "a block has bytes after its end")
    return number, shape, not auxiliary, lines


def read(path):
    """Header, sites, lines that count as experiments, and where each upset is: site to sorted lines."""
    with open(path, "rb") as file:
        parts = list(records(file.read()))
    require(re.fullmatch("HSB*R?E", "".join(kind for kind, _ in parts)), "lacks records")
    header, sites = json.loads(parts[0][1]), read_sites(parts[1][1])
    counted, upsets, blocks = [], defaultdict(list), []
    for kind, content in parts:
        if kind == "B":
            number, shape, experiments, lines = read_block(content)
            blocks.append(number)
            counted += lines if experiments else []
            for line in lines if shape != 2 else []:
                upsets[line[0]].append(line)
    shard = header["shard"]
    require(blocks == list(range(shard["index"] - 1, header["plan"]["blocks"], shard["of"])), "lacks blocks")
    end = json.loads(parts[-1][1])
    require(end == {"blocks": len(blocks), "experiments": sum(line[2] - line[1] + 1 for line in counted)},
            "its end counts otherwise")
    for lines in upsets.values():
        lines.sort(key=lambda line: line[1])
    return header, sites, counted, upsets


def outcome(line, upsets, known):
    """The code in which the chain of aliases from `line` ends; ALIAS if it leaves the file."""
    chain = []
    while line and line[3] == ALIAS and (line[5], line[4]) not in known:
        site, clock = line[5], line[4]
        chain.append((site, clock))
        known[site, clock] = None  # until the end of this chain is known
        place = bisect.bisect_right(upsets[site], clock, key=lambda other: other[1]) - 1
        line = upsets[site][place] if place >= 0 and upsets[site][place][2] >= clock else None
    code = ALIAS if line is None else known[line[5], line[4]] if line[3] == ALIAS else line[3]
    require(code is not None, "aliases go in a circle")
    known.update((upset, code) for upset in chain)
    return code


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--by", choices=["unit", "class", "variable", "bit", "clock"])
    parser.add_argument("--window", type=int, default=1, help="clocks a line of --by clock")
    parser.add_argument("files", nargs="+", metavar="FILE")
    options = parser.parse_args()
    for path in options.files:
        try:
            header, sites, counted, upsets = read(path)
            names, known, counts = header["outcomes"], {}, defaultdict(Counter)
            for line in counted:
                code = outcome(line, upsets, known)
                name = names[code] if code != ALIAS else "unknown"
                if options.by == "clock":
                    for begin in range(line[1] // options.window * options.window, line[2] + 1, options.window):
                        clocks = range(max(begin, line[1]), min(begin + options.window, line[2] + 1))
                        counts[str(begin)][name] += len(clocks)
                else:
                    counts[sites[line[0]][options.by] if options.by else "all"][name] += line[2] - line[1] + 1
            print(json.dumps(counts))
        except (BadFile, OSError, subprocess.CalledProcessError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

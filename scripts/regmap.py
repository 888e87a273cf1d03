#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the SystemVerilog package, C header, C++ header and Markdown of a register map from its TOML file.

    scripts/regmap.py rtl/regs/tile.toml            writes tile_regs_pkg.sv, tile_regs.h, tile_regs.hpp, tile_regs.md beside it
    scripts/regmap.py --check rtl/regs/*.toml       writes nothing; exit 1 and a diff if a committed output is stale
"""
import argparse
import difflib
import hashlib
import json
import pathlib
import sys
import tomllib

ACCESS = {"ro", "rw", "wo", "w1c", "w1s", "const"}
WITH_MASK = {"rw", "w1c", "w1s"}


class MapError(Exception):
    pass


def parse_bits(text, where):
    hi, _, lo = text.partition(":")
    hi, lo = int(hi), int(lo or hi)
    if not 0 <= lo <= hi <= 31:
        raise MapError(f"{where}: bits {text!r} do not lie in 31:0")
    return hi, lo


def without_docs(node):
    """The map as software sees it: better words in a description do not make another map."""
    if isinstance(node, dict):
        return {k: without_docs(v) for k, v in node.items() if k != "doc"}
    return [without_docs(v) for v in node] if isinstance(node, list) else node


def load(path):
    """Reads and checks one map. Every register is 32 bits wide."""
    m = tomllib.loads(path.read_text())
    m["hash"] = int(hashlib.sha256(json.dumps(without_docs(m), sort_keys=True).encode()).hexdigest()[:8], 16)
    used, names = {}, set()
    for r in m["reg"]:
        r.setdefault("count", 1)
        r.setdefault("reset", 0)
        r.setdefault("fields", [])
        where = f"{path}: {r['name']}"
        if r["access"] not in ACCESS:
            raise MapError(f"{where}: access {r['access']!r} is not one of {sorted(ACCESS)}")
        if r["offset"] % 4:
            raise MapError(f"{where}: offset is not a multiple of 4")
        if r["name"] in names:
            raise MapError(f"{where}: named twice")
        names.add(r["name"])
        for i in range(r["count"]):
            other = used.setdefault(r["offset"] + 4 * i, r["name"])
            if i or other != r["name"]:
                if other != r["name"]:
                    raise MapError(f"{where}: offset {r['offset'] + 4 * i:#x} already belongs to {other}")
        taken = 0
        for f in r["fields"]:
            f["hi"], f["lo"] = parse_bits(f["bits"], f"{where}.{f['name']}")
            mask = ((1 << (f["hi"] - f["lo"] + 1)) - 1) << f["lo"]
            if taken & mask:
                raise MapError(f"{where}.{f['name']}: overlaps another field")
            taken |= mask
        if "mask" in r and r["access"] not in WITH_MASK:
            raise MapError(f"{where}: a mask, but its access is {r['access']!r}")
        r["mask"] = r.get("mask", taken or 0xFFFFFFFF) if r["access"] in WITH_MASK else 0
        if r["reset"] & ~r["mask"]:
            raise MapError(f"{where}: reset {r['reset']:#x} has bits outside its mask {r['mask']:#x}")
    m["size"] = max(used) + 4
    return m


def constants(m):
    """(name, value, comment) of every constant, in the one order that all languages use."""
    yield "BASE", m["base"], "byte address of the block"
    yield "ID_VALUE", m["id"], "what ID reads"
    yield "VERSION_VALUE", m["version"], "what VERSION reads"
    yield "HASH_VALUE", m["hash"], "what MAP_HASH reads"
    yield "SIZE", m["size"], "bytes of the block"
    for r in m["reg"]:
        yield r["name"], r["offset"], r["doc"]
        if r["count"] > 1:
            yield r["name"] + "_COUNT", r["count"], "registers in the array"
        if r["reset"]:
            yield r["name"] + "_RESET", r["reset"], "value after reset"
        for f in r["fields"]:
            width = f["hi"] - f["lo"] + 1
            yield f"{r['name']}_{f['name']}_LSB", f["lo"], f["doc"]
            yield f"{r['name']}_{f['name']}_MASK", ((1 << width) - 1) << f["lo"], ""


def comment(text):
    return f"  // {text}" if text else ""


def head(m, path, mark="//"):
    return (f"{mark} SPDX-License-Identifier: Apache-2.0\n"
            f"{mark} {m['doc']} Made from {path.name} by scripts/regmap.py: do not edit.\n")


def camel(name):
    return "".join(p.capitalize() for p in name.split("_"))


def to_sv(m, path):
    out = [head(m, path), "// No unit uses all of it.", "/* verilator lint_off UNUSEDPARAM */", f"package hb_{m['name']}_regs_pkg;"]
    out += [f"  localparam logic [31:0] {camel(n)} = 32'h{v:08X};{comment(c)}" for n, v, c in constants(m)]
    return "\n".join(out + [f"endpackage : hb_{m['name']}_regs_pkg", "/* verilator lint_on UNUSEDPARAM */", ""])


def to_c(m, path):
    out = [head(m, path), "#pragma once\n"]
    out += [f"#define {m['name'].upper()}_{n} 0x{v:08X}u{comment(c)}" for n, v, c in constants(m)]
    return "\n".join(out + [""])


def to_cpp(m, path):
    out = [head(m, path), "#pragma once\n", "#include <cstdint>\n", '#include "register_map.hpp"\n', f"namespace hilbert::regs::{m['name']} {{\n"]
    out += [f"inline constexpr std::uint32_t {n.lower()} = 0x{v:08X};{comment(c)}" for n, v, c in constants(m)]
    out += ["", "/// Every register, ascending by offset.", "inline constexpr Register registers[] = {"]
    for r in sorted(m["reg"], key=lambda r: r["offset"]):
        access = {"const": "constant"}.get(r["access"], r["access"])
        out.append(f"    {{\"{r['name']}\", 0x{r['offset']:03X}, {r['count']}, Access::{access}, 0x{r['mask']:08X}, 0x{r['reset']:08X}}},")
    return "\n".join(out + ["};", "", f"}}  // namespace hilbert::regs::{m['name']}", ""])


def to_md(m, path):
    out = [f"# Registers of the {m['name']}", "", m["doc"], "",
           f"Made from [{path.name}]({path.name}) by `scripts/regmap.py`. Base {m['base']:#010x}, version "
           f"{m['version'] >> 16}.{m['version'] & 0xFFFF}, hash {m['hash']:#010x}.", "",
           "| offset | name | access | reset | meaning |", "|---|---|---|---|---|"]
    for r in m["reg"]:
        name = r["name"] + (f"[{r['count']}]" if r["count"] > 1 else "")
        reset = "-" if r["access"] in ("const", "wo") else f"{r['reset']:#x}"
        out.append(f"| {r['offset']:#05x} | **{name}** | {r['access']} | {reset} | {r['doc']} |")
        out += [f"| | {f['bits']} | | | {f['name']}: {f['doc']} |" for f in r["fields"]]
    return "\n".join(out + [""])


def outputs(path):
    m = load(path)
    stem = path.with_suffix("")
    return {
        path.parent / f"hb_{m['name']}_regs_pkg.sv": to_sv(m, path),
        path.parent / f"{stem.name}_regs.h": to_c(m, path),
        path.parent / f"{stem.name}_regs.hpp": to_cpp(m, path),
        path.parent / f"{stem.name}_regs.md": to_md(m, path),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the committed outputs instead of writing")
    parser.add_argument("maps", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    stale = False
    for path in args.maps:
        try:
            made = outputs(path)
        except (OSError, KeyError, MapError, tomllib.TOMLDecodeError) as error:
            print(f"regmap: {path}: {error}", file=sys.stderr)
            return 2
        for target, text in made.items():
            if not args.check:
                target.write_text(text)
                continue
            old = target.read_text() if target.exists() else ""
            if old != text:
                stale = True
                sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), text.splitlines(True),
                                                           str(target), f"{target} (fresh)"))
    if stale:
        print("regmap: stale outputs: run scripts/regmap.py rtl/regs/*.toml and commit", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())

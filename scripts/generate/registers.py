# SPDX-License-Identifier: Apache-2.0
"""Register maps: a TOML file with [[reg]], and [[enum]] for the values of fields and registers (`values` names one).

An array of like blocks says `copies` and `spacing` in bytes; [[constant]] is a number that belongs to the block.
"""
import hashlib
import json
import tomllib

from . import enums
from .text import MapError, camel, comment, head, header, package

ACCESS = {"ro", "rw", "wo", "w1c", "w1s", "const"}
WITH_MASK = {"rw", "w1c", "w1s"}
# What another wording, or a name for what was said in words, may change without making another map.
OUTSIDE_HASH = {"doc", "enum", "values", "constant", "copies", "spacing"}


def parse_bits(text, where):
    hi, _, lo = text.partition(":")
    hi, lo = int(hi), int(lo or hi)
    if not 0 <= lo <= hi <= 31:
        raise MapError(f"{where}: bits {text!r} do not lie in 31:0")
    return hi, lo


def hashed(node):
    """The map as software sees it: better words in a description do not make another map."""
    if isinstance(node, dict):
        return {k: hashed(v) for k, v in node.items() if k not in OUTSIDE_HASH}
    return [hashed(v) for v in node] if isinstance(node, list) else node


def check_values(node, known, width, where):
    """A field or register that names an enumeration has room for it."""
    name = node.get("values")
    if name is None:
        return
    if name not in known:
        raise MapError(f"{where}: no enumeration {name!r}")
    e = known[name]
    if e["kind"] == "value" and e["bits"] > width:
        raise MapError(f"{where}: {name} has {e['bits']} bits, more than the {width} here")
    e["used"] = True


def load(path):
    """Reads and checks one map. Every register is 32 bits wide."""
    m = tomllib.loads(path.read_text())
    m["hash"] = int(hashlib.sha256(json.dumps(hashed(m), sort_keys=True).encode()).hexdigest()[:8], 16)
    known = enums.load(m, path)
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
            check_values(f, known, f["hi"] - f["lo"] + 1, f"{where}.{f['name']}")
        check_values(r, known, 32, where)
        if "mask" in r and r["access"] not in WITH_MASK:
            raise MapError(f"{where}: a mask, but its access is {r['access']!r}")
        r["mask"] = r.get("mask", taken or 0xFFFFFFFF) if r["access"] in WITH_MASK else 0
        if r["reset"] & ~r["mask"]:
            raise MapError(f"{where}: reset {r['reset']:#x} has bits outside its mask {r['mask']:#x}")
    m["size"] = max(used) + 4
    for name, e in known.items():
        if "used" not in e:
            raise MapError(f"{path}: enum {name}: no field or register has it as its values")
    if m.get("copies", 1) > 1 and m["spacing"] < m["size"]:
        raise MapError(f"{path}: copies {m['spacing']:#x} apart overlap")
    return m


def constants(m):
    """(name, value, comment) of every constant, in the one order that all languages use."""
    yield "BASE", m["base"], "byte address of the block"
    yield "ID_VALUE", m["id"], "what ID reads"
    yield "VERSION_VALUE", m["version"], "what VERSION reads"
    yield "HASH_VALUE", m["hash"], "what MAP_HASH reads"
    yield "SIZE", m["size"], "bytes of the block"
    if m.get("copies", 1) > 1:
        yield "COPIES", m["copies"], "blocks of this kind"
        yield "SPACING", m["spacing"], "bytes from one to the next"
    for k in m.get("constant", []):
        yield k["name"], k["value"], k["doc"]
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


def to_sv(m, path):
    body = [f"localparam logic [31:0] {camel(n)} = 32'h{v:08X};{comment(c)}" for n, v, c in constants(m)]
    for e in m["enum"]:
        body += enums.to_sv(e)
    return package(f"hb_{m['name']}_regs_pkg", body, m, path)


def to_c(m, path):
    out = [head(m, path), "#pragma once\n"]
    out += [f"#define {m['name'].upper()}_{n} 0x{v:08X}u{comment(c)}" for n, v, c in constants(m)]
    for e in m["enum"]:
        out += enums.to_c(e, m["name"].upper())
    return "\n".join(out + [""])


def to_cpp(m, path):
    out = [head(m, path), "#pragma once\n", "#include <hilbert/regs/register_map.hpp>\n", "#include <cstdint>\n",
           f"namespace hilbert::regs::{m['name']} {{\n"]
    out += [f"inline constexpr std::uint32_t {n.lower()} = 0x{v:08X};{comment(c)}" for n, v, c in constants(m)]
    for e in m["enum"]:
        out += enums.to_cpp(e, constants=True)
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
    for e in m["enum"]:
        out += enums.to_md(e)
    return "\n".join(out + [""])


def outputs(path):
    """Every file made from a map, with its text."""
    m = load(path)
    stem = path.with_suffix("").name
    return {
        path.parent / f"hb_{m['name']}_regs_pkg.sv": to_sv(m, path),
        header(path, f"{stem}.h"): to_c(m, path),
        header(path, f"{stem}.hpp"): to_cpp(m, path),
        path.parent / f"{stem}_regs.md": to_md(m, path),
    }

# SPDX-License-Identifier: Apache-2.0
"""Enumerations ([[enum]] of a TOML file) in every language.

    name    in capitals; of the type            prefix  of the constants in SystemVerilog and C; default: the name
    bits    width of a value                    kind    "value", or "bit": the values are positions of bits in a word
    lower   true: texts are in small letters    values  [{ name, value, doc }]
"""
from .text import MapError, camel, comment

KINDS = {"value", "bit"}
# Words of C++ that a value might be named by.
RESERVED = set("and asm auto bool break case catch char class const continue default delete do double else enum explicit export "
               "extern false float for friend goto if inline int long mutable new not operator or private protected public register "
               "return short signed sizeof static struct switch template this throw true try typedef union unsigned using virtual "
               "void volatile while xor".split())


def load(m, path):
    """Checks the enumerations of a file and fills in what they leave out."""
    names = set()
    for e in m.setdefault("enum", []):
        where = f"{path}: enum {e['name']}"
        e.setdefault("prefix", e["name"])
        e.setdefault("kind", "value")
        if e["name"] in names or e["kind"] not in KINDS:
            raise MapError(f"{where}: named twice, or its kind is not one of {sorted(KINDS)}")
        names.add(e["name"])
        values = [v["value"] for v in e["values"]]
        if values != sorted(set(values)):
            raise MapError(f"{where}: values must ascend")
        limit = e["bits"] if e["kind"] == "bit" else 1 << e["bits"]
        if values[-1] >= limit or len({v["name"] for v in e["values"]}) != len(values):
            raise MapError(f"{where}: a value does not fit its bits, or a name comes twice")
        for v in e["values"]:
            v.setdefault("doc", "")
            if v["name"].lower() in RESERVED:
                raise MapError(f"{where}: {v['name']} is a word of C++")
    return {e["name"]: e for e in m["enum"]}


def to_sv(e):
    prefix = camel(e["prefix"])
    yield ""
    yield f"// {e['doc']}"
    if e["kind"] == "bit":
        for v in e["values"]:
            yield f"localparam int unsigned {prefix}{camel(v['name'])} = {v['value']};{comment(v['doc'])}"
    else:
        yield f"typedef enum logic [{e['bits'] - 1}:0] {{"
        for v in e["values"]:
            comma = "" if v is e["values"][-1] else ","
            yield f"  {prefix}{camel(v['name'])} = {e['bits']}'d{v['value']}{comma}{comment(v['doc'])}"
        yield f"}} {e['name'].lower()}_e;"
    yield f"localparam int unsigned Num{camel(e['name'])} = {len(e['values'])};"


def to_c(e, scope):
    yield ""
    yield f"// {e['doc']}"
    for v in e["values"]:
        value = 1 << v["value"] if e["kind"] == "bit" else v["value"]
        yield f"#define {scope}_{e['prefix']}_{v['name']} 0x{value:0{(e['bits'] + 3) // 4}X}u{comment(v['doc'])}"
    yield f"#define {scope}_{e['name']}_COUNT {len(e['values'])}u"


def to_cpp(e, constants=False):
    """`constants`: every value as a number, too, for those who read registers."""
    name = e["name"].lower()
    bytes_ = 8 if e["kind"] == "bit" or e["bits"] <= 8 else 32
    yield ""
    yield f"/// {e['doc']}"
    yield f"enum class {camel(e['name'])} : std::uint{bytes_}_t {{"
    for v in e["values"]:
        doc = f"  ///< {v['doc']}" if v["doc"] else ""
        yield f"  {v['name'].lower()} = {v['value']},{doc}"
    yield "};"
    yield f"inline constexpr Value {name}_values[] = {{"
    for v in e["values"]:
        text = v["name"].lower() if e.get("lower") else v["name"]
        yield f"    {{{v['value']}, \"{text}\", \"{v['doc']}\"}},"
    yield "};"
    if constants and e["kind"] == "value":
        for v in e["values"]:
            yield f"inline constexpr std::uint32_t {name}_{v['name'].lower()} = {v['value']};"
    if e["kind"] == "bit":
        for v in e["values"]:
            yield f"inline constexpr std::uint32_t {name}_{v['name'].lower()}_mask = 0x{1 << v['value']:08X};"


def to_md(e):
    """A table."""
    yield from ["", f"**{e['name']}** ({'bit' if e['kind'] == 'bit' else str(e['bits']) + ' bits'}): {e['doc']}", "",
                "| value | name | meaning |", "|---|---|---|"]
    for v in e["values"]:
        yield f"| {v['value']} | {v['name']} | {v['doc']} |"

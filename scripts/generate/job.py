# SPDX-License-Identifier: Apache-2.0
"""job.toml: memory regions, opcodes, number formats, and what descriptor and completion are made of."""
import tomllib

from . import descriptor, enums
from .text import MapError, camel, comment, head, header, package

SPECIALS = ("none", "nan_only", "ieee")


def load(path):
    """Reads and checks the file. Opcodes and formats become enumerations too."""
    m = tomllib.loads(path.read_text())
    m["enum"] += [
        {"name": "OPCODE", "prefix": "OP", "bits": 8, "doc": "Opcodes: descriptor word 0, bits 7:0.", "values": m["opcode"]},
        {"name": "FORMAT", "prefix": "FMT", "bits": 4, "lower": True, "doc": "Codes of the number formats.",
         "values": [{"name": f["name"], "value": f["code"], "doc": f["doc"]} for f in m["format"]]},
    ]
    known = enums.load(m, path)
    options = {v["name"]: v["value"] for v in known["OPTION"]["values"]}
    for o in m["opcode"]:
        if unknown := set(o["options"]) - set(options):
            raise MapError(f"{path}: opcode {o['name']}: no options {sorted(unknown)}")
        o["mask"] = sum(1 << options[name] for name in o["options"])
    for i, f in enumerate(m["format"]):
        where = f"{path}: format {f['name']}"
        f.setdefault("result_only", False)
        if f["code"] != i or f["bytes"] not in (1, 2, 4) or f["specials"] not in SPECIALS:
            raise MapError(f"{where}: codes count from 0, bytes are 1, 2 or 4, specials one of {SPECIALS}")
        if f["exponent_bits"] + f["mantissa_bits"] + 1 != 8 * f["bytes"] or f["largest"] >> (8 * f["bytes"]):
            raise MapError(f"{where}: sign, exponent and mantissa are not its bytes, or `largest` is no code")
        if f["bias"] != "tensor" and not 0 <= f["bias"] < 1 << max(f["exponent_bits"], 1):
            raise MapError(f"{where}: bias {f['bias']!r}")
    if [o["value"] for o in m["opcode"]] != list(range(1, len(m["opcode"]) + 1)):
        raise MapError(f"{path}: opcodes must count from 1")
    linked = [o for o in m["opcode"] if o.get("link")]
    if not linked or linked != m["opcode"][linked[0]["value"] - 1:linked[-1]["value"]]:
        raise MapError(f"{path}: opcodes of chips with links stand together")
    m["linked"] = (linked[0], linked[-1])
    m["known"] = known
    descriptor.load(m, known, path)
    return m


def codes(m, condition):
    return [f for f in m["format"] if condition(f)]


def sv_constant(k):
    if "bits" in k:
        return f"localparam logic [{k['bits'] - 1}:0] {camel(k['name'])} = {k['bits']}'h{k['value']:0{k['bits'] // 4}X};"
    return f"localparam int unsigned {camel(k['name'])} = {k['value']};"


def sv_function(result, name, arguments, value):
    return ["", f"function automatic {result} {name}({arguments});", f"  {name} = {value};", "endfunction"]


def in_range(variable, first, last, end):
    """That an opcode lies between two; nothing to say of the second if it is the last of all."""
    return f"{variable} >= {first}" if last == end else f"{variable} >= {first} && {variable} <= {last}"


def sv_any(variable, formats):
    return " || ".join(f"{variable} == hb_job_pkg::Fmt{camel(f['name'])}" for f in formats)


def to_sv(m, path):
    body = [f"localparam logic [31:0] {camel(r['name'])}Base = 32'h{r['base']:08X};{comment(r['doc'])}" for r in m["region"]]
    body += [sv_constant(k) + comment(k["doc"]) for k in m["constant"]]
    for e in m["enum"]:
        body += enums.to_sv(e)
    first, last, end = (f"hb_job_pkg::Op{camel(o['name'])}" for o in (*m["linked"], m["opcode"][-1]))
    body += ["", "// Whether an opcode is one of chips with links."]
    body += sv_function("logic", "needs_links", "input logic [7:0] op", in_range("op", first, last, end))[1:]
    body += ["", "// Every opcode; `net`: of a chip with links."]
    body += sv_function("logic", "is_opcode", "input logic [7:0] op, input logic net",
                        f"op != 8'd0 && op <= {end} && (net || !({in_range('op', first, last, end)}))")[1:]
    body += ["", "// Bits of word 0 that an opcode may have, itself left out.", "function automatic logic [31:8] options_of(input logic [7:0] op);",
             "  unique case (op)"]
    irq_only = [o for o in m["opcode"] if o["options"] == ["IRQ"]]
    body += [f"    hb_job_pkg::Op{camel(o['name'])}: options_of = 24'h{o['mask'] >> 8:06X};" for o in m["opcode"] if o not in irq_only]
    body += [f"    default: options_of = 24'h{irq_only[0]['mask'] >> 8:06X};", "  endcase", "endfunction"]
    body += ["", "// log2 of the bytes of an element."]
    wide = " : ".join(f"(code == hb_job_pkg::Fmt{camel(f['name'])}) ? 2'd{f['bytes'] // 2}" for f in codes(m, lambda f: f["bytes"] > 1))
    body += sv_function("logic [1:0]", "bytes_log", "input logic [3:0] code", f"{wide} : 2'd0")[1:]
    body += ["", "// Whether the descriptor gives the bias."]
    body += sv_function("logic", "has_bias", "input logic [3:0] code", sv_any("code", codes(m, lambda f: f["bias"] == "tensor")))[1:]
    body += ["", "// Whether it is no operand of a GEMM."]
    body += sv_function("logic", "result_only", "input logic [3:0] code", sv_any("code", codes(m, lambda f: f["result_only"])))[1:]
    body += ["", "// Whether it is a format."]
    body += sv_function("logic", "is_format", "input logic [3:0] code", f"code <= hb_job_pkg::Fmt{camel(m['format'][-1]['name'])}")[1:]
    body += descriptor.to_sv(m, m["known"])
    return package("hb_job_pkg", body, m, path)


def c_any(formats):
    return " || ".join(f"code == JOB_FMT_{f['name']}" for f in formats)


def to_c(m, path):
    out = [head(m, path), "#pragma once\n", "#include <stdbool.h>", "#include <stdint.h>\n"]
    out += [f"#define JOB_{r['name']}_BASE 0x{r['base']:08X}u{comment(r['doc'])}" for r in m["region"]]
    out += [f"#define JOB_{k['name']} 0x{k['value']:X}u{comment(k['doc'])}" for k in m["constant"]]
    for e in m["enum"]:
        out += enums.to_c(e, "JOB")
    out += descriptor.to_c(m)
    out += [f"#define JOB_OPTIONS_{o['name']} 0x{o['mask']:08X}u" for o in m["opcode"]]
    first, last, end = (f"JOB_OP_{o['name']}" for o in (*m["linked"], m["opcode"][-1]))
    numeric = [o["name"] for o in m["opcode"] if "FORMAT_D" in o["uses"]]
    local = f"op < {first}" if last == end else f"op <= {end} && (op < {first} || op > {last})"
    out += ["", "// Whether it is an opcode of every chip, with links or without.",
            f"static inline bool job_opcode_is_local(uint32_t op) {{ return op != 0 && {local}; }}",
            "// Whether its result is numbers of a format, not memory words.",
            f"static inline bool job_opcode_has_formats(uint32_t op) {{ return {' || '.join(f'op == JOB_OP_{o}' for o in numeric)}; }}"]
    sizes = "".join(f"code == JOB_FMT_{f['name']} ? {f['bytes']}u : " for f in codes(m, lambda f: f["bytes"] > 1))
    logs = "".join(f"code == JOB_FMT_{f['name']} ? 2u : " for f in codes(m, lambda f: f["bytes"] == 4))
    out += ["", "// Bytes of an element, and their log2.",
            f"static inline uint32_t job_format_bytes(uint32_t code) {{ return {sizes}1u; }}",
            f"static inline uint32_t job_format_bytes_log(uint32_t code) {{ return {logs}{c_any(codes(m, lambda f: f['bytes'] == 2))}; }}",
            "// Whether a descriptor may give that bias: 0, if not the format's is the tensor's.",
            f"static inline bool job_format_may_have(uint32_t code, uint32_t bias) {{ return bias == 0 || {c_any(codes(m, lambda f: f['bias'] == 'tensor'))}; }}",
            "// Whether it is no operand of a GEMM.",
            f"static inline bool job_format_result_only(uint32_t code) {{ return {c_any(codes(m, lambda f: f['result_only']))}; }}"]
    return "\n".join(out + [""])


def to_cpp(m, path):
    out = [head(m, path), "#pragma once\n", "#include <hilbert/regs/register_map.hpp>\n", "#include <array>", "#include <cstdint>", "#include <string_view>\n",
           "namespace hilbert::regs::job {\n"]
    out += [f"inline constexpr std::uint32_t {r['name'].lower()}_base = 0x{r['base']:08X};{comment(r['doc'])}" for r in m["region"]]
    out += [f"inline constexpr std::uint32_t {k['name'].lower()} = 0x{k['value']:X};{comment(k['doc'])}" for k in m["constant"]]
    for e in m["enum"]:
        out += enums.to_cpp(e)
    out += ["", "/// Bits of word 0 that an opcode may have, itself left out; 0: no opcode.", "constexpr std::uint32_t options_of(Opcode opcode) {",
            "  switch (opcode) {"]
    out += [f"    case Opcode::{o['name'].lower()}: return 0x{o['mask']:08X};" for o in m["opcode"]]
    out += ["  }", "  return 0;", "}", "/// Whether an opcode is one of chips with links.",
            f"constexpr bool needs_links(Opcode op) {{ return op >= Opcode::{m['linked'][0]['name'].lower()} && op <= Opcode::{m['linked'][1]['name'].lower()}; }}",
            *descriptor.to_cpp(m, m["known"]), "",
            f"inline constexpr std::array<FormatInfo<Format>, {len(m['format'])}> formats{{{{"]
    for f in m["format"]:
        bias = "bias_per_tensor" if f["bias"] == "tensor" else f["bias"]
        out.append(f"    {{Format::{f['name'].lower()}, \"{f['name'].lower()}\", {f['bytes']}, {f['exponent_bits']}, {f['mantissa_bits']}, "
                   f"{bias}, Specials::{f['specials']}, 0x{f['largest']:X}, {str(f['result_only']).lower()}}},")
    return "\n".join(out + ["}};", "", "}  // namespace hilbert::regs::job", ""])


def to_ld(m, path):
    """The numbers that a linker script needs; it includes this one."""
    out = [f"/* {line[3:]} */" for line in head(m, path).splitlines()]
    out += [f"job_{r['name'].lower()}_base = {r['base']:#010x};" for r in m["region"]]
    out += [f"job_{k['name'].lower()} = {k['value']:#x};" for k in m["constant"]]
    return "\n".join(out + [""])


def to_md(m, path):
    out = ["# Jobs", "", m["doc"], "", f"Made from [{path.name}]({path.name}) by `scripts/regmap.py`.", "",
           "| base | region |", "|---|---|"]
    out += [f"| {r['base']:#010x} | **{r['name']}**: {r['doc']} |" for r in m["region"]]
    out += ["", "| constant | value | meaning |", "|---|---|---|"]
    out += [f"| {k['name']} | {k['value']:#x} | {k['doc']} |" for k in m["constant"]]
    for e in m["enum"]:
        if e["name"] not in ("OPCODE", "FORMAT"):
            out += enums.to_md(e)
    out += descriptor.to_md(m)
    out += ["", "**OPCODE** (word 0, bits 7:0)", "", "| code | name | options | uses | meaning |", "|---|---|---|---|---|"]
    out += [f"| {o['value']} | {o['name']}{' (with links)' if o.get('link') else ''} | {', '.join(o['options'])} | {', '.join(o['uses'])} | {o['doc']} |" for o in m["opcode"]]
    out += ["", "**FORMAT**", "", "| code | name | bytes | s-e-m | bias | specials | largest | meaning |", "|---|---|---|---|---|---|---|---|"]
    out += [f"| {f['code']} | {f['name'].lower()} | {f['bytes']} | 1-{f['exponent_bits']}-{f['mantissa_bits']} | {f['bias']} | {f['specials']} | "
            f"{f['largest']:#x} | {f['doc']}{', no operand of a GEMM' if f['result_only'] else ''} |" for f in m["format"]]
    return "\n".join(out + [""])


def outputs(path):
    """Every file made from job.toml, with its text."""
    m = load(path)
    return {path.parent / "hb_job_pkg.sv": to_sv(m, path), header(path, "job.h"): to_c(m, path),
            header(path, "job.hpp"): to_cpp(m, path), path.parent / "job.ld": to_ld(m, path),
            path.parent / "job.md": to_md(m, path)}

# SPDX-License-Identifier: Apache-2.0
"""chips.toml: parameters, what is derived from them, constraints, and configurations."""
import re
import tomllib

from . import expression
from .text import MapError, comment, head, header, package, system_verilog

NOT_PARAMETERS = {"name", "doc"}


def load(path):
    """Reads the file and checks every configuration against every constraint."""
    m = tomllib.loads(path.read_text())
    names = [p["name"] for p in m["parameter"]]
    if len(set(names)) != len(names):
        raise MapError(f"{path}: a parameter is named twice")
    for c in m["configuration"]:
        where = f"{path}: configuration {c['name']}"
        if set(c) - NOT_PARAMETERS != set(names):
            raise MapError(f"{where}: it must give exactly the parameters; missing {sorted(set(names) - set(c))}, "
                           f"unknown {sorted(set(c) - NOT_PARAMETERS - set(names))}")
        c["values"] = {n: c[n] for n in names}
        values = with_derived(m, c["values"])
        for k in m["constraint"]:
            if not expression.evaluate(k["expr"], values):
                raise MapError(f"{where}: {k['wrong'].format_map(values)}: {k['rule'].format_map(values)}")
    return m


def with_derived(m, values):
    values = dict(values)
    for d in m["derived"]:
        values[d["name"]] = expression.evaluate(d["expr"], values)
    return values


def snake(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def to_sv(m, path):
    body = []
    for d in m["derived"]:
        arguments = ", ".join(f"input int unsigned {snake(a)}" for a in d["from"])
        body += [f"// {d['doc'].capitalize()}.", f"function automatic int unsigned {snake(d['name'])}({arguments});",
                 f"  {snake(d['name'])} = {expression.to_sv(d['expr'], snake)[1:-1]};", "endfunction"]
    return package("hb_chip_pkg", body, m, path)


def to_check(m, path):
    """A module without ports: elaboration ends at a chip that breaks a rule."""
    out = ["module hb_chip_check #("]
    out += [",\n".join([f"  parameter  int unsigned {p['name']} = {p['default']}" for p in m["parameter"]] +
                       [f"  localparam int unsigned {d['name']} = hb_chip_pkg::{snake(d['name'])}({', '.join(d['from'])})" for d in m["derived"]])]
    out += [");"]
    for i, k in enumerate(m["constraint"]):
        text = re.sub(r" \(\{\w+\}\)", "", k["rule"])
        out += [f"  if (!{expression.to_sv(k['expr'], lambda n: n)}) begin : gen_rule_{i}",
                f"    $error(\"hb_chip: {text}\");", "  end"]
    return system_verilog(out + ["endmodule"], m, path)


def cpp_text(text):
    """A format text as the sum of a C++ string."""
    parts = re.split(r"\{(\w+)\}", text)
    pieces = [f"std::to_string({snake(p) if p == 'WordBytes' else 'p.' + snake(p)})" if i % 2 else f'"{p}"' for i, p in enumerate(parts) if p]
    return " + ".join(pieces if len(pieces) > 1 else [f"std::string({pieces[0]})"])


def to_cpp(m, path):
    derived = {d["name"] for d in m["derived"]}
    name = lambda n: snake(n) if n in derived else f"p.{snake(n)}"  # noqa: E731
    out = [head(m, path), "#pragma once\n", "#include <bit>", "#include <cstdint>", "#include <optional>", "#include <string>",
           "#include <string_view>\n", "namespace hilbert::regs::chip {\n", "struct Parameters {"]
    out += [f"  std::uint32_t {snake(p['name'])} = {p['default']};  ///< {p['doc']}" for p in m["parameter"]] + ["};", ""]
    for d in m["derived"]:
        arguments = ", ".join(f"std::uint32_t {snake(a)}" for a in d["from"])
        out += [f"/// {d['doc'].capitalize()}.", f"constexpr std::uint32_t {snake(d['name'])}({arguments}) {{",
                f"  return {expression.to_cpp(d['expr'], snake)};", "}", ""]
    out += ["struct Configuration {", "  std::string_view name;", "  Parameters parameters;", "};",
            "inline constexpr Configuration configurations[] = {"]
    out += ["    {\"" + c["name"] + "\", {" + ", ".join(str(v) for v in c["values"].values()) + "}}," for c in m["configuration"]]
    out += ["};", "", "struct Problem {", "  std::string what;  ///< is wrong", "  std::string rule;  ///< that it breaks", "};",
            "/// The first rule that a chip breaks, of those that the reference model needs too; hb_chip_check has them all.",
            "inline std::optional<Problem> problem(const Parameters& p) {"]
    for d in m["derived"]:
        out.append(f"  const std::uint32_t {snake(d['name'])} = chip::{snake(d['name'])}({', '.join('p.' + snake(a) for a in d['from'])});")
    for k in (k for k in m["constraint"] if not k.get("chip")):
        out += [f"  if (!{expression.to_cpp(k['expr'], name)}) {{",
                f"    return Problem{{{cpp_text(k['wrong'])}, {cpp_text(k['rule'])}}};", "  }"]
    return "\n".join(out + ["  return std::nullopt;", "}", "", "}  // namespace hilbert::regs::chip", ""])


def to_cmake(m, path):
    rows = "".join(f"set(HILBERT_CHIP_{c['name']} {' '.join(map(str, c['values'].values()))})\n" for c in m["configuration"])
    return (head(m, path, "#") + f"set(HILBERT_CHIP_NAMES {' '.join(c['name'] for c in m['configuration'])})\n"
            f"set(HILBERT_CHIP_PARAMETERS {' '.join(p['name'] for p in m['parameter'])})\n# Their values, in that order.\n{rows}")


def to_md(m, path):
    out = ["# Chips", "", m["doc"], "", f"Made from [{path.name}]({path.name}) by `scripts/regmap.py`.", "",
           "| parameter | " + " | ".join(f"`{c['name']}`" for c in m["configuration"]) + " | meaning |",
           "|---|" + "--:|" * len(m["configuration"]) + "---|"]
    out += ["| " + " | ".join([p["name"], *(str(c[p["name"]]) for c in m["configuration"]), p["doc"]]) + " |" for p in m["parameter"]]
    out += ["| " + " | ".join([f"*{d['name']}*", *(str(with_derived(m, c["values"])[d["name"]]) for c in m["configuration"]),
                               f"{d['expr']}: {d['doc']}"]) + " |" for d in m["derived"]]
    out += ["", "Configurations: " + "; ".join(f"`{c['name']}`: {c['doc']}" for c in m["configuration"]) + ".", "",
            "| rule | as an expression | |", "|---|---|---|"]
    out += [f"| {re.sub(r' [(][{]' + '.*?' + r'[}][)]', '', k['rule'])} | `{k['expr']}` | {'chips alone' if k.get('chip') else ''} |" for k in m["constraint"]]
    return "\n".join(out + [""])


def outputs(path):
    """Every file made from chips.toml, with its text."""
    m = load(path)
    return {path.parent / "hb_chip_pkg.sv": to_sv(m, path), path.parent / "hb_chip_check.sv": to_check(m, path),
            header(path, "chips.hpp"): to_cpp(m, path), path.parent / "chips.cmake": to_cmake(m, path),
            path.parent / "chips.md": to_md(m, path)}

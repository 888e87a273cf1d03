# SPDX-License-Identifier: Apache-2.0
"""What every generated file begins with, and how a name looks in each language."""


class MapError(Exception):
    """What is wrong with a TOML file, and where."""


def comment(text):
    return f"  // {text}" if text else ""


def header(path, name):
    """Where a header of C or C++ goes that is made from a file: #include <hilbert/regs/NAME>, in the tree as installed."""
    return path.parent / "include" / "hilbert" / "regs" / name


def head(m, path, mark="//"):
    return (f"{mark} SPDX-License-Identifier: Apache-2.0\n"
            f"{mark} {m['doc']} Made from {path.name} by scripts/regmap.py: do not edit.\n")


def camel(name):
    return "".join(p.capitalize() for p in name.split("_"))


def package(name, body, m, path):
    """A SystemVerilog package; `body` without indentation."""
    lines = ["// No unit uses all of it.", "/* verilator lint_off UNUSEDPARAM */", f"package {name};"]
    lines += [f"  {line}" if line else "" for line in body]
    return system_verilog(lines + [f"endpackage : {name}", "/* verilator lint_on UNUSEDPARAM */"], m, path)


def system_verilog(lines, m, path):
    """A file of SystemVerilog in which no net is declared by a slip of the pen."""
    return "\n".join([head(m, path) + "`default_nettype none", "", *lines, "", "`default_nettype wire", ""])

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Check that in SystemVerilog sources `_q` is the name of flip-flops, of all of them and of nothing else.

Every target of `<=`, register or memory, must end in _q, and every name that does must be one. Upsets, proofs and netlists find
flip-flops by that name. Exit code: 0 so it is, 1 it is not (a line each), 2 bad usage.
"""

import pathlib
import re
import sys

TOKEN = re.compile(r"//[^\n]*|/\*.*?\*/|\"[^\"\n]*\"|\.?[A-Za-z_$][\w$]*|::|[<>=!]=|[^\s\w]|\d[\w']*", re.DOTALL)
NAME = re.compile(r"[A-Za-z_]\w*$")


def targets(text: str) -> list[tuple[int, str]]:
    """(line, name) of every target of a nonblocking assignment; of a concatenation every part."""
    found: list[tuple[int, str]] = []
    statement: list[str] = []  # its tokens so far, outside parentheses and indices
    depth, indices, assigned = 0, 0, False
    for token in TOKEN.finditer(text):
        word = token.group()
        if word.startswith(("//", "/*", '"')):
            continue
        indices += (word == "[") - (word == "]")
        depth += (word in "([") - (word in ")]")
        if depth or word in ")]":
            if word == ")" and not depth:
                statement.clear()  # of `if (...)`: what follows is a statement of its own
            continue
        if word in (";", ":", "begin", "end", "else", "endcase"):
            statement.clear()
            assigned = False
        elif word == "<=" and not assigned:
            line = text.count("\n", 0, token.start()) + 1
            found += [(line, name) for name in statement if NAME.match(name)]
            assigned = True
        elif word == "=":
            assigned = True
        else:
            statement.append(word)
    return found


def findings(path: pathlib.Path) -> list[str]:
    text = path.read_text()
    written = targets(text)
    said = [f"{path}:{line}: {name} is a flip-flop or a memory: its name must end in _q" for line, name in written
            if not name.endswith("_q")]
    code = re.sub(r"//[^\n]*|/\*.*?\*/|\.\w+\s*\(", lambda m: "\n" * m.group().count("\n"), text, flags=re.DOTALL)
    flops = {name for _, name in written}
    for name in sorted(set(re.findall(r"(?<![\w.$])[A-Za-z]\w*_q\b", code)) - flops):
        line = code.count("\n", 0, re.search(rf"\b{name}\b", code).start()) + 1
        said.append(f"{path}:{line}: {name} is no target of <=: a name that ends in _q must be a flip-flop")
    return said


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0].startswith("-"):
        print(f"usage: {pathlib.Path(__file__).name} FILE.sv...", file=sys.stderr)
        return 2
    said = [line for name in arguments for line in findings(pathlib.Path(name))]
    print("\n".join(said), end="\n" if said else "")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

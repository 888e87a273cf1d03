# SPDX-License-Identifier: Apache-2.0
"""Expressions of chips.toml, in Python's grammar: their value, and the same in SystemVerilog and C++ (unsigned, 32 bits)."""
import ast

from .text import MapError

ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "/"}
COMPARE = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}


def power_of_two(x):
    return x > 0 and x & (x - 1) == 0


def evaluate(text, values):
    """Its value, each name standing for what `values` says."""
    return eval(compile(ast.parse(text, mode="eval"), text, "eval"),  # the tree's own file, as the script itself
                {"__builtins__": {}, "max": max, "power_of_two": power_of_two}, values)


def translate(text, name, power):
    """`name` gives a name in the language, `power` the text that says whether a text is a power of two."""
    def go(node):
        match node:
            case ast.Constant(value=int(n)):
                return str(n)
            case ast.Name(id=n):
                return name(n)
            case ast.BinOp(left=a, op=op, right=b) if type(op) in ARITHMETIC:
                return f"({go(a)} {ARITHMETIC[type(op)]} {go(b)})"
            case ast.BoolOp(op=op, values=parts):
                return "(" + (" && " if isinstance(op, ast.And) else " || ").join(map(go, parts)) + ")"
            case ast.UnaryOp(op=ast.Not(), operand=a):
                return f"!{go(a)}"
            case ast.Compare(left=a, ops=[ast.In()], comparators=[ast.Tuple(elts=choices)]):
                return "(" + " || ".join(f"{go(a)} == {go(c)}" for c in choices) + ")"
            case ast.Compare(left=a, ops=ops, comparators=rest) if all(type(op) in COMPARE for op in ops):
                terms = [a, *rest]
                return "(" + " && ".join(f"{go(x)} {COMPARE[type(op)]} {go(y)}" for x, op, y in zip(terms, ops, rest)) + ")"
            case ast.Call(func=ast.Name(id="max"), args=[a, b], keywords=[]):
                return f"(({go(a)} > {go(b)}) ? {go(a)} : {go(b)})"
            case ast.Call(func=ast.Name(id="power_of_two"), args=[a], keywords=[]):
                return power(go(a))
        raise MapError(f"expression {text!r}: {ast.unparse(node)!r} is not one of what chips.toml may say")
    return go(ast.parse(text, mode="eval").body)


def to_sv(text, name):
    return translate(text, name, lambda x: f"({x} != 0 && ({x} & ({x} - 1)) == 0)")


def to_cpp(text, name):
    return translate(text, name, lambda x: f"std::has_single_bit({x})")

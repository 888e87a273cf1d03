#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The image for the core: sizes, where it starts, and that nothing in it needs more than rv32i with Zicsr.

    image_test.py MONITOR.elf BYTES-OF-MEMORY
"""
import array
import pathlib
import re
import subprocess
import sys
import tempfile

TEXT_LIMIT = 24 * 1024  # code and constants
START = 0x60000000


def tool(name, *arguments):
    return subprocess.run([f"riscv64-unknown-elf-{name}", *arguments], check=True, capture_output=True, text=True).stdout


def main():
    elf, memory = sys.argv[1], int(sys.argv[2])
    failures = []

    def check(good, what):
        print(("ok    " if good else "FAIL  ") + what)
        if not good:
            failures.append(what)

    sizes = dict(re.findall(r"^(\.\w+)\s+(\d+)", tool("size", "-A", elf), re.MULTILINE))
    code, constants, data, bss = (int(sizes.get(s, 0)) for s in (".text", ".rodata", ".data", ".bss"))
    text = code + constants
    check(text <= TEXT_LIMIT, f"{code} bytes of code and {constants} of constants, at most {TEXT_LIMIT}")
    symbols = {name: int(address, 16) for address, name in re.findall(r"^(\w+) \w (\w+)$", tool("nm", elf), re.MULTILINE)}
    check(symbols["_start"] == START, "it starts at the reset value of START")
    check(symbols["stack_top"] == START + memory, "the stack begins at the end of controller memory")
    check(data == 0, "no variable with an initial value, which a restart could not restore")
    check(symbols["room_end"] - symbols["room"] == 32 * 64 and symbols["room"] == symbols["bss_end"],
          f"room for 32 descriptors behind {bss} bytes of .bss")
    left = symbols["stack_top"] - symbols["room_end"]
    check(left >= 2048, f"{left} bytes behind it, of which 2048 for the stack")
    with tempfile.NamedTemporaryFile() as image:
        tool("objcopy", "-O", "binary", elf, image.name)
        words = array.array("I", pathlib.Path(image.name).read_bytes())
    check(START + 4 * len(words) == symbols["image_end"] and symbols["image_end"] % 64 == 0 and words[-1] != 0 and sum(words) % 2**32 == 0,
          f"its {len(words)} words add up to zero")
    disassembly = tool("objdump", "-d", "-j", ".text", "-M", "no-aliases", elf)
    used = set(re.findall(r"^\s*[0-9a-f]+:\s+[0-9a-f]+\s+(\S+)", disassembly, re.MULTILINE))
    rv32i = set("""lui auipc jal jalr beq bne blt bge bltu bgeu lb lh lw lbu lhu sb sh sw addi slti sltiu xori ori andi
        slli srli srai add sub sll slt sltu xor srl sra or and fence fence.i ecall ebreak
        csrrw csrrs csrrc csrrwi csrrsi csrrci mret wfi""".split())
    check(used <= rv32i, f"only rv32i and Zicsr: {len(used)} different instructions{''.join(' ' + i for i in sorted(used - rv32i))}")
    widths = set(re.findall(r"^\s*[0-9a-f]+:\s+([0-9a-f]+)\s", disassembly, re.MULTILINE))
    check(all(len(w) == 8 for w in widths), "no compressed instruction")
    return 1 if failures else 0


sys.exit(main())

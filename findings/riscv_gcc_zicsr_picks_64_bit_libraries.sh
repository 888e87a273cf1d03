#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# riscv64-unknown-elf-gcc answers -march=rv32i_zicsr with the 64-bit library folder.
# Versions:  gcc-riscv64-unknown-elf 12.2.0 (Debian 12).
# Behaviour: an architecture string that has no folder of its own selects the default one, RV64; nothing is said until
#            the linker meets a 64-bit object, and code that needs no library function links and never shows it.
# Output:    rv32i/ilp32 for rv32i, "." (64-bit objects) for rv32i_zicsr.
# Expected:  rv32i/ilp32: the extension adds CSR instructions, it does not change the registers or the calls.
# Instead:   -march=rv32i and `.option arch, +zicsr` in the assembly that needs it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
printf 'found %s; stated for 12.2.0\n' "$(riscv64-unknown-elf-gcc --version | sed -n 1p)"

class() { # the ELF class of the first object in the library
  local library
  library=$(riscv64-unknown-elf-gcc "-march=$1" -mabi=ilp32 -print-libgcc-file-name)
  riscv64-unknown-elf-readelf -h "$library" 2>/dev/null | sed -n 's/^ *Class: *//p' | sort -u
}
seen=$(for arch in rv32i rv32i_zicsr rv32imac rv32imac_zicsr; do
         echo "$arch: $(riscv64-unknown-elf-gcc "-march=$arch" -mabi=ilp32 -print-multi-directory), $(class $arch)"
       done)
stated='rv32i: rv32i/ilp32, ELF32
rv32i_zicsr: ., ELF64
rv32imac: rv32imac/ilp32, ELF32
rv32imac_zicsr: ., ELF64'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# objcopy writes words of one memory image in one byte order from an ELF file, in the other from SREC, hex or binary.
# Versions:  riscv64-unknown-elf-objcopy of binutils 2.40 (Debian 12), -O verilog --verilog-data-width 4.
# Behaviour: from ELF it knows "little endian" and prints words; from the other formats it prints the bytes as they lie.
# Output:    04030201 from ELF, 01020304 by way of srec, ihex or binary, of the same four bytes.
# Expected:  one image for $readmemh whatever the way there, or a refusal where the order is not known.
# Instead:   make the image from the ELF file in one step, or --verilog-data-width 1 and put words together yourself.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
printf 'found %s; stated for 2.40\n' "$(riscv64-unknown-elf-objcopy --version | sed -n 1p)"

printf '.data\n.word 0x04030201\n' >word.s
riscv64-unknown-elf-as -march=rv32i -mabi=ilp32 word.s -o word.o
riscv64-unknown-elf-ld -m elf32lriscv -Tdata=0x100 -e 0 word.o -o word.elf
image() {
  riscv64-unknown-elf-objcopy "$@" -O verilog --verilog-data-width 4 image
  sed -n '2s/[[:space:]]*$//p' image
}
seen=$(echo "elf: $(image -j .data word.elf)"
       for form in srec ihex binary; do
         riscv64-unknown-elf-objcopy -j .data -O $form word.elf word.$form
         echo "$form: $(image -I $form word.$form)"
       done)
stated='elf: 04030201
srec: 01020304
ihex: 01020304
binary: 01020304'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'

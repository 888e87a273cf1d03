// SPDX-License-Identifier: Apache-2.0
// A test in the shape of riscv-arch-test: entry, target macros, and a signature of results that somebody else judges.
#include "model_test.h"

  .section .text.init, "ax"
  .globl rvtest_entry_point
rvtest_entry_point:
  RVMODEL_BOOT
  la s0, operands
  la s1, begin_signature
  li s2, 16
loop:
  lw a1, 0(s0)
  lw a2, 4(s0)
  sll a3, a1, a2
  sw a3, 0(s1)
  srl a3, a1, a2
  sw a3, 4(s1)
  sra a3, a1, a2
  sw a3, 8(s1)
  slt a3, a1, a2
  sw a3, 12(s1)
  sltu a3, a1, a2
  sw a3, 16(s1)
  sub a3, a1, a2
  sw a3, 20(s1)
  addi s0, s0, 8
  addi s1, s1, 24
  addi s2, s2, -1
  bnez s2, loop
  RVMODEL_HALT

  .data
operands:  // as in signatures.cpp
  .word 0x00000001, 0, 0x00000001, 31, 0x80000000, 31, 0x80000000, 1, 0xffffffff, 16, 0x7fffffff, 32, 0x12345678, 4, 0x87654321, 28
  .word 0xdeadbeef, 0xffffffe3, 0x00000000, 5, 0x55555555, 0x55555555, 0xaaaaaaaa, 0x80000001, 0x00000003, 0xffffffff, 0xfffffffe, 0xfffffffd
  .word 0x7fffffff, 0x80000000, 0x80000000, 0x7fffffff
RVMODEL_DATA_BEGIN
  .fill 96, 4, 0xdeadbeef
RVMODEL_DATA_END

// SPDX-License-Identifier: Apache-2.0
// A test in the shape of riscv-arch-test that uses gp as a number, with its data beyond what 12 bits reach from zero: nothing
// may be addressed relative to gp. Code aligned the way arch_test.h does it sets the ELF flag RVC. Its signature has 5 words.
#include "model_test.h"

  .section .text.init, "ax"
  .globl rvtest_entry_point
rvtest_entry_point:
  .option push
  .option rvc
  .align 6
  .option norvc
  .option pop
  RVMODEL_BOOT
  li x3, 0x6f5ca309
  la x5, begin_signature
  sw x3, 0(x5)
  la x6, number
  lw x7, 0(x6)
  sw x7, 4(x5)
  addi x3, x3, 1
  la x8, begin_signature
  sw x3, 8(x8)
  sub x9, x8, x5
  sw x9, 12(x5)
  RVMODEL_HALT

  .data
  .fill 1024, 4, 0x5a5a5a5a
number:
  .word 0x12345678
RVMODEL_DATA_BEGIN
  .fill 5, 4, 0xdeadbeef
RVMODEL_DATA_END

// SPDX-License-Identifier: Apache-2.0
// 16-bit instructions, which the core has not, as the program itself meets them: each traps as illegal at its own address.
#include "riscv_test.h"
#include "test_macros.h"

RVTEST_RV32M
RVTEST_CODE_BEGIN
  li s0, 0
  li TESTNUM, 2
  la s1, 1f
  .option push
  .option rvc
1:c.addi a0, 1
  c.nop
  .option pop
  li t0, 1
  bne s0, t0, fail
  li TESTNUM, 3
  la s1, 2f
  .option push
  .option rvc
2:c.li a0, 0
  c.nop
  .option pop
  li t0, 2
  bne s0, t0, fail
  TEST_PASSFAIL

  .balign 4
  .globl mtvec_handler
mtvec_handler:
  csrr t0, mcause
  addi t0, t0, -CAUSE_ILLEGAL_INSTRUCTION
  bnez t0, fail
  csrr t0, mepc
  bne t0, s1, fail
  addi s0, s0, 1
  addi t0, t0, 4
  csrw mepc, t0
  mret
RVTEST_CODE_END

// SPDX-License-Identifier: Apache-2.0
// Code that changes itself: 64 times an instruction is written, fenced, executed; then a routine is copied into data memory and
// called there. The signature is what they summed up.
#include "riscv_test.h"
#include "test_macros.h"

RVTEST_RV32U
RVTEST_CODE_BEGIN
  li a0, 0
  li s0, 64
  li s1, 0x00150513  // addi a0, a0, 1
  la s2, slot
  la s4, begin_signature
1:sw s1, 0(s2)
  fence.i
slot:
  .word 0
  li t0, 0x00100000  // the next immediate
  add s1, s1, t0
  addi s0, s0, -1
  bnez s0, 1b
  sw a0, 0(s4)
  li TESTNUM, 2
  li t0, 64 * 65 / 2
  bne a0, t0, fail

  // Behind a jump, with the old code just executed
  li s0, 0
2:li a0, 0
  jal ra, patched
  add s0, s0, a0
  la t0, patched
  li t1, 0x00700513  // li a0, 7
  sw t1, 0(t0)
  fence.i
  jal ra, patched
  add s0, s0, a0
  sw s0, 4(s4)
  TEST_CASE(3, s0, 5 + 7, nop)

  la s0, routine
  la s1, routine_end
  la s2, room
3:lw t0, 0(s0)
  sw t0, 0(s2)
  addi s0, s0, 4
  addi s2, s2, 4
  bne s0, s1, 3b
  fence.i
  li a0, 10
  la t0, room
  jalr ra, 0(t0)
  sw a0, 8(s4)
  TEST_CASE(4, a0, 55, nop)
  TEST_PASSFAIL

patched:
  li a0, 5
  ret

routine:  // 1 + 2 + ... + a0
  mv t0, a0
  li a0, 0
4:add a0, a0, t0
  addi t0, t0, -1
  bnez t0, 4b
  ret
routine_end:
RVTEST_CODE_END

  .data
RVTEST_DATA_BEGIN
  .word 0, 0, 0, 0
RVTEST_DATA_END
room:
  .fill 16, 4, 0

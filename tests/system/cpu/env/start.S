// SPDX-License-Identifier: Apache-2.0
// Start of a C program: main() returns 0 (pass) or the number of what failed; a trap that it does not catch is 500 + mcause.
// 2^31, whose double is 0 in 32 bits, is reported as 499.
  .section .tohost, "aw", @progbits
  .globl tohost
tohost:
  .word 0, 0

  .section .text.init, "ax"
  .globl _start
_start:
  .option push
  .option norelax
  la      gp, __global_pointer$
  .option pop
  la      sp, stack_top
  la      t0, unexpected
  csrw    mtvec, t0
  call    main
finish:
  beqz    a0, 1f
  slli    a0, a0, 1
  bnez    a0, 1f
  li      a0, 2 * 499
1:ori     a0, a0, 1
  fence
  la      t0, tohost
  sw      a0, 0(t0)
2:j       2b

  .balign 4
  .globl unexpected
unexpected:
  csrr    t0, mcause
  srli    a0, t0, 31
  slli    a0, a0, 8
  andi    t0, t0, 255
  add     a0, a0, t0
  addi    a0, a0, 500
  j       finish

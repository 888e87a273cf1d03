// SPDX-License-Identifier: Apache-2.0
// Every exception in the shape of rv32mi: mcause, mepc, mtval, and that nothing else was changed; the causes and what mtval holds
// from The RISC-V Instruction Set Manual, volume II. The signature is the number of traps taken.
#include "riscv_test.h"
#include "test_macros.h"

// The instruction traps with `cause`, and mtval is register `base` + `offset`. a2 must still be 77. Of use: s2 its address, s4 that
// of the next case, s8 its own encoding.
#define TRAP_CASE(number, cause, base, offset, instruction...) \
  li TESTNUM, number;                                          \
  li s1, cause;                                                \
  la s2, 1f;                                                   \
  la s4, 2f;                                                   \
  lw s8, 0(s2);                                                \
  li a2, 77;                                                   \
  addi s3, base, offset;                                       \
1:                                                             \
  instruction;                                                 \
  j fail;                                                      \
2:                                                             \
  li t0, 77;                                                   \
  bne a2, t0, fail;

#define NOTHING_THERE 0x70000000

RVTEST_RV32M
RVTEST_CODE_BEGIN
  li s5, 0
  la s0, data
  li s6, NOTHING_THERE

  TRAP_CASE(2, CAUSE_ILLEGAL_INSTRUCTION, zero, 0, .word 0)
  TRAP_CASE(3, CAUSE_ILLEGAL_INSTRUCTION, zero, -1, .word 0xffffffff)
  TRAP_CASE(4, CAUSE_ILLEGAL_INSTRUCTION, s8, 0, csrw mhartid, zero)
  TRAP_CASE(5, CAUSE_ILLEGAL_INSTRUCTION, s8, 0, csrr a2, cycle)
  TRAP_CASE(6, CAUSE_ILLEGAL_INSTRUCTION, s8, 0, csrr a2, satp)
  TRAP_CASE(7, CAUSE_ILLEGAL_INSTRUCTION, s8, 0, .word 0x02061613)  // slli a2, a2, 32
  TRAP_CASE(8, CAUSE_ILLEGAL_INSTRUCTION, s8, 0, sret)
#ifndef __riscv_mul
  TRAP_CASE(9, CAUSE_ILLEGAL_INSTRUCTION, s8, 0, .word 0x02c60633)  // mul a2, a2, a2
#endif
  TRAP_CASE(10, CAUSE_MACHINE_ECALL, zero, 0, ecall)
  TRAP_CASE(11, CAUSE_BREAKPOINT, s2, 0, ebreak)

  TRAP_CASE(12, CAUSE_MISALIGNED_LOAD, s0, 1, lh a2, 1(s0))
  TRAP_CASE(13, CAUSE_MISALIGNED_LOAD, s0, 3, lhu a2, 3(s0))
  TRAP_CASE(14, CAUSE_MISALIGNED_LOAD, s0, 1, lw a2, 1(s0))
  TRAP_CASE(15, CAUSE_MISALIGNED_LOAD, s0, 2, lw a2, 2(s0))
  TRAP_CASE(16, CAUSE_MISALIGNED_LOAD, s0, 3, lw zero, 3(s0))
  TRAP_CASE(17, CAUSE_MISALIGNED_STORE, s0, 1, sh zero, 1(s0))
  TRAP_CASE(18, CAUSE_MISALIGNED_STORE, s0, 1, sw zero, 1(s0))
  TRAP_CASE(19, CAUSE_MISALIGNED_STORE, s0, 2, sw zero, 2(s0))
  TRAP_CASE(20, CAUSE_MISALIGNED_STORE, s0, 3, sw zero, 3(s0))
  TEST_CASE(21, a0, 0x12345678, lw a0, 0(s0))
  TEST_CASE(22, a0, 0x9abcdef0, lw a0, 4(s0))

  TRAP_CASE(23, CAUSE_LOAD_ACCESS, s6, 1, lb a2, 1(s6))
  TRAP_CASE(24, CAUSE_LOAD_ACCESS, s6, 2, lhu a2, 2(s6))
  TRAP_CASE(25, CAUSE_LOAD_ACCESS, s6, 0, lw a2, 0(s6))
  TRAP_CASE(26, CAUSE_STORE_ACCESS, s6, 3, sb a2, 3(s6))
  TRAP_CASE(27, CAUSE_STORE_ACCESS, s6, 2, sh a2, 2(s6))
  TRAP_CASE(28, CAUSE_STORE_ACCESS, s6, 0, sw a2, 0(s6))
  TRAP_CASE(29, CAUSE_MISALIGNED_LOAD, s6, 2, lw a2, 2(s6))  // misaligned comes before access

  // Jumps: the target is wrong, the jump traps, and links nothing
  TRAP_CASE(30, CAUSE_MISALIGNED_FETCH, s4, 2, jalr a2, 2(s4))
  TRAP_CASE(31, CAUSE_MISALIGNED_FETCH, s4, 2, jalr a2, 3(s4))
  TRAP_CASE(32, CAUSE_MISALIGNED_FETCH, s2, 6, .word 0x0060066f)  // jal a2, +6
  TRAP_CASE(33, CAUSE_MISALIGNED_FETCH, s2, 6, .word 0x00000363)  // beq zero, zero, +6
  TEST_CASE(34, a0, 5, li a0, 5; .word 0x00001363; nop)                    // bne zero, zero, +6: not taken
  TEST_CASE(35, a0, 6, la t1, 1f; li a0, 6; jalr t1, 1(t1); li a0, 0; 1:)  // bit 0 of a target does not count
  TEST_CASE(36, a0, 1, li a0, 1; li s1, CAUSE_FETCH_ACCESS; mv s2, s6; mv s3, s6; la s4, 2f; jr s6; li a0, 0; 2:)

  // mstatus through a trap and back
  TEST_CASE(37, a0, 0x1888, csrsi mstatus, 8; li s1, CAUSE_MACHINE_ECALL; la s2, 1f; la s4, 2f; li s3, 0; 1: ecall; 2: csrr a0, mstatus)
  TEST_CASE(38, s7, 0x1880, nop)
  TEST_CASE(39, a0, 0x1880, csrci mstatus, 8; la s2, 1f; la s4, 2f; 1: ecall; 2: csrr a0, mstatus)
  TEST_CASE(40, s7, 0x1800, nop)
  // Vectored: exceptions go to the base all the same
  TEST_CASE(41, a0, 1, csrsi mtvec, 1; csrr a0, mtvec; andi a0, a0, 3; la s2, 1f; la s4, 2f; 1: ecall; 2:)

  la t0, begin_signature
  sw s5, 0(t0)
  TEST_PASSFAIL

  .balign 64
mtvec_handler:
  csrr t0, mcause
  bne t0, s1, fail
  csrr t0, mepc
  bne t0, s2, fail
  csrr t0, mtval
  bne t0, s3, fail
  csrr s7, mstatus
  addi s5, s5, 1
  csrw mepc, s4
  mret
RVTEST_CODE_END

  .data
RVTEST_DATA_BEGIN
  .word 0
RVTEST_DATA_END
data:
  .word 0x12345678, 0x9abcdef0

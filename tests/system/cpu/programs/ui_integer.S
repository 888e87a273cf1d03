// SPDX-License-Identifier: Apache-2.0
// RV32I in the shape of rv32ui: results worked out by hand from The RISC-V Instruction Set Manual, volume I.
#include "riscv_test.h"
#include "test_macros.h"

RVTEST_RV32U
RVTEST_CODE_BEGIN
  TEST_CASE(2, a0, 0x80000000, li a1, 0x7fffffff; addi a0, a1, 1)
  TEST_CASE(3, a0, 0x7fffffff, li a1, 0x80000000; li a2, 1; sub a0, a1, a2)
  TEST_CASE(4, a0, 1, li a1, -1; slti a0, a1, 0)
  TEST_CASE(5, a0, 0, li a1, -1; sltiu a0, a1, 1)
  TEST_CASE(6, a0, 1, sltiu a0, zero, -1)
  TEST_CASE(7, a0, 0xfffff8ff, li a1, 0x700; xori a0, a1, -1)
  TEST_CASE(8, a0, 0xf8000000, li a1, 0x80000000; srai a0, a1, 4)
  TEST_CASE(9, a0, 0x08000000, li a1, 0x80000000; srli a0, a1, 4)
  TEST_CASE(10, a0, 0x00000020, li a1, 1; li a2, 0xffffffe5; sll a0, a1, a2)
  TEST_CASE(11, a0, 0xffffffff, li a1, 0x80000000; li a2, 31; sra a0, a1, a2)
  TEST_CASE(12, a0, 0xabcde000, lui a0, 0xabcde)
  TEST_CASE(13, a0, 0x1000, auipc a1, 0; auipc a0, 1; sub a0, a0, a1; addi a0, a0, -4)
  TEST_CASE(14, zero, 0, li a1, 5; addi zero, a1, 7)
  // Loads: byte 0 of `bytes` is 0x80
  TEST_CASE(15, a0, 0xffffff80, la a1, bytes; lb a0, 0(a1))
  TEST_CASE(16, a0, 0x80, la a1, bytes; lbu a0, 0(a1))
  TEST_CASE(17, a0, 0xffff8f90, la a1, bytes; lh a0, 2(a1))
  TEST_CASE(18, a0, 0x8f90, la a1, bytes; lhu a0, 2(a1))
  TEST_CASE(19, a0, 0x8f907f80, la a1, bytes + 4; lw a0, -4(a1))
  TEST_CASE(20, a0, 0x55907fcc, la a1, bytes; li a2, 0x1155; sb a2, 3(a1); li a2, 0xcc; sb a2, 0(a1); lw a0, 0(a1))
  TEST_CASE(21, a0, 0xbeef7fcc, la a1, bytes; li a2, 0xdeadbeef; sh a2, 2(a1); lw a0, 0(a1))
  // Branches: each adds its weight to a0 if it is taken
  TEST_CASE(22, a0, 0b100101, li a0, 0; li a1, -1; li a2, 1;
            bne a1, a1, 1f; ori a0, a0, 1; 1: blt a1, a2, 2f; ori a0, a0, 2; 2: bltu a1, a2, 3f; ori a0, a0, 4;
            3: bge a2, a1, 4f; ori a0, a0, 8; 4: bgeu a1, a2, 5f; ori a0, a0, 16; 5: beq a1, a2, 6f; ori a0, a0, 32; 6:)
  TEST_CASE(23, a0, 8, jal a1, 1f; 1: la a2, 2f; jalr a0, 0(a2); nop; 2: sub a0, a0, a1; addi a0, a0, -4)
  TEST_PASSFAIL
RVTEST_CODE_END

  .data
RVTEST_DATA_BEGIN
bytes:
  .word 0x8f907f80
RVTEST_DATA_END

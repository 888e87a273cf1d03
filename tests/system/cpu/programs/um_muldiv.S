// SPDX-License-Identifier: Apache-2.0
// The M extension in the shape of rv32um: the table of division by zero and overflow in The RISC-V Instruction Set Manual,
// volume I, section "Division Operations", and products worked out by hand.
#include "riscv_test.h"
#include "test_macros.h"

#define TEST_RR(number, name, value, left, right) TEST_CASE(number, a0, value, li a1, left; li a2, right; name a0, a1, a2)

RVTEST_RV32U
RVTEST_CODE_BEGIN
  TEST_RR(2, mul, 0x00000001, 0xffffffff, 0xffffffff)
  TEST_RR(3, mulh, 0x00000000, 0xffffffff, 0xffffffff)
  TEST_RR(4, mulhsu, 0xffffffff, 0xffffffff, 0xffffffff)
  TEST_RR(5, mulhu, 0xfffffffe, 0xffffffff, 0xffffffff)
  TEST_RR(6, mulh, 0x40000000, 0x80000000, 0x80000000)
  TEST_RR(7, mulhsu, 0xc0000000, 0x80000000, 0x80000000)
  TEST_RR(8, mul, 0x87654321 * 5, 0x87654321, 5)
  TEST_RR(9, divu, 0xffffffff, 1234, 0)
  TEST_RR(10, remu, 1234, 1234, 0)
  TEST_RR(11, div, -1, 1234, 0)
  TEST_RR(12, rem, -1234, -1234, 0)
  TEST_RR(13, div, 0x80000000, 0x80000000, -1)
  TEST_RR(14, rem, 0, 0x80000000, -1)
  TEST_RR(15, div, -3, -7, 2)
  TEST_RR(16, rem, -1, -7, 2)
  TEST_RR(17, div, -3, 7, -2)
  TEST_RR(18, rem, 1, 7, -2)
  TEST_RR(19, divu, 0x7ffffffc, -7, 2)
  TEST_RR(20, remu, 1, -7, 2)
  TEST_PASSFAIL
RVTEST_CODE_END

  .data
RVTEST_DATA_BEGIN
TEST_DATA
RVTEST_DATA_END

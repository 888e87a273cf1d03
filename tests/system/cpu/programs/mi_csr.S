// SPDX-License-Identifier: Apache-2.0
// CSRs in the shape of rv32mi: the six instructions, what each register keeps of a write, minstret across its 32-bit boundary.
#include "riscv_test.h"
#include "test_macros.h"

#ifdef __riscv_mul
#define MISA 0x40001100
#else
#define MISA 0x40000100
#endif

RVTEST_RV32M
RVTEST_CODE_BEGIN
  csrwi mscratch, 21
  TEST_CASE(2, a0, 21, csrr a0, mscratch)
  TEST_CASE(3, a0, 21, csrrci a0, mscratch, 5)
  TEST_CASE(4, a0, 16, csrrsi a0, mscratch, 9)
  TEST_CASE(5, a0, 25, li a1, 0xcafe1234; csrrw a0, mscratch, a1)
  TEST_CASE(6, a0, 0xcafe1234, li a1, 0xffff0000; csrrc a0, mscratch, a1)
  TEST_CASE(7, a0, 0x1234, li a1, 0x5678abcd; csrrs a0, mscratch, a1)
  TEST_CASE(8, a0, 0x5678bbfd, csrr a0, mscratch)
  TEST_CASE(9, a0, 0x5678bbfd, li a0, 3; csrrw a0, mscratch, a0)
  TEST_CASE(10, a0, 3, csrr a0, mscratch)

  TEST_CASE(11, a0, MISA, li a1, -1; csrw misa, zero; csrw misa, a1; csrr a0, misa)
  TEST_CASE(12, a0, 0, csrr a0, mhartid)
  TEST_CASE(13, a0, 0, csrr a0, mvendorid; csrr a1, marchid; or a0, a0, a1)
  TEST_CASE(14, a0, 1, csrr a0, mimpid)
  TEST_CASE(15, a0, 0x888, li a1, -1; csrw mie, a1; csrr a0, mie; csrw mie, zero)
  TEST_CASE(16, a0, 0x1880, li a1, -1; li a2, ~8; and a1, a1, a2; csrw mstatus, a1; csrr a0, mstatus)
  TEST_CASE(17, a0, 0x1800, csrw mstatus, zero; csrr a0, mstatus)
  TEST_CASE(18, a0, -4, li a1, -1; csrw mepc, a1; csrr a0, mepc)
  TEST_CASE(19, a0, -3, li a1, -1; csrr a2, mtvec; csrw mtvec, a1; csrr a0, mtvec; csrw mtvec, a2)
  TEST_CASE(20, a0, 0, li a1, -1; csrw mip, a1; csrr a0, mip)

  // The instruction that writes minstret does not count; a write of minstreth neither.
  TEST_CASE(21, a0, 0, csrwi minstret, 0; csrr a0, minstret)
  TEST_CASE(22, a0, 2, csrwi minstret, 0; nop; nop; csrr a0, minstret)
  TEST_CASE(23, a0, 0, li a1, -1; csrw minstreth, zero; csrw minstret, a1; nop; csrr a0, minstret)
  TEST_CASE(24, a0, 1, csrr a0, minstreth)
  TEST_CASE(25, a0, 0, li a1, -1; csrw minstret, a1; csrw minstreth, a1; nop; csrr a0, minstret)
  TEST_CASE(26, a0, 0, csrr a0, minstreth)
  TEST_CASE(27, a0, 1, csrr a1, mcycle; csrr a2, mcycle; sltu a0, a1, a2)
  TEST_CASE(28, a0, 7, li a1, 7; csrw mcycleh, a1; csrw mcycle, zero; csrr a0, mcycleh)
  TEST_CASE(29, a0, 0, li a1, -1; csrw mhpmcounter3, a1; csrw mhpmevent3, a1; csrr a0, mhpmcounter3; csrr a1, mhpmevent3; or a0, a0, a1)
  TEST_PASSFAIL
RVTEST_CODE_END

  .data
RVTEST_DATA_BEGIN
  .word 0
RVTEST_DATA_END

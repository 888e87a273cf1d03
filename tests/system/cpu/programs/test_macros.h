// SPDX-License-Identifier: Apache-2.0
// Cases of a test, in the shape of riscv-tests: a case that fails ends the test with its number.
#pragma once
// clang-format off

// `code` leaves `value` in `result`. t2 (x7) is the macro's.
#define TEST_CASE(number, result, value, code...) \
test_##number:                                    \
  li TESTNUM, number;                             \
  code;                                           \
  li x7, value;                                   \
  bne result, x7, fail;

#define TEST_PASSFAIL     \
  bnez TESTNUM, pass;     \
fail:                     \
  RVTEST_FAIL;            \
pass:                     \
  RVTEST_PASS

#define TEST_DATA
